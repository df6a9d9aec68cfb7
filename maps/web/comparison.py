"""Scenarios and the ways compared under them, as a page is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shapely import LineString

from borders.gazetteer.places import LANGUAGES, places
from corridors.routing.route import name_of
from maps.i18n import interval_km, name_of as name_in, word, words
from maps.web.payload import period

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from corridors.analysis.compare import Row
    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms
    from maps.layers.model import Layer

__all__ = ["Ways", "ends"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """A network, scenarios to choose from, and ways compared under them.

    Parameters
    ----------
    network : drawn with the status of each link; the bundled one, if missing.
    scenarios : those of the rows, if missing. The first is the base of the others.
    compared : rows of `corridors.analysis.compare`.
    terms : modes to show of the network, and users whose statuses count.
    """

    network: Network | None = None
    scenarios: Sequence[Scenario] = ()
    compared: Sequence[Row] = ()
    terms: Terms | None = None

    def _asked(self) -> tuple[Scenario, ...]:
        rows = {row.scenario.id: row.scenario for row in self.compared}
        if not self.scenarios and (rows or self.network is None):
            return tuple(rows.values())
        from corridors.routing.query import scenario_on_day

        names = self.scenarios or ("status-quo",)
        return tuple(scenario_on_day(name, self.network) for name in names)

    def _network(self) -> Network:
        from corridors.network.load import load_network

        return self.network or load_network()

    def on(self) -> str:
        """Return the day whose statuses the ways were found with, empty if there are none."""
        asked = self._asked()
        return str(asked[0].on or self._network().on) if asked else ""

    def layers(self) -> list[Layer]:
        """Return the network with what each scenario makes of it."""
        asked = self._asked()
        if not asked:
            return []
        from maps.layers.network import network_layers

        return network_layers(self._network(), asked, terms=self.terms, every=True)

    def lines(self) -> list[LineString]:
        """Return the links of the ways compared."""
        ways = [row.way for row in self.compared if row.way]
        return [LineString(step.link.xy) for way in ways for step in way.steps if step.link.xy]

    def contents(self, language: str) -> list[str]:
        """Return each way in a line."""
        said = []
        for row in self.compared:
            name = name_in(row.scenario.names, row.scenario.name, language)
            length = interval_km(row.way.length) if row.way else word("no-way", language)
            pair = ends((row.origin, row.destination), language)
            said.append(f"{pair}, {name}: {length}")
        return said

    def facts(self) -> dict[str, Any]:
        """Return scenarios, pairs of places and ways as a page is told of them."""
        asked = self._asked()
        if not asked:
            return {"scenarios": [], "pairs": [], "ways": []}
        day = self._network().on
        return {"scenarios": [_scenario(one, day) for one in asked], **_ways(self.compared, asked)}


def _scenario(one: Scenario, on: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "names": {code: name_in(one.names, one.name, code) for code in LANGUAGES},
        "notes": _notes(one),
        "on": str(one.on or on),
    }


def _notes(one: Scenario) -> dict[str, str]:
    """Return what a scenario says of itself, in all languages where it is one of ours."""
    known = words().get(f"note-{one.id}")
    if known is None or known["en"] != one.note:
        return {"en": one.note}
    return {code: known[code] or one.note for code in LANGUAGES}


def ends(pair: tuple[str, str], language: str) -> str:
    """Return the names of the two ends of a way."""
    return " – ".join(_names(key)[language] for key in pair)


def _names(key: str) -> dict[str, str]:
    known = places().get(key)
    names = known.names if known else {}
    return {code: name_in(names, name_of(key), code) for code in LANGUAGES}


def _ways(rows: Sequence[Row], scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Return the pairs of places compared and the way of each under each scenario."""
    pairs = list(dict.fromkeys((row.origin, row.destination) for row in rows))
    order = [one.id for one in scenarios]
    return {
        "pairs": [[_names(key) for key in pair] for pair in pairs],
        "ways": [
            {
                "pair": pairs.index((row.origin, row.destination)),
                "scenario": order.index(row.scenario.id),
                **_way(row),
            }
            for row in rows
        ],
    }


def _way(row: Row) -> dict[str, Any]:
    told = row.row()
    if row.way is None:
        return {"links": None, "stands": _stands(row), "shorter": None}
    length = row.way.length
    return {
        "links": [step.link.id for step in row.way.steps if step.link.xy],
        "unbuilt": [step.link.id for step in row.way.steps if step.unbuilt],
        "km": [round(x) for x in (length.value, length.low, length.high)],
        "hours": [round(x, 3) for x in (row.way.hours, row.way.low_hours, row.way.high_hours)],
        "delta_km": told["delta_km"] if row.way is not row.base else None,
        "unbuilt_km": told["unbuilt_km"],
        "countries": list(row.way.countries),
        "shorter": row.shorter if told["delta_km"] else None,
    }


def _stands(row: Row) -> list[dict[str, Any]]:
    """Return what stands in the way: its names, and its status if no scenario closes it."""
    from corridors.model.registry import system
    from maps.layers.network import titles

    found: dict[str, dict[str, Any]] = {}
    for one in row.standing:
        is_corridor = one.name == one.link.corridor
        names = dict(system(one.name).names) if is_corridor else titles(one.link)
        status = None if one.closed_by else period(one.status)
        found.setdefault(one.name, {"names": names, "period": status})
    return list(found.values())
