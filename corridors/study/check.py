"""Whether what a study names in its files is there: borders, places, scenarios, modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.errors import SchemaError, located
from borders.files.bundle import BUNDLED
from borders.files.schema import misspelt
from corridors.network.own_places import SAME_PLACE_M, away_m
from corridors.study.study import FIGURES, FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.study.study import Study

__all__ = ["check_names"]


def check_names(study: Study) -> None:
    """Refuse a name in `araxes.toml` or `figures.toml` that nothing has; the study is active.

    Layers and views of the steps are those of a page, so that `maps.web.story` checks them.

    Raises
    ------
    AraxesError : a thing, a place, a scenario or a mode is not known; says in which file, figure
        and key. A place of its own lies far from where its links end.
    """
    _check_positions()
    _check_things(study.things, FILE)
    _check_routes(study.pairs, study.scenarios, study.modes, FILE, "scenarios")
    for n, figure in enumerate(study.figures, 1):
        where = f"{FIGURES}, figure {n}"
        _check_things(figure.things, where)
        _check_routes(figure.pairs, (figure.scenario,), figure.modes, where, "scenario")
    for n, step in enumerate(study.steps, 1):
        if step.scenario is not None and step.scenario not in study.scenarios:
            message = (
                f"{FIGURES}, step {n}: scenario is '{step.scenario}', which is none of the "
                f"scenarios of {FILE}: {', '.join(study.scenarios)}"
            )
            raise SchemaError(message + misspelt([step.scenario], study.scenarios))


def _check_positions() -> None:
    """Refuse a place of the study that is elsewhere than the ends of its links."""
    from borders.gazetteer.places import places
    from corridors.network.load import load_network

    network = load_network()
    for n, row in enumerate(BUNDLED.own_rows("places.csv"), 2):
        known = places()[row["id"]]
        distance_m = away_m(network, known)
        if distance_m > SAME_PLACE_M + 3 * known.sigma_m:
            end = next(
                link.id for link in network.links if known.id in (link.start.place, link.end.place)
            )
            message = (
                f"places.csv:{n}: '{known.id}' lies {distance_m / 1000:,.0f} km from the end of "
                f"its link '{end}'; are longitude and latitude swapped, or is a sign missing?"
            )
            raise SchemaError(message)


def _check_things(keys: Sequence[str], where: str) -> None:
    from corridors.model.registry import system

    for key in keys:
        with located(f"{where}, things"):
            system(key)


def _check_routes(
    pairs: Sequence[tuple[str, str]],
    scenarios: Sequence[str],
    modes: Sequence[str],
    where: str,
    key: str,
) -> None:
    """Check what routes are asked for with.

    Parameters
    ----------
    key : that the scenarios stand under.
    """
    from corridors.routing.find import place_pairs
    from corridors.routing.query import planner_for
    from corridors.scenarios.scenario import read_scenario
    from corridors.scenarios.terms import Terms

    with located(f"{where}, modes"):
        terms = Terms(modes=tuple(modes)) if modes else None
    with located(f"{where}, {key}"):
        read = [read_scenario(scenario) for scenario in scenarios]
    if pairs:
        planner = planner_for(read, terms, None, None)
        with located(f"{where}, pairs"):
            for pair in pairs:
                place_pairs(planner, [pair])
