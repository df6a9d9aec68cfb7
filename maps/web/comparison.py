"""Routes compared under scenarios, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shapely import LineString

from borders.gazetteer.places import LANGUAGES, places
from corridors.analysis.compare import blocks_of
from corridors.routing.route import name_of
from maps.i18n import comma, interval_km, mode_words, name_of as name_in, word, words
from maps.web.payload import period

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from corridors.analysis.compare import Row
    from corridors.network.network import Network
    from corridors.routing.route import Route
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms
    from maps.layers.model import Layer

__all__ = ["RouteComparison", "Ways", "ends"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteComparison:
    """A network, scenarios to choose from, and routes compared under them.

    Parameters
    ----------
    network : drawn with the status of each link; the bundled one, if missing.
    scenarios : those of the rows, if missing. The others are compared with the first.
    compared : rows of `corridors.analysis.compare`.
    terms : modes of the network that are shown, and users whose statuses count.
    """

    network: Network | None = None
    scenarios: Sequence[Scenario] = ()
    compared: Sequence[Row] = ()
    terms: Terms | None = None

    def _shown_scenarios(self) -> tuple[Scenario, ...]:
        """Return the scenarios stated, or those of the rows, or status-quo for a network alone."""
        of_rows = {row.scenario.id: row.scenario for row in self.compared}
        if not self.scenarios and (of_rows or self.network is None):
            return tuple(of_rows.values())
        from corridors.routing.query import scenario_on_day

        scenarios = self.scenarios or ("status-quo",)
        return tuple(scenario_on_day(scenario, self.network) for scenario in scenarios)

    def scenario_ids(self) -> tuple[str, ...]:
        """Return the ids of the scenarios that a reader may choose."""
        return tuple(scenario.id for scenario in self._shown_scenarios())

    def _network(self) -> Network:
        from corridors.network.load import load_network

        return self.network or load_network()

    def on(self) -> str:
        """Return the day whose statuses the routes were computed with, empty without scenarios."""
        scenarios = self._shown_scenarios()
        return str(scenarios[0].on or self._network().on) if scenarios else ""

    def layers(self) -> list[Layer]:
        """Return the network as layers, each link with its status under every scenario."""
        scenarios = self._shown_scenarios()
        if not scenarios:
            return []
        from maps.layers.network import network_layers

        routes = [row.way for row in self.compared if row.way]
        compared = {link.id: link for route in routes for link in route.links if link.xy}
        return network_layers(
            self._network(), scenarios, terms=self.terms, every=True, always=[*compared.values()]
        )

    def routing(self) -> dict[str, Any] | None:
        """Return the network as the page's script needs it to answer questions, if there is one.

        None for a page without a network, and for one too large.
        """
        scenarios = self._shown_scenarios()
        if not scenarios:
            return None
        from maps.web.routing_data import routing_data

        return routing_data(self._network(), scenarios)

    def between_nodes(
        self, places: Sequence[dict[str, Any]]
    ) -> tuple[list[list[Any]], NDArray[np.int64]] | None:
        """Return what lets ways begin and end between the nodes of a network of an extract.

        The places that may be named, and the courses of the links; None for other networks.

        Parameters
        ----------
        places : of the page.
        """
        from corridors.network.compiled import CompiledNetwork
        from corridors.scenarios.network_state import with_candidate_links
        from maps.web.road_ends import course_steps, named_ends

        network = self._network()
        extended = with_candidate_links(network, self._shown_scenarios())
        if not isinstance(network, CompiledNetwork) or not isinstance(extended, CompiledNetwork):
            return None
        return named_ends(network, places), course_steps(extended)

    def only_drawn(self) -> int:
        """Return of how many links a network is that is too large to answer questions, else 0."""
        scenarios = self._shown_scenarios()
        if not scenarios:
            return 0
        from corridors.scenarios.network_state import with_candidate_links
        from maps.web.routing_data import MOST_LINKS

        links = len(with_candidate_links(self._network(), scenarios).links)
        return links if links > MOST_LINKS else 0

    def lines(self) -> list[LineString]:
        """Return the links of the routes compared, EPSG:4326."""
        routes = [row.way for row in self.compared if row.way]
        links = [step.link for route in routes for step in route.steps]
        return [LineString(link.xy) for link in links if link.xy]

    def contents(self, language: str) -> list[str]:
        """Return each route in a line: its ends, its scenario and its length."""
        lines = []
        for row in self.compared:
            name = name_in(row.scenario.names, row.scenario.name, language)
            length = interval_km(row.way.length) if row.way else word("no-way", language)
            gap = f"{comma(language)} "
            how = gap.join([ends(row.pair, language), *mode_words(_modes([row]), language)])
            lines.append(f"{how}, {name}: {length}")
        return lines

    def facts(self) -> dict[str, Any]:
        """Return the values for the page's JSON: scenarios, pairs of places and routes."""
        scenarios = self._shown_scenarios()
        if not scenarios:
            return {"scenarios": [], "pairs": [], "terms": [], "ways": [], "first": 0, "by": "km"}
        day = self._network().on
        return {
            "scenarios": [_scenario(scenario, day) for scenario in scenarios],
            # Who compares one scenario with another asks for the difference.
            "first": int(len(scenarios) == 2 and bool(self.compared)),
            "by": next((row.way.terms.by for row in self.compared if row.way), "km"),
            **_routes(self.compared, scenarios),
        }


# The older name of the class, as in the keyword `ways` of `interactive`.
Ways = RouteComparison


def _scenario(scenario: Scenario, on: date) -> dict[str, Any]:
    return {
        "id": scenario.id,
        "names": {code: name_in(scenario.names, scenario.name, code) for code in LANGUAGES},
        "notes": _notes(scenario),
        "on": str(scenario.on or on),
    }


def _notes(scenario: Scenario) -> dict[str, str]:
    """Return the note of a scenario, in all languages where it is the note of a bundled one."""
    translated = words().get(f"note-{scenario.id}")
    if translated is None or translated["en"] != scenario.note:
        return {"en": scenario.note}
    return {code: translated[code] or scenario.note for code in LANGUAGES}


def ends(pair: tuple[str, str], language: str) -> str:
    """Return the names of the two ends of a route, from ids of places."""
    return " – ".join(_names(key)[language] for key in pair)


def _names(key: str) -> dict[str, str]:
    """Return the names of a place in all languages, from its id."""
    place = places().get(key)
    names = place.names if place else {}
    return {code: name_in(names, name_of(key), code) for code in LANGUAGES}


def _routes(rows: Sequence[Row], scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Return the pairs of places compared and the route of each under each scenario.

    A pair that is compared by several sets of modes stands there once for each of them.
    """
    blocks = blocks_of(rows)
    order = [scenario.id for scenario in scenarios]
    return {
        "pairs": [[_names(key) for key in block[0].pair] for block in blocks],
        "terms": [{"modes": _modes(block), "avoid": _avoided(block)} for block in blocks],
        "ways": [
            {
                "pair": n,
                "scenario": order.index(row.scenario.id),
                "starred": row.starred,
                **_route(row),
            }
            for n, block in enumerate(blocks)
            for row in block
        ],
    }


def _modes(rows: Sequence[Row]) -> list[str]:
    """Return the modes of the routes of some rows; without a route the first asked for."""
    modes = dict.fromkeys(mode for row in rows if row.way for mode in row.way.modes)
    return list(modes) or list(rows[0].mode_set[:1])


def _avoided(rows: Sequence[Row]) -> list[str]:
    """Return the countries that the routes had to avoid."""
    return sorted({code for row in rows if row.way for code in row.way.terms.avoid})


def _route(row: Row) -> dict[str, Any]:
    """Return the values of a route for the page's JSON; those under `km` are in metres."""
    values, route = row.row(), row.way
    if route is None:
        return {"links": None, "stands": _obstacles(row), "shorter": None}
    length = route.length
    return {
        "links": [step.link.id for step in route.steps if step.link.xy],
        "unbuilt": [step.link.id for step in route.steps if step.unbuilt],
        "km": [round(x) for x in (length.value, length.low, length.high)],
        "hours": [round(x, 3) for x in (route.hours, route.low_hours, route.high_hours)],
        "delta_km": values["delta_km"] if route is not row.base else None,
        "parts": _parts(route),
        "unbuilt_km": values["unbuilt_km"],
        "countries": list(route.countries),
        "shorter": row.shorter if values["delta_km"] else None,
    }


def _parts(route: Route) -> list[tuple[str, float, list[tuple[dict[str, str], float]]]]:
    """Return what the hours are made of, each kind of part once, in the order of travel.

    Each with the names of the crossings where one waits, and how long at each.
    """
    from maps.layers.network import titles

    link_of = {link.crossing: link for link in route.links if link.crossing}
    hours: dict[str, float] = {}
    waits: dict[str, dict[str, float]] = {}
    for part in route.hours_parts:
        hours[part.what] = hours.get(part.what, 0.0) + part.hours
        at = waits.setdefault(part.what, {})
        crossing = part.crossing or part.where
        if crossing in link_of:
            at[crossing] = at.get(crossing, 0.0) + part.hours
    return [
        (what, round(value, 3),
         [(titles(link_of[key]), round(wait, 3)) for key, wait in waits[what].items()])
        for what, value in hours.items()
    ]  # fmt: skip


def _obstacles(row: Row) -> list[dict[str, Any]]:
    """Return each obstacle's names, and its status if no scenario closes it."""
    from corridors.model.registry import system
    from maps.layers.network import titles

    obstacles: dict[str, dict[str, Any]] = {}
    for obstacle in row.standing:
        is_corridor = obstacle.name == obstacle.link.corridor
        names = dict(system(obstacle.name).names) if is_corridor else titles(obstacle.link)
        status = None if obstacle.closed_by else period(obstacle.status)
        obstacles.setdefault(obstacle.name, {"names": names, "period": status})
    return list(obstacles.values())
