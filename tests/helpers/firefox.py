"""Firefox, headless and without network, driven over WebDriver BiDi.

Playwright drives a build of its own that Debian does not have; a Firefox as it is released speaks
WebDriver BiDi, of which a test of a page needs five commands.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import subprocess
from time import monotonic, sleep

import websocket

# No page may reach anything: what is not a file goes to a proxy that nobody listens on.
PREFERENCES = """
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
"""


class Firefox:
    """One tab of Firefox; `logs` are the errors that its pages wrote."""

    def __init__(self, socket):
        self.socket, self.last, self.logs, self.tab = socket, 0, [], None
        self("session.new", capabilities={})
        self("session.subscribe", events=["log.entryAdded"])
        self.tab = self("browsingContext.getTree")["contexts"][0]["context"]

    def __call__(self, method, **params):
        """Return what a command answers; an AssertionError if it is refused."""
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": params}))
        while True:
            heard = json.loads(self.socket.recv())
            if heard.get("method") == "log.entryAdded" and heard["params"]["level"] == "error":
                self.logs.append(heard["params"]["text"])
            if heard.get("id") == self.last:
                assert heard["type"] == "success", (method, heard.get("message"))
                return heard["result"]

    def open(self, file, width=1440, height=900):
        """Open a page of ours at a size in CSS pixels, and wait until its map is drawn."""
        size = {"width": width, "height": height}
        self("browsingContext.setViewport", context=self.tab, viewport=size)
        address = file.resolve().as_uri()
        self("browsingContext.navigate", context=self.tab, url=address, wait="complete")
        self.wait("document.documentElement.classList.contains('araxes-ready')")

    def wait(self, condition, seconds=20):
        """Wait until an expression is true."""
        end = monotonic() + seconds
        while not self.evaluate(condition):
            assert monotonic() < end, f"never true: {condition}"
            sleep(0.05)

    def evaluate(self, script):
        """Return what an expression, or the promise that it makes, is worth as JSON."""
        answer = self("script.evaluate", target={"context": self.tab}, awaitPromise=True,
                      expression=f"Promise.resolve({script}).then(JSON.stringify)")  # fmt: skip
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"]) if "value" in answer["result"] else None

    def click(self, selector):
        """Click the middle of an element as a person would, with the mouse."""
        place = (
            f"(e => (e.scrollIntoView({{block: 'center'}}), e.getBoundingClientRect()))"
            f"(document.querySelector({json.dumps(selector)}))"
        )
        box = self.evaluate(place)
        at = {"x": round(box["x"] + box["width"] / 2), "y": round(box["y"] + box["height"] / 2)}
        steps = [{"type": "pointerMove", **at}, {"type": "pointerDown", "button": 0},
                 {"type": "pointerUp", "button": 0}]  # fmt: skip
        pointer = {"type": "pointer", "id": "mouse", "actions": steps}
        self("input.performActions", context=self.tab, actions=[pointer])

    def write(self, text):
        """Press the keys of a text where the cursor is."""
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keys", "actions": keys}]
        self("input.performActions", context=self.tab, actions=actions)

    def picture(self, file):
        """Write a picture of what is seen, as PNG."""
        found = self("browsingContext.captureScreenshot", context=self.tab)
        file.write_bytes(base64.b64decode(found["data"]))

    def print(self, file, wide_mm=210, high_mm=297):
        """Write the sheets that the page prints, as PDF; sheets of paper have a size in mm."""
        size = {"width": wide_mm / 10, "height": high_mm / 10}
        found = self("browsingContext.print", context=self.tab, page=size)
        file.write_bytes(base64.b64decode(found["data"]))


@contextlib.contextmanager
def firefox(command, profile):
    """Run Firefox with an empty profile in a folder, as a context that gives its tab."""
    profile.mkdir()
    (profile / "user.js").write_text(PREFERENCES, "utf-8")
    started = subprocess.Popen(
        [command, "--headless", "--no-remote", "--profile", str(profile),
         "--remote-debugging-port", "0", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        heard = (re.search(r"BiDi listening on (ws://\S+)", line) for line in started.stderr)
        address = next(found[1] for found in heard if found)
        socket = websocket.create_connection(f"{address}/session", timeout=30, suppress_origin=True)
        with contextlib.closing(socket):
            yield Firefox(socket)
    finally:
        started.terminate()
        started.communicate(timeout=30)
