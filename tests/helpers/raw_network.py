"""The bundled network as its files say it, read by nothing of ours: a truth for routes."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import networkx as nx

DATA = Path(__file__).parents[2] / "data"
# The day of scenario `status-quo`.
DAY = "2026-06-01"


@cache
def raw_links() -> tuple[dict[str, Any], ...]:
    """Return the properties of each link, and its course under `xy`."""
    features = json.loads((DATA / "network/links.geojson").read_text("utf-8"))["features"]
    return tuple(
        {**f["properties"], "xy": (f["geometry"] or {"coordinates": []})["coordinates"]}
        for f in features
    )


@cache
def raw_assumptions() -> dict[str, float]:
    """Return key → value of the assumptions and of the calibrated rates."""
    return {key: float(row["value"]) for key, row in raw_ranges().items()}


@cache
def raw_ranges() -> dict[str, dict[str, str]]:
    """Return key → row of the assumptions and of the calibrated rates."""
    rows = {}
    for name in ("assumptions", "rates"):
        with (DATA / f"network/{name}.csv").open(encoding="utf-8") as file:
            rows |= {row["key"]: row for row in csv.DictReader(file)}
    return rows


def raw_status(
    row: dict[str, Any], *, day: str = DAY, forward: bool = True, users: str = "freight"
) -> str:
    """Return the status of a link on a day: what is said of the users and direction alone first."""
    rows = row.get("statuses") or [{"status": row.get("status") or "open"}]
    holding = [
        one for one in rows
        if one.get("users", "all") in ("all", users)
        and one.get("direction", "both") in ("both", "forward" if forward else "backward")
        and (one.get("valid_from") or "") <= day < (one.get("valid_to") or "9999")
    ]  # fmt: skip
    holding.sort(key=lambda one: (one.get("users", "all") == "all",
                                  one.get("direction", "both") == "both"))  # fmt: skip
    return holding[0]["status"] if holding else "unknown"


def raw_stops(mode: str, countries: list[str]) -> list[str]:
    """Return the keys of what freight stops at a border: two posts where one is known."""
    base = f"delay_h.post.{mode}.freight"
    own = [
        next((k for k in (f"{base}.{code}.{way}", f"{base}.{code}") if k in raw_ranges()), base)
        for code, way in zip((countries[0], countries[-1]), ("out", "in"), strict=True)
    ]
    if own != [base, base]:
        return own
    whole = f"delay_h.crossing.{mode}"
    return [f"{whole}.freight" if f"{whole}.freight" in raw_ranges() else whole]


def raw_hours(row: dict[str, Any], *, forward: bool = True) -> float:
    """Return the hours of freight on a link that no union spans: driving, and any stops."""
    usual, mode = raw_assumptions(), row["mode"]
    if mode == "transfer":
        layers = [row[end].rpartition(".")[2] for end in ("from", "to")]
        kind = "gauge" if all(layer.startswith("rail") for layer in layers) else "mode"
        stop = row.get("delay_h")
        return usual[f"delay_h.transfer.{kind}"] if stop is None else stop
    own = row.get("speed_kmh")
    speed = usual.get(f"speed_kmh.{mode}.{row.get('terrain')}", usual.get(f"speed_kmh.{mode}"))
    hours = row["length_m"] / 1000 / (own or speed)
    stop = row.get("delay_h")
    if stop is None and row.get("crossing"):
        countries = row["countries"].split(",")
        stops = raw_stops(mode, countries if forward else countries[::-1])
        stop = sum(usual[key] for key in stops)
    return hours + (stop or 0.0)


def raw_graph(*modes: str, day: str = DAY) -> nx.DiGraph:
    """Return the open links of some modes; transfers of length 0 among them.

    An edge has ``link``, ``km`` and ``hours``. Of parallel links one is an edge, the others lead
    through a node of their own, so that every link is on a way of its own.
    """
    graph = nx.DiGraph()
    for row in raw_links():
        layers = [row[end].rpartition(".")[2].rstrip("0123456789") for end in ("from", "to")]
        if not {*layers, row["mode"]} <= {*modes, "transfer"} or row["mode"] not in (
            *modes, "transfer",
        ):  # fmt: skip
            continue
        for forward in (True, False):
            a, b = (row["from"], row["to"]) if forward else (row["to"], row["from"])
            if raw_status(row, day=day, forward=forward) != "open":
                continue
            hours = raw_hours(row, forward=forward)
            values = {"link": row["id"], "km": row["length_m"] / 1000, "hours": hours}
            if graph.has_edge(a, b):
                own = f"{row['id']}:{forward}"
                graph.add_edge(a, own, **values)
                graph.add_edge(own, b, link=row["id"], km=0.0, hours=0.0)
            else:
                graph.add_edge(a, b, **values)
    return graph
