"""The commands, one function each; each imports what it needs."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.errors import AraxesError, FileFormatError
from borders.places import LANGUAGES
from maps.questions import print_json

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import date

__all__ = [
    "run_export",
    "run_figures",
    "run_gallery",
    "run_list",
    "run_map",
    "run_report",
    "run_show",
    "run_validate",
]


def _language(options: Namespace) -> str:
    if options.lang not in LANGUAGES:
        message = f"--lang is '{options.lang}'; known: {', '.join(LANGUAGES)}"
        raise AraxesError(message)
    return str(options.lang)


def _things(names: list[str]) -> list[Any]:
    from corridors.systems import systems
    from corridors.things import thing

    return list(systems()) if names == ["all"] else [thing(name) for name in names]


def _on_terrain(things: list[Any], dem: str | None) -> list[Any]:
    """Return the things, borders resolved on an elevation model if one is given."""
    if dem is None:
        return things
    from borders.boundary import Boundary
    from borders.resolve import resolve
    from borders.terrain import read_dem

    terrain = read_dem(dem)
    return [
        resolve(one.treaty, terrain=terrain) if isinstance(one, Boundary) else one for one in things
    ]


def run_report(options: Namespace) -> None:
    """Write the report and print its table."""
    from maps.report import report

    report(options.out, language=_language(options))


def run_list(options: Namespace) -> None:
    """Print what the data hold."""
    from maps import listing

    rows = listing.rows(options.what)
    if options.json:
        print_json(rows)
    else:
        listing.show(options.what, rows)


def run_show(options: Namespace) -> None:
    """Print one system or place."""
    from borders.boundary import Boundary
    from borders.places import Place
    from corridors.summary import place_summary, summary
    from corridors.things import known_thing

    day = parse_date(options.on) if options.on else None
    one = _on_terrain([known_thing(options.id)], options.dem)[0]
    if day is not None and isinstance(one, Place):
        message = f"'{one.id}' is a place, which has no dates; leave --on out"
        raise AraxesError(message)
    if options.json:
        print_json(place_summary(one) if isinstance(one, Place) else summary(one, on=day))
        return
    from maps.terminal import show_legs, show_place, show_system

    if isinstance(one, Place):
        show_place(one)
    elif options.legs:
        if not isinstance(one, Boundary):
            message = f"'{one.id}' is a corridor, which has no treaty legs; leave --legs out"
            raise AraxesError(message)
        show_legs(one)
    else:
        show_system(one, day)


def _asked(options: Namespace) -> list[Any]:
    """Return what a map is to show: things, a network under a scenario, ways compared."""
    from borders.resolve import boundary

    things = _things(options.things) if options.things else []
    things += [boundary(Path(file)) for file in options.treaty or ()]
    things = _on_terrain(things, options.dem)
    if not (options.pair or options.scenario):
        return things
    from corridors.compare import compare
    from corridors.network import load_network
    from maps.network_layers import comparison_layers, network_layers
    from maps.questions import pair, scenario, terms

    network = load_network(options.network)
    cases = [scenario(text, options) for text in options.scenario or ["status-quo"]]
    if options.pair:
        pairs = [pair(text) for text in options.pair]
        things += comparison_layers(compare(pairs, cases, terms=terms(options), network=network))
    for one in cases:
        last = one is cases[-1]
        things += network_layers(network, one, terms=terms(options), show=last)
    return things


def run_map(options: Namespace) -> None:
    """Write a map or a figure."""
    from maps.layers import REGION

    target = Path(options.out)
    suffix = target.suffix.lower()
    if suffix not in (".html", ".png", ".svg", ".pdf"):
        message = f"{target}: cannot draw '{suffix}'; use .html, .png, .svg or .pdf"
        raise FileFormatError(message)
    day = parse_date(options.on) if options.on else None
    drawn: dict[str, Any] = {
        "language": _language(options),
        "on": day,
        # Pipelines to the far west would shrink the rest; the map still holds all of each.
        "bounds": REGION if options.things == ["all"] else None,
    }
    things = _asked(options)
    if not things:
        message = "nothing to draw; give an id, a file, --scenario or --pair"
        raise AraxesError(message)
    if day is not None and not any(_exists(t, day) for t in things):
        message = f"nothing to draw: none of these existed on {day}; try another --on"
        raise AraxesError(message)
    title = options.title or _title(things, options.lang)
    if suffix == ".html":
        from maps.web import interactive, save

        if options.width or options.equal_area:
            message = f"{target}: --width and --equal-area are for figures: .png, .svg or .pdf"
            raise AraxesError(message)
        save(interactive(*things, title=title, **drawn), target)
        print(f"wrote {target}")
    else:
        _figure(things, {**drawn, "title": title}, target, options)


def _figure(things: list[Any], drawn: dict[str, Any], target: Path, options: Namespace) -> None:
    """Write a figure and its caption."""
    from maps.figure import save_caption, save_figure, static

    command = shlex.join(["araxes", *options.asked])
    width = options.width or "180"
    figure = static(*things, width=width, equal_area=options.equal_area, **drawn)
    save_figure(figure, target)
    caption = save_caption(figure, target, command=command)
    if figure.missing:
        letters = "".join(sorted(figure.missing))
        print(f"araxes: the font lacks '{letters}'; boxes stand for them", file=sys.stderr)
    print(f"wrote {target} and {caption}")


def run_gallery(options: Namespace) -> None:
    """Write the figures of the gallery, their captions and a page that shows them."""
    from maps.gallery import gallery

    command = shlex.join(["araxes", *options.asked])
    asked = {"form": options.format, "width": options.width, "command": command}
    paths = gallery(options.out, language=_language(options), **asked)
    for path in paths:
        print(f"{path}  {path.stat().st_size / 1000:,.0f} kB")


def _exists(thing: Any, day: date) -> bool:
    dated = hasattr(thing, "to_gdf")
    return not dated or len(thing.to_gdf(on=day)) > 0


def _title(things: list[Any], language: str) -> str:
    if len(things) == 1:
        one = things[0]
        # A table may have a column called name; its own name is in its attributes.
        if hasattr(one, "attrs"):
            return str(one.attrs.get("name", "Araxes"))
        return str(one.names.get(language) or one.name)
    return "Borders and corridors of the South Caucasus"


def run_export(options: Namespace) -> None:
    """Write geometry."""
    from corridors.export import write

    day = parse_date(options.on) if options.on else None
    n = write(_on_terrain(_things(options.things), options.dem), options.out, on=day)
    print(f"wrote {n} features to {options.out}")


def run_validate(options: Namespace) -> None:
    """Check a file and say what it holds."""
    found: dict[str, Any] = {}
    if options.places:
        from maps.places_table import validate_places

        found["places"] = validate_places(options.file, options.out, table=not options.json)
    elif options.out:
        message = "--out writes a treaty with the choices of --places; add --places"
        raise AraxesError(message)
    known, text = _validated(options.file, options.dem)
    if options.json:
        print_json(known | found)
    else:
        print(text)


def _validated(file: str, dem: str | None) -> tuple[dict[str, Any], str]:
    from corridors.things import is_scenario, thing
    from maps.layers import interval_km

    if is_scenario(file):
        return _validated_scenario(file)
    one: Any = _on_terrain([thing(file)], dem)[0]
    if not hasattr(one, "to_gdf"):
        found = {"file": file, "ok": True, "kind": "table", "features": len(one)}
        return found, f"{file}: {len(one)} features in longitude and latitude, all sound"
    found = {"file": file, "ok": True, "kind": one.kind, "id": one.id,
             "length_km": round(one.length.value / 1000, 3)}  # fmt: skip
    text = f"{file}: a sound {one.kind}, '{one.name}', {interval_km(one.length)}"
    treaty = getattr(one, "treaty", None)
    if treaty is not None and treaty.coverage is not None:
        found["coverage"] = round(treaty.coverage.share, 4)
        text += f"; {100 * treaty.coverage.share:.0f} % of the text is read by its calls"
    return found, text


def _validated_scenario(file: str) -> tuple[dict[str, Any], str]:
    """Return what a scenario does to the bundled network, as JSON and in words."""
    from corridors.case import Case, Terms, candidates
    from corridors.network import load_network
    from corridors.scenario import read_scenario

    scenario = read_scenario(file)
    case = Case(candidates(load_network(), [scenario]), scenario, Terms())
    opened = [link for link in case.network.links if case.opened(link)]
    unbuilt_km = sum(link.length_m for link in opened if case.unbuilt(link)) / 1000
    counts = {"open": len(scenario.open), "close": len(scenario.close),
              "build": len(scenario.build), "set": len(scenario.set)}  # fmt: skip
    found = {"file": file, "ok": True, "kind": "scenario", "id": scenario.id, "on": str(case.on),
             **counts, "links_opened": len(opened), "unbuilt_km": round(unbuilt_km, 1)}  # fmt: skip
    does = ", ".join(f"{what} {n}" for what, n in counts.items() if n) or "nothing"
    text = (
        f"{file}: a sound scenario, '{scenario.name}', on {case.on}: {does}; "
        f"{len(opened)} links opened, {unbuilt_km:,.0f} km of them unbuilt"
    )
    return found, text


def run_figures(options: Namespace) -> None:
    """Print published figures beside ours."""
    from corridors.verdicts import verdicts

    judged = verdicts()
    if options.json:
        from maps.listing import verdict_row

        print_json([verdict_row(one) for one in judged])
    else:
        from maps.terminal import show_verdicts

        show_verdicts(judged)
