"""Sections of the report on claims, districts, sister cities, alliances and events."""

from __future__ import annotations

from collections import Counter

from borders.measure import rounded
from corridors.analysis.claims import contradictions, judge_claims
from corridors.analysis.pipelines import pipeline_rows
from corridors.context.alliances import ORGANISATIONS, Bases, status_of
from corridors.context.ceded_pieces import CededPieces, ceded_pieces
from corridors.context.claims import bundled_claims
from corridors.context.described import described, described_ids
from corridors.context.districts import control_days, control_on, held_area
from corridors.context.events import event_layers, events
from corridors.context.pipelines import pipeline_of
from corridors.context.provinces import Provinces, provinces
from corridors.context.sister_cities import COUNTRIES, SisterCities, agreements, counts, not_placed
from corridors.context.state_border import StateBorder
from corridors.context.systems import NOT_DRAWN
from maps.tables.markdown import table

__all__ = ["context_section"]

# The day up to which statuses were collected.
_DAY = "2026-06-01"


def context_section() -> list[str]:
    """Return the sections as lines of Markdown."""
    return [
        *_claims(),
        "",
        *_districts(),
        "",
        *_ceded(),
        "",
        *_described(),
        "",
        *_pipelines(),
        "",
        *_sister_cities(),
        "",
        *_alliances(),
        "",
        *_bases(),
        "",
        *_border(),
        "",
        *_provinces(),
        "",
        *_events(),
    ]


def _claims() -> list[str]:
    claims = bundled_claims()
    judged = judge_claims(claims)
    counted = Counter((v.claim.document, v.verdict) for v in judged)
    verdicts = ("consistent", "another definition", "inconsistent", "not computable")
    documents = list(dict.fromkeys(claim.document for claim in claims))
    rows = [(d, *(str(counted[d, word]) for word in verdicts)) for d in documents]
    cells = [
        (v.claim.document, v.claim.page, v.claim.claim, v.claim.text, v.ours, v.verdict, v.reason)
        for v in judged
        if v.verdict in ("inconsistent", "another definition")
    ]
    found = [(c.document, c.rule, c.text, " ".join(c.claims)) for c in contradictions(claims)]
    return [
        "## Claims of the documents",
        "",
        f"{len(claims)} numbers that five documents state, each against what the data give; all of "
        "them: `araxes claims`. Not computable is, among others, a date that only the document "
        "itself gives.",
        "",
        *table(("document", *verdicts), rows),
        "",
        "Those that do not agree as they are stated:",
        "",
        *table(("document", "page", "claim", "stated", "ours (95 %)", "verdict", "why"), cells),
        "",
        "Contradictions inside a document:",
        "",
        *table(("document", "rule", "what", "claims"), found),
    ]


def _districts() -> list[str]:
    rows = []
    for day in control_days():
        done, planned = held_area(day), held_area(day, manner="planned")
        changed = [c for c in control_on(day).values() if c.valid_from == day]
        what = ", ".join(f"{c.district}: {c.words}" for c in changed)
        cited = ", ".join(dict.fromkeys(c.source for c in changed))
        rows.append((day.isoformat(), done.km2_text, planned.km2_text, what, cited))
    return [
        "## Districts in and around the former Nagorno-Karabakh oblast",
        "",
        "Area held by the Armenian side, with or without Russian peacekeepers, from the day on; as "
        "done, and from 10 November 2020 on as agreed that day. Polygons are the rayons of Natural "
        "Earth, to ±1.4 km; shares of districts are intervals, since no text describes the line "
        "of contact.",
        "",
        *table(("day", "as done (95 %)", "as agreed (95 %)", "changed", "source"), rows),
    ]


def _ceded() -> list[str]:
    rows = []
    for piece in ceded_pieces():
        villages = ", ".join(
            f"{v.names['en']} ({v.names['az']}, {v.names['hy']})" for v in piece.villages
        )
        rows.append((piece.name, piece.area.km2_text, villages))
    return [
        f"## {CededPieces().name}",
        "",
        "What Annex III of 1921 has inside and today's outline has not; intervals from draws of "
        "the places that bound each piece. Before and after: `araxes map nakhchivan-1921 "
        "nakhchivan nakhchivan-ceded --panels 1925-01-01,1930-01-01,2026-01-01`.",
        "",
        *table(("piece", "area (95 %)", "villages, with the parties' names"), rows),
    ]


def _described() -> list[str]:
    rows = []
    for key in described_ids():
        known = described(key)
        places = ", ".join(
            named.place.name + (f" ({named.side})" if named.side else "") for named in known.places
        )
        dates = f"{known.begin}–{known.end}" if known.end else f"{known.begin}–"
        cited = ", ".join(known.sources)
        rows.append((known.name, dates, places, known.how, f"{cited} ({known.state})"))
    return [
        "## Lands and governments without a boundary",
        "",
        *table(("what", "dates", "places", "drawn, and how roughly", "sources"), rows),
    ]


def _pipelines() -> list[str]:
    rows = []
    piped = pipeline_rows()
    for row in piped:
        for code, part in row["countries"].items():
            published = "" if part["published_km"] is None else f"{part['published_km']:g}"
            km, low, high = rounded(part["km"], part["low_km"], part["high_km"])
            rows.append((row["name"], code, f"{km} ({low}–{high})", published))
    about = [
        (row["name"], known.carries, known.capacity_text, known.operator, known.owners_text,
         known.note)
        for row in piped
        if (known := pipeline_of(row["id"]))
    ]  # fmt: skip
    return [
        "## Pipelines",
        "",
        "Lengths by country are the whole, shared out as the line is drawn, with the error of the "
        "drawing; beside them what others publish for the part.",
        "",
        *table(("pipeline", "country", "km (95 %)", "published"), rows),
        "",
        *table(("pipeline", "carries", "capacity", "run by", "owners", "note"), about),
    ]


def _sister_cities() -> list[str]:
    every = agreements()
    by_country = counts(every, "country")
    rows = [(COUNTRIES[code], str(n)) for code, n in by_country.items()]
    top = ", ".join(f"{name} {n}" for name, n in list(counts(every, "province").items())[:10])
    lost = "; ".join(f"{a.partner} ({a.country}): {a.ends[1].why}" for a in not_placed(every))
    return [
        f"## {SisterCities().name}",
        "",
        f"{len(every)} agreements of Turkish municipalities, 1993–2023; most by province: {top}. "
        f"Not placed: {lost}.",
        "",
        *table(("country", "agreements"), rows),
    ]


def _alliances() -> list[str]:
    rows = []
    for key, name in ORGANISATIONS.items():
        known = status_of(key, _DAY).values()
        states = ", ".join(f"{c.country} ({c.change} {c.when.words})" for c in known)
        rows.append((name, states))
    return ["## Alliances", "", f"On {_DAY}:", "", *table(("alliance", "states"), rows)]


def _bases() -> list[str]:
    rows = []
    for row in Bases().rows():
        dates = "–".join((row["from"] or "", row["to"] or "")).strip("–")
        note = "; ".join(filter(None, (row["claim"], row["note"])))
        cited = f"{row['source']} ({row['state']})"
        rows.append(
            (row["name"], row["kind"], row["holder"], row["place"] or "", dates, note, cited)
        )
    head = ("what", "kind", "whose", "place", "dates", "note", "source")
    return [f"## {Bases().name}", "", *table(head, rows)]


def _border() -> list[str]:
    border = StateBorder().summary()
    parts = [(border["name"], border), *((part["name"], part) for part in border["parts"])]
    rows = [(name, f"{p['length_km']:,.0f} ({p['low_km']:,.0f}–{p['high_km']:,.0f})")
            for name, p in parts]  # fmt: skip
    return [
        f"## {border['name']}",
        "",
        f"A line {border['note']}.",
        "",
        *table(("part", "km (95 %)"), rows),
    ]


def _provinces() -> list[str]:
    counted = Counter((known.country, known.kind) for known in provinces())
    rows = [(code, kind, str(n)) for (code, kind), n in counted.items()]
    return [
        f"## {Provinces().name}",
        "",
        "Outlines of Natural Earth, to ±1.4 km, with names in seven languages: `araxes list "
        "provinces`.",
        "",
        *table(("country", "kind", "number"), rows),
    ]


def _events() -> list[str]:
    every = events()
    counted = Counter(known.layer for known in every)
    rows = [(key, str(counted[key])) for key in event_layers() if counted[key]]
    reasons = [(key, why) for key, why in NOT_DRAWN.items()]
    return [
        "## Events",
        "",
        f"{len(every)} dated events from 1918 to 2026: `araxes events`.",
        "",
        *table(("subject", "events"), rows),
        "",
        "## What the documents name and is not drawn",
        "",
        *table(("what", "why"), reasons),
    ]
