"""The rows of `araxes list`, and those of the JSON of `araxes figures`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.files.bundle import BUNDLED, own_left_out
from borders.measure import rounded
from maps.tables.context import province_entry

if TYPE_CHECKING:
    from corridors.analysis.verdicts import Verdict
    from corridors.study.study import Study

__all__ = ["rows", "show", "verdict_row"]


def rows(what: str) -> list[dict[str, Any]]:
    """Return the rows of one listing as plain dictionaries, those of a study first."""
    own = _own_ids(what)
    return sorted(_LISTS[what](), key=lambda row: row.get("id") not in own)


def _own_ids(what: str) -> set[str]:
    """Return the ids of a study's own things of one listing."""
    if what == "places":
        return {row["id"] for row in BUNDLED.own_rows("places.csv")}
    if what == "crossings":
        from corridors.network.load import own_links

        return {link.crossing for link in own_links() if link.crossing}
    return {path.stem for kind in _KINDS.get(what, ()) for path in BUNDLED.own(kind)}


def _systems(kinds: tuple[str, ...] = ("border", "territory", "corridor")) -> list[dict[str, Any]]:
    from corridors.model.registry import readable_systems

    return [
        {"id": s.id, "kind": s.kind, "name": s.name, "length_km": round(s.length.value / 1000, 1),
         "low_km": round(s.length.low / 1000, 1), "high_km": round(s.length.high / 1000, 1)}
        for s in readable_systems()
        if s.kind in kinds
    ]  # fmt: skip


def _places() -> list[dict[str, Any]]:
    from borders.gazetteer.places import places

    return [
        {"id": p.id, "name": p.name, "kind": p.kind, "country": p.country, "lon": p.lon,
         "lat": p.lat, "sigma_m": p.sigma_m, "state": p.state, "names": p.names}
        for p in places().values()
    ]  # fmt: skip


def _study() -> Study | None:
    """Return the study whose things are seen, None if there is none."""
    if BUNDLED.over is None:
        return None
    from corridors.study.study import readable_study

    return readable_study(BUNDLED.over)


def _layers() -> list[dict[str, Any]]:
    """Return the files of a study, and those of the data that show below it."""
    from borders.files.catalogue import files

    study = _study()
    rows: list[dict[str, Any]] = []
    if study is not None:
        from corridors.study.contents import own_files

        rows = [
            {"id": f.path, "name": f.title, "rows": f.rows, "sources": (), "licence": ""}
            for f in own_files(study)
        ]
    return rows + [
        {"id": f.path, "name": f.title, "rows": f.rows, "sources": f.sources, "licence": f.licence}
        for f in (files().values() if BUNDLED.shows else ())
    ]  # fmt: skip


def _sources() -> list[dict[str, Any]]:
    """Return the sources that a study cites, first, and those of the data that show below it."""
    from borders.files.catalogue import sources

    known, study = sources(), _study()
    cited: list[str] = []
    if study is not None:
        from corridors.study.contents import own_sources

        cited = own_sources(study)
    # A source that the catalogue lacks is its own citation.
    rows = [
        {"id": key, "name": key, "state": "", "licence": ""} for key in cited if key not in known
    ]
    return rows + [
        {"id": s.id, "name": s.citation, "state": s.state, "licence": s.licence}
        for s in known.values()
        if BUNDLED.shows or s.id in cited
    ]


def _scenarios() -> list[dict[str, Any]]:
    from corridors.scenarios.scenario import read_scenario, scenario_ids

    known = []
    for key in scenario_ids():
        with own_left_out(f"scenarios/{key}.toml"):
            known.append(read_scenario(key))
    return [
        {"id": s.id, "name": s.name, "on": str(s.on), "open": list(s.open),
         "close": list(s.close), "build": list(s.build), "set": s.settings}
        for s in known
    ]  # fmt: skip


def _crossings() -> list[dict[str, Any]]:
    from corridors.export.show_network_json import crossing_rows

    return crossing_rows()


def _context() -> list[dict[str, Any]]:
    """Return what the documents name besides borders and corridors; what is not drawn, and why."""
    from corridors.context.events import events
    from corridors.context.systems import NOT_DRAWN, context_ids, context_system

    drawn = [context_system(key) for key in context_ids()]
    rows = [
        {"id": s.id, "kind": s.kind, "name": s.name, "rows": len(s.rows()), "reason": None}
        for s in drawn
    ]
    first = _by_command("events", "events", len(events()), "Dated events (`araxes events`)")
    if drawn:
        from corridors.analysis.gateways import PAIRS, SCENARIOS
        from corridors.context.pipelines import pipelines

        name = "Pipelines by country, with capacity and owners (`araxes list pipelines`)"
        rows.append(_by_command("pipelines", "pipelines", len(pipelines()), name))
        name = "Middle Corridor, gateway to gateway (`araxes compare --gateways`)"
        rows.append(_by_command("middle-corridor", "ways", len(PAIRS) * len(SCENARIOS), name))
    rest = [
        {"id": key, "kind": "not drawn", "name": reason, "rows": 0, "reason": reason}
        for key, reason in (NOT_DRAWN.items() if drawn else ())
    ]
    return [first, *rows, *rest]


def _by_command(key: str, kind: str, count: int, name: str) -> dict[str, Any]:
    """Return the row of what a command of its own lists."""
    return {"id": key, "kind": kind, "name": name, "rows": count, "reason": None}


def _rows_of(key: str) -> list[dict[str, Any]]:
    from corridors.context.systems import context_ids, context_system

    return context_system(key).rows() if key in context_ids() else []


def _alliances() -> list[dict[str, Any]]:
    from corridors.context.alliances import ORGANISATIONS

    return [row for key in ORGANISATIONS for row in _rows_of(key.lower())]


def _pipelines() -> list[dict[str, Any]]:
    from corridors.analysis.pipelines import pipeline_rows

    return pipeline_rows()


def _provinces() -> list[dict[str, Any]]:
    from corridors.context.provinces import provinces

    return [row for known in provinces() for row in known.rows()]


_LISTS = {
    "systems": _systems,
    "context": _context,
    "sister-cities": lambda: _rows_of("sister-cities"),
    "districts": lambda: _rows_of("karabakh-districts"),
    "alliances": _alliances,
    "pipelines": _pipelines,
    "provinces": _provinces,
    "borders": lambda: _systems(("border", "territory")),
    "corridors": lambda: _systems(("corridor",)),
    "scenarios": _scenarios,
    "crossings": _crossings,
    "places": _places,
    "layers": _layers,
    "sources": _sources,
}

# The folders of a study whose files are things of a listing, named as their ids.
_KINDS = {
    "systems": ("treaties", "corridors"), "borders": ("treaties",), "corridors": ("corridors",),
    "scenarios": ("scenarios",),
}  # fmt: skip

# The columns that each listing prints.
_COLUMNS = {
    "systems": ("id", "km", "95 %", "name"),
    "context": ("id", "kind", "rows", "name"),
    "sister-cities": ("date", "municipality", "partner", "country", "standard", "km"),
    "districts": ("id", "km²", "95 %", "Azerbaijani", "Armenian"),
    "alliances": ("organisation", "country", "date", "change"),
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
    from maps.tables.text import print_entries, print_hanging, print_table

    if not entries:
        print(f"no {what} in the data")
        return
    if what in _ENTRIES:
        print_entries(map(_ENTRIES[what], entries))
        return
    columns = _COLUMNS[what]
    if what == "sources":
        print_entries(
            [(row["id"], row["state"], row["name"] * (row["name"] != row["id"])) for row in entries]
        )
        return
    texts = [_with_texts(row) for row in entries]
    print_table(columns, [[str(row[c]) for c in columns] for row in texts])
    if what == "crossings":
        print_hanging(
            f"statuses on {entries[0]['on']}; `araxes show ID --on DATE` tells those of another day"
        )


def _pipeline_entry(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return the lines of a pipeline: what it is, then by country, dates, capacity and owners."""
    from borders.dates import period
    from corridors.context.pipelines import pipeline_of
    from corridors.model.corridor import corridor

    km, low, high = rounded(row["length_km"], row["low_km"], row["high_km"])
    parts = []
    for code, part in row["countries"].items():
        text = "{} {} km ({}–{})".format(code, *rounded(part["km"], part["low_km"],
                                                        part["high_km"]))  # fmt: skip
        published = part["published_km"]
        parts.append(text + (f", published {published:g}" if published is not None else ""))
    dates = [period(status) for status in corridor(row["id"]).statuses]
    lines = ["; ".join(parts), "; ".join(dates)]
    piped = pipeline_of(row["id"])
    if piped is not None:
        lines += [f"capacity {piped.capacity_text}; run by {piped.operator}",
                  f"owners: {piped.owners_text}", piped.note]  # fmt: skip
    note = f"{row['carries']}, {km} km ({low}–{high}), {row['basis']}"
    return row["id"], note, "\n".join(filter(None, lines))


def _with_texts(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its length and interval, or its countries and modes, as text."""
    if "partner" in row:
        where = f"{row['province']} {row['municipality']}"
        return {**row, "date": row["date"] or "", "municipality": where,
                "standard": row["partner_standard"] or "not found",
                "km": "" if row["km"] is None else f"{row['km']:,}"}  # fmt: skip
    if "area_km2" in row:
        return {**row, "km²": f"{row['area_km2']:,}",
                "95 %": f"{row['low_km2']:,}–{row['high_km2']:,}",
                "Azerbaijani": row["names"]["az"],
                "Armenian": f"{row['names']['hy']}: {row['called_by_armenia']}"}  # fmt: skip
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


# What is listed as entries of several lines, not as a table.
_ENTRIES = {"pipelines": _pipeline_entry, "provinces": province_entry}
