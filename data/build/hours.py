"""Speeds, border times and costs from published ones → `data/network/rates.csv`.

Finds the way of every published time on the network (`time_samples.csv`: its kilometres by terrain,
its stops), fits the speeds of each class to the times that were observed or are of a timetable, and
border times and costs to those of their own tables. `docs/hours.md` says how sure the result is.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from datetime import date
from math import exp, hypot, log
from typing import TYPE_CHECKING, Any

from files import DATA, table
from hours_fit import TimeSample, fit_median, fit_speed, shrunk

sys.path.insert(0, str(DATA.parent))

from borders.errors import NoAnswerError, UnknownNameError
from borders.files import schema
from borders.measure import Z95
from corridors.network.hours_parts import DRIVING_H, REST_H
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from corridors.routing.route import Route

Range = tuple[float, float, float]
Row = dict[str, Any]

CONTEXT, NETWORK = DATA / "context", DATA / "network"
RATES, SAMPLES = NETWORK / "rates.csv", NETWORK / "time_samples.csv"
PAGE = DATA.parent / "docs/hours.md"
TERRAINS = ("plain", "hilly", "mountain")
FITTED = ("timetable", "observed")
USERS = {"goods-train": "freight", "lorry": "freight"}
# Vehicle → class of its speed.
KINDS = {
    "goods-train": "rail.freight",
    "passenger-train": "rail.passengers",
    "lorry": "road.freight",
    "coach": "road.passengers",
    "car": "road.passengers",
    "ship": "ferry",
}
# Class of the page → vehicle of its times; of the others the values are no times of ways.
CLASSES = {
    "passenger trains": "passenger-train", "coaches": "coach", "cars": "car",
    "goods trains": "goods-train", "ships under way": "ship", "lorries in plains": "",
    "lorries in mountains": "", "lorries at a post": "", "goods trains at a post": "",
    "passengers at a road border": "", "passengers at a rail border": "", "wait for a ship": "",
    "costs by road": "", "costs by rail": "",
}  # fmt: skip
# Countries whose lorries are timed in plains.
FLAT = ("AZ", "KZ", "TM")
# Standard deviations of logarithms before any value is known; assumptions.
POSTS = {"between": 0.6, "scatter": 0.6}
STOPS, COSTS, ROAD = 0.7, 0.35, 0.1
# A driver alone may drive 9 h and then rests 11 h (AETR): the least part of the time under way.
RESTING = DRIVING_H / (DRIVING_H + REST_H)


def rows(name: str, kind: str) -> list[Row]:
    """Return the checked rows of a table of `data/context/`."""
    with (CONTEXT / name).open(encoding="utf-8", newline="") as file:
        lines = enumerate(csv.DictReader(file), 2)
        return [schema.check(kind, row, f"data/context/{name}:{n}") for n, row in lines]


def way_of(time: Row, network: Any) -> Route | None:
    """Return the shortest way of a published time on its day, open or with all lines open."""
    terms = Terms(
        modes=tuple(time["modes"].split()), users=USERS.get(time["vehicle"], "passengers")
    )
    via = (time["via"] or "").split()
    day = min(date(int(time["year"]), 12, 1), network.on)
    for scenario in ("status-quo", "all-open"):
        try:
            return route(
                time["origin"],
                time["destination"],
                scenario=scenario,
                terms=terms,
                via=via,
                network=network,
                on=day,
            )
        except (NoAnswerError, UnknownNameError):
            continue
    return None


def sample_row(time: Row, way: Route) -> Row:
    """Return what the network says of the way of a published time."""
    own = "ferry" if time["vehicle"] == "ship" else time["modes"].split()[0]
    km: dict[str, float] = defaultdict(float)
    for link in way.links:
        if link.mode == own:
            km[link.terrain] += link.length_m / 1000
    sailed = (
        0.0 if own == "ferry" else sum(k.length_m for k in way.links if k.mode == "ferry") / 1e3
    )
    changes = sum(link.mode == "transfer" and not link.changes_gauge for link in way.links)
    return {
        "id": time["id"],
        "vehicle": time["vehicle"],
        "hours": time["hours"],
        "basis": time["basis"],
        **{f"{t}_km": f"{km[t]:.1f}" for t in TERRAINS},
        "sailed_km": f"{sailed:.1f}",
        "gauge_changes": way.gauge_changes,
        "changes": changes,
        "crossings": len(way.crossings) if time["borders"] == "yes" and own != "ferry" else 0,
    }


def posts(stops: Iterable[Row], mode: str, key: Callable[[Row], str]) -> dict[str, Range]:
    """Return the time at a post by country and direction; queues of bad days are no means."""
    groups: dict[str, list[float]] = {}
    for row in stops:
        if (row["mode"], row["users"], row["basis"]) == (mode, "freight", "mean"):
            groups.setdefault(key(row), []).append(row["hours"])
    return shrunk(groups, **POSTS)


def twice(one: Range) -> Range:
    """Return the time of two posts that are independent of each other."""
    middle, low, high = one
    root = 2**0.5
    return 2 * middle, 2 * middle - root * (middle - low), 2 * middle + root * (high - middle)


class Rates:
    """Rows of `rates.csv`, as they are found."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    def add(self, key: str, found: Range, unit: str, n: int, note: str, together: str = "") -> None:
        """Add a rate with its interval, and how many published values it rests on."""
        self.rows.append((key, *(f"{x:.4g}" for x in found), unit, n, "", "", "", together, note))

    def add_cost(self, key: str, found: Range, prices: Sequence[Row], note: str) -> None:
        """Add what a tonne costs a kilometre, in the money of the years of its prices."""
        (currency,) = {row["currency"] for row in prices}
        years = [row["year"] for row in prices]
        money = currency, min(years), max(years)
        numbers = (f"{x:.4g}" for x in found)
        self.rows.append((key, *numbers, "USD/tkm", len(prices), *money, "", note))


def add_stops(rates: Rates, stops: Sequence[Row]) -> None:
    """Add the times at borders and the wait for a ship."""
    for mode, key in (("road", _road_post), ("rail", lambda row: row["country"])):
        found = posts(stops, mode, key)
        n = Counter(
            key(r)
            for r in stops
            if (r["mode"], r["users"], r["basis"]) == (mode, "freight", "mean")
        )
        what = "lorries" if mode == "road" else "goods trains without a change of gauge"
        for group, one in sorted(found.items()):
            key_of = f"delay_h.post.{mode}.freight" + (f".{group}" if group else "")
            note = f"{what}, one country's post" + ("" if group else " of which nothing is known")
            rates.add(key_of, one, "h", n[group], note)
        both = "" if mode == "rail" else ".freight"
        for end in dict.fromkeys(("", both)):
            rates.add(
                f"delay_h.crossing.{mode}{end}",
                twice(found[""]),
                "h",
                sum(n.values()),
                f"{what}, two posts of which nothing is known",
            )
    seen = [r for r in stops if r["users"] == "passengers" and r["basis"] == "observed"]
    road = [r["hours"] for r in seen if r["mode"] == "road"]
    rates.add(
        "delay_h.crossing.road.passengers",
        fit_median(road, scatter=STOPS),
        "h",
        len(road),
        "cars and coaches, both posts, without queues of bad days",
    )
    rail = [2 * r["hours"] for r in seen if r["mode"] == "rail"]
    rates.add(
        "delay_h.crossing.rail.passengers",
        fit_median(rail, scatter=STOPS),
        "h",
        len(rail),
        "both posts; the times published are of one",
    )
    ships = [r for r in stops if r["mode"] == "ferry"]
    waits = [_wait_h(row) for row in ships]
    rates.add(
        "delay_h.crossing.ferry",
        fit_median(waits, scatter=STOPS),
        "h",
        len(waits),
        "waiting for a ship: what was waited, or half the time between two ships",
    )


def _wait_h(row: Row) -> float:
    """Return what was waited for a ship, or half the time between two."""
    return float(row["hours"]) / (2 if row["basis"] == "interval" else 1)


def _road_post(row: Row) -> str:
    return f"{row['country']}.{row['direction']}"


def add_lorries(rates: Rates, speeds: Iterable[Row]) -> None:
    """Add the speeds of lorries under way; a driver alone has to rest besides."""
    known: dict[str, list[float]] = {}
    for row in speeds:
        if (row["vehicle"], row["stops"]) == ("lorry", "without"):
            known.setdefault(row["country"] or "", []).append(row["speed_kmh"])
    flat = [x for country in FLAT for x in known[country]]
    plain, mountain = fit_median(flat, scatter=ROAD), fit_median(known["GE"], scatter=ROAD)
    between = tuple((a * b) ** 0.5 for a, b in zip(plain, mountain, strict=True))
    for terrain, found, n in (
        ("plain", plain, len(flat)),
        ("hilly", between, 0),
        ("mountain", mountain, len(known["GE"])),
    ):
        middle, low, high = found
        rates.add(
            f"speed_kmh.road.{terrain}",
            (middle, RESTING * low, high),
            "km/h",
            n,
            "lorries under way; the low end with 11 h of rest after 9 h of driving",
            "speed_kmh.road",
        )


def time_samples(filed: Iterable[Row], rates: dict[str, float]) -> list[TimeSample]:
    """Return the times that the speeds are fitted to, with the medians of what they stopped."""
    samples = []
    for row in filed:
        kind = KINDS[row["vehicle"]]
        if row["basis"] not in FITTED or kind == "road.freight":
            continue
        mode, _, users = kind.partition(".")
        ends = ".passengers" if users == "passengers" else ""
        counts = {
            f"delay_h.crossing.{mode}{ends}": int(row["crossings"]),
            f"delay_h.transfer.gauge{ends}": int(row["gauge_changes"]),
            f"delay_h.transfer.mode{ends}": int(row["changes"]),
        }
        stops_h = sum(n * rates[key] for key, n in counts.items() if n)
        sailed_km = float(row["sailed_km"])
        stops_h += sailed_km / rates["speed_kmh.ferry"] if sailed_km else 0.0
        vehicle = ("car",) if row["vehicle"] == "car" else ()
        stretches = tuple(
            (float(row[f"{terrain}_km"]), (terrain, *vehicle))
            for terrain in TERRAINS
            if float(row[f"{terrain}_km"])
        )
        samples.append(
            TimeSample(
                id=row["id"],
                kind=kind,
                label=row["vehicle"],
                hours=float(row["hours"]),
                stretches=stretches,
                stops_h=stops_h,
            )
        )
    return samples


def add_speeds(rates: Rates, samples: Sequence[TimeSample]) -> None:
    """Add the speeds of trains, coaches, cars and ships."""
    trains = fit_speed("rail.passengers", samples)
    for terrain in TERRAINS:
        rates.add(
            f"speed_kmh.rail.passengers.{terrain}",
            trains.speed_kmh(terrain),
            "km/h",
            trains.n,
            "passenger trains with their halts",
            "speed_kmh.rail.passengers",
        )
    goods = fit_speed("rail.freight", samples)
    for terrain in TERRAINS:
        rates.add(
            f"speed_kmh.rail.{terrain}",
            goods.speed_kmh(),
            "km/h",
            goods.n,
            "goods trains as delivered, with their halts in yards",
            "speed_kmh.rail",
        )
    road = fit_speed("road.passengers", samples)
    coach, car = road.speed_kmh(), road.speed_kmh("car")
    for vehicle, speed, label in (("coaches", coach, "coach"), ("cars", car, "car")):
        n = sum(sample.label == label for sample in samples)
        note = f"{vehicle} with their halts; fitted together"
        rates.add(f"speed_kmh.road.{vehicle}", speed, "km/h", n, note)
    middle, half = (coach[0] * car[0]) ** 0.5, log(car[0] / coach[0]) / 2
    spread = hypot(log(coach[0] / coach[1]), log(car[2] / car[0])) / 2**0.5
    factor = exp(hypot(spread, Z95 * half))
    rates.add(
        "speed_kmh.road.passengers",
        (middle, middle / factor, middle * factor),
        "km/h",
        road.n,
        "coaches and cars with their halts, as many of the one as of the other",
    )


def _usd_tkm(row: Row) -> float:
    """Return a published cost of 500 km and 20 t, of a tonne-kilometre."""
    return float(row["amount"]) / 500 / 20


def _cost(costs: Iterable[Row]) -> Range:
    """Return the cost of a tonne-kilometre where nothing is known of the country."""
    groups: dict[str, list[float]] = {}
    for row in costs:
        groups.setdefault(row["country"], []).append(_usd_tkm(row))
    return shrunk(groups, between=COSTS, scatter=COSTS)[""]


def add_costs(rates: Rates, costs: Sequence[Row], network: Any) -> None:
    """Add what a tonne costs a kilometre."""
    for mode in ("road", "rail"):
        of_mode = [row for row in costs if row["mode"] == mode and row["country"]]
        rates.add_cost(f"cost_usd_tkm.{mode}", _cost(of_mode), of_mode, "with charges at borders")
    ships = [row for row in costs if row["mode"] == "ferry"]
    fares: list[float] = []
    for row in ships:
        sailed = way_of({"modes": "ferry", "vehicle": "lorry", "via": "", **row}, network)
        fares.append(row["amount"] / 20 / sailed.length_km)  # type: ignore[union-attr]
    rates.add_cost(
        "cost_usd_tkm.ferry", fit_median(fares, scatter=COSTS), ships, "a lorry taken as 20 t"
    )


def assumed() -> dict[str, float]:
    """Return the values of `assumptions.csv`, which nothing calibrates."""
    with (NETWORK / "assumptions.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: float(row["value"]) for row in csv.DictReader(file)}


def fitted(filed: Sequence[Row], stops: Sequence[Row], speeds: Sequence[Row]) -> Rates:
    """Return the rates of hours from the ways of published times and from stops."""
    rates = Rates()
    add_stops(rates, stops)
    ship = fit_speed("ferry", time_samples([row for row in filed if row["vehicle"] == "ship"], {}))
    rates.add("speed_kmh.ferry", ship.speed_kmh(), "km/h", ship.n, "ships under way")
    add_lorries(rates, speeds)
    known = assumed() | {row[0]: float(row[1]) for row in rates.rows}
    add_speeds(rates, time_samples(filed, known))
    return rates


def left_out(
    filed: Sequence[Row], stops: Sequence[Row], speeds: Sequence[Row], costs: Sequence[Row]
) -> dict[str, list[tuple[float, Range]]]:
    """Return class → each value with the median and interval that all others of it give."""
    known = assumed() | {row[0]: float(row[1]) for row in fitted(filed, stops, speeds).rows}
    samples = time_samples(filed, known)
    found: dict[str, list[tuple[float, Range]]] = {name: [] for name in CLASSES}
    for name, label in CLASSES.items():
        for sample in samples:
            if sample.label == label:
                fit = fit_speed(sample.kind, samples, without=sample.id)
                ways = [(km, fit.speed_kmh(*effects)) for km, effects in sample.stretches]
                usual, slow, fast = (sum(km / v[n] for km, v in ways) for n in range(3))
                told = tuple(sample.stops_h + hours for hours in (usual, fast, slow))
                found[name].append((sample.hours, told))  # type: ignore[arg-type]
    for name, mode in (("lorries at a post", "road"), ("goods trains at a post", "rail")):
        key = _road_post if mode == "road" else lambda row: row["country"]
        means = [r for r in stops
                 if (r["mode"], r["users"], r["basis"]) == (mode, "freight", "mean")]  # fmt: skip
        for row in means:
            others = posts([r for r in means if r is not row], mode, key)
            found[name].append((row["hours"], others.get(key(row), others[""])))
    lorries = [r for r in speeds if (r["vehicle"], r["stops"]) == ("lorry", "without")]
    seen = [r for r in stops if r["users"] == "passengers" and r["basis"] == "observed"]
    ships = [r for r in stops if r["mode"] == "ferry"]
    plain = [r["speed_kmh"] for r in lorries if r["country"] in FLAT]
    medians = {
        "passengers at a road border": ([r["hours"] for r in seen if r["mode"] == "road"], STOPS),
        "passengers at a rail border": ([r["hours"] for r in seen if r["mode"] == "rail"], STOPS),
        "wait for a ship": ([_wait_h(row) for row in ships], STOPS),
        "lorries in plains": (plain, ROAD),
        "lorries in mountains": (
            [r["speed_kmh"] for r in lorries if r["country"] == "GE"], ROAD
        ),
    }  # fmt: skip
    for name, (values, scatter) in medians.items():
        for n, value in enumerate(values):
            found[name] += [(value, fit_median(values[:n] + values[n + 1 :], scatter=scatter))]
    for mode in ("road", "rail"):
        rates = [row for row in costs if row["mode"] == mode and row["country"]]
        for row in rates:
            told = _cost([other for other in rates if other is not row])
            found[f"costs by {mode}"].append((_usd_tkm(row), told))
    return found


def write_page(found: dict[str, list[tuple[float, Range]]]) -> None:
    """Write how many values lie in their intervals into the table of `docs/hours.md`."""
    lines = []
    for name, values in found.items():
        held = sum(low <= value <= high for value, (_, low, high) in values)
        widths = sorted((high / low) ** 0.5 for _, (_, low, high) in values)
        middle, widest = widths[len(widths) // 2], widths[-1]
        lines.append(f"| {name} | {len(values)} | {held} | ×/÷ {middle:.2f} | ×/÷ {widest:.2f} |")
    before, head, rest = PAGE.read_text("utf-8").partition("|---|---:|---:|---:|---:|\n")
    after = rest[rest.index("\n\n") :]
    PAGE.write_text(before + head + "\n".join(lines) + after, "utf-8")


def build() -> int:
    network = load_network()
    filed = [
        sample_row(time, way)
        for time in rows("section_times.csv", "section-time")
        if (way := way_of(time, network)) is not None
    ]
    table(SAMPLES, list(filed[0]), [row.values() for row in filed])
    stops, speeds = rows("border_times.csv", "border-time"), rows("speeds.csv", "published-speed")
    costs = rows("freight_rates.csv", "freight-rate")
    rates = fitted(filed, stops, speeds)
    add_costs(rates, costs, network)
    header = ["key", "value", "low", "high", "unit", "n", "currency", "first_year", "last_year",
              "together", "note"]  # fmt: skip
    write_page(left_out(filed, stops, speeds, costs))
    return table(RATES, header, sorted(rates.rows))


if __name__ == "__main__":
    print(build())
