"""The site is built without a warning, leads nowhere in vain, and loads nothing from elsewhere."""

from __future__ import annotations

import subprocess
import sys

import build
import pytest
from blocks import ROOT
from docstrings import fields


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of the site; its pages' own tests draw the pictures."""
    out = tmp_path_factory.mktemp("site") / "html"
    command = [sys.executable, str(ROOT / "docs/site/build.py"), "--blank", "--out", str(out)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert run.returncode == 0, run.stderr
    return out


def test_the_site_is_built_without_a_warning(site):
    assert (site / "index.html").is_file()
    assert not list(site.rglob("*.doctree"))


def test_the_commands_and_functions_are_on_it(site):
    commands = (site / "reference" / "commands.html").read_text("utf-8")
    assert "--alternatives K" in commands
    for package, name in (("borders", "boundary"), ("corridors", "route"), ("maps", "interactive"),
                          ("borders-geodesy", "length_m")):  # fmt: skip
        page = (site / "reference" / f"api-{package}.html").read_text("utf-8")
        assert f'id="{package.replace("-", ".")}.{name}"' in page


@pytest.mark.parametrize(
    ("put", "said"),
    [
        ('<a href="gone.html">', "gone.html, which is not there"),
        ('<a href="start.html#gone">', "which has no such part"),
        ('<script src="https://cdn.example/x.js">', "loads https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', "loads //fonts.example/x.css"),
    ],
)
def test_a_link_in_vain_and_a_load_from_elsewhere_are_found(put, said, tmp_path):
    (tmp_path / "start.html").write_text('<p id="there">', encoding="utf-8")
    (tmp_path / "index.html").write_text(f'<a href="start.html#there">{put}', encoding="utf-8")
    (found,) = build.faults(tmp_path)
    assert found.endswith(said)


def test_docstrings_become_fields():
    parameters = "Parameters\n----------\na, b : of it,\n    in metres.\n"
    text = f"Return x.\n\n{parameters}\nReturns\n-------\nThe x.\n"
    made = fields(text.splitlines())
    assert made[:4] == ["Return x.", "", "", ":param a: of it, in metres."]
    assert made[4:] == [":param b: of it, in metres.", ":returns: The x."]


@pytest.mark.browser
@pytest.mark.parametrize("page", ["index", "gallery", "how-to/compare", "reference/api-corridors"])
def test_a_page_asks_nobody_for_anything_and_fits(site, page, browser):
    address = (site / f"{page}.html").resolve().as_uri()
    for width in (1440, 375):
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        tab = context.new_page()
        asked, complaints = [], []
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.on("pageerror", lambda error, said=complaints: said.append(str(error)))
        tab.goto(address)
        tab.wait_for_load_state("networkidle")
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert complaints == []
        wide = tab.evaluate("document.documentElement.scrollWidth")
        context.close()
        assert wide <= width
