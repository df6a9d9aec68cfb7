"""Roads, railways and ferries of Overture's transportation theme as ways, cut at connectors.

Source of the columns: https://docs.overturemaps.org/schema/reference/transportation/segment/.
Most segments are of OpenStreetMap; what a segment says is put into its tags, whose rules then hold.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from borders.errors import FileFormatError, GeometryError
from corridors.osm.edge_tables import refuse_network
from corridors.osm.read import PER_DEGREE, Extract, Reading
from corridors.osm.tags import LIFE, WayKind, way_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["credits_of", "read_overture"]

_NEEDED = ("id", "geometry", "subtype", "class", "connectors")
_READ = (
    *_NEEDED, "type", "subclass", "names", "routes", "sources", "access_restrictions",
    "speed_limits", "road_flags", "rail_flags", "road_surface",
)  # fmt: skip
_BATCH = 50_000
_WITH_LINKS = ("motorway", "trunk", "primary", "secondary", "tertiary")
_RAILS = {"standard_gauge": "rail", "unknown": "rail", "narrow_gauge": "narrow_gauge"}
_FLAGS = {"is_bridge": "bridge", "is_tunnel": "tunnel"}
# Modes of Overture → the tag of access that is theirs; those who walk and cycle do not count.
_MODES = {
    "vehicle": "vehicle", "motor_vehicle": "motor_vehicle", "car": "motorcar", "truck": "goods",
    "hgv": "hgv",
}  # fmt: skip
# Those of them that cars and lorries share: what is shut to these in one direction is one-way.
_ALL = frozenset({"access", "vehicle", "motor_vehicle"})
_CONDITIONAL = frozenset({"access", "vehicle", "motor_vehicle", "hgv"})
_OSM_WAY = re.compile(r"w(\d{1,15})(@\d+)?$")
# A connector this near to a vertex, in metres, is at it.
_AT_VERTEX_M = 0.5


class _Run(NamedTuple):
    """A stretch of a segment of one kind: its points, and the connectors that some of them are."""

    xy: np.ndarray
    connectors: list[str]
    tags: dict[str, str]


def read_overture(
    files: Sequence[Path], *, roads: frozenset[str], rails: bool, sidings: bool,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:  # fmt: skip
    """Return the wanted segments of GeoParquet files of Overture, each once.

    Files of connectors may be among them: they are not needed, as segments name their connectors.

    Raises
    ------
    FileFormatError : pyarrow is missing; a file is damaged, or not of this theme, or of
        connectors only.
    SchemaError : a file is a network of its own, such as one that Araxes wrote.
    GeometryError : a segment is no line, or lies outside of the globe.
    """
    segments = _Segments({"roads": roads, "rails": rails, "sidings": sidings})
    opened = [(file, _opened(file)) for file in files]
    total, done = sum(parquet.metadata.num_rows for _, parquet in opened), 0
    for file, parquet in opened:
        before = segments.count
        for rows in _rows(file, parquet):
            segments.add(rows, file)
            done += len(rows)
            if progress is not None:
                progress(done, total)
        ways = segments.count - before
        segments.reading.extracts.append(Extract(file.name, segments.latest, ways))
    if not segments.seen:
        names = ", ".join(file.name for file in files)
        message = f"{names}: connectors only; add the segments (type=segment), which name them"
        raise FileFormatError(message)
    return segments.finished()


def credits_of(reading: Reading) -> tuple[str, str]:
    """Return the attribution and the licences of what was read, by the column `sources`."""
    datasets = sorted(reading.datasets)
    licences = sorted({licence for _, licence in datasets if licence} | {"ODbL-1.0"})
    others = sorted({name for name, _ in datasets} - {"OpenStreetMap"})
    text = "© OpenStreetMap contributors, Overture Maps Foundation"
    return ", ".join([text, *others, *licences]), " AND ".join(licences)


def _opened(file: Path) -> Any:
    """Return a Parquet file whose columns are those of segments or of connectors."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as err:
        message = f"{file}: reading GeoParquet needs pyarrow: pip install 'araxes[parquet]'"
        raise FileFormatError(message) from err
    try:
        opened = pq.ParquetFile(file)
    except FileNotFoundError as err:
        message = f"{file}: no such file"
        raise FileFormatError(message) from err
    except (OSError, pa.ArrowException) as err:
        reason = " ".join(str(err).split())[:120].rstrip(".")
        message = f"{file}: cannot be read as GeoParquet: {reason}"
        raise FileFormatError(message) from err
    columns = opened.schema_arrow.names
    if "connector_ids" in columns and "connectors" not in columns:
        message = f"{file}: an Overture release of before 2024-09; download a newer one"
        raise FileFormatError(message)
    refuse_network(columns, file.name)
    missing = [key for key in _NEEDED if key not in columns]
    if missing and not _is_connectors(columns):
        message = (
            f"{file}: no transportation of Overture: it lacks {', '.join(missing)}; it has "
            f"{', '.join(columns[:8])}"
        )
        raise FileFormatError(message)
    return opened


def _is_connectors(columns: Sequence[str]) -> bool:
    """Tell whether a file holds connectors: they have no columns but those of every feature."""
    return {"id", "geometry"} <= {*columns} and not {"subtype", "class", "connectors"} & {*columns}


def _rows(file: Path, opened: Any) -> Iterator[list[dict[str, Any]]]:
    """Yield the segments of a file, some at a time."""
    import pyarrow as pa

    columns = opened.schema_arrow.names
    if "connectors" not in columns:
        return
    try:
        batches = opened.iter_batches(_BATCH, columns=[key for key in _READ if key in columns])
        for batch in batches:
            rows: list[dict[str, Any]] = batch.to_pylist()
            yield [row for row in rows if row.get("type", "segment") == "segment"]
    except (OSError, pa.ArrowException) as err:
        reason = " ".join(str(err).split())[:120].rstrip(".")
        message = f"{file}: cannot be read to its end: {reason}"
        raise FileFormatError(message) from err


class _Segments:
    """Collects segments as ways."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self.reading, self.latest, self.seen = Reading(), "", 0
        self._rules = rules
        self._ids: set[str] = set()
        self._kinds: dict[tuple[tuple[str, str], ...], int] = {}
        self._numbers: dict[WayKind, int] = {}
        self._points: Counter[int] = Counter()
        self._nodes: list[str] = []

    @property
    def count(self) -> int:
        """Return how many ways there are."""
        return len(self.reading.way)

    def add(self, rows: Iterable[dict[str, Any]], file: Path) -> None:
        """Add segments of a file, but those that an earlier file had."""
        import shapely

        for row in rows:
            self.seen += 1
            if row["id"] in self._ids:
                continue
            self._ids.add(row["id"])
            base = _base_tags(row)
            if base is None:
                continue
            where = f"{file}: segment {row['id']}"
            try:
                line = shapely.from_wkb(row["geometry"])
            except (shapely.errors.ShapelyError, NotImplementedError, TypeError) as err:
                message = f"{where} has a geometry that cannot be; download it again"
                raise GeometryError(message) from err
            if line is None or line.geom_type != "LineString" or line.is_empty:
                message = f"{where} is no line; download it again"
                raise GeometryError(message)
            xy = shapely.get_coordinates(line)
            if not (np.isfinite(xy).all() and (np.abs(xy) <= (180, 90)).all()):
                message = f"{where} lies outside of the globe; give longitude and latitude"
                raise GeometryError(message)
            self._add(row, xy, base)

    def _add(self, row: dict[str, Any], xy: np.ndarray, base: dict[str, str]) -> None:
        reading, way, label = self.reading, self._way(row), -1
        for run in _runs(row, xy, base):
            kind = self._kind(run.tags)
            if kind < 0:
                continue
            if label < 0:
                label = len(reading.labels)
                reading.labels.append(_label(row))
            reading.way.append(way)
            reading.first.append(self._points[way])
            reading.kind.append(kind)
            reading.label.append(label)
            reading.size.append(len(run.xy))
            self._points[way] += len(run.xy) - 1
            self._nodes.extend(run.connectors)
            reading.xy.extend(np.rint(run.xy * PER_DEGREE).astype(int).ravel().tolist())

    def _way(self, row: dict[str, Any]) -> int:
        """Return the id of a way: of the way of OpenStreetMap, or a negative one of the segment."""
        for source in row.get("sources") or ():
            name, licence = source.get("dataset") or "", source.get("license") or ""
            self.reading.datasets.add((name, licence))
            self.latest = max(self.latest, str(source.get("update_time") or "")[:10])
        ids = (
            _OSM_WAY.match(source.get("record_id") or "")
            for source in row.get("sources") or ()
            if not source.get("property")
        )
        match = next(filter(None, ids), None)
        if match:
            return int(match[1])
        digest = blake2b(row["id"].encode(), digest_size=6).digest()
        return -int.from_bytes(digest, "big") - 1

    def _kind(self, tags: dict[str, str]) -> int:
        key = tuple(sorted(tags.items()))
        if key not in self._kinds:
            kind = way_kind(tags, **self._rules)
            number = -1
            if kind is not None:
                number = self._numbers.setdefault(kind, len(self._numbers))
                if number == len(self.reading.kinds):
                    self.reading.kinds.append(kind)
            self._kinds[key] = number
        return self._kinds[key]

    def finished(self) -> Reading:
        """Return what was read; connectors are numbered in the order of their ids, from 1."""
        reading = self.reading
        names, node = np.unique(np.array(self._nodes, dtype=object), return_inverse=True)
        offset = int(len(names) > 0 and names[0] == "")
        refs = node.ravel().astype(np.int64) + 1 - offset
        # Vertices that are no connectors are nodes of their own.
        inner = np.flatnonzero(refs == 0)
        refs[inner] = -1 - np.arange(len(inner)) if offset else refs[inner]
        reading.refs.frombytes(refs.tobytes())
        reading.nodes_xy = np.array(reading.xy, np.int32).reshape(-1, 2)
        del reading.xy[:]
        return reading


def _base_tags(row: Mapping[str, Any]) -> dict[str, str] | None:
    """Return what a segment is, as tags; None for what nobody drives on."""
    subtype, kind = row["subtype"], row["class"] or "unknown"
    if subtype == "water":
        return {"route": "ferry"}
    if subtype == "rail":
        return {"railway": _RAILS[kind]} if kind in _RAILS else None
    if subtype != "road":
        return None
    kind = "road" if kind == "unknown" else kind
    linked = row.get("subclass") == "link" and kind in _WITH_LINKS
    tags = {"highway": f"{kind}_link" if linked else kind}
    if kind == "service" and row.get("subclass"):
        tags["service"] = row["subclass"]
    return tags


def _label(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of a segment by language, its numbers, and its id as ``overture``."""
    names = row.get("names") or {}
    label = {"": names["primary"]} if names.get("primary") else {}
    common = names.get("common") or ()
    label |= dict(common.items() if isinstance(common, dict) else common)
    refs = dict.fromkeys(r["ref"] for r in row.get("routes") or () if r.get("ref"))
    return label | ({"ref": ";".join(refs)} if refs else {}) | {"overture": row["id"]}


def _runs(row: Mapping[str, Any], xy: np.ndarray, base: dict[str, str]) -> Iterator[_Run]:
    """Yield the stretches of a segment within which no rule begins or ends."""
    from corridors.osm.topology import segments_m

    at_m = np.r_[0.0, np.cumsum(segments_m(xy))]
    rules = [
        (column, rule)
        for column in ("access_restrictions", "speed_limits", "road_flags", "rail_flags",
                       "road_surface")
        for rule in row.get(column) or ()
    ]  # fmt: skip
    limits = sorted({at for _, rule in rules for at in rule.get("between") or ()} - {0.0, 1.0})
    points, connectors = _with_connectors(row["connectors"] or (), xy, at_m)
    for limit in limits:
        points, connectors = _with_point(points, connectors, limit * at_m[-1])
    cuts_m = [0.0, *(limit * at_m[-1] for limit in limits), at_m[-1]]
    # A cut at a vertex is a node that both stretches share.
    cuts = [int(np.argmin(np.abs(points[:, 2] - cut_m))) for cut_m in cuts_m]
    for n in {*cuts[1:-1]}:
        connectors[n] = connectors[n] or f"{row['id']}:{n}"
    for begin, end in pairwise(cuts):
        if begin == end:
            continue
        middle = (points[begin, 2] + points[end, 2]) / 2 / max(at_m[-1], 1e-9)
        tags = _tags(base, [(key, rule) for key, rule in rules if _covers(rule, middle)])
        yield _Run(points[begin : end + 1, :2], connectors[begin : end + 1], tags)


def _covers(rule: Mapping[str, Any], at: float) -> bool:
    between = rule.get("between")
    return not between or between[0] <= at <= between[1]


def _with_connectors(
    stated: Iterable[Mapping[str, Any]], xy: np.ndarray, at_m: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """Return the points of a line with metres from its start, and the connector at each or ""."""
    points, connectors = np.column_stack([xy, at_m]), [""] * len(xy)
    for connector in sorted(stated, key=lambda c: float(c["at"] or 0.0)):
        at = float(connector["at"] or 0.0) * at_m[-1]
        points, connectors = _with_point(points, connectors, at, connector["connector_id"])
    return points, connectors


def _with_point(
    points: np.ndarray, connectors: list[str], at_m: float, name: str = ""
) -> tuple[np.ndarray, list[str]]:
    """Return a line with a vertex at a distance from its start, the nearest one if it is there."""
    nearest = int(np.argmin(np.abs(points[:, 2] - at_m)))
    if abs(points[nearest, 2] - at_m) > max(_AT_VERTEX_M, 1e-6 * points[-1, 2]):
        after = int(np.searchsorted(points[:, 2], at_m))
        a, b = points[after - 1], points[after]
        point = a + (b - a) * (at_m - a[2]) / (b[2] - a[2])
        points = np.insert(points, after, point, axis=0)
        connectors = [*connectors[:after], "", *connectors[after:]]
        nearest = after
    if name and not connectors[nearest]:
        connectors[nearest] = name
    return points, connectors


def _tags(base: dict[str, str], rules: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    """Return the tags of a stretch of which some rules hold."""
    by_column: dict[str, list[Mapping[str, Any]]] = {}
    for column, rule in rules:
        by_column.setdefault(column, []).append(rule)
    tags = base | _access(by_column.get("access_restrictions", ()))
    for rule in by_column.get("speed_limits", ()):
        limit, when = rule.get("max_speed"), rule.get("when") or {}
        if limit and not any(when.values()):
            tags["maxspeed"] = f"{limit['value']}{' mph' if limit['unit'] == 'mph' else ''}"
    for rule in by_column.get("road_surface", ()):
        if rule["value"] not in (None, "unknown"):
            tags["surface"] = rule["value"]
    flags = {
        flag
        for column in ("road_flags", "rail_flags")
        for rule in by_column.get(column, ())
        for flag in rule.get("values") or ()
    }
    tags |= {key: "yes" for flag, key in _FLAGS.items() if flag in flags}
    return _with_life(tags, flags)


def _with_life(tags: dict[str, str], flags: set[str]) -> dict[str, str]:
    """Return tags with what flags say of use: under construction, disused, abandoned."""
    key = next((key for key in ("highway", "railway") if key in tags), "")
    if "is_link" in flags and tags.get("highway") in _WITH_LINKS:
        tags = tags | {"highway": f"{tags['highway']}_link"}
    words = {"is_under_construction": "construction", "is_disused": "disused",
             "is_abandoned": "abandoned"}  # fmt: skip
    for flag, word in words.items():
        if flag in flags and key and word in LIFE:
            return tags | {key: word, word: tags[key]}
    return tags


def _access(rules: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the tags of access and direction that rules mean; a later rule overrides."""
    tags: dict[str, str] = {}
    shut: set[str] = set()
    for rule in rules:
        when, denied = rule.get("when") or {}, rule["access_type"] == "denied"
        modes = when.get("mode") or ()
        keys = {_MODES[mode] for mode in modes if mode in _MODES} if modes else {"access"}
        if not keys or when.get("recognized"):
            # That some people may pass opens nothing to the others.
            continue
        if when.get("during") or when.get("vehicle"):
            held = when.get("during") or "limits of vehicles"
            if denied:
                conditions = {f"{key}:conditional": f"no @ ({held})" for key in keys & _CONDITIONAL}
                tags |= conditions
        elif when.get("using"):
            tags |= {} if denied else dict.fromkeys(keys, "destination")
        elif when.get("heading"):
            if keys & _ALL:
                (shut.add if denied else shut.discard)(when["heading"])
        else:
            tags |= dict.fromkeys(keys, "no" if denied else "yes")
    if shut >= {"forward", "backward"}:
        return tags | {"access": "no", "oneway": "no"}
    oneway = {"backward": "yes", "forward": "-1"}
    return tags | {"oneway": next((oneway[heading] for heading in shut), "no")}
