"""The road network's tables: courses, crossings, statuses and assumptions hold together."""

from __future__ import annotations

from itertools import groupby, pairwise

import networkx
import pytest
from outlines import geodesic_km, outlines, outside_km
from shapely import LineString

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import places
from corridors.model.sinuosity import Sample, calibrate

LINKS = {row["id"]: row for row in BUNDLED.rows("network/links/road.csv")}
CROSSINGS = {row["id"]: row for row in BUNDLED.rows("network/crossings.csv")}
STATUSES = [row for row in BUNDLED.rows("network/statuses.csv") if row["link"] in LINKS]
TERRAINS = ("plain", "hilly", "mountain")


def course(row) -> list[tuple[float, float]]:
    """Return the points of a road's path, which follows no guide line."""
    points = [(places()[row["from"]].lon, places()[row["from"]].lat)]
    for step in row["path"].split():
        if ";" in step:
            lon, lat = map(float, step.split(";"))
        else:
            lon, lat = places()[step].lon, places()[step].lat
        points.append((lon, lat))
    return [*points, (places()[row["to"]].lon, places()[row["to"]].lat)]


def chain_km(row) -> float:
    return sum(geodesic_km(a, b) for a, b in pairwise(course(row)))


def test_no_road_is_shorter_than_the_geodesic_between_its_ends():
    short = {
        key: (row["length_km"], geodesic_km(course(row)[0], course(row)[-1]))
        for key, row in LINKS.items()
        if row["length_km"]
        and float(row["length_km"]) < geodesic_km(course(row)[0], course(row)[-1])
    }
    assert short == {}


def test_no_road_wanders():
    """A slip of the pen in a path shows as a chain far longer than the way or its own length."""
    wild = {
        key: chain_km(row) / geodesic_km(course(row)[0], course(row)[-1])
        for key, row in LINKS.items()
        if chain_km(row) > 1.8 * geodesic_km(course(row)[0], course(row)[-1])
        or (row["length_km"] and chain_km(row) > 1.03 * float(row["length_km"]))
    }
    assert wild == {}


def test_long_chords_are_rare_in_the_mountains():
    long = {
        key: max(geodesic_km(a, b) for a, b in pairwise(course(row)))
        for key, row in LINKS.items()
        if row["terrain"] == "mountain"
        and max(geodesic_km(a, b) for a, b in pairwise(course(row))) > 20
    }
    assert long == {}


def test_roads_join_places_of_one_country_or_cross_at_a_crossing():
    wrong = []
    for key, row in LINKS.items():
        ends = [places()[row[end]].country for end in ("from", "to")]
        if row["crossing"]:
            crossing = CROSSINGS[row["crossing"]]
            if ends != [crossing["country_from"], crossing["country_to"]] or ends[0] == ends[1]:
                wrong.append((key, ends))
        elif ends[0] != ends[1]:
            wrong.append((key, ends))
    assert wrong == []


def test_posts_stand_on_their_side_of_the_border_a_few_kilometres_apart():
    wrong = []
    for key, row in LINKS.items():
        if not row["crossing"]:
            continue
        if not 0.2 <= geodesic_km(*course(row)) <= 3.1:
            wrong.append((key, geodesic_km(*course(row))))
        for end in ("from", "to"):
            post = places()[row[end]]
            outline = outlines().get(post.country)
            if outline and outside_km(outline, post.lon, post.lat) > post.sigma_m / 1000:
                wrong.append((key, row[end], outside_km(outline, post.lon, post.lat)))
    assert wrong == []


def test_roads_stay_in_their_country_as_far_as_they_are_known():
    """A course is good to its standard error; the 95 % band is twice as wide."""
    wrong = []
    for key, row in LINKS.items():
        outline = outlines().get(places()[row["from"]].country)
        if row["crossing"] or outline is None:
            continue
        line = LineString(course(row))
        points = [line.interpolate(n / 40, normalized=True) for n in range(41)]
        worst = max(outside_km(outline, p.x, p.y) for p in points)
        if worst > 2 * float(row["position_sigma_m"]) / 1000:
            wrong.append((key, worst))
    assert wrong == []


def test_the_roads_are_one_network():
    graph = networkx.Graph((row["from"], row["to"]) for row in LINKS.values())
    assert networkx.is_connected(graph)
    assert not [node for node in graph if graph.degree[node] == 0]


def test_every_crossing_of_the_roads_is_a_link_with_dated_statuses():
    crossing = {row["crossing"]: key for key, row in LINKS.items() if row["crossing"]}
    dated = {row["link"] for row in STATUSES}
    assert {key: link for key, link in crossing.items() if link not in dated} == {}
    assert len(crossing) == sum(bool(row["crossing"]) for row in LINKS.values())


def test_statuses_of_one_link_and_class_neither_overlap_nor_leave_holes():
    def group(row):
        return row["link"], row["users"] or "all", row["direction"] or "both"

    wrong = []
    for key, rows in groupby(sorted(STATUSES, key=group), key=group):
        dated = sorted(rows, key=lambda row: row["valid_from"])
        wrong += [
            (key, first["valid_to"], second["valid_from"])
            for first, second in pairwise(dated)
            if not first["valid_to"] or first["valid_to"] != second["valid_from"]
        ]
        wrong += [(key, row) for row in dated if row["valid_to"] and
                  row["valid_from"] >= row["valid_to"]]  # fmt: skip
        if dated[-1]["valid_to"]:
            wrong.append((key, "ends", dated[-1]["valid_to"]))
        if key[1:] == ("all", "both") and dated[0]["valid_from"]:
            wrong.append((key, "begins", dated[0]["valid_from"]))
    assert wrong == []


def test_every_assumption_lies_in_its_range_and_says_where_it_is_from():
    rows = BUNDLED.rows("network/assumptions.csv")
    assert len({row["key"] for row in rows}) == len(rows)
    wrong = [
        row["key"]
        for row in rows
        if not float(row["low"]) <= float(row["value"]) <= float(row["high"])
        or (row["state"] != "assumption" and row["source"] in ("", "unverified"))
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def samples():
    """Return the roads of a length that was read where published, without coarsely drawn ones."""
    quoted = [
        Sample(id=key, mode="road", terrain=row["terrain"], chords_m=1000 * chain_km(row),
               guided_m=0.0, published_m=1000 * float(row["length_km"]))
        for key, row in LINKS.items()
        if row["length_state"] == "quoted" and float(row["position_sigma_m"]) <= 5000
    ]  # fmt: skip
    assert len(quoted) >= 45
    totals = [total_sample(row) for row in BUNDLED.rows("network/totals.csv")]
    return quoted + [sample for sample in totals if sample]


def total_sample(total) -> Sample | None:
    """Return a total, itself sure to 3 %, of chains that lie in one terrain but for a fifth."""
    links = [LINKS[key] for key in total["links"].split()]
    sure = float(total["sigma_km"]) <= 0.03 * float(total["length_km"]) and not coarse(links)
    if total["state"] != "quoted" or not sure or any(link["length_km"] for link in links):
        return None
    chords = dict.fromkeys(TERRAINS, 0.0)
    for link in links:
        chords[link["terrain"]] += 1000 * chain_km(link)
    terrain, most = max(chords.items(), key=lambda pair: pair[1])
    if most < 0.8 * sum(chords.values()):
        return None
    return Sample(id=total["id"], mode="road", terrain=terrain, chords_m=sum(chords.values()),
                  guided_m=0.0, published_m=1000 * float(total["length_km"]))  # fmt: skip


def coarse(links) -> bool:
    return any(float(link["position_sigma_m"]) > 5000 for link in links)


def test_left_out_roads_of_published_length_lie_in_the_interval_that_the_others_give(samples):
    inside = []
    for sample in samples:
        factor = calibrate(samples, "road", sample.terrain, without=sample.id)
        length_m = factor.factor * sample.chords_m
        inside.append(abs(sample.published_m - length_m) <= 1.96 * factor.sigma_m(length_m))
    assert sum(inside) >= 0.9 * len(inside)


def test_published_totals_lie_in_the_intervals_of_the_chains_that_they_measure(samples):
    """Published lengths of several roads in a row, each left out of the calibration."""
    inside = []
    rows = [row for row in BUNDLED.rows("network/totals.csv") if row["state"] == "quoted"]
    spans = [set(row["links"].split()) for row in rows]
    for row, span in zip(rows, spans, strict=True):
        if any(span < other for other in spans) or coarse(LINKS[key] for key in span):
            # Of two figures for one road the longer counts.
            continue
        known, own, shared = 0.0, (1000 * float(row["sigma_km"])) ** 2, dict.fromkeys(TERRAINS, 0.0)
        for key in row["links"].split():
            link = LINKS[key]
            if link["length_km"]:
                known += 1000 * float(link["length_km"])
                continue
            factor = calibrate(samples, "road", link["terrain"], without=row["id"])
            length_m = factor.factor * 1000 * chain_km(link)
            known += length_m
            own += (factor.spread * length_m) ** 2
            shared[link["terrain"]] += factor.shared * length_m
        sigma_m = (own + sum(value**2 for value in shared.values())) ** 0.5
        inside.append(abs(1000 * float(row["length_km"]) - known) <= 1.96 * sigma_m)
    assert len(inside) >= 20
    assert sum(inside) >= 0.9 * len(inside)


def test_published_totals_are_longer_than_the_geodesics_of_roads_that_follow_each_other():
    wrong = []
    for row in BUNDLED.rows("network/totals.csv"):
        graph = networkx.Graph()
        for key in row["links"].split():
            graph.add_edge(LINKS[key]["from"], LINKS[key]["to"])
        ends = [node for node in graph if graph.degree[node] == 1]
        if len(ends) != 2 or not networkx.is_connected(graph):
            wrong.append((row["id"], "not in a row"))
            continue
        a, b = (places()[node] for node in ends)
        if float(row["length_km"]) < geodesic_km((a.lon, a.lat), (b.lon, b.lat)):
            wrong.append((row["id"], row["length_km"]))
    assert wrong == []
