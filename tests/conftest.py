"""Shared by all tests: one report for the session, and a browser that can reach nothing."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import printed
import pytest
from hypothesis import settings

from borders.files.c_locale import set_c_locale
from maps.cli.main import main
from maps.report.report import report

# The same cases in every run: a check that fails on one machine fails on all.
settings.register_profile("araxes", derandomize=True, deadline=None)
settings.load_profile("araxes")

# The tests look at files through other libraries, which do not mind the locale as ours do.
set_c_locale()

EPOCH = "1700000000"
REQUIRED = os.environ.get("ARAXES_REQUIRE_BROWSER") == "1"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
LEFT_OUT = pytest.StashKey[int]()


def chromium():
    """Return the path of Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [os.environ.get("ARAXES_CHROMIUM"), *map(shutil.which, names)]
    return next((path for path in found if path), None)


def pytest_collection_modifyitems(config, items):
    if REQUIRED or chromium():
        return
    browser = [item for item in items if item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=browser)
    items[:] = [item for item in items if item not in browser]
    config.stash[LEFT_OUT] = len(browser)


def pytest_terminal_summary(terminalreporter, config):
    left_out = config.stash.get(LEFT_OUT, 0)
    if left_out:
        terminalreporter.write_line(
            f"{left_out} browser tests left out: no Chromium (set ARAXES_CHROMIUM to its path)"
        )


@dataclass(frozen=True)
class Report:
    folder: Path
    printed: str

    def text(self, name):
        return (self.folder / name).read_text("utf-8")


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Return the report of this session: its folder, and what was printed."""
    folder = tmp_path_factory.mktemp("report")
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        patch.setenv("COLUMNS", "80")
        report(folder)
    return Report(folder, printed.getvalue())


@dataclass(frozen=True)
class Answer:
    """What a command answers; `err` has its messages in one line each, as `shown` folds them."""

    code: int
    out: str
    err: str
    shown: str


@pytest.fixture
def araxes(capsys, monkeypatch):
    """Return a function that runs a command in this process."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments):
        capsys.readouterr()
        try:
            code = main([str(one) for one in arguments])
        except SystemExit as stop:
            code = stop.code or 0
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err.replace("\n    ", " "), captured.err)

    return run


@pytest.fixture(scope="session")
def python():
    """Return a function that runs Python in a process of its own."""

    def run(*arguments, **environment):
        env = {**os.environ, "COLUMNS": "80", "SOURCE_DATE_EPOCH": EPOCH, **environment}
        env = {name: value for name, value in env.items() if value is not None}
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    return run


@dataclass
class Opened:
    """A page in the browser, with all that it asked for and complained of."""

    page: object
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    path = chromium()
    assert path, "ARAXES_REQUIRE_BROWSER is 1, and there is no Chromium"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visit(browser):
    """Return a context manager that opens a file in a browser without network."""

    @contextlib.contextmanager
    def opened(file, width=1440, height=900, at="", *, touch=False, script=""):
        address = Path(file).resolve().as_uri()
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, offline=True, has_touch=touch, is_mobile=touch)
        context.set_default_timeout(5000)
        # A page has loaded when its map is drawn, which takes longer on a busy machine.
        context.set_default_navigation_timeout(20000)
        found = Opened(context.new_page())
        if script:
            # Runs before those of the page.
            found.page.add_init_script(script)

        def own(url):
            return url.split("#")[0] == address or url.startswith(("data:", "blob:"))

        def ask(request):
            if not own(request.url):
                found.requests.append(request.url)

        def refuse_dialog(dialog):
            found.complaints.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        context.route("**/*", lambda r: r.continue_() if own(r.request.url) else r.abort())
        found.page.on("request", ask)
        found.page.on("console", lambda m: found.complaints.append(f"{m.type}: {m.text}"))
        found.page.on("pageerror", lambda error: found.complaints.append(f"error: {error}"))
        found.page.on("dialog", refuse_dialog)
        found.page.goto(address + at)
        found.page.wait_for_selector("html.araxes-ready", state="attached")
        try:
            yield found
        finally:
            context.close()

    return opened


@pytest.fixture(scope="session")
def fox(tmp_path_factory):
    """Return a tab of Firefox, for the session; tests that want it are skipped where it is not."""
    from firefox import firefox

    path = shutil.which("firefox-esr") or shutil.which("firefox")
    assert path or not REQUIRED, "ARAXES_REQUIRE_BROWSER is 1, and there is no Firefox"
    if not path:
        pytest.skip("no Firefox")
    with firefox(path, tmp_path_factory.mktemp("firefox") / "profile") as tab:
        yield tab


@pytest.fixture
def print_alone(tmp_path):
    """Return a function that prints a file by a browser that nobody operates; returns the PDF."""

    def run(file):
        path = tmp_path / "alone.pdf"
        command = [chromium(), "--headless", *QUIET, f"--user-data-dir={tmp_path / 'profile'}",
                   "--no-pdf-header-footer", f"--print-to-pdf={path}",
                   Path(file).resolve().as_uri()]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        return path

    return run


@pytest.fixture
def sheet_of(browser):
    """Return a function that pictures the first sheet of a PDF of a size in millimetres."""

    def picture(pdf, wide_mm, high_mm):
        return printed.sheet(browser, pdf, wide_mm, high_mm)

    return picture


@pytest.fixture(scope="session")
def screenshots(request):
    """Return the folder where pictures of the map are kept for people to look at."""
    folder = request.config.rootpath / "out" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
