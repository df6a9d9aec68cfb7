"""A Chromium that opens pages as a reader's does, told what to do through a pipe.

Playwright and other drivers watch the network, for which the browser keeps each page and decodes it
once more when it has come in: a tenth of the load of a large page, for which no reader waits.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["QUIET", "Chromium", "chromium"]

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
# Seconds between two looks at a page that is opening, how long it may take, and in which a browser
# clears away what a large one leaves behind.
PAUSE, PATIENCE, CLEARED = 0.01, 300, 1
# The page answers when it has run its scripts and drawn a frame.
DRAWN = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))"
PAINTED = "performance.getEntriesByName('first-contentful-paint').map(e => e.startTime / 1000)[0]"


class Chromium:
    """A browser at the other end of two pipes, which carry one JSON text after the other."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, back
        self._count, self._read = 0, b""

    def _send(self, method: str, *, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        self._count += 1
        command = {"id": self._count, "method": method, "params": params}
        told = command if session is None else {**command, "sessionId": session}
        os.write(self._to, json.dumps(told).encode() + b"\0")
        while (answer := self._next()).get("id") != self._count:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            more = os.read(self._back, 1 << 20)
            if not more:
                raise RuntimeError("the browser has gone")
            self._read += more
        text, _, self._read = self._read.partition(b"\0")
        return json.loads(text)

    def opened(self, file: Path, ready: str) -> tuple[float, float]:
        """Return seconds to the first paint of a page and until it answers.

        Parameters
        ----------
        ready : a selector of CSS, of what the page has when it is ready.
        """
        context = self._send("Target.createBrowserContext")["browserContextId"]
        target = self._send(
            "Target.createTarget", url="about:blank", width=1440, height=900,
            browserContextId=context,
        )["targetId"]  # fmt: skip
        session = self._send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

        def value(expression: str) -> Any:
            found = self._send("Runtime.evaluate", session=session, expression=expression,
                               returnByValue=True, awaitPromise=True)  # fmt: skip
            return found["result"].get("value")

        begin = time.perf_counter()
        self._send("Page.navigate", session=session, url=file.as_uri())
        while not value(f"document.querySelector('{ready}') !== null"):
            if time.perf_counter() - begin > PATIENCE:
                raise RuntimeError(f"{file.name} is not ready after {PATIENCE} s")
            time.sleep(PAUSE)
        value(DRAWN)
        spent = time.perf_counter() - begin
        paint = value(PAINTED)
        self._send("Target.closeTarget", targetId=target)
        self._send("Target.disposeBrowserContext", browserContextId=context)
        time.sleep(CLEARED)
        return (spent if paint is None else paint), spent


@contextmanager
def chromium(path: str) -> Iterator[Chromium]:
    """Start a browser with an empty profile and close it in the end.

    Parameters
    ----------
    path : of the program.
    """
    # The browser reads commands from descriptor 3 and answers on descriptor 4.
    shell = 'exec "$0" "$@" 3<&"$ARAXES_COMMANDS" 4>&"$ARAXES_ANSWERS"'
    (commands, to), (back, answers) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            ["bash", "-c", shell, path, "--headless", *QUIET, f"--user-data-dir={profile}",
             "--remote-debugging-pipe", "--no-first-run", "about:blank"],
            pass_fds=(commands, answers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "ARAXES_COMMANDS": str(commands), "ARAXES_ANSWERS": str(answers)},
        )  # fmt: skip
        os.close(commands)
        os.close(answers)
        try:
            yield Chromium(to, back)
        finally:
            os.close(to)
            os.close(back)
            # It ends when nobody is at the other end of its pipes.
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
