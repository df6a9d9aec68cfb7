"""A page that is scrolled: texts beside the map, each of which sets what the map shows."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import shapely

from borders.errors import AraxesError, SchemaError, UnknownNameError
from borders.files.schema import misspelt
from borders.gazetteer.places import Place
from maps.i18n import of_part, phrases, word
from maps.layers.model import bounds_of
from maps.layers.seam import eastwards
from maps.web.first_view import ROUTES_KEY
from maps.web.markdown import safe_html
from maps.web.packing import text_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.study.steps import Step
    from maps.web.document import WebPage

__all__ = ["add_story"]

# How far from a place the map beside it reaches, in degrees of latitude (an assumption).
_AROUND_DEG = 0.15


def add_story(page: WebPage, steps: Sequence[Step], *, where: str = "steps") -> None:
    """Put texts beside the map of a page, each of which sets what it shows as it is scrolled to.

    The reader scrolls, uses the arrow keys or the links of the steps. On paper every step is a
    section with its map.

    Parameters
    ----------
    page : made by `maps.interactive`, with all that the steps show.
    steps : in order. What a step leaves out is as the page begins.
    where : names the steps in messages, such as ``figures.toml``.

    Raises
    ------
    AraxesError : there is no step, or the page has a story already.
    SchemaError : a step names a layer, a scenario or a thing that is not there, or a view that is
        none; says which step.

    Examples
    --------
    >>> from corridors import corridor
    >>> from corridors.study.steps import Step
    >>> from maps import interactive
    >>> page = interactive(corridor("lachin-2020"), title="Lachin")
    >>> add_story(page, [Step(text="The *first* road.", view="lachin-2020")])
    >>> "<em>first</em>" in page.article
    True
    """
    if not steps:
        message = f"{where}: a story needs a step; write one as [[step]], with its text"
        raise AraxesError(message)
    if page.article:
        message = (
            f"{where}: the page has a story already; make two pages, or one story of all steps"
        )
        raise AraxesError(message)
    facts = [_facts(page, step, f"{where}, step {n}") for n, step in enumerate(steps, 1)]
    page.article = _article(steps, page.language)
    page.extras["story"] = text_json({"steps": facts, "words": of_part("story")})
    page.subtitle = phrases("story-hint")[page.language]


def _facts(page: WebPage, step: Step, where: str) -> dict[str, Any]:
    """Return what the script sets the map to at a step."""
    west, south, east, north = page.extent if step.view is None else _view(page, step.view, where)
    known = (*page.layers, *([ROUTES_KEY] if page.scenarios else []))
    for key in step.layers or ():
        if key not in known:
            message = f"{where}: layers has '{key}'; the page has {', '.join(known) or 'none'}"
            if key == ROUTES_KEY:
                message += "; pairs give it routes"
            raise SchemaError(message + misspelt([key], known))
    if step.scenario is not None and step.scenario not in page.scenarios:
        compared = ", ".join(page.scenarios) or "none"
        message = f"{where}: scenario is '{step.scenario}'; the page compares {compared}"
        raise SchemaError(message + misspelt([step.scenario], page.scenarios))
    return {
        "bounds": [[south, west], [north, east]],
        "on": step.on and step.on.isoformat(),
        "layers": step.layers,
        "scenario": step.scenario and page.scenarios.index(step.scenario),
    }


def _view(
    page: WebPage, view: tuple[float, float, float, float] | str, where: str
) -> tuple[float, float, float, float]:
    """Return the west, south, east and north of a view, an east beyond 180° over the meridian."""
    if not isinstance(view, str):
        return eastwards(view)
    bounds = page.layers.get(view) or _bounds_of_thing(view, where)
    if not all(map(isfinite, bounds)):
        message = f"{where}: view is '{view}', which has no geometry; give bounds in degrees"
        raise SchemaError(message)
    return bounds


def _bounds_of_thing(name: str, where: str) -> tuple[float, float, float, float]:
    from corridors.lookup import known_thing
    from maps.layers.build import layers

    try:
        thing = known_thing(name)
    except UnknownNameError as err:
        message = f"{where}: view is '{name}': {err}"
        raise SchemaError(message) from err
    if isinstance(thing, Place):
        lon, lat = thing.lon, thing.lat
        around = shapely.Point(lon, lat).buffer(_AROUND_DEG).bounds
        return eastwards(around) if around[0] > around[2] else around
    return bounds_of(layers([thing]))


def _article(steps: Sequence[Step], language: str) -> str:
    """Return the texts as HTML: a section for each step, with its link."""
    count = len(steps)
    sections = "".join(
        f'<section class="araxes-step" id="araxes-step-{n}">'
        f'<p class="araxes-number"><a href="#step={n}">'
        f"{phrases('story-of')[language].format(n, count)}</a></p>"
        f'<div class="araxes-text" dir="auto">{safe_html(step.text)}</div></section>'
        for n, step in enumerate(steps, 1)
    )
    return (
        '<div id="araxes-article" role="region" tabindex="0" '
        f'aria-label="{phrases("story-story")[language]}">'
        f"<noscript>{word('noscript-story', language)}</noscript>{sections}</div>"
    )
