"""The strategic network: authored tables of links, crossings and statuses → one file of links.

Reads `data/network/links/*.csv`, `totals.csv`, `crossings.csv` and `statuses.csv`, measures every
link (published, reach or chain), calibrates the chains on published lengths of one link and of
several in a row in one terrain, adjusts them to published lengths of several in a row, and writes
`links.geojson` in the schema of every network, `calibration.csv` and the lengths behind it.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict, replace
from typing import Any

from files import DATA, geojson, table
from shapely import LineString
from totals import adjust

sys.path.insert(0, str(DATA.parent))

from published import link_samples, pipeline_samples, total_samples, track_samples
from rail_graph import between, without_reversals

from borders import geodesy
from borders.compiler.uncertainty import LENGTH_SIGMA
from borders.errors import AraxesError, SchemaError
from borders.files import schema
from borders.files.features import end_to_end
from borders.files.toml import read_toml
from borders.gazetteer.places import Place, places
from borders.recurring import checked_hours
from corridors.model.length import PUBLISHED_SIGMA, chain_length
from corridors.model.path import pieces
from corridors.model.sinuosity import TERRAINS, Sample, Sinuosity, calibrate
from corridors.network.dated_statuses import read_link_statuses

NETWORK = DATA / "network"
LINKS, CALIBRATION = NETWORK / "links.geojson", NETWORK / "calibration.csv"
SAMPLES = NETWORK / "calibration_samples.csv"


class Course:
    """The drawn course of a link and its length by measurement."""

    def __init__(self, row: dict[str, Any], where: str) -> None:
        ends = [_place(row[key], where) for key in ("from", "to")]
        steps = (row["path"] or "").split()
        self.graph = row["mode"] == "rail" and row["basis"] == "reach" and "@" not in str(steps)
        if self.graph:
            stops = [ends[0], *(_place(s, where) for s in steps), ends[1]]
            try:
                self.line, self.length_m, self.sigma_m = between(
                    [(p.lon, p.lat) for p in stops], names=[p.id for p in stops]
                )
            except ValueError as err:
                raise SchemaError(f"{where}: {err}") from err
            self.chords_m, self.guided_m, self.pieces = 0.0, self.length_m, []
            # The graph's course ends at stations; the link ends at the places where others meet it.
            xy = [(p.lon, p.lat) for p in ends]
            self.line = LineString(without_reversals([xy[0], *self.line.coords[1:-1], xy[1]]))
            return
        self.pieces = pieces(_path(row, steps), where)
        self.line = end_to_end(self.pieces)
        self.chords_m = sum(piece.drawn_m for piece in self.pieces if not piece.along)
        self.guided_m = sum(piece.true_m for piece in self.pieces if piece.along)
        self.length_m, self.sigma_m = self.chords_m + self.guided_m, 0.0


def _place(key: str, where: str) -> Place:
    if key not in places():
        raise SchemaError(f"{where}: no place '{key}' in data/places.csv")
    return places()[key]


def _path(row: dict[str, Any], steps: list[str]) -> list[dict[str, Any]]:
    """Return the tokens of a path as the steps of a corridor file."""
    tokens = [row["from"], *steps, row["to"]]
    path: list[dict[str, Any]] = []
    for n, token in enumerate(tokens):
        if token.startswith("@"):
            path.append({"along": token[1:], "from": tokens[n - 1], "to": tokens[n + 1]})
        elif ";" in token:
            lon, lat = token.split(";")
            path.append({"point": [float(lon), float(lat)]})
        else:
            path.append({"place": token})
    return path


def _rows(name: str, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Return where it stands, for messages, and the checked row of every row of a table."""
    path = NETWORK / name
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.DictReader(file), 2):
            where = f"data/network/{name}:{n}"
            rows.append((where, schema.check(kind, row, where)))
    return rows


def read() -> list[tuple[str, dict[str, Any], Course]]:
    """Return where it stands, the checked row and the course of every authored link."""
    links = []
    for mode in ("rail", "road", "ferry"):
        for where, row in _rows(f"links/{mode}.csv", "link"):
            row["mode"] = mode
            if (row["basis"] == "published") != (row["length_km"] is not None):
                raise SchemaError(f"{where}: basis 'published' and length_km go together")
            if mode == "rail" and row["gauge_mm"] not in (1520, 1435):
                raise SchemaError(f"{where}: gauge_mm is {row['gauge_mm']}; write 1520 or 1435")
            links.append((where, row, Course(row, where)))
    return links


def _length(row: dict[str, Any], course: Course, samples: list[Sample]) -> dict[str, Any]:
    """Return the length, its standard error, and the part of it shared with other links."""
    if row["basis"] == "published":
        value = 1000 * row["length_km"]
        least = PUBLISHED_SIGMA[row["length_state"] or "unverified"] * value
        # A figure in whole kilometres is off by up to half of one.
        sigma = max(least, 300.0) if row["sigma_km"] is None else 1000 * row["sigma_km"]
        return {"basis": "published", "length_m": value, "sigma_m": sigma, "shared_m": 0.0,
                "shared_with": None}  # fmt: skip
    if row["basis"] == "reach":
        if course.chords_m > 0.2 * course.length_m:
            raise SchemaError(f"link {row['id']}: basis 'reach', yet chords make a fifth of it")
        if course.graph:
            factor = calibrate(samples, "rail", "graph")
            value = factor.factor * course.length_m
            return {"basis": "reach", "length_m": value, "sigma_m": factor.sigma * value,
                    "shared_m": factor.shared * value, "shared_with": "reach.rail"}  # fmt: skip
        sigma = LENGTH_SIGMA * course.length_m
        return {"basis": "reach", "length_m": course.length_m, "sigma_m": sigma,
                "shared_m": sigma, "shared_with": "reach"}  # fmt: skip
    chain = chain_length(course.pieces, calibrate(samples, row["mode"], row["terrain"]))
    return {"basis": "chain", **asdict(chain)}


def _crossing(
    row: dict[str, Any], crossings: dict[str, dict[str, Any]], where: str
) -> dict[str, Any]:
    """Return delays and countries of a link."""
    countries = [places()[row[key]].country for key in ("from", "to")]
    if row["crossing"] is None:
        if countries[0] != countries[1] and row["mode"] != "ferry":
            raise SchemaError(
                f"{where}: {row['from']} ({countries[0]}) and {row['to']} ({countries[1]}) "
                "lie in two countries; only a crossing joins them"
            )
        return {"countries": ",".join(dict.fromkeys(countries))}
    if row["crossing"] not in crossings:
        raise SchemaError(f"{where}: no crossing '{row['crossing']}' in crossings.csv")
    crossing = crossings[row["crossing"]]
    stated = [crossing["country_from"], crossing["country_to"]]
    if countries != stated:
        raise SchemaError(
            f"{where}: from {countries[0]} to {countries[1]}, but {crossing['id']} says "
            f"from {stated[0]} to {stated[1]}"
        )
    return {
        "name": crossing["name"],
        "countries": ",".join(countries),
        "delay_h": crossing["delay_freight_h"],
        "delay_passengers_h": crossing["delay_passengers_h"],
        "delay_state": crossing["delay_state"],
        "cost_usd_t": crossing["cost_usd_t"],
        "note": " ".join(filter(None, (row["note"], crossing["note"]))) or None,
    }


def _statuses() -> dict[str, list[dict[str, Any]]]:
    """Return link id → its rows of statuses.csv."""
    dated: dict[str, list[dict[str, Any]]] = {}
    with (NETWORK / "statuses.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            dated.setdefault(row["link"], []).append(row)
    return dated


def _status(
    row: dict[str, Any], dated: dict[str, list[Any]], where: str, *others: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the status of a link or its dated ones, which are taken out of `dated`.

    Parameters
    ----------
    others : its crossing and the like, whose hours and seasons hold for it too.
    """
    own = dated.pop(row["id"], [])
    if bool(own) == (row["status"] is not None):
        raise SchemaError(f"{where}: give a status, or rows in statuses.csv, one of the two")
    read_link_statuses(own, where)
    statuses = [{k: v for k, v in status.items() if v and k != "link"} for status in own]
    for said in (row, *filter(None, others)):
        hours = {k: said[k] for k in ("closed", "open_hours") if said.get(k)}
        if hours:
            checked_hours(hours.get("closed"), hours.get("open_hours"), where)
            statuses = statuses or [{"status": row["status"]}]
            statuses = [hours | s if s["status"] == "open" else s for s in statuses]
    return {"statuses": statuses} if statuses else {"status": row["status"]}


def _corridor(row: dict[str, Any]) -> dict[str, Any] | None:
    """Return the file of the corridor that a link is part of, None if it is of none."""
    key = row["corridor"]
    path = DATA / "corridors" / f"{key}.toml"
    return read_toml(path) if key and path.is_file() else None


def _node(row: dict[str, Any], key: str) -> str:
    layer = f"rail{row['gauge_mm']}" if row["mode"] == "rail" else row["mode"]
    return f"{row[key]}.{layer}"


def measure(
    links: list[tuple[str, dict[str, Any], Course]], totals: list[tuple[str, dict[str, Any]]]
) -> tuple[list[Sample], dict[str, dict[str, Any]], dict[str, tuple[float, float]]]:
    """Return the samples, the length of every link, and how the totals moved each factor."""
    samples = [
        *link_samples(links), *total_samples(links, totals), *track_samples(links),
        *pipeline_samples(),
    ]  # fmt: skip
    lengths = {row["id"]: _length(row, course, samples) for _, row, course in links}
    moved = adjust(lengths, totals)
    return samples, lengths, moved


def build() -> int:
    links = read()
    totals = _rows("totals.csv", "total")
    samples, lengths, moved = measure(links, totals)
    crossings = {row["id"]: row for _, row in _rows("crossings.csv", "crossing")}
    dated = _statuses()
    features = []
    for where, row, drawn in links:
        properties = {
            "id": row["id"], "from": _node(row, "from"), "to": _node(row, "to"),
            "mode": row["mode"], "geometry_quality": "schematic",
            "position_sigma_m": row["position_sigma_m"], "terrain": row["terrain"],
            "gauge_mm": row["gauge_mm"], "tracks": row["tracks"],
            "electrified": row["electrified"], "speed_kmh": row["speed_kmh"],
            "crossing": row["crossing"], "corridor": row["corridor"],
            "source": row["length_source"] or row["source"], "state": row["state"],
            "note": row["note"],
            **_crossing(row, crossings, where), **lengths[row["id"]],
            **_status(row, dated, where, crossings.get(row["crossing"] or ""), _corridor(row)),
        }  # fmt: skip
        line = LineString(drawn.line)
        chord_m = float(geodesy.length_m(LineString([line.coords[0], line.coords[-1]])))
        if properties["length_m"] + 3 * properties["sigma_m"] < chord_m:
            raise SchemaError(f"{where}: {row['id']} is shorter than the geodesic, {chord_m:.0f} m")
        features.append((_compact(properties), line))
    for where, row in _rows("links/transfer.csv", "transfer"):
        features.append((_compact(_transfer(row, dated, where)), LineString()))
    if dated:
        raise SchemaError(f"data/network/statuses.csv: no link {', '.join(sorted(dated))}")
    rows = []
    for mode in ("rail", "road", "ferry", "pipeline"):
        for terrain in TERRAINS:
            factor = adjusted(calibrate(samples, mode, terrain), moved)
            rows.append(_calibration_row(factor))
    rows.append(_calibration_row(calibrate(samples, "rail", "graph")))
    table(CALIBRATION, ["mode", "terrain", "factor", "spread", "shared", "n", "ends_m"], rows)
    table(
        SAMPLES,
        ["id", "mode", "terrain", "chords_m", "guided_m", "published_m", "corridor"],
        [
            (s.id, s.mode, s.terrain, f"{s.chords_m:.0f}", f"{s.guided_m:.0f}",
             f"{s.published_m:.0f}", s.corridor)
            for s in samples
            if s.mode != "ferry"
        ],
    )  # fmt: skip
    return geojson(LINKS, features, decimals=4)


def adjusted(factor: Sinuosity, moved: dict[str, tuple[float, float]]) -> Sinuosity:
    """Return a factor as the totals moved it, so that a chain gets the length that links have."""
    shift, left = moved.get(f"chain.{factor.mode}.{factor.terrain}", (0.0, 1.0))
    scale = 1 + shift * factor.shared
    return replace(
        factor, factor=factor.factor * scale, spread=factor.spread / scale,
        shared=factor.shared * left / scale,
    )  # fmt: skip


def _calibration_row(factor: Sinuosity) -> tuple[Any, ...]:
    return (
        factor.mode, factor.terrain, f"{factor.factor:.5f}", f"{factor.spread:.5f}",
        f"{factor.shared:.5f}", factor.n, f"{factor.ends_m:.0f}",
    )  # fmt: skip


def _transfer(row: dict[str, Any], dated: dict[str, list[Any]], where: str) -> dict[str, Any]:
    return {
        "id": row["id"],
        "from": f"{row['place']}.{row['from_layer']}",
        "to": f"{row['place']}.{row['to_layer']}",
        "mode": "transfer",
        "length_m": 1000 * (row["length_km"] or 0.0),
        "sigma_m": 100 * (row["length_km"] or 0.0),
        "basis": "chain",
        "countries": _place(row["place"], where).country,
        "delay_h": row["delay_h"],
        "delay_passengers_h": row["delay_h"],
        "cost_usd_t": row["cost_usd_t"],
        "corridor": row["corridor"],
        "source": row["source"],
        "state": row["state"],
        "note": row["note"],
        **_status(row, dated, where),
    }


def _compact(properties: dict[str, Any]) -> dict[str, Any]:
    """Return properties without missing values, and with lengths in metres to one decimal."""
    return {
        key: round(value, 1) if isinstance(value, float) and key.endswith("_m") else value
        for key, value in properties.items()
        if value is not None
    }


if __name__ == "__main__":
    try:
        print(build())
    except AraxesError as err:
        sys.exit(str(err))
