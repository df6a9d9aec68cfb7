"""What the data give for the questions of claims: lengths, distances, counts, shares and the like.

Each question has one function, which returns our answers: the one to the question as it is put
first, then those to what it may mean otherwise.
"""

from __future__ import annotations

from datetime import date
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from borders.errors import AraxesError, NoAnswerError
from borders.files.schema import misspelt
from borders.measure import Z95, Measure
from borders.units import METRES
from corridors.analysis.verdicts import meaning_result, our_measure
from corridors.context.alliances import bases, changes, members, status_of
from corridors.context.districts import districts, held_area, outline_area
from corridors.context.edtf_dates import read_edtf
from corridors.context.events import Event, event, events
from corridors.context.figure_meanings import Meaning
from corridors.context.published_figures import figures
from corridors.context.sister_cities import COUNTRIES, agreements
from corridors.model.registry import system_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corridors.context.claims import Claim

__all__ = ["ANSWERS", "Answer", "UnansweredError", "answer_text", "comes_from", "number_text"]

# The day before the war of 2020.
_BEFORE_2020, _CEASEFIRE = "2020-09-26", "2020-11-10"
# Kilometres, square kilometres and the like in metres; days in days.
_SI = {**METRES, "km2": 1e6, "m2": 1.0}
_DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.2425 / 12, "years": 365.2425}
# Published figures that are added: each has the error that a single figure gets elsewhere.
_FIGURE_SIGMA = 0.01


class Answer(NamedTuple):
    """What the data give for one meaning of a claim, in the unit of the claim.

    Parameters
    ----------
    how : in words, where it comes from.
    """

    value: float
    sigma: float
    how: str

    @property
    def low(self) -> float:
        """Return the lower end of the 95 % interval."""
        return self.value - Z95 * self.sigma

    @property
    def high(self) -> float:
        """Return the upper end of the 95 % interval."""
        return self.value + Z95 * self.sigma

    def meets(self, stated: tuple[float, float]) -> bool:
        """Tell whether the interval reaches into what is stated."""
        # Halves of a digit are no reason to call two numbers different.
        room = 1e-9 * max(1.0, abs(self.value))
        return stated[0] <= self.high + room and self.low - room <= stated[1]


class UnansweredError(AraxesError):
    """Nothing in the data answers a claim; says why."""


def number_text(value: float, claim: Claim, *, signed: bool = False) -> str:
    """Return a number in words, with the unit of the claim."""
    unit = {"1:n": "", "km2": "km²"}.get(claim.unit, claim.unit)
    digits = 0 if abs(value) >= 100 or value == int(value) else 1
    text = f"{value:+,.{digits}f}" if signed else f"{value:,.{digits}f}"
    return f"{text} {unit}".rstrip()


def answer_text(answer: Answer, claim: Claim) -> str:
    """Return an answer with its 95 % interval in the unit of the claim."""
    if answer.sigma == 0:
        return number_text(answer.value, claim)
    digits = 0 if abs(answer.value) >= 100 else 1
    ends = f"{answer.low:,.{digits}f} to {answer.high:,.{digits}f}"
    return f"{number_text(round(answer.value, digits), claim)} ({ends})"


def comes_from(source: str, document: str) -> bool:
    """Tell whether a source is a document, and not it together with another."""
    return source in (document, f"the-{document}")


def _of_measure(measure: Measure, claim: Claim, how: str) -> Answer:
    if claim.unit not in _SI:
        message = f"the unit '{claim.unit}' is none of a length or an area"
        raise UnansweredError(message)
    scale = _SI[claim.unit]
    return Answer(measure.value / scale, measure.sigma / scale, how)


def _length(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    if not claim.thing and claim.way["origin"]:
        message = "the length of a way is a distance; write that as its question"
        raise UnansweredError(message)
    answers, why = [], ""
    for thing in (claim.thing, *claim.may_mean):
        try:
            measure, how = _length_of(thing)
        except AraxesError as err:
            why = why or str(err)
            if thing == claim.thing and claim.thing:
                from corridors.context.systems import NOT_DRAWN

                why = NOT_DRAWN.get(claim.thing, str(err))
            continue
        answers.append((thing, _of_measure(measure, claim, how)))
    if not answers or answers[0][0] != claim.thing:
        others = "; ".join(f"{a.how}: {answer_text(a, claim)}" for _, a in answers)
        raise UnansweredError(why + (f"; beside it: {others}" if others else ""))
    return [answer for _, answer in answers]


def _length_of(thing: str) -> tuple[Measure, str]:
    """Return the length of a system, of the part of a corridor in a country, or of figures."""
    kind, _, rest = thing.partition(":")
    if kind == "figures":
        return _sum_of_figures(rest)
    if rest:
        from borders.compiler.area_by_country import lengths_by_country
        from corridors.model.corridor import corridor

        strip = corridor(kind)
        part = lengths_by_country(strip.centreline).get(rest, 0.0) / strip.drawn_m
        whole = strip.length
        measure = Measure(value=part * whole.value, sigma=part * whole.sigma, basis=whole.basis)
        return measure, f"the part of {kind} in {rest}"
    known = our_measure(thing, "length")
    if known is None:
        message = "nothing in the data has it"
        if thing:
            message = f"no line '{thing[:60]}' in the data{misspelt([thing], system_ids())}"
        raise UnansweredError(message)
    return known, f"the length of {thing}"


def _sum_of_figures(keys: str) -> tuple[Measure, str]:
    by_id = {figure.id: figure for figure in figures()}
    chosen = []
    for key in keys.split("+"):
        if key not in by_id:
            message = f"no published figure '{key[:60]}'"
            raise UnansweredError(message)
        chosen.append(by_id[key])
    total = sum(figure.si for figure in chosen)
    names = " + ".join(f"{figure.text} ({figure.item}, {figure.source})" for figure in chosen)
    return Measure(value=total, sigma=_FIGURE_SIGMA * total, basis="published"), names


def _area(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    return [
        _of_measure(_area_of(thing, claim.on), claim, _area_words(thing, claim.on))
        for thing in (claim.thing, *claim.may_mean)
    ]


def _area_words(thing: str, on: date | None) -> str:
    words = {
        "held": "what the Armenian side held", "held:surrounding": "of it the seven rayons",
        "all:districts": "all of the twelve districts",
        "regained": "what came under Azerbaijan's control",
        "regained:war": "of it in the war of 2020",
        "regained:surrounding": "of the seven rayons alone",
    }  # fmt: skip
    day = f" on {on}" if on and thing in words and thing != "all:districts" else ""
    return words.get(thing, f"the area of {thing}") + day


def _area_of(thing: str, on: date | None) -> Measure:
    """Return the area of a country, a district, a system, or of what a side holds on a day."""
    kind, _, rest = thing.partition(":")
    if kind == "held":
        if on is None:
            message = "what is held depends on the day; add 'on'"
            raise UnansweredError(message)
        return held_area(on, part_of=rest or None)
    if thing == "all:districts":
        from shapely import union_all

        return outline_area(union_all([known.polygon for known in districts()]))
    if kind == "district":
        from corridors.context.districts import district

        return district(rest).area
    if kind == "country":
        return _country_area(rest)
    known = our_measure(thing, "area") if thing else None
    if known is None:
        from corridors.model.corridor import corridor, corridor_ids

        known = corridor(thing).territory_area() if thing in corridor_ids() else None
    if known is None:
        message = f"no area of '{thing[:60]}' in the data"
        raise UnansweredError(message)
    return known


def _country_area(code: str) -> Measure:
    from shapely import union_all

    from borders.files.bundle import layer

    shapes = [f.geometry for f in layer("provinces") if f.properties["country"] == code]
    # Of Iran only the north-west is in the data.
    if not shapes or code == "IR":
        message = f"no outline of the whole country '{code[:60]}' in the data"
        raise UnansweredError(message)
    return outline_area(union_all(shapes))


def _width(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    from corridors.model.corridor import corridor

    strip = corridor(claim.thing)
    if strip.width_m is None:
        message = f"{claim.thing} has no width in the data"
        raise UnansweredError(message)
    widths = [f for f in figures() if f.system == claim.thing and f.quantity == "width"]
    if all(claim.document and comes_from(f.source, claim.document) for f in widths):
        message = f"our width of {claim.thing}, {strip.width_m / 1000:g} km, is from this text"
        raise UnansweredError(message)
    measure = Measure(value=strip.width_m, sigma=0.0, basis="text")
    return [_of_measure(measure, claim, f"the width of {claim.thing}")]


def _diameter(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    base = next((base for base in bases() if base.id == claim.thing), None)
    if base is None or base.range_km is None:
        message = f"nobody else gives a range of '{claim.thing[:60]}'"
        raise UnansweredError(message)
    radius, diameter = (
        Measure(value=times * base.range_km * 1000, sigma=0.0, basis="text") for times in (1, 2)
    )
    range_text = f"a range of {base.range_km:,.0f} km ({base.range_source})"
    return [
        _of_measure(diameter, claim, f"twice {range_text}"),
        _of_measure(radius, claim, f"the radius: {range_text}"),
    ]


def _scale(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    kind, _, versts = claim.thing.partition(":")
    if kind != "verst-map" or not versts.isdigit():
        message = "only maps of N versts to the inch (verst-map:N) have a scale here"
        raise UnansweredError(message)
    inch_m = 0.0254
    return [Answer(int(versts) * METRES["verst"] / inch_m, 0.0, f"{versts} versts to the inch")]


def _way(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    """Return the length of a way or what another way saves, then by other modes and straight."""
    row = dict(claim.way)
    row["scenario"] = row["scenario"] or "status-quo"
    asked = row["modes"] or "road ferry"
    tried = dict.fromkeys((asked, "road ferry", "rail ferry"))
    answers: list[Answer] = []
    for modes in tried:
        meaning = Meaning(
            figure=claim.id, definition=claim.claim, literal=True, row=row | {"modes": modes}
        )
        try:
            result = meaning_result(meaning)
        except NoAnswerError:
            if modes == asked:
                raise
            continue
        measure = Measure(value=result.value, sigma=result.sigma, basis="network")
        answers.append(_of_measure(measure, claim, f"by {modes}: {result.arithmetic}"))
    if claim.question == "distance" and not row["country"]:
        answers.append(_of_measure(_straight(row), claim, "the straight line"))
    return answers


def _straight(row: dict[str, object]) -> Measure:
    from borders.gazetteer.lookup import place
    from borders.geodesy.lonlat import WGS84

    ends = [place(str(row[key])) for key in ("origin", "destination")]
    metres = WGS84.inv(ends[0].lon, ends[0].lat, ends[1].lon, ends[1].lat)[2]
    sigma = sqrt(ends[0].sigma_m ** 2 + ends[1].sigma_m ** 2)
    return Measure(value=float(metres), sigma=sigma, basis="geodesic")


def _count(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    """Return how many there are; then of what it may mean otherwise."""
    answers = []
    for thing in (claim.thing, *claim.may_mean):
        count, how = _count_of(thing, claim, period="" if "@" in thing else claim.other)
        answers.append(Answer(float(count), 0.0, how))
    return answers


def _count_of(thing: str, claim: Claim, *, period: str = "") -> tuple[int, str]:
    kind, _, rest = thing.partition(":")
    kind, _, own_period = kind.partition("@")
    if kind == "sister-cities":
        rest, _, later = rest.partition("@")
        return _agreements(rest or claim.way["country"] or "", own_period or later or period)
    if kind not in _COUNTS:
        message = "nothing in the data is counted so"
        raise UnansweredError(message)
    return _COUNTS[kind](rest, claim.on)


def _count_districts(group: str, _on: date | None) -> tuple[int, str]:
    count = len(districts(part_of=group or None))
    return count, f"districts in the data{f', {group}' if group else ''}"


def _count_members(organisation: str, on: date | None) -> tuple[int, str]:
    if on is None:
        message = "members depend on the day; add 'on'"
        raise UnansweredError(message)
    known = members(organisation, on)
    return len(known), f"members of {organisation} on {on}: {', '.join(known)}"


def _count_active(organisation: str, on: date | None) -> tuple[int, str]:
    if on is None:
        message = "members depend on the day; add 'on'"
        raise UnansweredError(message)
    last = status_of(organisation, on)
    known = [c for c in members(organisation, on) if last[c].change not in ("suspended", "frozen")]
    return len(known), f"members of {organisation} that take part on {on}: {', '.join(known)}"


def _count_left(organisation: str, _on: date | None) -> tuple[int, str]:
    codes = sorted({c.country for c in changes(organisation) if c.change == "left"})
    return len(codes), f"states that left {organisation}: {', '.join(codes)}"


def _count_events(rest: str, _on: date | None) -> tuple[int, str]:
    subject, _, word = rest.partition(":")
    chosen = [e for e in events(layer=subject or None) if word.lower() in e.text.lower()]
    return len(chosen), f"events of {subject} with '{word}'"


def _count_places(rest: str, _on: date | None) -> tuple[int, str]:
    from borders.gazetteer.lookup import place

    names = [place(name).name for name in rest.split()]
    return len(names), ", ".join(names)


def _count_bases(rest: str, on: date | None) -> tuple[int, str]:
    holder, _, country = rest.partition(":")
    chosen = [
        base
        for base in bases()
        if base.holder == holder and base.country == country and base.kind != "exercise"
        and (on is None or base.stands(on))
    ]  # fmt: skip
    names = ", ".join(base.name for base in chosen)
    return len(chosen), f"bases of {holder} in {country} in the data: {names}"


_COUNTS: dict[str, Callable[[str, date | None], tuple[int, str]]] = {
    "districts": _count_districts, "members": _count_members, "members-active": _count_active,
    "left": _count_left, "bases": _count_bases, "events": _count_events, "places": _count_places,
}  # fmt: skip


def _agreements(country: str, period: str) -> tuple[int, str]:
    if country and country not in COUNTRIES:
        message = f"no agreement with '{country[:60]}'"
        raise UnansweredError(message)
    when = read_edtf(period) if period else None
    chosen = agreements(
        country=country or None,
        begin=None if when is None else when.first,
        end=None if when is None else when.last,
    )
    with_whom = f" with {COUNTRIES[country]}" if country else ""
    return len(chosen), f"agreements{with_whom}{f', {when.words}' if when else ''} in the tables"


def _share(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    answers = []
    for thing in (claim.thing, *claim.may_mean):
        kind = thing.partition(":")[0]
        if kind == "sister-cities":
            part, how = _count_of(thing, claim)
            whole = _count_of(claim.other, claim)[0]
            if not whole:
                message = f"there are none to take a share of: {how}"
                raise UnansweredError(message)
            answers.append(Answer(100 * part / whole, 0.0, f"{part} of {whole}: {how}"))
        elif kind == "regained":
            answers.append(_regained(thing, claim))
        else:
            part_area, whole_area = _area_of(thing, claim.on), _area_of(claim.other, claim.on)
            if not whole_area.value:
                message = f"{_area_words(claim.other, claim.on)} is nothing to take a share of"
                raise UnansweredError(message)
            value = 100 * part_area.value / whole_area.value
            relative = sqrt(part_area.percent**2 + whole_area.percent**2) / (100 * Z95)
            how = (
                f"{_area_words(thing, claim.on)}, {part_area.km2_text}, of "
                f"{whole_area.km2_text} ({claim.other})"
            )
            answers.append(Answer(value, value * relative, how))
    return answers


def _regained(thing: str, claim: Claim) -> Answer:
    """Return what share of the land held before the war of 2020 is held no more on a day."""
    part_of = "surrounding" if thing.endswith(":surrounding") else None
    day = _counted_after(thing, claim)
    before, after = held_area(_BEFORE_2020, part_of=part_of), held_area(day, part_of=part_of)
    left = after.value / before.value
    sigma = sqrt((after.sigma / before.value) ** 2 + (left * before.sigma / before.value) ** 2)
    how = (
        f"{_area_words(thing, day)}: {before.km2_text} held on {_BEFORE_2020}, "
        f"{after.km2_text} on {day}"
    )
    return Answer(100 * (1 - left), 100 * sigma, how)


def _counted_after(thing: str, claim: Claim) -> date:
    """Return the day after which a share of what was held is counted."""
    if thing == "regained:war":
        return date.fromisoformat(_CEASEFIRE)
    if claim.on is None:
        message = "what came under Azerbaijan's control depends on the day; add 'on'"
        raise UnansweredError(message)
    return claim.on


def _sum(claim: Claim, others: Mapping[str, Claim]) -> list[Answer]:
    parts = _named(claim, others)
    words = " + ".join(part.value for part in parts)
    return [Answer(sum(part.number for part in parts), 0.0, f"{words}, as the text states them")]


def _ratio(claim: Claim, others: Mapping[str, Claim]) -> list[Answer]:
    parts = _named(claim, others)
    if len(parts) != 2 or parts[1].number == 0:
        message = "a ratio needs two claims, the second not zero"
        raise UnansweredError(message)
    value = 100 * parts[0].number / parts[1].number
    return [Answer(value, 0.0, f"{parts[0].value} of {parts[1].value}, as the text states them")]


def _named(claim: Claim, others: Mapping[str, Claim]) -> list[Claim]:
    keys = claim.thing.split()
    missing = [key for key in keys if key not in others]
    if missing or not keys:
        message = f"no claim '{(missing or [''])[0][:60]}' beside it"
        raise UnansweredError(message)
    return [others[key] for key in keys]


def _duration(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    """Return the time between two events; then with both days counted, and from other events."""
    if claim.unit not in _DAYS:
        message = f"the unit '{claim.unit}' is none of {', '.join(_DAYS)}"
        raise UnansweredError(message)
    unit, end = _DAYS[claim.unit], event(claim.other)
    answers = []
    for key in (claim.thing, *claim.may_mean):
        begin = event(key)
        low, high = _days_between(begin, end)
        middle, half = (low + high) / 2, (high - low) / 2
        # A unit that is begun counts as a whole one in most texts.
        room = 0.0 if unit == 1 else unit / 2
        how = f"from {begin.when.words} to {end.when.words}"
        answers.append(Answer(middle / unit, (half + room) / unit / Z95, how))
        if unit == 1:
            answers.append(Answer(middle + 1, half / Z95, f"{how}, both days counted"))
    return answers


def _days_between(begin: Event, end: Event) -> tuple[int, int]:
    if begin is end or begin.id == end.id:
        first, last = begin.when.first, begin.when.last
        if first is None or last is None:
            raise UnansweredError("an end of it is open")
        return (last - first).days, (last - first).days
    days = begin.when.first, begin.when.last, end.when.first, end.when.last
    if any(day is None for day in days):
        raise UnansweredError("an end of it is open")
    a, b, c, d = (day for day in days if day is not None)
    return (c - b).days, (d - a).days


def _other(claim: Claim, _others: Mapping[str, Claim]) -> list[Answer]:
    raise UnansweredError("no thing of the map: nothing in the data answers it" if not claim.note
                      else "nothing in the data answers it")  # fmt: skip


ANSWERS: dict[str, Callable[[Claim, Mapping[str, Claim]], list[Answer]]] = {
    "length": _length, "area": _area, "width": _width, "diameter": _diameter, "scale": _scale,
    "distance": _way, "saving": _way, "count": _count, "share": _share, "sum": _sum,
    "ratio": _ratio, "duration": _duration, "other": _other,
}  # fmt: skip
