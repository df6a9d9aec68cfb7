"""Read extracts of OpenStreetMap in one pass: ways with their nodes, barriers, places, borders."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from borders.errors import FileFormatError
from corridors.osm.kinds import SOURCE
from corridors.osm.tags import KEYS, WayKind, barrier_closes, wanted_tags, way_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["STATIONS", "SUFFIXES", "Extract", "Place", "Reading", "read_extracts"]

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
# Of networks that need no import: tables of links, and what an import has written.
_NETWORKS = (".csv", ".npz")
PLACES = ("city", "town", "village", "hamlet", "suburb", "isolated_dwelling", "locality")
STATIONS = ("station", "halt")
# Coordinates are whole numbers of 1e-7 degree, as OpenStreetMap stores them.
PER_DEGREE = 10_000_000
MISSING = -(2**31)
_KEYS = frozenset(key.replace(" ", "%20%").encode() for key in KEYS)
# Names in any language, as lines have them, and the number of a road.
_NAMES = (b"name=", b"name:", b"int_name=", b"ref=")
# Ways whose nodes are read together.
_BLOCK = 50_000
# Fields of a line of a way: id, tags, nodes.
_UNDATED = 3
# Nodes of a way, such as n1x44.1y40.2,n3x44.1y40.3, become lines of three columns.
_COLUMNS = bytes.maketrans(b"xy,", b",,\n")
_ADDRESS = re.compile("^(https?|ftp):/")
_ESCAPE = re.compile("%([0-9a-f]+)%")
_MAGIC = {b"\x1f\x8b": "osm.gz", b"BZh": "osm.bz2", b"<": "osm"}
_WORDS = {
    "osm.gz": "what gzip packed", "osm.bz2": "what bzip2 packed", "osm": "XML", "pbf": "PBF",
}  # fmt: skip
# After the length of the first block.
_PBF = b"\n\tOSMHeader"
_PACKED = {b"PK\x03\x04": "zip", b"\xfd7zXZ": "xz", b"(\xb5/\xfd": "zstd", b"7z\xbc\xaf": "7-Zip"}


class Place(NamedTuple):
    """A place of an extract: its node, position in degrees, kind, and names by language."""

    node: int
    lon: float
    lat: float
    kind: str
    names: dict[str, str]


class Border(NamedTuple):
    """A country of an extract, or a part of one: its code and the ways of its border."""

    code: str
    ways: tuple[int, ...]


class Extract(NamedTuple):
    """What is said of one file: where it ends, when it was made, what its edge cuts.

    Parameters
    ----------
    ways : how many of the wanted ways were taken from it.
    cut_ways : of how many of them no file has all nodes.
    lost_ways : of how many of those no stretch is left, by class of road, railway or ``ferry``.
    other_ways : how many of its ways have another number of nodes in an earlier file.
    """

    name: str
    date: str
    ways: int
    bounds: tuple[float, float, float, float] | None = None
    cut_ways: int = 0
    lost_ways: Mapping[str, int] = {}
    other_ways: int = 0


@dataclass(kw_only=True)
class Reading:
    """The ways of one or more extracts, as arrays that grow.

    Parameters
    ----------
    way, kind, label, size : of each way: its id, index of its kind and names, number of its nodes.
    first : of each way that is a part of one, how many of its points come before; empty if none is.
    known_ways : id and first point of a way of a graph → the ways of OpenStreetMap that it is made
        of, where these are not just the one of that id.
    refs : ids of the nodes of the ways, one after the other.
    xy : their positions in 1e-7 degree while files are read; `nodes_xy` when all are; `MISSING`
        where no file has the node.
    kinds, labels : what `kind` and `label` count.
    blocked : ids of nodes with a barrier that nobody drives through.
    controls : node of a border control → lon/lat in degrees.
    border_ways : id of a way of a border → its nodes.
    datasets : name and licence of what a file says it was made of, if it is not OpenStreetMap's.
    source : of its links.
    credit : attribution and licence of what graphs are that are not of OpenStreetMap.
    """

    way: array[int] = field(default_factory=lambda: array("q"))
    kind: array[int] = field(default_factory=lambda: array("i"))
    label: array[int] = field(default_factory=lambda: array("i"))
    size: array[int] = field(default_factory=lambda: array("i"))
    first: array[int] = field(default_factory=lambda: array("q"))
    known_ways: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    refs: array[int] = field(default_factory=lambda: array("q"))
    xy: array[int] = field(default_factory=lambda: array("i"))
    nodes_xy: np.ndarray = field(default_factory=lambda: np.empty((0, 2), np.int32))
    kinds: list[WayKind] = field(default_factory=list)
    labels: list[dict[str, str]] = field(default_factory=lambda: [{}])
    blocked: set[int] = field(default_factory=set)
    controls: dict[int, tuple[float, float]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    border_ways: dict[int, np.ndarray] = field(default_factory=dict)
    borders: list[Border] = field(default_factory=list)
    extracts: list[Extract] = field(default_factory=list)
    datasets: set[tuple[str, str]] = field(default_factory=set)
    source: str = SOURCE
    credit: tuple[str, str] | None = None


def read_extracts(
    files: Sequence[Path], *, roads: frozenset[str], rails: bool, sidings: bool,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:  # fmt: skip
    """Return the wanted ways of one or more files, each way once.

    Parameters
    ----------
    roads, rails, sidings : what is wanted; see `corridors.osm.tags.way_kind`.
    progress : told the bytes read and those of all files.

    Raises
    ------
    FileFormatError : a file is missing, damaged or no extract; says which and why.
    """
    reading = Reading()
    rules = {"roads": roads, "rails": rails, "sidings": sidings}
    total = sum(_size(file) for file in files)
    done = 0
    parser = _Parser(reading, rules, several=len(files) > 1)
    for file in files:
        before = done

        def step(part: float, before: int = before, size: int = _size(file)) -> None:
            if progress is not None:
                progress(int(before + part * size), total)

        with _named_errors(file), TemporaryDirectory(prefix="araxes-") as folder:
            parser.read(file, Path(folder), step)
        done += _size(file)
    _drop_earlier(reading)
    reading.places[:] = {place.node: place for place in reading.places}.values()
    _fill(reading, files)
    return reading


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError as err:
        address = _ADDRESS.sub(r"\1://", file.as_posix())
        message = f"{file}: no such file"
        if address != file.as_posix():
            message = f"{address}: an address, not a file; download it first and name the file"
        raise FileFormatError(message) from err
    except OSError as err:
        message = f"{file}: cannot be read: {err.strerror or err}"
        raise FileFormatError(message) from err


def _drop_earlier(reading: Reading) -> None:
    """Keep the last of several ways of one id, as a file has whose parts were not merged."""
    way = np.frombuffer(reading.way, np.int64)
    if not (np.diff(way) <= 0).any():
        return
    _, from_end = np.unique(way[::-1], return_index=True)
    if len(from_end) == len(way):
        return
    keep = np.zeros(len(way), bool)
    keep[len(way) - 1 - from_end] = True
    points = np.repeat(keep, np.frombuffer(reading.size, np.int32))
    end = np.cumsum([extract.ways for extract in reading.extracts])
    reading.extracts[:] = [
        extract._replace(ways=int(keep[last - extract.ways : last].sum()))
        for extract, last in zip(reading.extracts, end.tolist(), strict=True)
    ]
    for key in ("way", "kind", "label", "size"):
        column: array[int] = getattr(reading, key)
        setattr(reading, key, array(column.typecode, np.asarray(column)[keep].tobytes()))
    reading.refs = array("q", np.asarray(reading.refs)[points].tobytes())
    reading.xy = array("i", np.asarray(reading.xy).reshape(-1, 2)[points].tobytes())


class _Parser:
    """Reads one file after another into a `Reading`."""

    def __init__(self, reading: Reading, rules: dict[str, Any], *, several: bool) -> None:
        self._reading, self._rules, self._several = reading, rules, several
        # Way → number of its nodes.
        self._seen: dict[int, int] = {}
        # Tags of a way → number of its kind, of its names, and whether it is a border.
        self._meaning_of: dict[bytes, tuple[int, int, bool]] = {}
        self._kind_of: dict[tuple[bytes, ...], int] = {}
        self._number_of: dict[WayKind, int] = {}
        self._label_of: dict[tuple[bytes, ...], int] = {(): 0}
        # The nodes of the ways of a block.
        self._nodes: list[bytes] = []
        self._others, self._latest = 0, b""

    def read(self, file: Path, folder: Path, step: Callable[[float], None]) -> None:
        """Read one file, by way of a text in a folder that its wanted objects are written to."""
        ways, self._others, self._latest = len(self._reading.way), 0, b""
        text = folder / "wanted.opl"
        header = _write_wanted(file, text, rails=self._rules["rails"])
        step(0.5)
        size = max(1, text.stat().st_size)
        done = 0
        takers = {b"w": self._way, b"n": self._node, b"r": self._relation}
        with text.open("rb") as lines:
            for line in lines:
                takers[line[:1]](line.rstrip(b"\n").split(b" "))
                done += len(line)
                if len(self._nodes) >= _BLOCK:
                    self._take_nodes()
                    step(0.5 + done / size / 2)
        self._take_nodes()
        text.unlink()
        stated = header.date or self._latest.decode()
        self._reading.extracts.append(
            Extract(
                name=file.name, date=_day(stated), ways=len(self._reading.way) - ways,
                bounds=header.bounds, other_ways=self._others,
            )
        )  # fmt: skip

    def _node(self, fields: list[bytes]) -> None:
        values = _field(fields, b"x"), _field(fields, b"y")
        if not all(values):
            return
        lon, lat = map(float, values)
        node, reading = int(fields[0][1:]), self._reading
        tags = _tags(_field(fields, b"T"))
        barrier = tags.get("barrier")
        if barrier == "border_control":
            reading.controls[node] = lon, lat
        elif barrier and barrier_closes(tags):
            reading.blocked.add(node)
        kind = tags.get("place", "")
        kind = kind if kind in PLACES else tags.get("railway", "")
        names = _names(tags)
        if names and (kind in PLACES or kind in STATIONS):
            reading.places.append(Place(node, lon, lat, kind, names))

    def _way(self, fields: list[bytes]) -> None:
        nodes = fields[-1]
        size = nodes.count(b"n")
        key = int(fields[0][1:])
        if size < 2:
            return
        if key in self._seen:
            self._others += self._seen[key] != size
            self._note_day(fields)
            return
        text = fields[-2]
        if text not in self._meaning_of:
            tags = text[1:].split(b",")
            kind = self._kind(tags)
            label = self._label(tags) if kind >= 0 else 0
            self._meaning_of[text] = kind, label, b"admin_level=2" in tags
        kind, label, is_border = self._meaning_of[text]
        if kind < 0 and not is_border:
            return
        if self._several:
            self._seen[key] = size
        reading = self._reading
        if is_border:
            refs = [int(node.partition(b"x")[0][1:]) for node in nodes[1:].split(b",")]
            reading.border_ways[key] = np.array(refs, np.int64)
        if kind >= 0:
            reading.way.append(key)
            reading.kind.append(kind)
            reading.label.append(label)
            reading.size.append(size)
            self._nodes.append(nodes[1:])
            self._note_day(fields)

    def _note_day(self, fields: list[bytes]) -> None:
        """Keep the latest day of an object; they have one if their file has none."""
        if len(fields) > _UNDATED:
            self._latest = max(self._latest, _field(fields, b"t"))

    def _take_nodes(self) -> None:
        """Read ids and positions of the nodes of a block of ways."""
        if not self._nodes:
            return
        from pandas import read_csv

        text = b",".join(self._nodes).translate(_COLUMNS, b"n")
        self._nodes.clear()
        types = {0: np.int64, 1: np.float64, 2: np.float64}
        table = read_csv(BytesIO(text), header=None, dtype=types, na_values=[""])
        degrees = np.nan_to_num(table[[1, 2]].to_numpy() * PER_DEGREE, nan=MISSING)
        self._reading.refs.frombytes(table[0].to_numpy().tobytes())
        self._reading.xy.frombytes(np.rint(degrees).astype(np.int32).tobytes())

    def _kind(self, tags: list[bytes]) -> int:
        """Return the number of the kind of a way, -1 if it is not wanted."""
        key = tuple(tag for tag in tags if tag.partition(b"=")[0] in _KEYS)
        if key not in self._kind_of:
            kind = way_kind(_tags(b",".join(key)), **self._rules)
            number = -1
            if kind is not None:
                number = self._number_of.setdefault(kind, len(self._number_of))
                if number == len(self._reading.kinds):
                    self._reading.kinds.append(kind)
            self._kind_of[key] = number
        return self._kind_of[key]

    def _label(self, tags: list[bytes]) -> int:
        """Return the number of the names of a way; those of the same names are read once."""
        key = tuple(tag for tag in tags if tag.startswith(_NAMES))
        if key not in self._label_of:
            known = _tags(b",".join(tags))
            names = _names(known) | ({"ref": known["ref"]} if "ref" in known else {})
            self._label_of[key] = len(self._reading.labels)
            self._reading.labels.append(names)
        return self._label_of[key]

    def _relation(self, fields: list[bytes]) -> None:
        tags = _tags(_field(fields, b"T"))
        keys = ("ISO3166-1:alpha2", "ISO3166-1", "country_code")
        code = next((tags[key] for key in keys if key in tags), "")
        if tags.get("boundary") == "administrative" and len(code) == 2:
            members = _field(fields, b"M").split(b",")
            ways = tuple(int(m[1:].partition(b"@")[0]) for m in members if m[:1] == b"w")
            self._reading.borders.append(Border(code.upper(), ways))


class _Header(NamedTuple):
    date: str
    bounds: tuple[float, float, float, float] | None


def _write_wanted(file: Path, text: Path, *, rails: bool) -> _Header:
    """Write what may be wanted of a file as text, one object a line, and return its header.

    Nothing of it passes through Python, so that is several times faster than to take objects one
    by one. Ways get the positions of those of their nodes that come before them.
    """
    import ctypes

    import osmium

    with osmium.io.Reader(osmium.io.File(str(file), _format_of(file))) as reader:
        header = reader.header()
        if header.has_multiple_object_versions:
            message = (
                f"{file}: holds every version of its objects; cut one day out of it first, as "
                "osmium time-filter does"
            )
            raise FileFormatError(message)
        date = header.get("osmosis_replication_timestamp") or header.get("timestamp")
        metadata = "none" if date else "timestamp"
        positions = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
        positions.ignore_errors()
        form = f"opl,locations_on_ways=true,add_metadata={metadata}"
        writer = osmium.SimpleWriter(osmium.io.File(str(text), form))
        # The library ends the process where a writer that failed is destroyed, so it is let go of
        # only when it has closed its file; whatever comes before that, it stays for good.
        held = ctypes.py_object(writer)
        ctypes.pythonapi.Py_IncRef(held)
        osmium.apply(reader, positions, *_filters(rails), writer)
        writer.close()
        ctypes.pythonapi.Py_DecRef(held)
    box = header.box()
    corners = box.bottom_left, box.top_right
    bounds = (
        (corners[0].lon, corners[0].lat, corners[1].lon, corners[1].lat) if box.valid() else None
    )
    return _Header(date, bounds)


def _filters(rails: bool) -> list[Any]:
    """Return what drops objects that are not wanted."""
    from osmium.filter import KeyFilter, TagFilter
    from osmium.osm import NODE, RELATION, WAY

    nodes = KeyFilter("barrier", "place", "railway")
    ways = TagFilter(*wanted_tags(rails))
    countries = TagFilter(("admin_level", "2"))
    for wanted, entity in ((nodes, NODE), (ways, WAY), (countries, RELATION)):
        wanted.enable_for(entity)
    return [nodes, ways, countries]


def _field(fields: list[bytes], letter: bytes) -> bytes:
    """Return the field of a line that begins with a letter, empty if there is none."""
    return next((field[1:] for field in fields[1:] if field[:1] == letter), b"")


def _tags(text: bytes) -> dict[str, str]:
    """Return the tags of a line, in which letters with another meaning are numbers."""
    if not text:
        return {}
    pairs = (tag.split("=") for tag in text.decode().split(","))
    return {_plain(key): _plain(value) for key, value in pairs}


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "%" in text else text


def _day(stamp: str) -> str:
    """Return the day of a time stamp; files without times have that of the epoch, or none."""
    return "" if stamp.startswith("1970") else stamp[:10]


def _names(tags: dict[str, str]) -> dict[str, str]:
    """Return language → name; the name on the spot under the empty language."""
    names = {key[5:]: value for key, value in tags.items() if key.startswith("name:")}
    for key, language in (("name", ""), ("int_name", "int")):
        if value := tags.get(key):
            names[language] = value
    return names


def _format_of(file: Path) -> str:
    """Return the format by the suffixes of a name, as libosmium knows it.

    Raises
    ------
    FileFormatError : the name has none of `SUFFIXES`.
    """
    name = file.name.lower()
    if not name.endswith(SUFFIXES):
        message = f"{file}: no extract by its name; give {', '.join(SUFFIXES)}"
        if name.endswith(_NETWORKS):
            message += "; a network goes to --network as it is"
        raise FileFormatError(message)
    if name.endswith(".pbf"):
        return "pbf"
    return next((f"osm{end}" for end in (".gz", ".bz2") if name.endswith(end)), "osm")


@contextmanager
def _named_errors(file: Path) -> Iterator[None]:
    """Turn the library's plain errors into one line that names the file.

    Raises
    ------
    FileFormatError : the file is not what its name says, or cannot be read to its end.
    """
    import osmium

    try:
        yield
    except osmium.InvalidLocationError as err:
        message = f"{file}: holds a position outside of the globe; take it from elsewhere"
        raise FileFormatError(message) from err
    except (RuntimeError, OSError) as err:
        text = str(err)
        full = "Write failed" in text or "No space left" in text
        reason = (
            f"what is read of it does not fit into {gettempdir()} ({text}); free space there"
            if full else _reason(file, text)
        )  # fmt: skip
        raise FileFormatError(f"{file}: {reason}") from err
    except UnicodeDecodeError as err:
        message = f"{file}: holds a tag that is not UTF-8; download it again"
        raise FileFormatError(message) from err


def _reason(file: Path, text: str) -> str:
    head = _head(file)
    if not head:
        return "is empty; download it again" if head == b"" else f"cannot be read: {text}"
    packer = next((name for magic, name in _PACKED.items() if head.startswith(magic)), "")
    if packer or b"<html" in head.lower():
        page = "is a web page, not an extract; download the file behind the link"
        return f"is packed by {packer}; unpack it first" if packer else page
    actual = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")
    actual = "pbf" if head[4:].startswith(_PBF) else actual
    if actual and actual != _format_of(file):
        return f"holds {_WORDS[actual]}, which its name does not say; rename it"
    if "entities" in text:
        return "declares XML entities, which no extract needs; take it from elsewhere"
    cut = ("EOF", "read", "no element found", "unclosed", "truncated", "end of")
    if any(word in text for word in cut) and "version" not in text:
        return f"ends too early ({text}); download it again"
    return f"is no OpenStreetMap data that can be read ({text}); download it again"


def _head(file: Path) -> bytes | None:
    try:
        with file.open("rb") as opened:
            return opened.read(400)
    except OSError:
        return None


def _fill(reading: Reading, files: Sequence[Path]) -> None:
    """Look up the positions that were not yet read where a way was.

    They stand behind the ways in files of another order, or in another file.
    """
    xy = np.frombuffer(reading.xy, np.int32).reshape(-1, 2).copy()
    reading.xy = array("i")
    refs = np.frombuffer(reading.refs, np.int64)
    lacking = np.flatnonzero(xy[:, 0] == MISSING)
    wanted = np.unique(np.concatenate([refs[lacking], *reading.border_ways.values()]))
    found = _positions(files, wanted)
    xy[lacking] = found[np.searchsorted(wanted, refs[lacking])]
    reading.nodes_xy = xy
    for key, nodes in reading.border_ways.items():
        line = found[np.searchsorted(wanted, nodes)]
        reading.border_ways[key] = line[line[:, 0] != MISSING]
    _count_cut_ways(reading)


def _count_cut_ways(reading: Reading) -> None:
    """Say of each extract which of its ways lack nodes in all files, and which are lost whole."""
    size = np.frombuffer(reading.size, np.int32)
    there = reading.nodes_xy[:, 0] != MISSING
    if there.all():
        return
    owner = np.repeat(np.arange(len(size)), size)
    cut = np.bincount(owner[~there], minlength=len(size)) > 0
    run = there[1:] & there[:-1] & (owner[1:] == owner[:-1])
    lost = np.bincount(owner[1:][run], minlength=len(size)) == 0
    lost &= np.array([not kind.optional for kind in reading.kinds])[reading.kind]
    end = np.cumsum([extract.ways for extract in reading.extracts])
    for n, extract in enumerate(reading.extracts):
        of = slice(end[n] - extract.ways, end[n])
        kinds = (reading.kinds[k] for k in np.array(reading.kind)[of][lost[of]])
        # A ferry or a railway that is gone weighs more than a street.
        counts = sorted(Counter((kind.mode == "road", kind.road) for kind in kinds).items())
        reading.extracts[n] = extract._replace(
            cut_ways=int(cut[of].sum()), lost_ways={road: count for (_, road), count in counts}
        )


def _positions(files: Sequence[Path], nodes: np.ndarray) -> np.ndarray:
    """Return the positions of nodes, `MISSING` where no file has one, shape (n, 2)."""
    import osmium

    xy = np.full((len(nodes), 2), MISSING, np.int32)
    if not len(nodes):
        return xy
    number = {node: n for n, node in enumerate(nodes.tolist())}
    for file in files:
        source = osmium.io.File(str(file), _format_of(file))
        there: Any = osmium.FileProcessor(source, osmium.osm.NODE)
        # Editors give ids below zero to what is new; the library's filter takes none of these.
        if nodes[0] >= 0:
            there = there.with_filter(osmium.filter.IdFilter(number))
        with _named_errors(file):
            for node in there:
                at = number.get(node.id)
                if at is not None and node.location.valid():
                    xy[at] = node.location.x, node.location.y
    return xy
