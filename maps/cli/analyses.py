"""The commands that ask what an answer hangs on: matrix, attribute, breakeven."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError
from maps.cli.routes import csv_text, network_of, print_json, scenario, terms
from maps.progress import bar

if TYPE_CHECKING:
    from argparse import Namespace

    from corridors.routing.route import Route

__all__ = ["run_attribute", "run_breakeven", "run_matrix"]


def _asked(options: Namespace) -> dict[str, Any]:
    return {
        "scenario": scenario(options.scenario, options),
        "terms": terms(options),
        "network": network_of(options),
    }


def run_matrix(options: Namespace) -> None:
    """Print kilometres, hours or costs from each place to each other."""
    from corridors.analysis.matrix import ways

    asked = _asked(options)
    with bar("places") as step:
        found = ways(options.places, options.to, progress=step, **asked)
    if not any(found.values()):
        # Asked alone, the first pair says what stands in the way.
        from corridors.routing.find import route

        route(*next(iter(found)), **asked)
    if options.json or options.csv:
        rows = [_matrix_row(*ends, way) for ends, way in found.items()]
        if options.csv:
            print(csv_text(rows), end="")
        else:
            print_json(rows)
        return
    from maps.tables.analyses import matrix_markdown, show_matrix

    if options.markdown:
        print(matrix_markdown(found))
    else:
        show_matrix(found)


_MATRIX = ("km", "low_km", "high_km", "hours", "low_hours", "high_hours", "cost_usd_t",
           "low_cost_usd_t", "high_cost_usd_t", "unbuilt_km", "crossings")  # fmt: skip


def _matrix_row(origin: str, destination: str, way: Route | None) -> dict[str, Any]:
    from corridors.export.records import summary
    from corridors.routing.route import name_of

    ends = {"from": name_of(origin), "to": name_of(destination)}
    if way is None:
        return ends | dict.fromkeys(_MATRIX) | {"crossings": []}
    told = summary(way)
    return ends | {key: told[key] for key in _MATRIX}


def run_attribute(options: Namespace) -> None:
    """Print how much each part of a scenario saves."""
    from corridors.analysis.shapley import attribute, bare
    from corridors.network.estimate import total
    from corridors.routing.find import route

    asked = _asked(options)
    whole = asked.pop("scenario")
    ends = options.origin, options.destination
    with bar("sets of openings") as step:
        shares = attribute(*ends, whole, progress=step, **asked)
    before, after = (route(*ends, scenario=one, **asked) for one in (bare(whole), whole))
    saved = total(options.by, [(1.0, before.links, before.rates), (-1.0, after.links, after.rates)])
    from maps.tables.analyses import share_rows, show_shares

    if options.json:
        print_json(share_rows(before, after, shares, saved))
    else:
        show_shares(before, after, shares, saved)


def run_breakeven(options: Namespace) -> None:
    """Print at what values of an assumption the best way changes."""
    from corridors.analysis.breakeven import breakeven
    from corridors.routing.find import route
    from maps.tables.analyses import Ranges, show_ranges

    asked = _asked(options)
    ends = options.origin, options.destination
    found = []
    with bar("values") as step:
        for text in options.vary:
            key, low, high = _vary(text)
            points = breakeven(*ends, key, (low, high), **asked)
            if points:
                ways = [points[0].below, *(point.above for point in points)]
            else:
                one = replace(asked["scenario"], set=asked["scenario"].set | {key: (low, "--vary")})
                ways = [route(*ends, **asked | {"scenario": one})]
            found.append(Ranges(key=key, low=low, high=high, points=points, ways=ways))
            step(len(found), len(options.vary))
    if options.json:
        print_json([one.row() for one in found])
        return
    for n, one in enumerate(found):
        show_ranges(one, first=n == 0)


def _vary(text: str) -> tuple[str, float, float]:
    """Return the key and the range of a --vary."""
    from corridors.network.rates import assumption
    from corridors.scenarios.settings import SETTABLE

    key, given, between = (part.strip() for part in text.partition("="))
    if not given and key.rpartition(".")[2] in SETTABLE:
        message = f"--vary is '{text}'; say between what values, such as --vary {key}=0:40"
        raise AraxesError(message)
    if not given:
        usual = assumption(key)
        return key, usual.low, usual.high
    low, _, high = between.partition(":")
    try:
        return key, float(low), float(high)
    except ValueError:
        message = f"--vary is '{text}'; write KEY=LOW:HIGH with numbers, such as {key}=0:40"
        raise AraxesError(message) from None
