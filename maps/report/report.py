"""The report: every system as tables, one interactive map, one figure and one GeoPackage."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from borders import __version__
from borders.compiler.area_by_country import areas_by_country
from borders.compiler.boundary import Boundary
from borders.dates import period
from borders.files.atomic import (
    atomic,
    check_free,
    check_name,
    fixed_time,
    output_folder,
    together,
    write_text,
)
from borders.files.bundle import BUNDLED
from borders.files.catalogue import attributions, files, source, sources
from borders.measure import Z95
from corridors.analysis.compare import compare
from corridors.analysis.corridor_parts import areas_by_rayon, places_inside
from corridors.analysis.verdicts import Verdict, verdicts
from corridors.lookup import named_things
from corridors.model.length import chain_length
from corridors.model.registry import System, systems
from corridors.model.sinuosity import sinuosity
from maps.i18n import interval_km, phrases
from maps.layers.model import REGION, named
from maps.progress import steps
from maps.report.context_section import context_section
from maps.report.routes_section import PAIRS, published_ways, routes_section
from maps.report.treaty_section import treaty_section
from maps.tables.markdown import cell, table
from maps.web.basemap import base_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from borders.files.catalogue import Source
    from corridors.export.formats import Written
    from corridors.model.corridor import Corridor

__all__ = [
    "TITLE", "TextAndFigure", "built", "contents", "markdown", "overview", "report", "section",
    "text_and_figure", "write_package", "write_report",
]  # fmt: skip

TITLE = "Borders and corridors of the South Caucasus"
# Stand where the list of sections goes, once they are known, and the section of routes.
_CONTENTS, _ROUTES = "(contents)", "(routes)"


def report(folder: str | Path, *, language: str = "en") -> list[Path]:
    """Write the report and print a table of all systems.

    `report.md`, `map.html`, `map.png`, `araxes.gpkg`; `context.html` and `context.gpkg` with what
    the documents name besides borders and corridors; and `datapackage.json`, which states their
    licences, sources and hashes.

    Parameters
    ----------
    folder : created if need be; files of an earlier report are replaced, each whole or not at all.
    language : of the names on the maps.

    Raises
    ------
    FileFormatError : the folder cannot be written to; says why.
    """
    return write_report(folder, lambda: text_and_figure(language), language=language)


class TextAndFigure(NamedTuple):
    """What `report.md` and `map.png` hold.

    Parameters
    ----------
    lines : without the list of sections and the section of routes, which the page has as well.
    """

    lines: list[str]
    figure: bytes


def text_and_figure(language: str) -> TextAndFigure:
    """Return the text of the report, and the figure of every system as PNG.

    Parameters
    ----------
    language : of the names in the figure.
    """
    from maps.print.figure import save_figure, static

    every, title = systems(), phrases("figure-systems")[language]
    lines = _lines(every, verdicts())
    picture = BytesIO()
    save_figure(static(*every, title=title, language=language, bounds=REGION), picture)
    return TextAndFigure(lines, picture.getvalue())


def write_report(
    folder: str | Path, made: Callable[[], TextAndFigure], *, language: str
) -> list[Path]:
    """Write the report as `report` does.

    Parameters
    ----------
    made : returns the text and the figure; called when the rest of the report is there.
    """
    from maps.qgis.project import with_context, write_styled
    from maps.tables.text import systems_table
    from maps.web.comparison import RouteComparison
    from maps.web.interactive import interactive, save

    # Checked first: the driver of the GeoPackages, which are written last, cannot open every path.
    check_name(Path(folder))
    out = output_folder(folder)
    names = ("report.md", "map.html", "map.png", "araxes.gpkg", "context.html", "context.gpkg",
             "datapackage.json")  # fmt: skip
    paths = [out / name for name in names]
    check_free(*paths)
    with together() as waiting, steps(6) as step:
        step("resolving borders and corridors")
        every = systems()
        step("map.html")
        ways = RouteComparison(compared=compare(PAIRS))
        titles = phrases("figure-systems")
        page = interactive(*every, ways=ways, title=titles, language=language)
        save(page, paths[1], command="araxes report")
        step("araxes.gpkg")
        shown = with_context(every)
        written = [write_styled(shown, paths[3])]
        context = named_things("context")
        step("context.html")
        page = interactive(*context, title=phrases("figure-context"), language=language)
        save(page, paths[4], command="araxes report")
        step("context.gpkg")
        written.append(write_styled(context, paths[5]))
        step("report.md and map.png")
        routes = routes_section(ways.compared)
        lines, figure = made()
        write_text(paths[0], _text(lines, routes))
        with atomic(paths[2]) as draft:
            draft.write_bytes(figure)
        drafts = waiting()
        places = {path: drafts[path] for path in (*paths[1:6], paths[0])}
        write_package(out, places, [*shown, *context], written, TITLE)
    systems_table(every)
    print()
    for path in paths:
        print(f"{path}  {path.stat().st_size / 1000:,.0f} kB")
    return paths


def write_package(
    folder: Path,
    waiting: Mapping[Path, Path],
    things: Iterable[Any],
    written: Iterable[Written],
    title: str,
) -> Path:
    """Write the Data Package of a report; return its path.

    Parameters
    ----------
    waiting : the files of the report, in order of writing: place → where each is now.
    things : what the GeoPackages hold.
    written : what became of them there.
    """
    from corridors.export.datapackage import descriptor

    files = {place.relative_to(folder).as_posix(): now for place, now in waiting.items()}
    cited = [key for thing in things for key in getattr(thing, "sources", ())]
    target = folder / "datapackage.json"
    tables = [done.table for done in written]
    text = descriptor(files, tables, title, [*cited, *base_sources()])
    write_text(target, text)
    return target


def built() -> str:
    """Return the build time; SOURCE_DATE_EPOCH fixes it."""
    return (fixed_time() or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M UTC")


def markdown(every: tuple[System, ...], judged: tuple[Verdict, ...]) -> str:
    """Return the report as Markdown."""
    return _text(_lines(every, judged), routes_section(compare(PAIRS)))


def _lines(every: tuple[System, ...], judged: tuple[Verdict, ...]) -> list[str]:
    """Return the lines of the report that `TextAndFigure` has."""
    lines = [
        f"# {TITLE}",
        "",
        f"Made by araxes {__version__}, `araxes report`, built {built()}.",
        "",
        "Lengths are geodesic on WGS84, with 95 % intervals. **Basis** says where a length comes "
        "from: *reach*, measured along a detailed line or taken from the railway graph; "
        "*published*, a figure that others give, *unverified* if nobody looked it up; *chain*, "
        "through known places. Facts are as of May 2026. The maps "
        "`map.html` and `map.png` and the geometry in `araxes.gpkg` belong to this report; what "
        "the documents name besides is on `context.html` and in `context.gpkg`.",
        "",
        _CONTENTS,
        "",
        "## All systems",
        "",
        *overview(every),
        "",
        _ROUTES,
        "",
        *published_ways(judged),
    ]
    for system in every:
        compared = [v for v in judged if v.figure.system == system.id and v.ours]
        lines += ["", *section(system, compared)]
    lines += ["", *_border_figures(judged), "", *context_section(), ""]
    return [*lines, *_credits(every), ""]


def _text(lines: list[str], routes: list[str]) -> str:
    """Return the report as Markdown: its lines, with the section of routes and the contents."""
    at = lines.index(_ROUTES)
    lines = [*lines[:at], *routes, *lines[at + 1 :]]
    at = lines.index(_CONTENTS)
    lines[at : at + 1] = ["## Contents", "", *contents(lines)]
    return "\n".join(lines)


def contents(lines: list[str]) -> list[str]:
    """Return a list of links to the sections: an anchor is a heading's letters, digits, hyphens."""
    titles = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    kept = (re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)
    return [f"- [{title}](#{anchor})" for title, anchor in zip(titles, kept, strict=True)]


def overview(every: tuple[System, ...]) -> list[str]:
    """Return a table of systems: lengths, areas, latest status."""
    rows = []
    for system in every:
        area = system.area if isinstance(system, Boundary) else None
        rows.append((
            system.id, system.name, interval_km(system.length),
            interval_km(area, area=True) if area else "", system.length.label,
            period(system.statuses[-1]) if system.statuses else "",
        ))  # fmt: skip
    head = ("id", "system", "length (95 %)", "area (95 %)", "basis", "latest status")
    return table(head, rows)


def section(system: System, judged: list[Verdict]) -> list[str]:
    """Return the section of a system, with the published figures that speak of it."""
    lines = [f"## {cell(system.name)}", ""]
    others = [f"{code}: {named(system, code)}" for code in system.names if code != "en"]
    if others:
        lines += [f"`{system.id}` · " + " · ".join(map(cell, others)), ""]
    lines += treaty_section(system) if isinstance(system, Boundary) else _corridor(system)
    if system.statuses:
        rows = [(period(s), s.source, s.state, s.note) for s in system.statuses]
        lines += ["", *table(("status", "source", "state", "note"), rows)]
    if judged:
        lines += ["", *_judged(judged)]
    catalogued = sources()
    lines += ["", "Sources:", ""]
    for key in system.sources:
        lines.append(f"- `{key}`: {_cited(source(key)) if key in catalogued else cell(key)}")
    return lines


def _cited(cited: Source) -> str:
    """Return a citation, as a link if its address is known."""
    if not cited.url.startswith(("https://", "http://")):
        return cell(cited.citation)
    address = cited.url.translate({ord(c): f"%{ord(c):02X}" for c in "<>() \\"})
    read = f", read {cited.retrieved}" if cited.retrieved else ""
    return f"[{cell(cited.citation)}]({address}){read}"


def _corridor(corridor: Corridor) -> list[str]:
    length = corridor.length
    lines = [f"{corridor.definition} Length {interval_km(length)}, {length.basis}."]
    lines[0] += (
        f" Drawn as {corridor.drawn_m / 1000:,.1f} km, {corridor.geometry_quality}, position "
        f"±{corridor.position_sigma_m / 1000:.2g} km (one standard error)."
    )
    if corridor.width_m:
        lines[0] += f" Width {corridor.width_m / 1000:g} km ({corridor.width_source})."
    if length.how:
        lines[0] += f" Error: {length.how}; the figure is {length.state}."
    if length.basis == "published":
        lines += ["", _cross_check(corridor)]
    if corridor.names_by:
        rows = [(n.name, n.by, n.source) for n in corridor.names_by]
        lines += ["", *table(("name", "used by", "source"), rows)]
    return lines + _strip(corridor)


def _strip(corridor: Corridor) -> list[str]:
    """Return where the strip of a corridor lies, by rayon and by country, and what is inside.

    A study that stands alone has its own countries, and no rayons.
    """
    strip = corridor.territory()
    if strip is None:
        return []
    rayons = areas_by_rayon(corridor) if BUNDLED.shows else {}
    parts = {**rayons, **areas_by_country(strip)}
    head = "strip, by rayon and by country" if BUNDLED.shows else "strip, by country"
    rows = [(name, area.km2_text) for name, area in parts.items()]
    inside = ", ".join(place.name for place in places_inside(corridor))
    return ["", *table((head, "area (95 %)"), rows), "",
            f"Places inside: {cell(inside) or 'none of the gazetteer'}."]  # fmt: skip


def _cross_check(corridor: Corridor) -> str:
    """Say what the drawn line gives for a length that was taken from elsewhere."""
    from math import hypot

    factor = sinuosity(corridor.mode, corridor.terrain, without=corridor.id)
    check = chain_length(corridor.pieces, factor).measure
    apart = abs(check.value - corridor.length.value)
    verb = "within" if apart <= Z95 * hypot(check.sigma, corridor.length.sigma) else "beyond"
    how = "the drawn line along its guide lines"
    if not all(piece.along for piece in corridor.pieces):
        lines = "pipelines" if corridor.mode == "pipeline" else f"{corridor.mode} links"
        by = f"as those of {factor.n} other {lines}"
        if not factor.n:
            by = f"{factor.factor:g} times, an assumption"
        how = f"the drawn line, its chords lengthened {by},"
    return (
        f"Cross-check: {how} gives {interval_km(check)}; the difference of {apart / 1000:,.1f} km "
        f"is {verb} the errors of both."
    )


def _judged(judged: list[Verdict]) -> list[str]:
    rows = [
        (v.figure.item, v.figure.text, v.verdict, v.reason,
         v.figure.source, v.figure.state)
        for v in judged
    ]  # fmt: skip
    return table(("published figure", "value", "verdict", "why", "source", "state"), rows)


def _border_figures(judged: tuple[Verdict, ...]) -> list[str]:
    """Return the figures that speak of single borders, not of a system."""
    rows = []
    for verdict in judged:
        figure = verdict.figure
        if figure.item.startswith("border "):
            ours = interval_km(verdict.ours) if verdict.ours else ""
            rows.append((figure.item, figure.text, ours, verdict.verdict, verdict.reason,
                         figure.source, figure.state))  # fmt: skip
    head = ("border", "published", "ours", "verdict", "why", "source", "state")
    caveat = (
        "The error of border lengths, 1 %, is set on the most detailed published lengths of "
        "Türkiye's three Caucasian borders (marked *taken*); figures measured at coarser scale "
        "fall outside it, and so do Azerbaijan's official lengths of its other borders."
    )
    return ["## Published border lengths", "", caveat, "", *table(head, rows)]


def _credits(every: tuple[System, ...]) -> list[str]:
    shown = dict.fromkeys(
        [key for system in every for key in system.sources] + list(base_sources())
    )
    catalogued = [key for key in shown if key in sources()]
    lines = ["## Data and licences", ""]
    lines += [f"- {text}" for text in attributions(catalogued)]
    rows = [(f.path, f.title, f.licence, f.sha256[:12])
            for f in files().values()]  # fmt: skip
    return [*lines, "", *table(("file", "title", "licence", "sha256"), rows)]
