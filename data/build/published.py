"""Published lengths that calibrate the sinuosity of chains and the railway graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from files import DATA
from rail_graph import between

from borders.files.toml import read_toml
from borders.gazetteer.places import places
from corridors.model.corridor import read_corridor
from corridors.model.sinuosity import Sample

if TYPE_CHECKING:
    from network import Course

    Links = list[tuple[str, dict[str, Any], Course]]
    Rows = list[tuple[str, dict[str, Any]]]

# Largest position error of a road's course: a coarser one does not show how the road winds.
LARGEST_POSITION_M = 5000.0
# Published lengths of shorter links depend more on where stations are measured from.
LEAST_TRACK_KM = 30.0
# Largest relative standard error of a total that calibrates chains.
LARGEST_SIGMA = 0.03
# Where graph and published length differ by more than this part, they are of different lines.
ANOTHER_LINE = 0.1


def link_samples(links: Links) -> list[Sample]:
    """Return the links whose course is mostly a chain and whose published length is quoted."""
    samples = []
    for _, row, course in links:
        if row["basis"] != "published" or course.chords_m < 0.5 * course.length_m:
            continue
        if row["length_state"] == "unverified" or _coarse(row):
            continue
        samples.append(
            Sample(
                id=row["id"], mode=row["mode"], terrain=row["terrain"],
                chords_m=course.chords_m, guided_m=course.guided_m,
                published_m=1000 * row["length_km"], corridor=row["corridor"] or "",
            )
        )  # fmt: skip
    return samples


def track_samples(links: Links) -> list[Sample]:
    """Return the railway links whose published length is quoted, with that of the railway graph."""
    samples = []
    for _, row, _ in links:
        quoted = row["basis"] == "published" and row["length_state"] == "quoted"
        if row["mode"] != "rail" or not quoted or row["length_km"] < LEAST_TRACK_KM:
            continue
        ends = [places()[row[key]] for key in ("from", "to")]
        try:
            _, length_m, _ = between([(p.lon, p.lat) for p in ends], names=[p.id for p in ends])
        except ValueError:
            # The graph does not hold the line.
            continue
        ratio = 1000 * row["length_km"] / length_m
        # Where its line was rebuilt or is missing, the graph leads over another one.
        if abs(ratio - 1) < ANOTHER_LINE:
            samples.append(
                Sample(id=row["id"], mode="rail", terrain="graph", chords_m=length_m, guided_m=0.0,
                       published_m=1000 * row["length_km"], corridor=row["corridor"] or "")
            )  # fmt: skip
    return samples


def total_samples(links: Links, totals: Rows) -> list[Sample]:
    """Return published lengths of several chains in a row, four fifths of them in one terrain.

    A figure with a large error, of links of which some have a length of their own, or of roads
    drawn too coarsely is left out.
    """
    by_id = {row["id"]: (row, course) for _, row, course in links}
    samples = []
    for _, total in totals:
        parts = [by_id[key] for key in total["links"].split() if key in by_id]
        unsure = total["sigma_km"] > LARGEST_SIGMA * total["length_km"]
        if total["state"] != "quoted" or unsure:
            continue
        if any(row["basis"] != "chain" or _coarse(row) for row, _ in parts):
            continue
        chords: dict[tuple[str, str], float] = {}
        for row, course in parts:
            key = row["mode"], row["terrain"]
            chords[key] = chords.get(key, 0.0) + course.chords_m
        (mode, terrain), most = max(chords.items(), key=lambda pair: pair[1])
        if most >= 0.8 * sum(chords.values()):
            samples.append(
                Sample(id=total["id"], mode=mode, terrain=terrain,
                       chords_m=sum(chords.values()),
                       guided_m=sum(course.guided_m for _, course in parts),
                       published_m=1000 * total["length_km"], corridor=_corridor(parts))
            )  # fmt: skip
    return samples


def _coarse(row: dict[str, Any]) -> bool:
    """Tell whether the course of a road is too coarse to show how it winds."""
    return bool(row["mode"] == "road" and row["position_sigma_m"] > LARGEST_POSITION_M)


def _corridor(parts: list[tuple[dict[str, Any], Course]]) -> str:
    """Return the corridor of the first link that belongs to one, empty if none does."""
    return next((row["corridor"] for row, _ in parts if row["corridor"]), "")


# Where the one begins is not published; the other is drawn through points of our own.
NO_SAMPLES = ("igdir-nakhchivan-gas", "tap")


def pipeline_samples() -> list[Sample]:
    """Return the pipelines of published length; the network has no links of that mode."""
    samples = []
    for path in sorted((DATA / "corridors").glob("*.toml")):
        table = read_toml(path)
        # The lengths of other modes depend on the calibration that these samples are made for.
        if (table["mode"], table["basis"]) != ("pipeline", "published"):
            continue
        if table["id"] in NO_SAMPLES:
            continue
        pipeline = read_corridor(path)
        samples.append(
            Sample(id=pipeline.id, mode="pipeline", terrain=pipeline.terrain, corridor=pipeline.id,
                   chords_m=sum(p.drawn_m for p in pipeline.pieces if not p.along),
                   guided_m=sum(p.true_m for p in pipeline.pieces if p.along),
                   published_m=pipeline.length.value)
        )  # fmt: skip
    return samples
