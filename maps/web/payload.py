"""The data of a page: layers, texts, statuses, ways and sources, each value stored once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from borders.files.catalogue import source, sources
from borders.recurring import ALWAYS, shut_days
from maps.layers.model import DATED
from maps.web.packing import DRAWN_AT, pack, text_json, varints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from borders.dates import Status
    from borders.measure import Measure
    from corridors.network.dated_statuses import LinkStatus
    from maps.layers.model import Layer, Message, Shape
    from maps.style import Style

__all__ = ["Payload", "period", "texts_in"]

# Columns of indices of distinct values, which mostly grow by one: a page holds their steps.
_INDICES = frozenset("stmapicur")
# How many letters of an ISO date a status of each precision shows.
_LENGTHS = {"day": 10, "month": 7, "year": 4}


def period(status: Status | LinkStatus) -> tuple[Any, ...]:
    """Return the first and last day of a status, itself, whether unverified, letters of a date.

    Of a link that is closed in a season, year after year, the seasons too, as ``12-10``, ``12-31``.
    """
    hours = getattr(status, "hours", ALWAYS) if status.status == "open" else ALWAYS
    seasons = shut_days(hours)
    return (
        status.valid_from and status.valid_from.isoformat(),
        status.valid_to and status.valid_to.isoformat(),
        status.status, int(status.state == "unverified"), _LENGTHS[status.precision],
        *((seasons,) if seasons else ()),
    )  # fmt: skip


def texts_in(value: Any) -> Iterator[str]:
    """Yield the texts in a value of JSON, keys among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts_in(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from texts_in(inner)


def _folded(values: Sequence[Any]) -> Any:
    """Return a column, one value a feature; or the value, if all have the same."""
    return values[0] if len(set(values)) == 1 else values


def _steps(values: Sequence[int]) -> list[int] | dict[str, int]:
    """Return the first number, and by how much each of the others exceeds the one before it.

    Of numbers that grow evenly, the first and the step.
    """
    first, *steps = (value - before for before, value in zip((0, *values), values, strict=False))
    if len(set(steps)) == 1:
        return {"first": first, "step": steps[0]}
    return [first, *steps]


class _Distinct:
    """Distinct values in the order in which they were first added."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._at: dict[Any, int] = {}

    def add(self, key: Any, value: Any) -> int:
        """Return the index of a value; values of one key are the same."""
        at = self._at.get(key)
        if at is None:
            at = self._at[key] = len(self.values)
            self.values.append(value)
        return at


class Payload:
    """Collects layers and gives two blocks of bytes: facts as lines of JSON, and numbers."""

    def __init__(self) -> None:
        self._styles, self._texts, self._measures = _Distinct(), _Distinct(), _Distinct()
        self._periods, self._within, self._unders = _Distinct(), _Distinct(), _Distinct()
        self._rows, self._cited, self._sources = _Distinct(), _Distinct(), _Distinct()
        self._layers: list[dict[str, Any]] = []
        self._told: list[list[tuple[str, Any]]] = []
        self._numbers: list[Any] = []

    def add(
        self,
        layer: Layer,
        *,
        key: str,
        quiet: bool = False,
    ) -> None:
        """Add a layer below those added before.

        Parameters
        ----------
        key : of the layer on this page.
        quiet : for the base map: it answers no pointer and is not searched.
        """
        numbers, counts = pack([shape.geometry for shape in layer.shapes])
        self._numbers.append(numbers)
        self._told.append([(label, _folded(values)) for label, values in layer.columns])
        entry: dict[str, Any] = {
            "id": key, "names": layer.names or layer.name, "note": layer.legend_note,
            "group": layer.group, "show": layer.show,
            "quiet": quiet, "count": len(layer.shapes), "g": counts,
            "w": self._style(layer.swatch),
            "sources": [self._source(source_id) for source_id in layer.sources],
            **({"arcs": True} if layer.arcs else {}),
        }  # fmt: skip
        for letter, values in self._columns(layer.shapes).items():
            column = _folded(values) if values else 0 if letter == "e" else -1
            entry[letter] = _steps(values) if column is values and letter in _INDICES else column
        self._layers.append(entry)

    def _columns(self, shapes: Sequence[Shape]) -> dict[str, list[Any]]:
        """Return the properties of the shapes, one list a property."""
        return {
            "s": [self._style(shape.style) for shape in shapes],
            "t": [self._text(shape.titles or shape.title) for shape in shapes],
            "m": [self._measure(shape.measure) for shape in shapes],
            "a": [self._measure(shape.area) for shape in shapes],
            "p": [self._period(shape.periods) for shape in shapes],
            "d": [DATED.index(shape.dated) for shape in shapes],
            "i": [self._in(shape.within) for shape in shapes],
            "c": [self._cite(shape.sources) for shape in shapes],
            "k": [shape.link for shape in shapes],
            "u": [self._under(shape.under) for shape in shapes],
            "r": [self._card_rows(shape.rows) for shape in shapes],
            "e": [round(shape.position_sigma_m) for shape in shapes],
        }

    def _style(self, style: Style) -> int:
        value = {"c": style.colour, "w": style.width, "d": style.dash, "f": style.fill}
        return self._styles.add(style, value)

    def _text(self, text: str | Mapping[str, str]) -> int:
        if isinstance(text, str):
            return self._texts.add(text, text)
        plain = dict(text)
        return self._texts.add(tuple(plain.items()), plain)

    def _measure(self, measure: Measure | None) -> int:
        if measure is None:
            return -1
        rounded = tuple(round(x, 1) for x in (measure.value, measure.low, measure.high))
        return self._measures.add(rounded, rounded)

    def _period(self, periods: tuple[Status | LinkStatus, ...]) -> int:
        if not periods:
            return -1
        dated = tuple(period(status) for status in periods)
        return self._periods.add(dated, dated)

    def _in(self, within: frozenset[str]) -> int:
        return self._within.add(within, sorted(within)) if within else -1

    def _cite(self, keys: tuple[str, ...]) -> int:
        return self._cited.add(keys, [self._source(key) for key in keys]) if keys else -1

    def _source(self, key: str) -> int:
        known = source(key) if key in sources() else None
        value = {"id": key, "citation": known.citation if known else key}
        return self._sources.add(key, value)

    def _under(self, under: Mapping[str, Any]) -> int:
        return self._unders.add(tuple(sorted(under.items())), dict(under)) if under else -1

    def _card_rows(self, rows: tuple[tuple[str, Message], ...]) -> int:
        if not rows:
            return -1
        lines = [[self._text(label), self._texts.add(value, value)] for label, value in rows]
        return self._rows.add(rows, lines)

    def texts(self) -> set[str]:
        """Return the texts of the layers that may be ids of words, such as those of statuses."""
        shared = (self._texts, self._periods, self._within, self._unders)
        notes = (layer["note"] for layer in self._layers)
        return {*notes, *(text for distinct in shared for text in texts_in(distinct.values))}

    def cited(self) -> list[str]:
        """Return the citations of all sources that the layers name."""
        return [entry["citation"] for entry in self._sources.values]

    def blocks(self, facts: Mapping[str, Any]) -> tuple[bytes, bytes]:
        """Return the layers and shared values with `facts`, as lines of JSON, and the numbers.

        The first line is read when the page opens, the others when they are asked for: the texts,
        and what the columns of each layer tell.
        """
        numbers = np.concatenate([np.zeros(0, np.int64), *self._numbers])
        content = {
            "scale": DRAWN_AT, "layers": self._layers,
            "styles": self._styles.values,
            "measures": self._measures.values,
            "periods": self._periods.values, "within": self._within.values,
            "unders": self._unders.values, "rows": self._rows.values,
            "cited": self._cited.values, "sources": self._sources.values, **facts,
        }  # fmt: skip
        lines = (content, self._texts.values, *self._told)
        return b"\n".join(map(text_json, lines)), varints(numbers)
