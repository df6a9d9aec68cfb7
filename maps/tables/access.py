"""What lies within a limit of a place as tables: by class, by country, and who gains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.files.bundle import BUNDLED
from maps.tables.analyses import scenario_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.analysis.access import Access

__all__ = ["access_json", "access_markdown", "show_access"]

# Countries whose part of a gain is named in a sentence.
_MOST_NAMED = 4
_Row = tuple[str, ...]


def access_json(access: Access) -> dict[str, Any]:
    """Return what lies within a limit as the values of its JSON."""
    from corridors.routing.route import name_of

    scenarios = []
    for n, scenario in enumerate(access.scenarios):
        values: dict[str, Any] = {
            "scenario": scenario.id, "on": access.on[n].isoformat(), **_counts(access, n),
            "by_class": {key: _counts(access, n, place_class=key) for key in access.classes},
            "by_country": {key: _counts(access, n, country=key) for key in access.countries},
            "equity": _equity(access, n) if n else None,
        }  # fmt: skip
        scenarios.append(values)
    return {
        "from": name_of(access.origin), "within": access.limit, "by": access.terms.by,
        "unit": access.unit, "users": access.terms.who,
        "modes": sorted({mode for choice in access.terms.choices for mode in choice}),
        "basis": access.basis, **(access.cost_basis.row() if access.terms.by == "cost" else {}),
        "remarks": [*access.remarks, *_remarks(access)],
        "scenarios": scenarios, "places": _site_rows(access),
    }  # fmt: skip


def _counts(access: Access, n: int, **which: str) -> dict[str, Any]:
    """Return the counts of places and people: how many inside, surely and possibly."""
    values: dict[str, Any] = {}
    for change in ("inside", "gained", "lost") if n else ("inside",):
        for what, of_people in (("places", False), ("people", True)):
            if of_people and "place_class" in which:
                continue
            count = access.count(n, change=change, of_people=of_people, **which)
            key = what if change == "inside" else f"{change}_{what}"
            values |= {key: count.value, f"surely_{key}": count.surely,
                       f"possibly_{key}": count.possibly}  # fmt: skip
    return values


def _equity(access: Access, n: int) -> dict[str, Any]:
    equity = access.equity(n)
    return {
        "people": equity.people, "mean_gain": round(equity.mean, 3), "gainers": equity.gainers,
        "losers": equity.losers,
        "by_country": {code: round(part, 4) for code, part in equity.by_country.items()},
        "by_size": [round(part, 4) for part in equity.by_size],
        "top_tenth": round(equity.top_tenth, 4),
        "gini": None if equity.gini is None else round(equity.gini, 4),
    }  # fmt: skip


def _site_rows(access: Access) -> list[dict[str, Any]]:
    """Return the places and towns possibly inside under a scenario, the nearest first."""
    sites = [site for site in access.sites if min(site.lows) <= access.limit]
    sites.sort(key=lambda site: (min(site.costs), site.id))

    def rounded(values: Sequence[float]) -> list[float | None]:
        return [round(value, 1) if value < float("inf") else None for value in values]

    return [
        {
            "id": site.id, "name": site.name, "country": site.country or None,
            "class": site.place_class, "people": site.people or None,
            "values": rounded(site.costs), "lows": rounded(site.lows),
            "highs": rounded(site.highs),
        }
        for site in sites
    ]  # fmt: skip


def access_markdown(access: Access) -> str:
    """Return what lies within a limit as Markdown tables."""
    from maps.tables.markdown import cell, table

    lines = [cell(access.name), ""]
    for head, rows in _tables(access):
        lines += [*table(head, rows), ""]
    sentences = [*_sentences(access), *access.remarks, *_remarks(access)]
    return "\n".join([*lines, *map(cell, sentences)])


def show_access(access: Access) -> None:
    """Print what lies within a limit: by scenario, by class and by country, and who gains."""
    from maps.tables.text import console, print_hanging, print_table

    out = console()
    out.print(access.name, style="bold", markup=False)
    out.print(scenario_line(access.terms, access.on), markup=False)
    for head, rows in _tables(access):
        out.print()
        print_table(head, rows)
    out.print()
    for sentence in [*_sentences(access), *access.remarks, *_remarks(access)]:
        print_hanging(sentence)


def _tables(access: Access) -> list[tuple[_Row, list[_Row]]]:
    """Return the tables: heads and rows of text."""
    tables: list[tuple[_Row, list[_Row]]] = []
    tables.append((("scenario", "places", "people"), _scenario_rows(access)))
    if len(access.scenarios) > 1:
        head = ("against the first", "places gained", "people gained", "places lost")
        tables.append((head, _changes(access)))
    tables.append((("class", *_short_ids(access)), _class_rows(access)))
    if _counts_people(access):
        tables.append((("people of", *_short_ids(access)), _country_rows(access)))
    return tables


def _counts_people(access: Access) -> bool:
    """Tell whether there are towns whose people could be counted; a study may have none."""
    return any(site.place_class == "gazetteer" for site in access.sites)


def _short_ids(access: Access) -> tuple[str, ...]:
    """Return the ids of the scenarios, or numbers where they are too many for a line."""
    ids = tuple(scenario.id for scenario in access.scenarios)
    return ids if len(ids) <= 2 else tuple(f"[{n}]" for n in range(1, len(ids) + 1))


def _scenario_rows(access: Access) -> list[_Row]:
    many = len(access.scenarios) > 2
    return [
        (f"[{n + 1}] {scenario.id}" if many else scenario.id, str(access.count(n)),
         str(access.count(n, of_people=True)))
        for n, scenario in enumerate(access.scenarios)
    ]  # fmt: skip


def _changes(access: Access) -> list[_Row]:
    rows = []
    for n in range(1, len(access.scenarios)):
        gained = [access.count(n, change="gained", of_people=people) for people in (False, True)]
        rows.append((access.scenarios[n].id, *map(str, gained),
                     str(access.count(n, change="lost"))))  # fmt: skip
    return rows


def _class_rows(access: Access) -> list[_Row]:
    numbers = range(len(access.scenarios))
    return [
        (key, *(_cell(access.count(n, place_class=key), len(numbers)) for n in numbers))
        for key in access.classes
    ]


def _country_rows(access: Access) -> list[_Row]:
    numbers = range(len(access.scenarios))
    rows = []
    for code in access.countries:
        counts = [access.count(n, country=code, of_people=True) for n in numbers]
        if any(count.possibly for count in counts):
            rows.append((code, *(_cell(count, len(counts)) for count in counts)))
    return rows


def _cell(count: Any, columns: int) -> str:
    """Return a count with its interval; alone where the columns would not fit."""
    return str(count) if columns <= 2 else f"{count.value:,}"


def _sentences(access: Access) -> list[str]:
    """Return who gains how much, in one sentence a scenario."""
    if not _counts_people(access):
        return []
    return [_gain(access, n) for n in range(1, len(access.scenarios))]


def _gain(access: Access, n: int) -> str:
    equity, key = access.equity(n), access.scenarios[n].id
    unit = access.unit
    if equity.gini is None:
        return f"{key}: nobody within the limit gains" + _losers(equity.losers)
    ranked = sorted(equity.by_country.items(), key=lambda item: -item[1])
    named = [f"{code} {_percent(part)}" for code, part in ranked if part >= 0.005][:_MOST_NAMED]
    fifths = ", ".join(_percent(part) for part in equity.by_size)
    return (
        f"{key}: {equity.gainers:,} of {equity.people:,} people gain, {equity.mean:,.2f} {unit} "
        f"each in the mean over all{_losers(equity.losers)}. Of the gain have {', '.join(named)}; "
        f"by fifths of the people, smallest towns first, {fifths}; the tenth that gains most "
        f"{_percent(equity.top_tenth)}. Gini {equity.gini:.2f} (0: all gain alike)."
    )


def _losers(people: int) -> str:
    return f"; {people:,} lose" if people else ""


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %"


def _remarks(access: Access) -> list[str]:
    """Return what the numbers mean, in words."""
    remarks = [
        "In brackets: surely inside (the 95 % interval ends within the limit) – possibly inside "
        f"(it begins within). Basis: {access.basis or 'none'}."
    ]
    if len(access.scenarios) > 1:
        remarks.append(
            f"A gain is by how much the way takes less, more than {access.limit:g} {access.unit} "
            f"counting as {access.limit:g}."
        )
    if access.terms.by == "cost":
        remarks.append(f"Costs: {access.cost_basis.text}.")
    if not _counts_people(access):
        return remarks
    unknown = access.unknown_people
    # A study may bring a gazetteer from anywhere.
    whose = " (GeoNames)" if BUNDLED.shows else ""
    more = f"; of {unknown} of these towns the number is not known" if unknown else ""
    remarks.append(
        f"People: towns of the gazetteer{whose} within 5 km of a place or a stretch of road "
        f"that is reached; parts of some towns are listed as towns besides{more}."
    )
    return remarks
