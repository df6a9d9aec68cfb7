"""Random questions on a network, asked of a page's script and of `corridors.route`."""

from __future__ import annotations

import random
from datetime import date, timedelta

from borders.errors import NoAnswerError
from corridors.routing.find import route
from corridors.scenarios.scenario import read_scenario
from corridors.scenarios.terms import Terms

MODES = (None, None, ("rail",), ("road",), ("road", "ferry"), ("rail", "ferry"), ("rail", "road"),
         ("rail", "road", "ferry"))  # fmt: skip
DELAYS = ("delay_h.crossing.road", "delay_h.crossing.rail", "delay_h.crossing.ferry",
          "delay_h.transfer.gauge", "delay_h.transfer.mode")  # fmt: skip
TIMES = (None, "00:00", "05:40", "11:15", "18:59", "21:30", "23:59")
ASK = """
questions => {
  const router = araxes.router(araxes.app.model.facts.network);
  return questions.map(asked => {
    const answer = router.ask(asked), { km, hours, cost, unbuilt_m, links } = answer;
    const toml = router.toml(asked, "asked", "Asked", []);
    if (!answer.steps) { return [toml, null]; }
    const { states, years } = router.costBasis([answer]);
    const basis = [states.join("+"), years ? [...new Set(years)].join("-") : ""];
    const waited = answer.waits.reduce((sum, [, wait]) => sum + wait, 0);
    return [toml, [km, hours, cost, unbuilt_m, links, waited, basis, answer.unknown]];
  });
}
"""


def random_questions(network, count, *, scenarios, seed=1, first=date(1921, 1, 1)):
    """Return questions with random places, stops, terms, days, switches and delays."""
    chance = random.Random(seed)
    places, groups = sorted(network.layers), sorted(network.groups)
    links = sorted(link.id for link in network.links)
    crossings = [key for key in groups if network.groups[key][0].crossing == key]
    days = (date(2026, 12, 31) - first).days
    countries = sorted(network.countries)
    questions = []
    for _ in range(count):
        origin, destination = chance.sample(places, 2)
        switched = chance.sample(groups, min(len(groups), chance.choice((0, 0, 1, 2, 5))))
        switched += chance.sample(links, chance.choice((0, 0, 0, 1)))
        waits = min(len(crossings), chance.choice((0, 0, 1, 2)))
        keys = [f"{key}.delay_h" for key in chance.sample(crossings, waits)]
        keys += chance.sample(DELAYS, chance.choice((0, 0, 1, 2)))
        recent = chance.random() < 0.6
        day = date(2026, 6, 1) if recent else first + timedelta(chance.randrange(days))
        modes = chance.choice(MODES)
        via = _between(origin, destination, chance, places, groups)
        avoid = chance.sample(countries, chance.choice((0, 0, 0, 1))) if countries else []
        avoid += chance.sample(groups, min(len(groups), chance.choice((0, 0, 0, 1, 2))))
        questions.append({
            "from": origin, "to": destination, "via": via, "avoid": avoid,
            "by": chance.choice(("km", "hours", "cost")), "at": chance.choice(TIMES),
            "users": chance.choice(("freight", "passengers", "third-country")),
            "modes": list(modes) if modes else None, "day": day.isoformat(),
            "scenario": chance.randrange(scenarios),
            "switches": {key: chance.choice(("open", "open", "closed", "day")) for key in switched},
            "set": {key: round(chance.uniform(0, 80), 1) for key in keys},
        })  # fmt: skip
    return questions


def _between(origin, destination, chance, places, groups):
    """Return what a question goes through: mostly nothing, else places, crossings, corridors."""
    known = chance.choice(("", "", "", "places", "groups", "both"))
    via = []
    if known in ("places", "both"):
        via += chance.sample([key for key in places if key not in (origin, destination)], 1)
    if known in ("groups", "both") and groups:
        via += chance.sample([key for key in groups if key not in places], 1)
    chance.shuffle(via)
    return via


def python_answer(asked, scenario_file, network=None):
    """Return what `corridors.route` answers under a scenario file, None without a way.

    Kilometres in metres, hours and dollars a tonne, each with its interval; metres to be built;
    ids of the links; hours of waiting until links open; basis and years of the costs; with a time
    of departure the crossings of whose hours nobody knows.
    """
    terms = Terms(by=asked["by"], modes=asked["modes"], users=asked["users"], avoid=asked["avoid"],
                  at=asked["at"])  # fmt: skip
    scenario = read_scenario(scenario_file, network=network)
    try:
        way = route(asked["from"], asked["to"], scenario=scenario, terms=terms, network=network,
                    via=asked["via"])  # fmt: skip
    except NoAnswerError:
        return None
    sums = [[s.value, s.low, s.high] for s in (way.length, way.time, way.cost)]
    basis = [way.cost_basis.basis, way.cost_basis.years]
    waited = sum(step.wait_h for step in way.steps)
    unknown = list(way.unknown_hours) if asked["at"] else []
    return [*sums, way.unbuilt_m, [link.id for link in way.links], waited, basis, unknown]


def differences(asked, ours, theirs):
    """Return in what an answer of the page differs from that of Python beyond the bars.

    Kilometres by 1 m, hours by 1 s, dollars by a cent, ends of intervals by 0.1 %.
    """
    if ours is None or theirs is None:
        return [] if ours is theirs else [("way", ours, theirs)]
    found = []
    for name, one, two, bar in zip(("km", "hours", "cost"), ours, theirs, (1, 1 / 3600, 0.01),
                                   strict=False):  # fmt: skip
        if abs(one[0] - two[0]) > bar:
            found.append((name, one, two))
        width = abs(two[2] - two[1])
        found += [
            (f"{name} interval", one, two)
            for n in (1, 2)
            if abs((one[n] - one[0]) - (two[n] - two[0])) > 1e-3 * max(width, 1e-6) + 1e-6
        ]
    if abs(ours[3] - theirs[3]) > 1:
        found.append(("unbuilt", ours[3], theirs[3]))
    if abs(ours[5] - theirs[5]) > 1 / 3600:
        found.append(("waiting", ours[5], theirs[5]))
    found += [
        (name, ours[n], theirs[n])
        for n, name in ((6, "basis of costs"), (7, "unknown hours"))
        if ours[n] != theirs[n]
    ]
    return [(*one, asked) for one in found]
