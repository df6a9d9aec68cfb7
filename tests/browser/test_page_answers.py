"""A page with a network answers its reader: the same numbers as `corridors.route`, by any hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
import small_network
import unpacked
from questions import ASK, differences, python_answer, random_questions

from borders.gazetteer.places import LANGUAGES, places
from corridors.model.registry import system
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms
from maps.i18n import word, words
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

# All kinds of change: another day, links opened and closed, new ones, speeds, seasons, a gauge.
_ROAD = [{"place": "Kars"}, {"place": "Ani"}, {"place": "Gyumri"}]
_CHANGES = Scenario.of(
    "changes", on="2024-02-01", open=["kars-gyumri"], close=["x-sarp-sarpi"],
    build=[{"id": "ani-road", "mode": "road", "path": _ROAD, "delay_h": 3.5}],
    set={"speed_kmh.rail": 31, "x-sadakhlo-bagratashen.delay_h": 7, "btk.cost_usd_t": 12,
         "nakhchivan-railway.gauge_mm": 1435},
    closed={"x-turkgozu-vale-gate": "12-01..03-31",
            "x-astara-az-astara-ir": "Fr 12:00-14:00"},
    open_hours={
        "btk": "Tu,Sa 10:00-18:00",
        "x-agarak-norduz": "Apr-Oct 06:00-22:00; Nov-Mar Mo-Sa 08:00-16:30",
        "x-bilasuvar-gate-bileh-savar": "24/7", "x-boyuk-kesik-gardabani-rail": "22:00-05:00",
        "x-gurbulak-bazargan": "Mo-Fr 07:00-19:00", "x-kapikoy-gate-razi-gate": "08:00-20:00",
        "x-krasny-most-qirmizi-korpu": "06:00-09:00,17:00-21:00",
        "x-larsi-verkhny-lars": "10:00-16:00", "x-sadakhlo-ayrum-rail": "Mo-Th 12:00-13:00",
        "x-sadakhlo-bagratashen": "08:00-20:00", "x-samur-az-yarag-kazmalyar": "09:00-18:00",
        "x-yalama-samur-rail": "Jan-Jun 00:00-12:00; Jul-Dec 12:00-24:00",
        "x-zhdanovakani-bavra": "20:00-04:00",
    },
)  # fmt: skip
_SCENARIOS = ("status-quo", "tripp-and-kars-dilucu", "middle-corridor", "lachin-2022-road")
QUESTIONS = 240


@pytest.fixture(scope="module")
def scenarios():
    return [*map(read_scenario, _SCENARIOS), _CHANGES]


@pytest.fixture(scope="module")
def asking(tmp_path_factory, scenarios):
    """Return the file of a page with the bundled network and no routes of its own."""
    path = tmp_path_factory.mktemp("answers") / "asking.html"
    save(interactive(ways=RouteComparison(scenarios=scenarios), title="Ask"), path)
    return path


def choose_place(page, end, name):
    """Type a name into a field and take the first place offered."""
    page.fill(f"#araxes-ask-{end}", name)
    page.locator(f"#araxes-ask-{end}-found li").first.wait_for()
    page.press(f"#araxes-ask-{end}", "Enter")


def asked(page, origin, destination):
    choose_place(page, "from", origin)
    choose_place(page, "to", destination)


def numbers(page):
    """Return kilometres, hours and dollars of the answer as the page holds them."""
    return page.evaluate(
        "() => { const a = araxes.app.answers.router.ask(araxes.app.model.state.asked);"
        " return a.steps && [a.km, a.hours, a.cost]; }"
    )


# Whether the map shows all of a box: west, south, east, north.
HOLDS = """([west, south, east, north]) =>
  araxes.app.map.getBounds().contains([[south, west], [north, east]])"""


def test_who_saw_the_whole_way_sees_the_whole_of_the_one_with_a_border_closed(asking, visit):
    scenario = Scenario.of("closed", includes=["status-quo"], close=["x-sarp-sarpi"])
    boxes = []
    for one in (read_scenario("status-quo"), scenario):
        way = route("Hopa", "Batumi", scenario=one, terms=Terms(modes=("road",)))
        xy = np.array([point for step in way.steps for point in step.link.xy])
        boxes.append([*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist()])
    with visit(asking) as opened:
        page = opened.page
        page.select_option("#araxes-ask-modes", "road")
        asked(page, "Hopa", "Batumi")
        assert [page.evaluate(HOLDS, box) for box in boxes] == [True, False]
        page.locator("#araxes-ask-switches summary").click()
        page.select_option("#araxes-switch-x-sarp-sarpi", "closed")
        assert [page.evaluate(HOLDS, box) for box in boxes] == [True, True]
        # Who looks at a detail stays there.
        page.evaluate("() => araxes.app.map.setView([41.52, 41.55], 13, {animate: false})")
        page.select_option("#araxes-switch-x-sarp-sarpi", "open")
        page.select_option("#araxes-switch-x-sarp-sarpi", "closed")
        assert page.evaluate("() => araxes.app.map.getZoom()") == 13
        assert not opened.complaints


def test_random_questions_have_the_answers_of_python(asking, scenarios, visit, tmp_path):
    network = load_network()
    questions = random_questions(network, QUESTIONS, scenarios=len(scenarios))
    with visit(asking) as opened:
        answers = opened.page.evaluate(ASK, questions)
        assert not opened.complaints
    wrong, ways, unknown = [], 0, 0
    for n, (question, (toml, ours)) in enumerate(zip(questions, answers, strict=True)):
        file = tmp_path / f"case-{n}.toml"
        file.write_text(toml, "utf-8")
        theirs = python_answer(question, file)
        wrong += differences(question, ours, theirs)
        ways += theirs is not None
        unknown += theirs is not None and len(theirs[7]) > 0
    assert not wrong, wrong[:3]
    assert ways > QUESTIONS / 3
    assert unknown > QUESTIONS / 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_and_the_cases_say_what_their_costs_rest_on(asking, visit, language):
    case = "kars*baku*cost*freight*rail*2026-06-01*"
    with visit(asking, at=f"#lang={language}&ask={case}&case={case}") as opened:
        said = opened.page.locator(".araxes-cost-basis").all_text_contents()
        localized = opened.page.evaluate("araxes.app.model.localized('2020–2022')")
    comma = "، " if language == "fa" else ", "
    states = comma.join(word(f"basis-{key}", language) for key in ("assumption", "calibrated"))
    assert said == [word("ask-cost-of", language).format(localized, states)] * 2


@pytest.mark.parametrize("by", ["hours", "cost"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_note_of_routes_says_what_is_least_in_them(tmp_path, visit, by, language):
    from corridors.analysis.compare import compare
    from corridors.scenarios.terms import Terms

    rows = compare([("kars", "tbilisi")], "status-quo", terms=Terms(by=by))
    path = tmp_path / "least.html"
    save(interactive(ways=RouteComparison(compared=rows), title="Least"), path)
    with visit(path, at=f"#lang={language}") as opened:
        note = opened.page.locator("#araxes-ways-note").text_content()
        day = opened.page.evaluate("araxes.app.model.date('2026-06-01')")
    assert note.startswith(word(f"ui-ways-{by}", language).format(day))


def test_a_difference_has_the_interval_of_python(asking, visit):
    from corridors.analysis.compare import difference
    from corridors.routing.find import route
    from corridors.scenarios.terms import Terms

    terms = Terms(modes=("rail",))
    after = route("igdir", "baku", scenario="tripp-and-kars-dilucu", terms=terms)
    base = route("kars", "baku", terms=terms)
    with visit(asking) as opened:
        found = opened.page.evaluate("""() => {
          const { router } = araxes.app.answers;
          const rail = { by: "km", users: "freight", modes: ["rail"], switches: {}, set: {} };
          const one = router.ask({ ...rail, from: "igdir", to: "baku", scenario: 1 });
          const two = router.ask({ ...rail, from: "kars", to: "baku", scenario: 0 });
          return ["km", "hours", "cost"].map(by => router.difference(by, one, two));
        }""")
    for by, ours in zip(("km", "hours", "cost"), found, strict=True):
        theirs = difference(after, base, by)
        assert ours == pytest.approx([theirs.value, theirs.low, theirs.high], rel=1e-9)


def test_a_network_of_the_users_own_is_asked_too(tmp_path, visit):
    network = small_network.network()
    path = tmp_path / "own.html"
    timed = Scenario.of(
        "timed", on=small_network.DAY, open=["x-akyaka"], closed={"kars-gyumri": "06-15..09-01"},
        open_hours={"road-kars-igdir": "08:00-18:00", "x-akyaka": "Mo-Fr 22:00-05:00",
                    "rail-gyumri-yerevan": "Tu,Sa 10:00-18:00",
                    "road-gyumri-yerevan": "Apr-Oct 06:00-12:00; Nov-Mar Mo-Sa 08:00-16:30"},
    )  # fmt: skip
    scenarios = [read_scenario("status-quo", network=network), timed]
    save(interactive(ways=RouteComparison(network=network, scenarios=scenarios)), path)
    questions = random_questions(network, 90, scenarios=2, first=small_network.DAY)
    with visit(path) as opened:
        answers = opened.page.evaluate(ASK, questions)
    wrong, waited = [], 0
    for n, (question, (toml, ours)) in enumerate(zip(questions, answers, strict=True)):
        file = tmp_path / f"case-{n}.toml"
        file.write_text(toml, "utf-8")
        theirs = python_answer(question, file, network)
        wrong += differences(question, ours, theirs)
        waited += theirs is not None and theirs[5] > 0
    assert not wrong, wrong[:3]
    assert waited > 5


def test_a_page_without_a_network_carries_nothing_of_it(tmp_path):
    path = tmp_path / "lachin.html"
    save(interactive(system("lachin-2020"), title="Lachin"), path)
    text = path.read_text("utf-8")
    assert "araxes.router" not in text
    assert 'id="araxes-network"' not in text
    assert not [key for key in unpacked.facts(text)["words"] if key.startswith("ask-")]


def test_the_network_adds_less_than_150_kb(asking, tmp_path, scenarios, monkeypatch):
    monkeypatch.setattr(RouteComparison, "routing", lambda _: None)
    without = tmp_path / "without.html"
    save(interactive(ways=RouteComparison(scenarios=scenarios), title="Ask"), without)
    assert 0 < asking.stat().st_size - without.stat().st_size < 150_000


def test_closing_a_border_shows_at_once_what_follows(asking, visit):
    with visit(asking) as opened:
        page = opened.page
        asked(page, "Batum", "Qars")
        before = numbers(page)
        crossings = page.evaluate(
            "araxes.app.answers.router.ask(araxes.app.model.state.asked).crossings"
        )
        page.evaluate("document.getElementById('araxes-ask-switches').open = true")
        page.select_option(f"#araxes-switch-{crossings[0]}", "closed")
        after = numbers(page)
        assert after[0][0] > before[0][0]
        drawn = {change for _, change, _ in page.evaluate("araxes.app.model.changes()")}
        assert drawn == {"lost", "gained", "kept"}
        # The other way is longer, and the page says by how much.
        text = page.locator("#araxes-ask-difference").text_content()
        assert f"{(after[0][0] - before[0][0]) / 1000:+,.1f} km" in text
        assert not opened.complaints
        assert not opened.requests


def test_a_place_is_found_by_its_name_in_any_language(asking, visit):
    with visit(asking) as opened:
        for name in ("Тбилиси", "თბილისი", "تفلیس", "Tiflis"):
            choose_place(opened.page, "from", name)
            assert opened.page.evaluate("araxes.app.model.state.asked.from") == "tbilisi"


def test_the_scenario_file_has_the_same_answer_on_the_command_line(asking, visit, araxes, tmp_path):
    case = tmp_path / "case.toml"
    with visit(asking) as opened:
        page = opened.page
        asked(page, "Kars", "Yerevan")
        page.select_option("#araxes-ask-by", "hours")
        page.select_option("#araxes-ask-modes", "rail")
        page.select_option("#araxes-ask-scenario", str(len(_SCENARIOS)))
        page.evaluate("document.getElementById('araxes-ask-delays').open = true")
        page.locator("#araxes-delay-rail").fill("21.5")
        page.click("#araxes-ask-toml")
        text = page.input_value("#araxes-ask-file")
        ours = numbers(page)
    case.write_text(text, "utf-8")
    assert araxes("validate", case).code == 0
    command = text.splitlines()[0].removeprefix("# araxes ").replace("case.toml", str(case))
    theirs = json.loads(araxes(*command.split(), "--json").out)
    assert [theirs["km"], theirs["low_km"], theirs["high_km"]] == pytest.approx(
        [metres / 1000 for metres in ours[0]], abs=0.06
    )
    hours = [theirs["hours"], theirs["low_hours"], theirs["high_hours"]]
    assert hours == pytest.approx(ours[1], abs=0.06)


def add_stop(page, which, name):
    page.fill(f"#araxes-ask-{which}", name)
    page.locator(f"#araxes-ask-{which}-found [role=option]").first.wait_for()
    page.press(f"#araxes-ask-{which}", "Enter")


def test_a_way_goes_through_places_and_avoids_countries_and_crossings(asking, visit, araxes,
                                                                      tmp_path):  # fmt: skip
    with visit(asking) as opened:
        page = opened.page
        asked(page, "Kars", "Baku")
        page.select_option("#araxes-ask-modes", "rail")
        plain = numbers(page)
        add_stop(page, "via", "تفلیس")
        add_stop(page, "via", "Ganja")
        add_stop(page, "avoid", "Գերմանիա")  # no country of the network: nothing is taken
        add_stop(page, "avoid", "ირანი")
        assert page.evaluate("araxes.app.model.state.asked.via") == ["tbilisi", "ganja"]
        assert page.evaluate("araxes.app.model.state.asked.avoid") == ["IR"]
        chips = page.locator("#araxes-ask .araxes-chips li").all_text_contents()
        assert [chip.rstrip("×") for chip in chips] == ["Tbilisi", "Ganja", "Iran"]
        through = numbers(page)
        assert through[0][0] >= plain[0][0]
        page.click("#araxes-ask-toml")
        text = page.input_value("#araxes-ask-file")
        command = text.splitlines()[0]
        assert "--via tbilisi --via ganja --avoid IR" in command
        at = "#" + page.url.partition("#")[2]
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        printed = page.locator("#araxes-asked").text_content()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert "via Tbilisi, Ganja, avoiding Iran" in printed
        page.click("#araxes-drop-via-0")
        assert page.evaluate("araxes.app.model.state.asked.via") == ["ganja"]
        # Who goes by keyboard stays in the field.
        assert page.evaluate("document.activeElement.id") == "araxes-ask-via"
    case = tmp_path / "case.toml"
    case.write_text(text, "utf-8")
    words = command.removeprefix("# araxes ").replace("case.toml", str(case))
    theirs = json.loads(araxes(*words.split(), "--json").out)
    assert theirs["km"] == pytest.approx(through[0][0] / 1000, abs=0.06)
    assert (theirs["via"], theirs["avoid"]) == (["tbilisi", "ganja"], ["IR"])
    with visit(asking, at=at) as opened:
        assert opened.page.evaluate(
            "(({ via, avoid }) => [via, avoid])(araxes.app.model.state.asked)"
        ) == [["tbilisi", "ganja"], ["IR"]]


def test_a_crossing_to_go_through_is_found_by_its_name(asking, visit):
    with visit(asking) as opened:
        page = opened.page
        asked(page, "Kars", "Tbilisi")
        page.select_option("#araxes-ask-modes", "road")
        add_stop(page, "via", "Sarp")
        (key,) = page.evaluate("araxes.app.model.state.asked.via")
        crossings = page.evaluate(
            "araxes.app.answers.router.ask(araxes.app.model.state.asked).crossings"
        )
    assert key in (*crossings, "sarp")
    assert "x-sarp-sarpi" in crossings


def test_a_network_too_large_to_answer_on_says_so(tmp_path, visit, monkeypatch):
    from maps.web import interactive as page_module, routing_data

    monkeypatch.setattr(routing_data, "MOST_LINKS", 5)
    monkeypatch.setattr(page_module, "MOST_LINKS", 5, raising=False)
    path = tmp_path / "large.html"
    network = load_network()
    save(interactive(ways=RouteComparison(network=network), title="Large"), path)
    with visit(path) as opened:
        page = opened.page
        said = page.inner_text("#araxes-only-drawn")
        assert f"{len(network.links):,}" in said
        assert "5" in said
        assert page.locator("#araxes-ask").count() == 0
        page.select_option("#araxes-language", "ka")
        assert page.inner_text("#araxes-only-drawn") != said


def test_the_address_carries_the_question_and_the_cases(asking, visit):
    with visit(asking) as opened:
        page = opened.page
        asked(page, "Kars", "Baku")
        page.select_option("#araxes-ask-modes", "rail")
        page.click("#araxes-ask-keep")
        page.select_option("#araxes-ask-users", "passengers")
        page.evaluate("araxes.app.day('2023-05-01')")
        page.evaluate("document.getElementById('araxes-ask-switches').open = true")
        page.select_option("#araxes-switch-btk", "closed")
        page.click("#araxes-ask-keep")
        state = page.evaluate("[araxes.app.model.state.asked, araxes.app.model.state.cases]")
        sums = page.locator("#araxes-case-table td").all_text_contents()
        at = "#" + page.url.partition("#")[2]
    assert state[0]["switches"] == {"btk": "closed"}
    assert state[0]["day"] == "2023-05-01"
    assert len(state[1]) == 2
    with visit(asking, at=at) as opened:
        page = opened.page
        assert state == page.evaluate(
            "[araxes.app.model.state.asked, araxes.app.model.state.cases]"
        )
        assert page.locator("#araxes-case-table td").all_text_contents() == sums
        page.click("#araxes-case-0")
        assert page.evaluate("araxes.app.model.state.asked.users") == "freight"
        page.click("#araxes-drop-1")
        assert page.locator("#araxes-case-table tbody").count() == 1


@pytest.mark.parametrize(
    "at",
    ["#ask=", "#ask=kars*nowhere*x*y*z*2026-99-99*q*o*wbtk", "#ask=%25E0*&case=%25*&case=kars*baku",
     "#ask=kars*baku*km*freight**2026-06-01**ox<img src=x>*w__proto__.delay_h_1"],
)  # fmt: skip
def test_nonsense_in_the_address_is_left_out(asking, visit, at):
    with visit(asking, at=at) as opened:
        assert not opened.complaints
        asked_now = opened.page.evaluate("araxes.app.model.state.asked")
        assert asked_now["switches"] == {} == asked_now["set"]
        assert asked_now["by"] == "km"


def test_a_case_without_a_way_says_what_stands_in_it(asking, visit):
    with visit(asking) as opened:
        asked(opened.page, "Nakhchivan", "Baku")
        opened.page.select_option("#araxes-ask-modes", "rail")
        text = opened.page.locator("#araxes-answer").text_content()
    assert word("no-way", "en") in text
    assert system("nakhchivan-railway").names["en"] in text
    assert "Astara" in text


def test_the_day_of_the_map_is_the_day_of_the_question(asking, visit):
    with visit(asking) as opened:
        page = opened.page
        asked(page, "Tbilisi", "Ganja")
        page.evaluate("araxes.app.day('1985-01-01')")
        union = numbers(page)
        assert page.input_value("#araxes-ask-day") == "1985-01-01"
        page.evaluate("araxes.app.day(null)")
        now = numbers(page)
    # Inside the Soviet Union nobody waited at this border.
    assert union[1][0] < now[1][0]


def test_print_holds_the_question_and_the_cases(asking, visit):
    with visit(asking) as opened:
        page = opened.page
        asked(page, "Kars", "Baku")
        page.click("#araxes-ask-keep")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        text = page.locator("#araxes-asked").text_content()
        ids = page.evaluate("Array.from(document.querySelectorAll('[id]')).map(e => e.id)")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("#araxes-paper").count() == 0
    assert "Kars → Baku" in text
    assert text.count("USD/t") >= 2
    asked_ids = [one for one in ids if one.startswith(("araxes-ask", "araxes-case"))]
    assert len(asked_ids) == len(set(asked_ids))


def test_it_is_all_done_by_keyboard(asking, visit):
    with visit(asking) as opened:
        page = opened.page
        page.focus("#araxes-ask-from")
        page.keyboard.type("Trabz")
        page.keyboard.press("Escape")
        page.keyboard.press("Control+a")
        page.keyboard.type("Kars")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("Ba")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.type("ku")
        page.keyboard.press("Enter")
        ends = "(({ from, to }) => [from, to])(araxes.app.model.state.asked)"
        assert page.evaluate(ends) == ["kars", "baku"]
        page.evaluate("document.getElementById('araxes-ask-switches').open = true")
        switch = page.locator(".araxes-switches select").first
        switch.focus()
        key = switch.get_attribute("id")
        page.keyboard.type("cl")
        assert page.evaluate("document.activeElement.id") == key
        chosen = page.evaluate("Object.values(araxes.app.model.state.asked.switches)")
        assert chosen == ["closed"]


CONTROLS = """
() => Array.from(document.querySelectorAll("#araxes-ask :is(input, select, button, textarea)"))
  .filter(e => e.offsetParent)
  .map(e => [e.id, e.ariaLabel || e.textContent || (e.labels[0] ? e.labels[0].textContent : ""),
             e.getBoundingClientRect().right])
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_has_a_name_and_room_in_every_language(asking, visit, language):
    at = f"#lang={language}&ask=kars*baku*hours*freight*rail*2026-06-01*&case=kars*baku*km*freight"
    with visit(asking, 375, 800, at=at) as opened:
        page = opened.page
        page.evaluate(
            "document.querySelectorAll('#araxes-ask details').forEach(d => { d.open = true; })"
        )
        page.click("#araxes-ask-toml")
        controls = page.evaluate(CONTROLS)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        assert not opened.complaints
        title = page.locator("#araxes-ask > summary").text_content()
    assert title == word("ask-title", language)
    assert len(controls) > 60
    assert all(name.strip() for _, name, _ in controls)
    assert max(right for *_, right in controls) <= 375


def test_every_phrase_is_translated():
    phrases = {key: row for key, row in words().items() if key.startswith("ask-")}
    same = {"ask-usd-t"}
    for key, row in phrases.items():
        said = [row[code] for code in LANGUAGES]
        assert all(said), key
        assert key in same or len(set(said)) > 4, key


def test_a_time_of_departure_counts_the_wait_at_a_closed_border(asking, visit, araxes, tmp_path):
    with visit(asking) as opened:
        page = opened.page
        asked(page, "Tbilisi", "Vladikavkaz")
        page.select_option("#araxes-ask-by", "hours")
        page.select_option("#araxes-ask-scenario", str(len(_SCENARIOS)))
        plain = numbers(page)
        page.fill("#araxes-ask-at", "23:30")
        waited = numbers(page)
        said = page.locator("#araxes-answer").text_content()
        page.click("#araxes-ask-toml")
        text = page.input_value("#araxes-ask-file")
        at = "#" + page.url.partition("#")[2]
    assert waited[0] == plain[0]
    assert waited[1][0] > plain[1][0] + 1
    assert word("part-opening", "en") in said
    case = tmp_path / "case.toml"
    case.write_text(text, "utf-8")
    command = text.splitlines()[0]
    assert "--at 23:30" in command
    words = command.removeprefix("# araxes ").replace("case.toml", str(case))
    theirs = json.loads(araxes(*words.split(), "--json").out)
    hours = [theirs["hours"], theirs["low_hours"], theirs["high_hours"]]
    assert hours == pytest.approx(waited[1], abs=0.06)
    with visit(asking, at=at) as opened:
        assert opened.page.input_value("#araxes-ask-at") == "23:30"
        assert numbers(opened.page) == waited


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_departure_names_the_crossings_of_whose_hours_nobody_knows(asking, visit, language):
    from corridors.routing.find import route
    from corridors.scenarios.terms import Terms

    terms = Terms(by="hours", at="23:30", modes=("road",))
    (key,) = route("kars", "tbilisi", terms=terms).unknown_hours
    case = "kars*tbilisi*hours*freight*road*2026-06-01*"
    at = f"#lang={language}&ask={case}*t2330&case={case}*t2330&case={case}"
    with visit(asking, at=at) as opened:
        page = opened.page
        name = page.evaluate(
            f"araxes.app.model.text(araxes.app.answers.router.groupOf.get('{key}')[2])"
        )
        said = page.locator(".araxes-unknown-hours").all_text_contents()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        printed = page.locator("#araxes-asked .araxes-unknown-hours").all_text_contents()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.fill("#araxes-ask-at", "")
        without = page.locator("#araxes-answer .araxes-unknown-hours").count()
    # In the answer, and once below the table of cases, of which only one has a departure.
    assert said == [word("ask-unknown-hours", language).format(name)] * 2
    assert printed == said
    assert without == 0


def test_where_nothing_has_hours_no_time_is_asked(tmp_path, visit):
    path = tmp_path / "always.html"
    save(interactive(ways=RouteComparison(network=small_network.network()), title="Own"), path)
    with visit(path, at="#ask=kars*igdir*hours*freight**2026-06-01**t0830") as opened:
        assert opened.page.locator("#araxes-ask-day").count() == 1
        assert opened.page.locator("#araxes-ask-at").count() == 0
        assert opened.page.evaluate("araxes.app.model.state.asked.at") is None


def test_who_comes_when_it_opens_no_more_is_told(tmp_path, visit):
    network = small_network.network()
    path = tmp_path / "late.html"
    late = Scenario.of("late", on=small_network.DAY,
                       open_hours={"road-kars-igdir": "2026 Jun 01 08:00-12:00"})  # fmt: skip
    scenarios = [read_scenario("status-quo", network=network), late]
    save(interactive(ways=RouteComparison(network=network, scenarios=scenarios)), path)
    with visit(path, at="#lang=ru&ask=kars*igdir*hours*freight**2026-06-01*late*t1230") as opened:
        said = opened.page.locator("#araxes-answer").text_content()
    assert word("ask-late", "ru").format("12:30") in said


def test_the_ends_are_marked_where_the_places_lie(asking, visit):
    with visit(asking) as opened:
        asked(opened.page, "Kars", "Baku")
        marks = opened.page.evaluate("""() => {
          const marks = [];
          araxes.app.map.eachLayer(one => {
            if (one instanceof L.CircleMarker) { marks.push(one.getLatLng()); }
          });
          return marks.map(({ lng, lat }) => [lng, lat]);
        }""")
    truth = [[places()[key].lon, places()[key].lat] for key in ("kars", "baku")]
    assert np.abs(np.array(marks) - truth).max() < 1e-4


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("en", 1440, "light"), ("fa", 375, "dark")]
)
def test_axe_finds_nothing(asking, visit, language, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    at = f"#lang={language}&ask=kars*baku*hours*freight*rail*2026-06-01**cbtk&case=kars*baku*km"
    with visit(asking, width, 900, at=at) as opened:
        page = opened.page
        page.emulate_media(color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        page.click("#araxes-ask-toml")
        page.fill("#araxes-ask-from", "Ba")
        found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
