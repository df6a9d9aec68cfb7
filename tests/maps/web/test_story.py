"""A story as text of the page: Markdown by its specification, what is wrong told with its step."""

from __future__ import annotations

import re

import pytest

from borders.errors import AraxesError, SchemaError
from corridors.model.registry import system
from corridors.study.steps import Step
from maps.i18n import words
from maps.web.document import html
from maps.web.interactive import interactive
from maps.web.markdown import safe_html
from maps.web.story import add_story

# Examples of the CommonMark specification 0.31.2 (https://spec.commonmark.org/0.31.2/), by number,
# without those of HTML and pictures; headings stand one level below the page's title.
SPECIFICATION = {
    43: ("***\n---\n___\n", "<hr />\n<hr />\n<hr />\n"),
    350: ("*foo bar*", "<p><em>foo bar</em></p>\n"),
    378: ("**foo bar**", "<p><strong>foo bar</strong></p>\n"),
    328: ("`foo`", "<p><code>foo</code></p>\n"),
    228: ("> # Foo\n> bar\n> baz", "<blockquote>\n<h2>Foo</h2>\n<p>bar\nbaz</p>\n</blockquote>\n"),
    301: ("- foo\n- bar\n+ baz",
          "<ul>\n<li>foo</li>\n<li>bar</li>\n</ul>\n<ul>\n<li>baz</li>\n</ul>\n"),
}  # fmt: skip


@pytest.mark.parametrize("number", SPECIFICATION)
def test_markdown_is_that_of_commonmark(number):
    text, expected = SPECIFICATION[number]
    assert safe_html(text) == expected


def test_a_picture_is_its_description():
    assert safe_html('![a "map"](https://example.org/a.png)') == "<p>a &quot;map&quot;</p>\n"


def test_a_direction_left_open_is_closed():
    assert "\u202e" not in safe_html("evil\u202e text")


@pytest.fixture
def page():
    return interactive(system("lachin-2020"), title="Lachin")


def test_without_its_script_a_page_speaks_its_language(page):
    page.language = "ka"
    add_story(page, [Step(text="A")])
    said = re.findall("<noscript>(.*?)</noscript>", html(page))
    assert said == [words()[f"noscript-{part}"]["ka"] for part in ("story", "map")]
    assert all(len({*row.values()}) == len(row) for key, row in words().items()
               if key.startswith("noscript-"))  # fmt: skip


def test_a_page_without_a_story_carries_nothing_of_it(page):
    text = html(page)
    assert "araxes-article" not in text
    assert "araxes.story = " not in text


def test_a_story_has_a_policy_that_allows_its_scripts_alone(page):
    add_story(page, [Step(text="A")])
    text = html(page)
    assert "araxes.story = " in text
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert html(page) == text


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step(text="A", view="lachin-2O20"), "view is 'lachin-2O20'"),
        (Step(text="A", layers=("lachin-2022",)), "layers has 'lachin-2022'; the page has"),
        (Step(text="A", scenario="tripp-open"), "the page compares none"),
    ],
)
def test_what_a_page_lacks_is_told_with_the_step(page, step, said):
    with pytest.raises(SchemaError, match=said) as told:
        add_story(page, [Step(text="fine"), step], where="figures.toml")
    assert str(told.value).startswith("figures.toml, step 2: ")


def test_a_story_needs_a_step(page):
    with pytest.raises(AraxesError, match="needs a step"):
        add_story(page, [])
