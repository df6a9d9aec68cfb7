"""Tables of events, claims, sister cities, districts and alliances for the terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from corridors.context.alliances import Alliance, Bases
from corridors.context.ceded_pieces import CededPieces
from corridors.context.described import Described
from corridors.context.districts import Districts
from corridors.context.provinces import Province, Provinces
from corridors.context.sister_cities import SisterCities
from corridors.context.state_border import StateBorder
from maps.tables.counts import counted
from maps.tables.text import console, print_entries, print_hanging, print_item, print_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from corridors.analysis.claims import ClaimVerdict, Contradiction
    from corridors.context.events import Event
    from corridors.context.systems import ContextSystem

__all__ = ["claim_rows", "province_entry", "show_claims", "show_context", "show_events"]


def show_events(chosen: Sequence[Event]) -> None:
    """Print events: date, subject and place, below them what happened, and who says so."""
    rows = []
    for known in chosen:
        place = f", {known.place}" if known.place else ""
        after = f"; then: {known.status_after}" if known.status_after else ""
        sources = f"{', '.join(known.sources)} ({known.state})"
        note = f"; {known.note}" if known.note else ""
        text = f"{known.text}{after}{note}\n{sources}"
        rows.append((known.when.words, f"{known.layer}{place}", text))
    print_entries(rows)
    count = f"{len(chosen)} event{'' if len(chosen) == 1 else 's'}"
    open_dates = sum(known.when.first != known.when.last for known in chosen)
    if open_dates:
        count += f", {open_dates} of them dated to a month, a year or an interval"
    print_hanging(count)


def show_context(thing: ContextSystem, on: date | None) -> None:
    """Print districts, sister cities, bases or an alliance, as they stood on a day if one is given.

    Parameters
    ----------
    on : None for all that is known.
    """
    day = f", on {on}" if on else ""
    console().print(f"{thing.name} ({thing.id}, {thing.kind}){day}", style="bold", markup=False)
    table = thing.summary(on)
    _SHOWN_BY[type(thing)](table)
    print_item("sources", ", ".join(thing.sources))


def _show_districts(table: dict[str, Any]) -> None:
    # Of a day only that one is told.
    held = table.get("held")
    if held is None:
        print_table(
            ("district", "km²", "95 %", "Azerbaijani", "Armenian"),
            [
                (row["name"], f"{row['area_km2']:,}", f"{row['low_km2']:,}–{row['high_km2']:,}",
                 row["names"]["az"], f"{row['names']['hy']}: {row['called_by_armenia']}")
                for row in table["districts"]
            ],
        )  # fmt: skip
    else:
        print_table(
            ("district", "held by", "since"),
            [(row["name"], row["held_by"], row["since"] or "") for row in table["districts"]],
        )
        planned = [row for row in table["districts"] if row["planned"] != row["held_by"]]
        for row in planned:
            print_hanging(f"{row['name']}: as agreed on 10 November 2020, {row['planned']}")
    days = table["days"] if held is None else [held]
    rows = []
    for row in days:
        done, planned_area = row["done"], row["planned"]
        rows.append((
            row["day"], f"{done['km2']:,}", f"{done['low_km2']:,}–{done['high_km2']:,}",
            f"{planned_area['km2']:,}",
        ))  # fmt: skip
    print_hanging("Held by the Armenian side, with or without Russian peacekeepers, in km²:")
    print_table(("day", "km²", "95 %", "as agreed"), rows)
    print_hanging(
        "Polygons are the rayons of Natural Earth, to ±1.4 km; no text describes the line of "
        "contact, so each share has an interval."
    )


def _show_sister_cities(table: dict[str, Any]) -> None:
    for label, key in (("country", "by_country"), ("province", "by_province"), ("year", "by_year")):
        counted = ", ".join(f"{name} {n}" for name, n in table[key].items())
        print_item(f"by {label}", counted)
    print_item(
        "distance",
        f"{table['nearest_km']:,} to {table['farthest_km']:,} km, median {table['median_km']:,} km",
    )
    print_item("placed", f"{table['placed']} of {table['agreements']} agreements")
    for lost in table["not_found"]:
        print_item("", f"not found: {lost['spelling']} ({lost['country']}); {lost['why']}")


def _show_alliance(table: dict[str, Any]) -> None:
    if table["members"] is not None:
        print_item("members", ", ".join(table["members"]) or "none")
    print_table(
        ("country", "date", "change", "source"),
        [
            (row["country"], row["date"], row["change"],
             row["source"] + (f"; {row['note']}" if row["note"] else ""))
            for row in table["changes"]
        ],
    )  # fmt: skip
    print_hanging(f"Not on a map: {table['not_drawn']}.")


def _show_bases(table: dict[str, Any]) -> None:
    rows = []
    for row in table["bases"]:
        dates = "–".join((row["from"] or "", row["to"] or ""))
        place = f", {row['place']}" if row["place"] else ""
        diameter = f"; {row['diameter_km']:,.0f} km in diameter" if row["diameter_km"] else ""
        claim = f"; {row['claim']}" if row["claim"] else ""
        note = f"; {row['note']}" if row["note"] else ""
        rows.append((row["id"], f"{row['kind']}, {row['holder']}{place} {dates}",
                     f"{row['name']}{diameter}{claim}{note}"))  # fmt: skip
    print_entries(rows)
    if table["not_placed"]:
        print_hanging(f"not on a map, as no place is named: {', '.join(table['not_placed'])}")


def _show_border(table: dict[str, Any]) -> None:
    ends = f"{table['low_km']:,.0f}–{table['high_km']:,.0f}"
    print_item("length", f"{table['length_km']:,.0f} km ({ends}), {table['basis']}")
    rows = [
        (row["name"], f"{row['length_km']:,.0f}", f"{row['low_km']:,.0f}–{row['high_km']:,.0f}")
        for row in table["parts"]
    ]
    print_table(("part", "km", "95 %"), rows)
    print_item("note", table["note"])


def _show_province(table: dict[str, Any]) -> None:
    names = [f"{code}: {name}" for code, name in table["names"].items() if code != "en"]
    print_item("names", "  ".join(names))
    if table["transliterated"]:
        print_item("", f"our own transliteration: {', '.join(table['transliterated'])}")
    print_item("code", f"{table['code']} (Unicode CLDR), {table['country']}")
    ends = f"{table['low_km2']:,}–{table['high_km2']:,}"
    print_item("area", f"{table['area_km2']:,} km² ({ends}), outline of Natural Earth, ±1.4 km")
    print_item("places", ", ".join(table["places"]) or "none of the gazetteer")
    if table["note"]:
        print_item("note", table["note"])


def province_entry(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return the lines of a province: what it is and how large, then its names."""
    note = f"{row['kind']}, {row['area_km2']:,} km² ({row['low_km2']:,}–{row['high_km2']:,})"
    return row["id"], note, ", ".join(dict.fromkeys(row["names"].values()))


def _show_ceded(table: dict[str, Any]) -> None:
    whole = [
        (key, f"{area['km2']:,}", f"{area['low_km2']:,}–{area['high_km2']:,}", "")
        for key, area in table["territories"].items()
    ]
    pieces = [
        (row["name"], f"{row['area_km2']:,}", f"{row['low_km2']:,}–{row['high_km2']:,}",
         row.get("held_by") or "")
        for row in table["pieces"]
    ]  # fmt: skip
    print_table(("territory or piece", "km²", "95 %", "whose"), whole + pieces)
    for row in table["pieces"]:
        villages = [
            f"{v['names']['en']} ({v['names']['az']}, {v['names']['hy']})"
            + ("" if v["lon"] is not None else ", not placed")
            for v in row["villages"]
        ]
        if villages:
            print_item("villages", "; ".join(villages))
    print_hanging(
        "A piece is what Annex III of 1921 has inside and today's outline has not. Published as "
        "ceded: 625 or 657 km², of which 657 is another count that probably includes Lehvaz, "
        "Astazur and Aldara, of the former uezd of Zangezur, outside Annex III. Before and after: "
        "araxes map nakhchivan-1921 nakhchivan nakhchivan-ceded."
    )


def _show_described(table: dict[str, Any]) -> None:
    names = {code: name for code, name in table["names"].items() if code != "en"}
    print_item("names", "  ".join(f"{code}: {name}" for code, name in names.items()))
    print_item("dates", f"from {table['from']}" + (f" to {table['to']}" if table["to"] else ""))
    for row in table["drawn"]:
        words = [row["name"]]
        if row["side"]:
            words.append(f"fell to {row['side']}")
        if row["from_kars_line_km"] is not None:
            words.append(f"{row['from_kars_line_km']} km from the line of Kars")
        if row["area_km2"] is not None:
            words.append(f"about {row['area_km2']:,.0f} km²")
        if row["sigma_m"] is not None:
            words.append(f"±{row['sigma_m'] / 1000:g} km")
        print_item(row["what"], ", ".join(words))
    if table["provinces"]:
        print_item("provinces", ", ".join(table["provinces"]))
    print_item("drawn", f"{table['how']} ({table['state']})")
    if table["note"]:
        print_item("note", table["note"])


def _show_provinces(table: dict[str, Any]) -> None:
    print_entries(map(province_entry, table["provinces"]))


# What prints the table of each kind of thing.
_SHOWN_BY: dict[type, Callable[[dict[str, Any]], None]] = {
    Districts: _show_districts,
    SisterCities: _show_sister_cities,
    Alliance: _show_alliance,
    Bases: _show_bases,
    Described: _show_described,
    CededPieces: _show_ceded,
    Province: _show_province,
    Provinces: _show_provinces,
    StateBorder: _show_border,
}


def claim_rows(
    judged: Iterable[ClaimVerdict], found: Iterable[Contradiction]
) -> list[dict[str, Any]]:
    """Return claims with their verdicts as values of a table.

    Parameters
    ----------
    found : contradictions inside a document; each stands with the claims that it names.
    """
    texts: dict[str, list[str]] = {}
    for contradiction in found:
        for key in contradiction.claims:
            texts.setdefault(key, []).append(f"{contradiction.rule}: {contradiction.text}")
    rows = []
    for verdict in judged:
        claim = verdict.claim
        rows.append({
            "id": claim.id, "document": claim.document or None, "page": claim.page or None,
            "claim": claim.claim, "question": claim.question, "thing": claim.thing or None,
            "stated": claim.text, "value": claim.value, "unit": claim.unit or None,
            "ours": verdict.ours or None, "ours_value": _rounded(verdict.value),
            "low": _rounded(verdict.low), "high": _rounded(verdict.high),
            "verdict": verdict.verdict, "reason": verdict.reason,
            "probability": verdict.probability, "fits": verdict.fits or None,
            "contradictions": texts.get(claim.id, []),
        })  # fmt: skip
    return rows


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def show_claims(judged: Sequence[ClaimVerdict], found: Sequence[Contradiction]) -> None:
    """Print claims document by document, their verdicts, and what contradicts itself."""
    for document in dict.fromkeys(verdict.claim.document for verdict in judged):
        console().print(document or "claims", style="bold", markup=False)
        for verdict in judged:
            claim = verdict.claim
            if claim.document == document:
                ours = f"; ours {verdict.ours}" if verdict.ours else ""
                page = f", {claim.page}" if claim.page else ""
                print_hanging(f"  {claim.id}{page}: {claim.claim}: {claim.text}{ours}")
                print_hanging(f"    {verdict.verdict}: {verdict.reason}")
    if found:
        print_hanging("What contradicts itself inside a document:")
        for contradiction in found:
            ids = ", ".join(contradiction.claims)
            print_hanging(f"  {contradiction.rule}: {contradiction.text} ({ids})")
    counts = Counter(verdict.verdict for verdict in judged)
    named = ", ".join(f"{n} {name}" for name, n in counts.most_common())
    print_hanging(
        f"{counted(len(judged), 'claim')}: {named}; {counted(len(found), 'contradiction')}"
    )
