"""The report of a study: what it compares, its borders and corridors, its page and figures."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import warn

from borders import __version__
from borders.errors import AraxesError, FormatWarning, SchemaError, located
from borders.files.atomic import check_free, check_name, output_folder, together, write_text
from borders.files.catalogue import attributions, sources
from borders.files.paths import is_file
from corridors.study.check import check_names
from corridors.study.region import overlaps
from corridors.study.study import FIGURES, FILE
from maps.progress import steps
from maps.report.report import built, overview, section, write_package
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.analysis.compare import Row
    from corridors.context.claims import Claim
    from corridors.model.registry import System
    from corridors.study.study import Figure, Study
    from maps.print.sheet import Sheet
    from maps.web.document import WebPage

__all__ = ["check_study", "study_gallery", "study_report"]

# The page that is scrolled.
STORY = "story.html"
# Numbers that documents state.
CLAIMS = "claims.csv"


def study_report(
    study: Study,
    folder: str | Path,
    *,
    language: str | None = None,
    remark: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write what a study asks for; return the paths, `report.md` first.

    `report.md`, `routes.csv`, `map.html`, `study.gpkg`, of the steps of `figures.toml`
    `story.html`, in `figures/` each of its figures with its caption, and `datapackage.json`,
    which states licences, sources and hashes of them all. The study must be active.

    Parameters
    ----------
    folder : created if need be; files of an earlier report are replaced, each whole or not at all.
    language : of names; the first of the study if missing.
    remark : is told of letters that no font of a figure has.

    Raises
    ------
    AraxesError : a name is unknown, or the folder cannot be written to; says why.
    """
    from maps.print.figure import beside, save_with_caption
    from maps.qgis.project import with_context, write_styled
    from maps.web.interactive import save

    check_name(Path(folder))
    out = output_folder(folder)
    language = language or study.languages[0]
    check_names(study)
    # A file whose id is not in `things` is checked too.
    _check_systems(study)
    things = _things(study)
    names = ("report.md", "routes.csv", "map.html", "study.gpkg", STORY, "datapackage.json")
    text, routes, page, geometry, told, package = (out / name for name in names)
    figures = {figure: out / "figures" / f"{figure.file}.png" for figure in study.figures}
    captions = map(beside, figures.values())
    check_free(text, routes, page, geometry, told, package, *figures.values(), *captions)
    command = "araxes report"
    with together() as waiting, steps(4 + len(figures) + bool(study.steps)) as step:
        step("comparing routes")
        rows = _compared(study)
        written = [text]
        if rows:
            write_text(routes, _csv(rows))
            written.append(routes)
        step("map.html")
        save(_page(study, things, rows, language), page, command=command)
        written.append(page)
        if study.steps:
            step(STORY)
            save(_story(study, things, rows, language), told, command=command)
            written.append(told)
        if figures:
            output_folder(out / "figures")
        for figure, target in figures.items():
            step(f"figures/{target.name}")
            drawn = _drawn(figure, study, language, remark=remark)
            save_with_caption(drawn, target, command=command)
            written += [target, beside(target)]
        step("study.gpkg")
        lines = [*things, *(row.way for row in rows if row.way is not None)]
        shown = with_context(lines) if lines else []
        held = [write_styled(shown, geometry)] if lines else []
        if lines:
            written.append(geometry)
        step("report.md")
        write_text(text, _markdown(study, things, rows, figures))
        written.append(write_package(out, waiting(), shown, held, study.title))
    return written


def study_gallery(  # noqa: PLR0913 - what a gallery is made of
    study: Study,
    folder: str | Path,
    *,
    only: Sequence[str] = (),
    language: str,
    form: str,
    width: str | int,
    command: str,
    legs: bool = False,
    remark: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write the figures of a study with their captions and an index; return the paths.

    Parameters
    ----------
    only, language, form, width, command, legs : as for `maps.report.gallery.gallery`.
    remark : as for `study_report`.

    Raises
    ------
    AraxesError : the study asks for no figure and has no story; or as for `gallery`.
    """
    from borders.files.atomic import check_free
    from maps.report.gallery import write_gallery
    from maps.web.interactive import save

    if not study.figures and not study.steps:
        message = (
            f"the study '{study.title}' asks for no figure; write one into {FIGURES}. The "
            "gallery of the bundled data is drawn outside of a study"
        )
        raise AraxesError(message)
    check_names(study)
    figures = {
        figure.file: (
            cell(figure.title),
            partial(_drawn, figure, study, language, width, legs=legs, remark=remark),
        )
        for figure in study.figures
    }
    title = cell(study.title)
    story = Path(folder) / STORY
    if study.steps and not only:
        check_free(story)
    written = write_gallery(
        folder, figures, title=title, only=only, form=form, width=width, command=command
    )
    if study.steps and not only:
        save(_story(study, _things(study), _compared(study), language), story, command=command)
        written.append(story)
    return written


def check_study(study: Study) -> None:
    """Read all that a study holds and names, as its report does; the study is active.

    Raises
    ------
    AraxesError : of the first thing that is wrong: in which file it is, and what to do.

    Warns
    -----
    FormatWarning : countries overlap.
    """
    from borders.files.bundle import layer
    from corridors.network.load import load_network
    from corridors.scenarios.scenario import read_scenario

    # Read on their own, so that no treaty that asks for them is blamed.
    for name in ("provinces", "guides") if study.base == "none" else ("guides",):
        layer(name)
    for overlap in overlaps() if study.base == "none" else ():
        warn(f"{study.countries}: {overlap}", FormatWarning, stacklevel=2)
    _check_systems(study)
    for key in study.own_ids("scenarios"):
        read_scenario(key)
    load_network()
    check_names(study)
    _claims_of(study)
    if study.steps:
        # Layers and views of the steps are those of the page.
        _story(study, _things(study), _compared(study), study.languages[0])


def _check_systems(study: Study) -> None:
    """Read every treaty and corridor of a study."""
    from corridors.lookup import read_system_file

    for kind in ("treaties", "corridors"):
        for key in study.own_ids(kind):
            read_system_file(study.folder / kind / f"{key}.toml")


def _things(study: Study) -> tuple[System, ...]:
    """Return what the page of a study shows."""
    from corridors.model.registry import system

    return tuple(system(key) for key in study.shown)


def _page(study: Study, things: tuple[System, ...], rows: Sequence[Row], language: str) -> WebPage:
    """Return the page of a study."""
    from maps.web.comparison import RouteComparison
    from maps.web.interactive import interactive

    ways = RouteComparison(compared=rows)
    page = interactive(*things, ways=ways, title=study.title, language=language, on=study.on)
    line = next((thing for thing in things if thing.id == study.profile), None)
    if line is not None:
        from corridors.analysis.profile import profile
        from maps.web.profile import add_profile

        add_profile(page, profile(line, on=study.on))
    return page


def _story(study: Study, things: tuple[System, ...], rows: Sequence[Row], language: str) -> WebPage:
    """Return the page of a study with its steps beside the map."""
    from maps.web.story import add_story

    page = _page(study, things, rows, language)
    add_story(page, study.steps, where=FIGURES)
    return page


def _compared(study: Study) -> Sequence[Row]:
    from corridors.analysis.compare import compare
    from corridors.scenarios.terms import Terms

    if not study.pairs:
        return ()
    terms = Terms(modes=study.modes) if study.modes else None
    return compare(study.pairs, study.scenarios, terms=terms)


def _csv(rows: Sequence[Row]) -> str:
    from maps.tables.csv_rows import csv_text

    return csv_text([row.row() for row in rows])


def _drawn(
    figure: Figure,
    study: Study,
    language: str,
    width: str | int = "180",
    *,
    legs: bool = False,
    remark: Callable[[str], None] | None = None,
) -> Sheet:
    """Return a figure of a study, with a table of legs below it if it is of one border."""
    from borders.compiler.boundary import Boundary
    from corridors.model.registry import system
    from corridors.routing.find import route
    from corridors.scenarios.terms import Terms
    from maps.layers.routes import route_layers
    from maps.print.figure import static
    from maps.print.sheet import page_format

    things: list[Any] = [system(key) for key in figure.things]
    on = figure.on or study.on
    if figure.pairs:
        terms = Terms(modes=figure.modes) if figure.modes else None
        # Ways are those of the report's table, under their scenario's day, unless it has its own.
        on = figure.on
        with located(f"{FIGURES}, figure '{figure.file}'"):
            routes = [
                route(*ends, scenario=figure.scenario, terms=terms, on=on) for ends in figure.pairs
            ]
        things = list(route_layers(routes, language))
    legs = legs and len(things) == 1 and isinstance(things[0], Boundary)
    page = page_format(width, font=None if study.font is None else study.folder / study.font)
    sheet = static(*things, title=figure.title, language=language, on=on, width=page, legs=legs)
    if sheet.missing and remark is not None:
        letters = "".join(sorted(sheet.missing))[:40]
        remark(
            f"figure '{figure.file}': the font lacks '{letters}'; boxes stand for them; put a font "
            f"that has them beside {FILE} and name its file there as font"
        )
    return sheet


def _markdown(
    study: Study, things: tuple[System, ...], rows: Sequence[Row], figures: dict[Figure, Path]
) -> str:
    from maps.tables.routes import comparison_markdown

    story = f", the story `{STORY}`" if study.steps else ""
    lines = [
        f"# {cell(study.title)}", "",
        f"Made by araxes {__version__}, `araxes report`, built {built()}. Lengths are geodesic on "
        "WGS84, with 95 % intervals; the page is `map.html`" + story + ".", "",
    ]  # fmt: skip
    if rows:
        lines += ["## Routes", "", comparison_markdown(rows, "km"), ""]
    if things:
        lines += ["## Borders and corridors", "", *overview(things), ""]
    for thing in things:
        lines += [*section(thing, []), ""]
    lines += _claims(_claims_of(study))
    if figures:
        lines += ["## Figures", ""]
    for figure, path in figures.items():
        lines += [f"![{cell(figure.title)}](figures/{path.name})", ""]
    shown = dict.fromkeys(key for thing in things for key in thing.sources)
    shown |= dict.fromkeys(key for row in rows if row.way for key in row.way.sources)
    licences = attributions(key for key in shown if key in sources())
    if licences:
        lines += ["## Data and licences", "", *(f"- {text}" for text in licences), ""]
    return "\n".join(lines)


def _claims_of(study: Study) -> tuple[Claim, ...]:
    """Return the numbers that documents state, of `claims.csv`; none without such a file.

    Raises
    ------
    FileFormatError, SchemaError : the file, or a row of it, is not what it should be.
    """
    from corridors.context.claims import read_claims

    path = study.folder / CLAIMS
    if not is_file(path):
        return ()
    claims, wrong = read_claims(path)
    if wrong:
        raise SchemaError(wrong[0])
    return claims


def _claims(claims: tuple[Claim, ...]) -> list[str]:
    """Return what documents state, each number against what the study gives; or nothing."""
    if not claims:
        return []
    from corridors.analysis.claims import contradictions, judge_claims

    rows = [
        (v.claim.document, v.claim.page, v.claim.claim, v.claim.text, v.ours, v.verdict, v.reason)
        for v in judge_claims(claims)
    ]
    head = ("document", "page", "claim", "stated", "ours (95 %)", "verdict", "why")
    lines = ["## Claims", "", *table(head, rows), ""]
    found = [(c.document, c.rule, c.text, " ".join(c.claims)) for c in contradictions(claims)]
    if found:
        lines += ["Contradictions inside a document:", ""]
        lines += [*table(("document", "rule", "what", "claims"), found), ""]
    return lines
