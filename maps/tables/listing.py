"""The rows of `araxes list`, and those of the JSON of `araxes figures`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.measure import rounded

if TYPE_CHECKING:
    from corridors.analysis.verdicts import Verdict

__all__ = ["rows", "show", "verdict_row"]


def rows(what: str) -> list[dict[str, Any]]:
    """Return the rows of one listing as plain dictionaries."""
    return _LISTS[what]()


def _systems(kinds: tuple[str, ...] = ("border", "territory", "corridor")) -> list[dict[str, Any]]:
    from corridors.model.registry import systems

    return [
        {"id": s.id, "kind": s.kind, "name": s.name, "length_km": round(s.length.value / 1000, 1),
         "low_km": round(s.length.low / 1000, 1), "high_km": round(s.length.high / 1000, 1)}
        for s in systems()
        if s.kind in kinds
    ]  # fmt: skip


def _places() -> list[dict[str, Any]]:
    from borders.gazetteer.places import places

    return [
        {"id": p.id, "name": p.name, "kind": p.kind, "country": p.country, "lon": p.lon,
         "lat": p.lat, "sigma_m": p.sigma_m, "state": p.state, "names": p.names}
        for p in places().values()
    ]  # fmt: skip


def _layers() -> list[dict[str, Any]]:
    from borders.files.catalogue import files

    return [
        {"id": f.path, "name": f.title, "rows": f.rows, "sources": f.sources, "licence": f.licence}
        for f in files().values()
    ]  # fmt: skip


def _sources() -> list[dict[str, Any]]:
    from borders.files.catalogue import sources

    return [
        {"id": s.id, "name": s.citation, "state": s.state, "licence": s.licence}
        for s in sources().values()
    ]


def _scenarios() -> list[dict[str, Any]]:
    from corridors.scenarios.scenario import read_scenario, scenario_ids

    return [
        {"id": s.id, "name": s.name, "on": str(s.on), "open": list(s.open),
         "close": list(s.close), "build": list(s.build), "set": s.settings}
        for s in map(read_scenario, scenario_ids())
    ]  # fmt: skip


def _crossings() -> list[dict[str, Any]]:
    from corridors.export.show_network_json import crossing_rows

    return crossing_rows()


_LISTS = {
    "systems": _systems,
    "borders": lambda: _systems(("border", "territory")),
    "corridors": lambda: _systems(("corridor",)),
    "scenarios": _scenarios,
    "crossings": _crossings,
    "places": _places,
    "layers": _layers,
    "sources": _sources,
}

# The columns that each listing prints.
_COLUMNS = {
    "systems": ("id", "km", "95 %", "name"),
    "borders": ("id", "km", "95 %", "name"),
    "corridors": ("id", "km", "95 %", "name"),
    "scenarios": ("id", "name"),
    "crossings": ("id", "between", "mode", "freight", "passengers"),
    "places": ("id", "country", "kind", "name"),
    "layers": ("id", "rows", "name"),
    "sources": ("id", "state", "name"),
}


def show(what: str, entries: list[dict[str, Any]]) -> None:
    """Print a listing as a table."""
    from maps.tables.text import print_entries, print_table

    if not entries:
        print(f"no {what} in the data")
        return
    columns = _COLUMNS[what]
    if what == "sources":
        print_entries([[row[c] for c in columns] for row in entries])
        return
    texts = [_with_texts(row) for row in entries]
    print_table(columns, [[str(row[c]) for c in columns] for row in texts])
    if what == "crossings":
        print(
            f"statuses on {entries[0]['on']}; `araxes show ID --on DATE` tells those of another day"
        )


def _with_texts(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its length and interval, or its countries and modes, as text."""
    if "countries" in row:
        return {**row, "between": "–".join(row["countries"]), "mode": ", ".join(row["modes"])}
    if "length_km" not in row:
        return row
    km, low, high = rounded(row["length_km"], row["low_km"], row["high_km"])
    return {**row, "km": km, "95 %": f"{low}–{high}"}


def verdict_row(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as a plain dictionary; lengths in km, areas in km² under the same keys."""
    ours, figure = verdict.ours, verdict.figure
    scale = 1e6 if figure.quantity == "area" else 1e3
    return {
        "id": figure.id,
        "item": figure.item,
        "system": figure.system,
        "quantity": figure.quantity,
        "published": figure.value,
        "unit": figure.unit,
        "ours": None if ours is None else round(ours.value / scale, 2),
        "low": None if ours is None else round(ours.low / scale, 2),
        "high": None if ours is None else round(ours.high / scale, 2),
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "source": figure.source,
        "state": figure.state,
    }
