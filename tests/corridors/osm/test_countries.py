"""Borders drawn in an extract: in which countries links lie, what crosses, and what is open."""

from __future__ import annotations

import pytest
from osm_files import Drawn, km, rail, road

from borders.dates import parse_date
from borders.errors import NoAnswerError
from corridors import Terms, load_network, network_from_osm, route, write

# Two countries side by side, a road from west to east, and one that stays in the west.
NODES = {
    1: (10.0, 50.0), 2: (10.1, 50.0), 3: (10.2, 50.0), 4: (10.1, 50.05), 5: (10.2, 50.1),
    21: (10.15, 49.5), 22: (10.15, 50.5), 30: (10.14, 50.0),
}  # fmt: skip
SIDE = road(3, 5, highway="tertiary")
BORDER = {90: ((21, 22), {"boundary": "administrative", "admin_level": "2"})}


def country(code, *ways):
    return ways, {"type": "boundary", "boundary": "administrative", "admin_level": "2",
                  "ISO3166-1": code}  # fmt: skip


def test_a_border_with_a_country_on_one_side_only_leaves_the_other_unknown(tmp_path):
    ways = {
        10: road(1, 2),
        11: road(2, 3),
        12: road(2, 4),
        13: SIDE,
        **BORDER,
    }
    ring = {91: ((21, 31, 32, 22), BORDER[90][1])}
    nodes = NODES | {31: (9.9, 49.5), 32: (9.9, 50.5)}
    relations = {1: country("DE", 90, 91)}
    drawing = Drawn(nodes, ways | ring, {}, relations)
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    assert network.link("w10.0").countries == ("DE",)
    assert network.link("w11.0").countries == ("DE",)
    assert network.link("w11.0").status(network.on).status == "unknown"
    assert network.link("w11.0").crossing == "w11.0"
    assert network.link("w13.0").countries == ()


def test_each_side_of_a_border_has_its_country(tmp_path):
    ring = {91: ((21, 31, 32, 22), BORDER[90][1]), 92: ((21, 33, 34, 22), BORDER[90][1])}
    nodes = NODES | {31: (9.9, 49.5), 32: (9.9, 50.5), 33: (11.0, 49.5), 34: (11.0, 50.5)}
    ways = {10: road(1, 2), 11: road(3, 2), 12: road(2, 4), 13: SIDE, **BORDER} | ring
    relations = {1: country("DE", 90, 91), 2: country("CZ", 90, 92)}
    drawing = Drawn(nodes, ways, {30: {"barrier": "border_control"}}, relations)
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    countries = {link.id: link.countries for link in network.links}
    assert countries == {
        "w10.0": ("DE",), "w11.0": ("CZ", "DE"), "w12.0": ("DE",), "w13.0": ("CZ",)
    }  # fmt: skip
    crossing = network.link("w11.0")
    assert crossing.crossing == "n30"
    # Both are in the single market and in Schengen since the day on which the later one joined.
    assert crossing.status(parse_date("2026-06-01"), users="passengers").status == "open"
    assert crossing.status(parse_date("1995-06-01"), users="passengers").status == "unknown"


@pytest.mark.parametrize(
    ("pair", "open_on", "unknown_on"),
    [
        # Two unions one within the time of the other, then two with years between them.
        (("LI", "CH"), ("1930-01-01", "2000-06-01", "2012-01-01", "2026-06-01"), ("1923-01-01",)),
        (("EE", "LV"), ("1950-01-01", "2008-06-01"), ("1939-01-01", "1991-09-01", "2003-01-01")),
        (("KZ", "RU"), ("1950-01-01",), ("1922-01-01", "1995-01-01")),
    ],
)
def test_a_border_that_lay_in_several_unions_is_read_back_from_an_export(
    tmp_path, pair, open_on, unknown_on
):
    ring = {91: ((21, 31, 32, 22), BORDER[90][1]), 92: ((21, 33, 34, 22), BORDER[90][1])}
    nodes = NODES | {31: (9.9, 49.5), 32: (9.9, 50.5), 33: (11.0, 49.5), 34: (11.0, 50.5)}
    ways = {10: road(1, 2), 11: road(3, 2), 13: SIDE, **BORDER} | ring
    relations = {1: country(pair[0], 90, 91), 2: country(pair[1], 90, 92)}
    made = network_from_osm(Drawn(nodes, ways, {}, relations).write(tmp_path / "x.osm.pbf"))
    write(made, tmp_path / "x.gpkg")
    for network in (made, load_network(tmp_path / "x.gpkg")):
        (crossing,) = (link for link in network.links if len(link.countries) == 2)
        for days, status in ((open_on, "open"), (unknown_on, "unknown")):
            told = [crossing.status(parse_date(d), users="passengers").status for d in days]
            assert told == [status] * len(days)


def test_a_link_across_an_unknown_border_is_unknown_not_open(tmp_path):
    nodes = NODES | {23: (10.15, 50.2), 24: (10.4, 50.2), 25: (9.9, 50.2)}
    relations = {1: country("XA", 90), 2: country("XB", 90, 92), 3: country("XA", 93)}
    ways = {
        10: road(1, 2), 11: road(2, 3), 12: road(2, 4), 13: SIDE, **BORDER,
        92: ((23, 24), BORDER[90][1]), 93: ((23, 25), BORDER[90][1]),
    }  # fmt: skip
    network = network_from_osm(Drawn(nodes, ways, {}, relations).write(tmp_path / "x.osm.pbf"))
    crossing = network.link("w11.0")
    assert crossing.status(network.on).status == "unknown"
    with pytest.raises(NoAnswerError, match="unknown"):
        route("n1", "n3", network=network)
    assert km(network, "n1", "n4") is not None


def test_only_the_stretch_across_a_border_is_its_crossing(tmp_path):
    ring = {91: ((21, 31, 32, 22), BORDER[90][1]), 92: ((21, 33, 34, 22), BORDER[90][1])}
    nodes = NODES | {31: (9.9, 49.5), 32: (9.9, 50.5), 33: (11.0, 49.5), 34: (11.0, 50.5)}
    nodes |= {6: (10.12, 50.01), 7: (10.14, 50.02), 8: (10.16, 50.02), 9: (10.18, 50.01)}
    ways = {10: road(1, 2, 6, 7, 8, 9, 3), **BORDER} | ring
    relations = {1: country("XA", 90, 91), 2: country("XB", 90, 92)}
    network = network_from_osm(Drawn(nodes, ways, {}, relations).write(tmp_path / "x.osm.pbf"))
    links = {(k.start.place, k.end.place): k for k in network.links}
    assert {ends: link.countries for ends, link in links.items()} == {
        ("n1", "n7"): ("XA",), ("n7", "n8"): ("XA", "XB"), ("n8", "n3"): ("XB",)
    }  # fmt: skip
    assert [k.status(network.on).status for k in links.values()] == ["open", "unknown", "open"]
    assert links["n7", "n8"].crossing
    # Inside each country nothing is in the way.
    assert km(network, "n1", "n7") is not None
    assert km(network, "n8", "n3") is not None


def test_a_control_is_that_of_the_road_it_stands_on(tmp_path):
    ring = {91: ((21, 31, 32, 22), BORDER[90][1]), 92: ((21, 33, 34, 22), BORDER[90][1])}
    nodes = NODES | {31: (9.9, 49.5), 32: (9.9, 50.5), 33: (11.0, 49.5), 34: (11.0, 50.5)}
    nodes |= {6: (10.1, 50.012), 7: (10.2, 50.012)}
    ways = {10: road(1, 2), 11: road(2, 30, 3), 12: road(6, 7), 13: rail(4, 7), **BORDER} | ring
    relations = {1: country("XA", 90, 91), 2: country("XB", 90, 92)}
    drawing = Drawn(nodes, ways, {30: {"barrier": "border_control"}}, relations)
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    crossings = [link.crossing for link in network.links if link.crossing]
    assert sorted(crossings) == ["n30", "w12.0", "w13.0"]


def ours(mode, *countries):
    """Return a crossing of the bundled network, with its place."""
    links = load_network().links
    return [k for k in links if k.crossing and k.mode == mode and set(k.countries) == {*countries}]


def across(tmp_path, crossing, **tags):
    """Return a network of a road along a crossing of ours, with the borders of ours."""
    first, last = crossing.xy[0], crossing.xy[-1]
    step = [(b - a) for a, b in zip(first, last, strict=True)]
    out = [tuple(c + 3 * s for c, s in zip(end, move, strict=True))
           for end, move in ((first, [-s for s in step]), (last, step))]  # fmt: skip
    nodes = dict(enumerate([out[0], first, last, out[1]], 1))
    file = Drawn(nodes, {10: road(1, 2, 3, 4, highway="primary", **tags)}).write(
        tmp_path / "x.osm.pbf"
    )
    return network_from_osm(file)


def test_a_border_closed_to_us_is_closed_on_real_roads(tmp_path):
    (margara,) = [k for k in ours("road", "TR", "AM") if "margara" in k.crossing]
    network = across(tmp_path, margara)
    (link,) = [k for k in network.links if k.crossing]
    assert link.crossing == margara.crossing
    assert set(link.countries) == {"TR", "AM"}
    assert link.status(network.on).status == margara.status(network.on).status != "open"
    with pytest.raises(NoAnswerError, match="closed"):
        route("n1", "n4", network=network)


def test_a_border_open_to_us_is_open_on_real_roads_and_takes_its_hours(tmp_path):
    (sarp,) = [k for k in ours("road", "TR", "GE") if "sarp" in k.crossing]
    network = across(tmp_path, sarp, oneway="yes")
    there = route("n1", "n4", network=network, terms=Terms(by="hours"))
    assert there.crossings == (sarp.crossing,)
    assert sorted(there.countries) == ["GE", "TR"]
    assert there.hours > 1
    assert km(network, "n4", "n1") is None
