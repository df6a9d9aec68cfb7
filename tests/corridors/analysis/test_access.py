"""What lies within a limit, counted: against networkx, by hand, and laws."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, strategies as st
from raw_network import raw_graph
from small_network import DAY, link

from borders.errors import AraxesError
from borders.files.bundle import BUNDLED
from corridors.analysis.access import access, gini
from corridors.analysis.reach import reach
from corridors.network.load import load_network
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

ROAD = Terms(by="hours", modes=("road",))


def test_the_places_counted_are_those_that_networkx_finds() -> None:
    network = load_network()
    counted = access("Tbilisi", 9, terms=ROAD, network=network)
    graph = raw_graph("road", day=network.on.isoformat())
    truth = networkx.single_source_dijkstra_path_length(graph, "tbilisi.road", 9, weight="hours")
    assert counted.count().value == sum(node.endswith(".road") for node in truth)


def test_people_are_those_of_towns_near_the_stretches_of_a_reach() -> None:
    counted = access("Tbilisi", 5, terms=ROAD)
    inside = {site.id.removeprefix("geonames:"): site for site in counted.sites
              if site.place_class == "gazetteer" and site.within(5, 0)}  # fmt: skip
    lines = [line for _, line in reach("Tbilisi", 5, terms=ROAD).stretches]
    xy = np.concatenate([np.array(line.segmentize(0.005).coords) for line in lines])
    rows = {row["id"]: row for row in BUNDLED.rows("towns.csv")}

    def away_m(row: dict[str, str]) -> float:
        lon, lat = float(row["lon"]), float(row["lat"])
        order = np.argsort(np.hypot((xy[:, 0] - lon) * 0.75, xy[:, 1] - lat))[:3]
        return min(Geodesic.WGS84.Inverse(lat, lon, y, x)["s12"] for x, y in xy[order])

    # Vertices 500 m apart miss some; a town beside the end of a stretch may have its own point of
    # the road beyond the limit.
    near = {key for key, row in rows.items() if row["country"] in ("GE", "AM") and
            away_m(row) < 4700}  # fmt: skip
    assert len(near - inside.keys()) <= 0.06 * len(near)
    assert sum(away_m(rows[key]) > 5300 for key in inside) <= 5  # towns that are places themselves
    total = sum(int(rows[key]["population"]) for key in inside)
    assert counted.count(of_people=True).value == total > 1_000_000


def test_a_scenario_gains_what_lies_inside_only_under_it() -> None:
    counted = access("Kars", 100, ["status-quo", "turkiye-armenia-open"])
    before, after = (set(reach("Kars", 100, scenario=key).places)
                     for key in ("status-quo", "turkiye-armenia-open"))  # fmt: skip
    assert counted.count(1, change="gained").value == len(after - before) > 0
    assert counted.count(1, change="lost").value == len(before - after) == 0
    back = access("Kars", 100, ["turkiye-armenia-open", "status-quo"])
    assert back.count(1, change="lost").value == len(after - before)
    assert sum(counted.count(1, country=c).value for c in ("TR", "AM", "GE")) == len(after)
    assert sum(counted.count(1, place_class=c).value for c in counted.classes) == len(after)


def test_counts_lie_between_what_is_surely_and_possibly_inside() -> None:
    counted = access("Gyumri", 12, ["status-quo", "all-open"], terms=ROAD)
    for row in counted.rows():
        for key in ("places", "gained_places", "lost_places", "people", "gained_people"):
            if row[key] is not None:
                assert row[f"surely_{key}"] <= row[key] <= row[f"possibly_{key}"]
    sites = {site.id: site for site in counted.sites}
    time = route("Gyumri", "Tbilisi", terms=ROAD).time
    tbilisi = sites["tbilisi"]
    assert (tbilisi.lows[0], tbilisi.costs[0], tbilisi.highs[0]) == pytest.approx(
        (time.low, time.value, time.high)
    )


def test_a_gain_is_shared_out_among_countries_and_fifths() -> None:
    terms = Terms(by="hours", modes=("road",), users="passengers")
    equity = access("Gyumri", 12, ["status-quo", "all-open"], terms=terms).equity(1)
    assert sum(equity.by_country.values()) == pytest.approx(1)
    assert sum(equity.by_size) == pytest.approx(1)
    assert equity.gini is not None
    assert 0 < equity.gini < 1
    assert equity.top_tenth >= 0.1
    assert equity.losers == 0


def roads() -> Network:
    """Return three roads as straight lines, the shortest of which a scenario opens."""
    made = [
        link("short", "kars.road", "gyumri.road", 80, status="closed"),
        link("first", "kars.road", "igdir.road", 140),
        link("second", "igdir.road", "gyumri.road", 150),
    ]
    return Network(links=tuple(made), on=DAY)


def towns_by_networkx(graph: networkx.Graph, used: list, limit: float) -> dict[str, float]:
    """Return id of a town of the data → the least km to it: of the places and roads 5 km away.

    Distances are those of geographiclib; the nearest point of a road is found in a plane.
    """
    reached = networkx.single_source_dijkstra_path_length(graph, "kars.road", weight="km")
    at = {str(end): xy for one in used
          for end, xy in ((one.start, one.xy[0]), (one.end, one.xy[-1]))}  # fmt: skip
    costs: dict[str, float] = {}
    for row in BUNDLED.rows("towns.csv"):
        lon, lat = float(row["lon"]), float(row["lat"])

        def away_m(x: float, y: float, lat: float = lat, lon: float = lon) -> float:
            return Geodesic.WGS84.Inverse(lat, lon, y, x)["s12"]

        found = [reached[key] for key, xy in at.items() if key in reached
                 and abs(xy[1] - lat) < 0.1 and away_m(*xy) <= 5000]  # fmt: skip
        for one in used:
            (x1, y1), (x2, y2) = one.xy[0], one.xy[-1]
            wide = np.cos(np.radians(lat)) ** 2
            along = wide * (x2 - x1) * (lon - x1) + (y2 - y1) * (lat - y1)
            part = min(max(along / (wide * (x2 - x1) ** 2 + (y2 - y1) ** 2), 0.0), 1.0)
            x, y = x1 + part * (x2 - x1), y1 + part * (y2 - y1)
            if abs(y - lat) < 0.1 and away_m(x, y) <= 5000:
                km = one.length_m / 1000
                found += [reached[str(end)] + share * km
                          for end, share in ((one.start, part), (one.end, 1 - part))
                          if str(end) in reached]  # fmt: skip
        if found and min(found) <= limit:
            costs[row["id"]] = min(found)
    return costs


def test_who_gains_how_much_is_what_networkx_and_each_person_say() -> None:
    limit, made = 260.0, roads()
    counted = access("Kars", limit, [Scenario(id="now"), Scenario.of("then", open=["short"])],
                     terms=Terms(modes=("road",)), network=made)  # fmt: skip
    costs = []
    for keys in (("first", "second"), ("short", "first", "second")):
        used = [one for one in made.links if one.id in keys]
        graph = networkx.Graph()
        for one in used:
            graph.add_edge(str(one.start), str(one.end), km=one.length_m / 1000)
        costs.append(towns_by_networkx(graph, used, limit))
    rows = {row["id"]: row for row in BUNDLED.rows("towns.csv")}
    people = {key: int(rows[key]["population"] or 0) for key in costs[0].keys() | costs[1].keys()}
    people = {key: count for key, count in people.items() if count}
    gain = {key: costs[0].get(key, limit) - costs[1].get(key, limit) for key in people}
    gain = {key: value if value > 1e-6 else 0.0 for key, value in gain.items()}
    assert sum(value > 0 for value in gain.values()) > 3
    equity = counted.equity(1)
    whole = sum(people.values())
    assert equity.people == whole
    mean = sum(people[key] * gain[key] for key in people) / whole
    assert equity.mean == pytest.approx(mean, rel=2e-3)
    assert equity.gainers == sum(people[key] for key in people if gain[key])
    assert equity.losers == 0
    for code, part in equity.by_country.items():
        own = sum(people[key] * gain[key] for key in people if rows[key]["country"] == code)
        assert part == pytest.approx(own / (mean * whole), abs=2e-3)
    # Person by person: half the mean difference of two, and what the tenth has that gains most.
    size, each = (np.array([of[key] for key in people], float) for of in (people, gain))
    apart = (size[:, None] * size * np.abs(each[:, None] - each)).sum() / whole**2
    assert equity.gini == pytest.approx(apart / (2 * mean), abs=2e-3)
    in_order = np.argsort(-each)
    left, top = 0.1 * whole, 0.0
    for n in in_order.tolist():
        taken = min(left, size[n])
        top += taken * each[n]
        left -= taken
    assert equity.top_tenth == pytest.approx(top / (mean * whole), abs=2e-3)
    shares, parts = counted.lorenz(1)
    assert (shares[0], parts[0], shares[-1], parts[-1]) == pytest.approx((0, 0, 1, 1))


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(1, 50)), min_size=1, max_size=12))
def test_the_gini_coefficient_is_half_the_relative_mean_difference(pairs) -> None:
    values = np.repeat([value for value, _ in pairs], [times for _, times in pairs])
    if values.mean() < 1e-6:
        return
    apart = np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean())
    assert gini(*zip(*pairs, strict=True)) == pytest.approx(apart, abs=1e-9)


def test_of_a_large_network_intervals_lie_between_those_found(monkeypatch) -> None:
    exact = access("Kars", 20, terms=ROAD)
    monkeypatch.setattr("corridors.analysis.access_search.MOST_EXACT", 50)
    monkeypatch.setattr("corridors.analysis.access_search.SAMPLED", 40)
    sampled = access("Kars", 20, terms=ROAD)
    assert "intervals of 40" in sampled.remarks[0]
    assert sampled.count().value == exact.count().value
    assert sampled.count().possibly == pytest.approx(exact.count().possibly, rel=0.15)


def test_a_border_is_paid_where_it_lies() -> None:
    border = link("x", "kars.road", "gyumri.road", 80, crossing="x-a")
    near = access("Kars", 60, scenarios=Scenario(id="now"), terms=Terms(modes=("road",)),
                  network=Network(links=(border,), on=DAY))  # fmt: skip
    assert {site.id for site in near.sites if site.place_class != "gazetteer"} == {"kars", "gyumri"}
    assert near.count().value == 1


@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf"), True, "12"])
def test_a_limit_that_is_none_is_refused(limit) -> None:
    with pytest.raises(AraxesError, match="give a positive number"):
        access("Kars", limit)
