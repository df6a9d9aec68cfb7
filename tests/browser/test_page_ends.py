"""Ways of a page's own questions begin and end where those of `corridors.route` do."""

from __future__ import annotations

import json
import random
import shlex

import pytest
from drawn_net import SEED, net
from geographiclib.geodesic import Geodesic
from osm_files import Drawn, rail, road
from questions import ASK, differences, python_answer

from borders.errors import AraxesError
from borders.gazetteer.places import LANGUAGES
from borders.geodesy.earth import DEGREE_M
from corridors import Scenario, load_network, network_from_osm, read_scenario
from corridors.network.snapping import LIMIT_M
from maps.i18n import word
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

DAY = "2026-06-01"
QUESTIONS = 240
# Of each stop of a question how far the network is, and whether it is a point of a link; and
# whether the page refuses one.
SNAPPED = """
questions => {
  const router = araxes.router(araxes.app.model.facts.network);
  return questions.map(asked => {
    const { stops, refused } = router.ask(asked);
    return [stops.map(({ meant, point }) => [meant.away, Boolean(point)]), Boolean(refused)];
  });
}
"""
STATE = "araxes.app.model.state.asked"


def drawing():
    """Return a net of roads with a railway, places, and what is closed to some or at some hours."""
    roads = net()
    nodes = {
        **roads.nodes, 2001: (42.99, 40.05), 2002: (43.03, 40.052), 2003: (43.07, 40.047),
        2004: (43.12, 40.05), 2010: (43.05, 40.0505), 2011: (43.031, 40.0561),
        2012: (43.062, 40.0312), 2013: (43.0705, 40.0472), 2020: (43.3, 40.2), 2021: (43.33, 40.21),
        2022: (43.028, 40.061), 2023: (43.034, 40.0635),
    }  # fmt: skip
    ways = {
        **roads.ways, 300: rail(2001, 2002, 2010, 2003), 301: rail(2003, 2004),
        # Another part of the network, which nothing joins to the rest; and a private drive.
        302: road(2020, 2021), 303: road(8, 2022, 2023, access="private"),
        304: road(9, 2012, 16, highway="primary", access__conditional="no @ (22:00-06:00)"),
        305: road(15, 2012, motor_vehicle="no", highway="secondary"),
    }  # fmt: skip
    tagged = {
        2011: {"place": "village", "name": "Orta", "name:en": "Middle", "name:hy": "Մեջտեղ"},
        2012: {"place": "hamlet", "name": "Kıyı"},
        2013: {"railway": "station", "name": "Gar"},
    }
    return Drawn(nodes, ways, tagged)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return network_from_osm(drawing().write(tmp_path_factory.mktemp("net") / "net.osm.pbf"))


@pytest.fixture(scope="module")
def scenarios(network):
    whole = [link.id for link in network.links if link.mode == "road"]
    changed = Scenario.of(
        "changed", on=DAY, close=whole[5:9], network=network,
        set={f"{whole[0]}.delay_h": 2.5, f"{whole[1]}.speed_kmh": 11, "speed_kmh.road": 37},
    )  # fmt: skip
    # A railway between places that have none gives them nodes, so that others have other numbers.
    rows = [{"id": f"new-{mode}", "mode": mode, "path": [{"place": "n1"}, {"place": "n29"}]}
            for mode in ("road", "rail")]  # fmt: skip
    built = Scenario.of("built", on=DAY, build=rows, network=network)
    return [read_scenario("status-quo", network=network), changed, built]


@pytest.fixture(scope="module")
def asking(tmp_path_factory, network, scenarios):
    path = tmp_path_factory.mktemp("page") / "extract.html"
    save(interactive(ways=RouteComparison(network=network, scenarios=scenarios), title="Net"), path)
    return path


def random_end(rng, network):
    """Return an end: mostly beside a road, at times a name, a node, or far away."""
    xy = network.table.nodes.xy / 1e7
    lon, lat = xy[rng.randrange(len(xy))]
    kind = rng.random()
    if kind < 0.2:
        return rng.choice(("Middle", "Kıyı", "Gar"))
    if kind < 0.3:
        return f"n{network.table.nodes.id[rng.randrange(len(xy))]}"
    if kind < 0.35:
        return f"{lat + 0.3:.4f},{lon:.4f}"
    return f"{lat + rng.uniform(-0.01, 0.01):.7f},{lon + rng.uniform(-0.01, 0.01):.7f}"


def random_questions(network, count):
    rng, questions = random.Random(SEED), []
    for n in range(count):
        origin, destination = random_end(rng, network), random_end(rng, network)
        if n % 4 == 0 and "," in origin:
            # Near each other: mostly on one link.
            lat, lon = map(float, origin.split(","))
            destination = f"{lat + rng.uniform(-1, 1) / 400:.6f},{lon + rng.uniform(-1, 1) / 400}"
        modes = rng.choice((None, None, ("road",), ("rail",), ("rail", "road")))
        questions.append({
            "from": origin, "to": destination,
            "via": [random_end(rng, network)] if rng.random() < 0.2 else [], "avoid": [],
            "by": rng.choice(("km", "hours", "cost")), "at": rng.choice((None, "05:10", "21:55")),
            "users": rng.choice(("freight", "passengers", "third-country")),
            "modes": list(modes) if modes else None, "day": DAY, "scenario": rng.randrange(3),
            "switches": {}, "set": {},
        })  # fmt: skip
    return questions


def test_random_ends_have_the_answers_of_python(asking, network, visit, tmp_path):
    from corridors.routing.find import route
    from corridors.scenarios.terms import Terms

    questions = random_questions(network, QUESTIONS)
    with visit(asking) as opened:
        answers = opened.page.evaluate(ASK, questions)
        snapped = opened.page.evaluate(SNAPPED, questions)
        assert not opened.complaints
    wrong, ways, between, refusals = [], 0, 0, 0
    for n, (asked, (toml, ours), (stops, refused)) in enumerate(
        zip(questions, answers, snapped, strict=True)
    ):
        file = tmp_path / f"case-{n}.toml"
        file.write_text(toml, "utf-8")
        try:
            theirs = python_answer(asked, file, network)
        except AraxesError:
            refusals += 1
            assert refused, asked
            continue
        assert not refused, asked
        wrong += differences(asked, ours, theirs)
        if theirs is None:
            continue
        ways += 1
        between += any(point for _, point in stops)
        terms = Terms(by=asked["by"], modes=asked["modes"], users=asked["users"], at=asked["at"])
        found = route(asked["from"], asked["to"], via=asked["via"], terms=terms, network=network,
                      scenario=read_scenario(file, network=network))  # fmt: skip
        assert [(row["away_m"], "link" in row) for row in found.snapped] == [
            (pytest.approx(away, abs=0.06), point) for away, point in stops
        ]
    assert not wrong, wrong[:3]
    assert ways > QUESTIONS / 3
    assert between > QUESTIONS / 4
    assert refusals > QUESTIONS / 30


def ask_in_box(page, end, text):
    page.fill(f"#araxes-ask-{end}", text)
    page.locator(f"#araxes-ask-{end}-found [role=option]").first.wait_for()
    offered = page.locator(f"#araxes-ask-{end}-found [role=option]").first.text_content()
    page.press(f"#araxes-ask-{end}", "Enter")
    return offered


def test_coordinates_and_names_are_typed_kept_printed_and_copied(
    asking, network, visit, araxes, tmp_path
):
    from corridors.network.compiled import write_compiled

    with visit(asking) as opened:
        page = opened.page
        offered = ask_in_box(page, "from", "Մեջտեղ")
        # Persian digits and marks are read as well.
        ask_in_box(page, "to", "۴۰٫۰۳۲۱، ۴۳٫۰۸۱۲")
        assert page.input_value("#araxes-ask-to") == "40.0321,43.0812"
        asked = page.evaluate(STATE)
        assert (asked["from"], asked["to"]) == ("Middle", "40.0321,43.0812")
        said = page.locator("#araxes-answer .araxes-snapped").all_text_contents()
        assert [text.partition(":")[0] for text in said] == ["Middle", "40.0321,43.0812"]
        assert all(text.endswith("m to the network") for text in said)
        assert offered.endswith(said[0].partition(": ")[2])
        page.click("#araxes-ask-keep")
        kept = page.locator("#araxes-case-table tbody th").text_content()
        assert "Middle → 40.0321,43.0812" in kept
        assert said[1] in kept
        page.click("#araxes-ask-toml")
        toml = page.input_value("#araxes-ask-file")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        printed = page.locator("#araxes-asked").text_content()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert said[0] in printed
        answer = page.evaluate(f"araxes.app.answers.router.ask({STATE}).km")
        at = "#" + page.url.partition("#")[2]
        assert not opened.complaints
    with visit(asking, at=at) as opened:
        assert opened.page.evaluate(STATE) == asked
        assert opened.page.locator("#araxes-case-table tbody th").text_content() == kept
    write_compiled(network.table, network.about, tmp_path / "net.npz")
    (tmp_path / "case.toml").write_text(toml, "utf-8")
    words = shlex.split(toml.splitlines()[0].removeprefix("# araxes "))
    words = [{"case.toml": str(tmp_path / "case.toml"), "…": str(tmp_path / "net.npz")}.get(w, w)
             for w in words]  # fmt: skip
    theirs = json.loads(araxes(*words, "--json").out)
    assert [theirs["km"], theirs["low_km"], theirs["high_km"]] == pytest.approx(
        [metres / 1000 for metres in answer], abs=0.06
    )
    assert [row["name"] for row in theirs["snapped"]] == ["Orta", "40.0321,43.0812"]


def test_the_way_is_drawn_from_point_to_point(asking, visit):
    with visit(asking, at=f"#ask=40.0321,43.0812*40.071,43.021*km*freight*road*{DAY}*") as opened:
        page = opened.page
        drawn = page.evaluate("""() => {
          const { model, answers } = araxes.app, { router } = answers;
          const answer = router.ask(model.state.asked);
          const parts = model.changes().map(([link]) => model.links.get(link));
          const ends = [parts[0], parts[parts.length - 1]].map(({ layer, feature }) => {
            const g = layer.groups[1], p = Array.from(g.owner).indexOf(feature);
            return [g.start[p], g.start[p + 1] - 1].map(n => araxes.decode.lonLat(g.x[n], g.y[n]));
          });
          return [answer.stops.map(({ point }) => [point.lon, point.lat]), ends, parts.length];
        }""")
    (first, last), (begin, end), count = drawn
    for point, line in ((first, begin), (last, end)):
        away = [Geodesic.WGS84.Inverse(*point[::-1], *xy[::-1])["s12"] for xy in line]
        assert min(away) < 0.5
    assert count > 2


def test_a_way_of_less_than_an_hour_is_one_of_minutes(asking, network, visit):
    from corridors.routing.find import route
    from corridors.scenarios.terms import Terms

    ends = ("40.0321,43.0812", "40.071,43.021")
    terms = Terms(modes=("road",), users="freight")
    minutes = 60 * route(*ends, on=DAY, terms=terms, network=network).hours
    assert 1 < minutes < 60
    at = f"ask={ends[0]}*{ends[1]}*km*freight*road*{DAY}*"
    with visit(asking, at=f"#{at}&case={at.removeprefix('ask=')}") as opened:
        page = opened.page
        sums = page.locator(".araxes-sums dd").all_text_contents()
        row = page.locator("#araxes-case-table td").all_text_contents()
        parts = page.locator("#araxes-ask .araxes-keys, .araxes-hours").first.text_content()
        assert not opened.complaints
    assert sums[1].startswith(f"{minutes:.0f} min")
    assert row[1].startswith(f"{minutes:.0f} min")
    assert " min" in parts
    assert " h" not in parts.replace(" hours", "")


def test_ways_compared_are_drawn_up_to_their_ends_between_nodes(tmp_path, network, visit):
    from corridors.analysis.compare import compare

    rows = compare([("40.0321,43.0812", "40.071,43.021")], "status-quo", network=network)
    path = tmp_path / "compared.html"
    save(interactive(ways=RouteComparison(network=network, compared=rows), title="Net"), path)
    with visit(path) as opened:
        drawn = opened.page.evaluate(
            "araxes.app.model.changes().map(([link]) => [link, araxes.app.model.links.has(link)])"
        )
    assert [there for _, there in drawn] == [True] * len(drawn)
    assert "/" in drawn[0][0]
    assert "/" in drawn[-1][0]


def test_a_way_over_links_that_the_map_leaves_out_is_drawn(tmp_path, network, visit, monkeypatch):
    from maps.layers import main_links

    monkeypatch.setattr(main_links, "MOST_LINKS", 25)
    path = tmp_path / "main.html"
    save(interactive(ways=RouteComparison(network=network), title="Net"), path)
    with visit(path, at=f"#ask=40.0321,43.0812*40.071,43.021*km*freight*road*{DAY}*") as opened:
        page = opened.page
        drawn, there = page.evaluate("""() => {
          const { model } = araxes.app, count = model.links.size;
          const rows = model.changes().map(([link]) => Boolean(model.links.get(link)));
          return [rows, count];
        }""")
        assert not opened.complaints
    assert all(drawn)
    assert there < len(network.links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_lies_too_far_away_is_refused_with_the_distance(asking, visit, language):
    at = f"#lang={language}&ask=40.5,43.05*Gar*km*freight**{DAY}*"
    with visit(asking, at=at) as opened:
        page = opened.page
        said = page.locator("#araxes-answer .araxes-snapped").text_content()
        limit = page.evaluate(f"araxes.app.model.number({LIMIT_M / 1000}, 1)")
        assert not opened.complaints
    way = word("ask-road", language)
    tail = word("ask-far", language).split("{2}")[1]
    assert word("no-way", language)
    assert way in said
    assert f"{limit} {word('km', language)}" in said
    assert said.endswith(tail)


def test_two_ends_at_one_point_are_told_to_be_one(asking, visit):
    with visit(asking, at=f"#ask=40.0321,43.0812*40.0321,43.081201*km*freight**{DAY}*") as opened:
        assert word("ask-twice", "en") in opened.page.locator("#araxes-answer").text_content()


def test_a_point_is_picked_on_the_map_by_mouse_and_by_keyboard(asking, visit):
    with visit(asking) as opened:
        page = opened.page
        page.click("#araxes-pick-from")
        box = page.locator(".folium-map").bounding_box()
        page.mouse.click(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.55)
        clicked = page.evaluate(f"{STATE}.from")
        assert page.locator("#araxes-picking").count() == 0
        # No card was opened by the click.
        assert page.locator(".araxes-card").count() == 0
        page.focus("#araxes-pick-to")
        page.keyboard.press("Enter")
        assert page.locator("#araxes-picking").text_content() == word("ask-picking", "en")
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(600)
        page.keyboard.press("Enter")
        taken = page.evaluate(f"{STATE}.to")
        centre = page.evaluate("(({ lat, lng }) => [lat, lng])(araxes.app.map.getCenter())")
        assert page.evaluate("document.activeElement.id") == "araxes-pick-to"
        assert list(map(float, taken.split(","))) == pytest.approx(centre, abs=1e-5)
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        assert page.evaluate(f"{STATE}.to") == taken
        assert page.locator(".araxes-picking").count() == 0
        assert not opened.complaints
    lat, lon = map(float, clicked.split(","))
    assert abs(lat - 40.05) < 0.2
    assert abs(lon - 43.05) < 0.3


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("en", 1440, "light"), ("fa", 375, "dark")]
)
def test_axe_finds_nothing_where_ends_are_given(asking, visit, language, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    case = f"Gar*40.0321,43.0812*km*freight**{DAY}*"
    with visit(asking, width, 900, at=f"#lang={language}&ask={case}&case={case}") as opened:
        page = opened.page
        page.emulate_media(color_scheme=scheme)
        page.click("#araxes-pick-to")
        found = Axe().run(page).response["violations"]
        page.keyboard.press("Escape")
        page.fill("#araxes-ask-from", "M")
        found += Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("at", ["91,43.05", "40.0,181", "Nowhere", "40.03;43.08x", "constructor"])
def test_ends_of_an_address_that_are_none_are_left_out(asking, visit, at):
    with visit(asking, at=f"#ask={at}*Gar*km*freight**{DAY}**v{at}") as opened:
        asked = opened.page.evaluate(STATE)
        assert not opened.complaints
    assert (asked["from"], asked["to"], asked["via"]) == (None, "Gar", [])


def test_a_network_of_places_offers_its_nearest_place_and_says_how_far(tmp_path, visit):
    from borders.gazetteer.lookup import place

    path = tmp_path / "bundled.html"
    save(interactive(ways=RouteComparison(scenarios=[read_scenario("status-quo")])), path)
    network = load_network()
    lat, lon = 40.62, 43.2
    known = [(key, network.nodes[nodes[0]]) for key, nodes in network.layers.items()]
    known = [(key, xy) for key, xy in known if xy]

    def metres(x, y, of):
        return Geodesic.WGS84.Inverse(y, x, of[1], of[0])["s12"]

    nearest, at = min(known, key=lambda row: metres(lon, lat, row[1]))
    with visit(path) as opened:
        page = opened.page
        offered = ask_in_box(page, "from", f"{lat}, {lon}")
        assert page.evaluate(f"{STATE}.from") == nearest
        km = f"{metres(lon, lat, at) / 1000:.1f} km"
        assert km in offered
        note = page.locator("#araxes-ask-note").text_content()
        said = word("ask-nearest", "en").format(place(nearest).name, km)
        assert note == f"{lat},{lon}: {said}"
        # A place that no road of the network reaches, by the way of the message of the command.
        offered = ask_in_box(page, "to", "Ani")
        ani = place("ani")
        there, at = min(known, key=lambda row: metres(ani.lon, ani.lat, row[1]))
        assert page.evaluate(f"{STATE}.to") == there
        assert f"{place(there).name}, {metres(ani.lon, ani.lat, at) / 1000:.0f} km" in offered
        page.select_option("#araxes-ask-modes", "road")
        assert page.locator("#araxes-ask-note").text_content() == ""
        # Of the places by the road, whose junctions of railways are none, it is another one.
        by_road = [row for row in known if network.served(row[0], ["road"])]
        other, _ = min(by_road, key=lambda row: metres(lon, lat, row[1]))
        ask_in_box(page, "from", f"{lat}, {lon}")
        assert page.evaluate(f"{STATE}.from") == other != nearest
        assert not opened.complaints


def test_the_names_of_the_extract_lie_where_the_network_has_them(network):
    from maps.web.road_ends import named_ends

    rows = {row[1]: row for row in named_ends(network, []) if row[1]}
    assert {"Middle", "Kıyı", "Gar"} == set(rows)
    assert rows["Middle"][0]["hy"] == "Մեջտեղ"
    assert [rows[key][4] for key in ("Middle", "Gar")] == [0, 1]
    for key, (_, _, lon, lat, _) in rows.items():
        named = network.snapper.placed(key)
        assert (named.lon, named.lat) == (lon, lat)
        assert abs(named.lat - 40.05) * DEGREE_M < 5000
