"""Scenarios: a day, and what is opened, closed, built or set on top of that day's statuses."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.errors import AraxesError, FileFormatError, SchemaError, UnknownNameError, located
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from borders.files.paths import is_file
from borders.files.toml import read_toml
from borders.gazetteer.places import LANGUAGES
from borders.recurring import checked_hours
from corridors.network.rates import assumption_groups, assumptions
from corridors.scenarios.new_links import Build, read_build
from corridors.scenarios.settings import read_settings

if TYPE_CHECKING:
    from datetime import date

    from corridors.network.network import Network

__all__ = ["Scenario", "read_scenario", "scenario_ids"]

# How many scenarios may include one another in a row: a limit against junk.
MOST_NESTED = 50
# A name longer than this is not shown whole; no file of a scenario has such a one.
_LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Scenario:
    """Changes to a network on a day; scenarios add up with ``+`` unless they contradict.

    Parameters
    ----------
    on : day whose statuses hold; None for that of the network.
    open, close : id of a link, crossing or corridor → id of the scenario that opens or closes it.
    build : id → new link, and the id of the scenario that builds it.
    set : key → value, and the id of the scenario that sets it.
    closed, open_hours : id of a link, crossing or corridor → when it is closed again and again, or
        when alone it is open (see `borders.recurring`), and the id of the scenario that
        says so.

    Two scenarios are equal if their content is, whichever of their parts it comes from. They add
    up with ``+`` and `sum`, and `to_toml` writes one as the file that `read_scenario` reads.

    Examples
    --------
    >>> both = read_scenario("tripp-open") + read_scenario("kars-dilucu-built")
    >>> both.id
    'tripp-open+kars-dilucu-built'
    """

    id: str
    name: str = ""
    names: dict[str, str] = field(default_factory=dict, hash=False)
    on: date | None = None
    open: dict[str, str] = field(default_factory=dict, hash=False)
    close: dict[str, str] = field(default_factory=dict, hash=False)
    build: dict[str, tuple[Build, str]] = field(default_factory=dict, hash=False)
    set: dict[str, tuple[float, str]] = field(default_factory=dict, hash=False)
    closed: dict[str, tuple[str, str]] = field(default_factory=dict, hash=False)
    open_hours: dict[str, tuple[str, str]] = field(default_factory=dict, hash=False)
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Take a day as text too, and the name as the English one."""
        if self.on is not None:
            object.__setattr__(self, "on", parse_date(self.on))
        if self.name and "en" not in self.names:
            object.__setattr__(self, "names", {"en": self.name, **self.names})

    def __eq__(self, other: object) -> bool:
        """Tell whether two scenarios have the same content."""
        return isinstance(other, Scenario) and self._content() == other._content()

    def __hash__(self) -> int:
        """Return a hash of id, name, day, source and note."""
        return hash((self.id, self.name, self.on, self.source, self.note))

    def _content(self) -> tuple[Any, ...]:
        builds = {key: build for key, (build, _) in self.build.items()}
        hours = [{key: text for key, (text, _) in texts.items()} for texts in self._hours]
        changes = self.open.keys(), self.close.keys(), builds, self.settings, *hours
        return self.id, self.name, self.names, self.on, *changes, self.source, self.note

    def _repr_html_(self) -> str:
        """Show a sketch of what it opens and builds, and a table, in a notebook."""
        from borders.files.notebook import card

        hours = {key: text for texts in self._hours for key, (text, _) in texts.items()}
        rows = [
            ("id", self.id),
            ("on", self.on.isoformat() if self.on else "the day of the network"),
            ("opens", ", ".join(self.open)),
            ("closes", ", ".join(self.close)),
            ("builds", "; ".join(self.build)),
            ("sets", "; ".join(f"{key} = {value:g}" for key, value in self.settings.items())),
            ("hours", "; ".join(f"{key}: {text}" for key, text in hours.items())),
            ("note", self.note),
        ]
        return card(self.name or self.id, rows, self._course(), cited=self._cited())

    def _course(self) -> Any:
        """Return the lines of the bundled links that it opens, and of those that it builds."""
        import shapely

        from borders.files.features import end_to_end
        from corridors.model.path import pieces
        from corridors.network.load import load_network

        network, lines = load_network(), []
        # Places and links of the user's own network are not drawn.
        for key in self.open:
            with suppress(UnknownNameError):
                links = network.links_of(key)
                lines += [shapely.LineString(link.xy) for link in links if len(link.xy) > 1]
        for key, (build, _) in self.build.items():
            with suppress(AraxesError):
                lines.append(end_to_end(pieces(list(build.path), key, source=build.source)))
        return shapely.MultiLineString(lines)

    def _cited(self) -> tuple[str, ...]:
        return tuple(self.source.split("; ")) if self.source else ()

    def __repr__(self) -> str:
        """Return one line: id and how much it changes."""
        parts: tuple[tuple[dict[str, Any], str], ...]
        parts = (self.open, "opens"), (self.close, "closes"), (self.build, "builds")
        timed = self.closed | self.open_hours
        parts += (self.set, "sets"), (timed, "gives hours to")
        changes = [f"{does} {len(keys)}" for keys, does in parts if keys]
        day = f" on {self.on}" if self.on else ""
        return f"<Scenario {self.id}{day}: {', '.join(changes) or 'as it stands'}>"

    @classmethod
    def of(cls, key: str, *, network: Network | None = None, **content: Any) -> Scenario:
        """Return a scenario made in code, from the content of a scenario file.

        Parameters
        ----------
        key : its id.
        network : if given, everything that it opens, closes and sets must be on it, and new links
            may join its places.
        content : `name`, `on`, `includes`, `open`, `close`, `build`, `set`, `closed`,
            `open_hours`, `source` and `note`, as in a file: ids in lists, new links as
            dictionaries with `id`, `mode` and `path`, values of `set` by key, seasons and hours by
            id; see table `scenario` in docs/data.md.

        Raises
        ------
        UnknownNameError, SchemaError : as for a file; the message begins with the id.

        Examples
        --------
        >>> Scenario.of("rail", open=["kars-gyumri"], set={"x-dogukapi-akhurik-rail.delay_h": 4})
        <Scenario rail: opens 1, sets 1>
        """
        trail = _Trail(network=network)
        scenario = _with_includes({"id": key, "name": key, **content}, key, trail, Path())
        if network is not None:
            scenario.check(network)
        return scenario

    def check(self, network: Network) -> None:
        """Refuse a scenario that names what a network does not have.

        Raises
        ------
        UnknownNameError : no such link, crossing, corridor or assumption; offers the nearest.
        """
        usual = assumptions().keys() | assumption_groups()
        settings = {key.rpartition(".")[0] for key in self.settings if key not in usual}
        with located(f"scenario '{self.id}'"):
            for key in (*self.open, *self.close, *sorted(settings), *self.closed, *self.open_hours):
                if key not in self.build:
                    network.links_of(key)

    def __add__(self, other: Scenario) -> Scenario:
        """Return a scenario with the changes of both.

        Raises
        ------
        SchemaError : they contradict each other; the message names both and the contradiction.
        """
        if not isinstance(other, Scenario):
            return NotImplemented
        return _merge(self, other, key=f"{self.id}+{other.id}")

    def __radd__(self, other: object) -> Scenario:
        """Return itself when added to 0, with which `sum` begins."""
        return self if other == 0 else NotImplemented

    def to_toml(self, *, id: str | None = None) -> str:  # noqa: A002 - the word of the file
        """Return the text of a scenario file that `read_scenario` reads as an equal scenario.

        Parameters
        ----------
        id : of the file; a sum, whose id holds ``+``, is written with ``-`` in its place.

        Examples
        --------
        >>> print(Scenario.of("rail", name="Rail", open=["kars-gyumri"]).to_toml())
        id = "rail"
        name = "Rail"
        open = ["kars-gyumri"]
        <BLANKLINE>
        """
        import tomlkit

        names = {f"name_{code}": name for code, name in self.names.items() if code != "en"}
        rows: dict[str, Any] = {
            "id": id or self.id.replace("+", "-"), "name": self.name, **names, "on": self.on,
            "open": list(self.open), "close": list(self.close), "source": self.source,
            "note": self.note, "set": self.settings,
            **{key: {k: text for k, (text, _) in said.items()}
               for key, said in zip(("closed", "open_hours"), self._hours, strict=True)},
            "build": [build.row() for build, _ in self.build.values()],
        }  # fmt: skip
        return tomlkit.dumps({key: value for key, value in rows.items() if value})

    @property
    def _hours(self) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
        return self.closed, self.open_hours

    @property
    def settings(self) -> dict[str, float]:
        """Return key → value of what it sets."""
        return {key: value for key, (value, _) in self.set.items()}


@cache
def scenario_ids(root: DataRoot = BUNDLED) -> tuple[str, ...]:
    """Return the ids of the bundled scenarios."""
    return root.ids("scenarios")


def read_scenario(key: str | Path, *, network: Network | None = None) -> Scenario:
    """Return a scenario by id or from a TOML file; several are joined by ``+``.

    A file that exists and has a ``+`` in its name is read as the file that it is.

    Parameters
    ----------
    network : whose places new links may join, besides those of the gazetteer.

    Raises
    ------
    UnknownNameError : no such id; the message lists the known ones.
    FileFormatError, SchemaError : the file is not TOML, breaks the rules of `schema.csv`, includes
        itself, or contradicts what it includes.
    """
    parts = _split(str(key))
    trail = _Trail(network=network)
    total, *others = [_read(part, trail) for part in parts]
    for other in others:
        total = total + other
    return total


def _split(key: str) -> list[str]:
    """Return the ids and files that are joined by ``+``, whole names of existing files first."""
    words = key.split("+")
    parts: list[str] = []
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            part = "+".join(words[start:end]).strip()
            if end == start + 1 or (part.endswith(".toml") and is_file(Path(part))):
                parts.append(part)
                start = end
                break
    return parts


def _check_name(key: str) -> None:
    if "\0" in key:
        message = f"{key!r}: no file can have this name"
        raise FileFormatError(message)


def contradiction(opener: str, closer: str, key: str) -> str:
    """Return the message that a scenario opens what another one, or itself, closes."""
    if opener == closer:
        return f"scenario '{opener}' contradicts itself: it opens '{key}' and closes it"
    return (
        f"scenarios '{opener}' and '{closer}' contradict each other: one opens '{key}', the other "
        "closes it"
    )


def _merge(first: Scenario, second: Scenario, *, key: str) -> Scenario:
    """Return both scenarios as one of id `key`; refuse two that contradict each other."""
    if first.on and second.on and first.on != second.on:
        message = (
            f"scenarios '{first.id}' and '{second.id}' contradict each other: "
            f"one is of {first.on}, the other of {second.on}"
        )
        raise SchemaError(message)
    merged = replace(
        first,
        id=key,
        name=_both(" + ", first.name, second.name),
        names={
            code: _both(" + ", name, second.names[code])
            for code, name in first.names.items()
            if code in second.names
        },
        on=first.on or second.on,
        open=second.open | first.open,
        close=second.close | first.close,
        build=_joined("build", first.build, second.build),
        set=_joined("set", first.set, second.set),
        closed=_joined("closed", first.closed, second.closed),
        open_hours=_joined("open_hours", first.open_hours, second.open_hours),
        source=_both("; ", first.source, second.source),
        note=" ".join(dict.fromkeys(filter(None, (first.note, second.note)))),
    )
    _check_contradictions(merged)
    return merged


def _both(between: str, first: str, second: str) -> str:
    """Return the parts of two texts as one text, each once."""
    parts = (part for text in (first, second) if text for part in text.split(between))
    return between.join(dict.fromkeys(parts))


def _joined(what: str, first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    for key in (key for key in first if key in second):
        (a, by_a), (b, by_b) = first[key], second[key]
        if a != b:
            detail = "two different links" if what == "build" else f"{a} and {b}"
            detail = f"{a:g} and {b:g}" if what == "set" else detail
            message = (
                f"scenarios '{by_a}' and '{by_b}' contradict each other: {what} {key}, {detail}"
            )
            raise SchemaError(message)
    return second | first


def _check_contradictions(scenario: Scenario) -> None:
    opened = scenario.open.keys() | scenario.build.keys()
    for key in sorted(opened & scenario.close.keys()):
        opener = scenario.open.get(key) or scenario.build[key][1]
        raise SchemaError(contradiction(opener, scenario.close[key], key))


@dataclass(frozen=True, slots=True)
class _Trail:
    """The files that include one another down to the one being read, and the scenarios read.

    Parameters
    ----------
    above : real paths, the outermost file first.
    known : real path → scenario, of every file read so far.
    network : whose places new links may join.
    """

    above: tuple[str, ...] = ()
    known: dict[str, Scenario] = field(default_factory=dict)
    network: Network | None = None


def _read(key: str, trail: _Trail, folder: Path | None = None) -> Scenario:
    _check_name(key)
    if key in scenario_ids():
        path = BUNDLED.path(f"scenarios/{key}.toml")
    elif key.endswith(".toml"):
        path = (folder or Path()) / key
    else:
        raise UnknownNameError(_unknown(key, folder or Path()))
    name, above = realpath(path), trail.above
    if name in trail.known:
        return trail.known[name]
    if name in above:
        ring = " → ".join(Path(p).stem for p in (*above[above.index(name) :], name))
        message = f"{path.name}: includes itself: {ring}; take one of them out"
        raise SchemaError(message)
    if len(above) >= MOST_NESTED:
        message = (
            f"{path.name}: over {MOST_NESTED} files include one another in a row; include less"
        )
        raise SchemaError(message)
    below = _Trail((*above, name), trail.known, trail.network)
    scenario = trail.known[name] = _with_includes(read_toml(path), path.name, below, path.parent)
    return scenario


def _with_includes(rows: dict[str, Any], where: str, trail: _Trail, folder: Path) -> Scenario:
    """Return the scenario of a table, with the scenarios that it includes."""
    table = schema.check("scenario", rows, where)
    scenario = own = _without_includes(table, where, trail.network)
    if folder == BUNDLED.folder / "scenarios" and not own.source:
        scenario = own = replace(own, source="araxes")
    for key in _texts(table["includes"], f"{where}: includes"):
        included = _included(key, trail, folder, where)
        merged = _merge(scenario, included, key=own.id)
        scenario = replace(merged, name=own.name, names=own.names, note=own.note)
    return scenario


def _included(key: str, trail: _Trail, folder: Path, where: str) -> Scenario:
    file = folder / key
    if key not in scenario_ids() and not (key.endswith(".toml") and is_file(file)):
        with located(f"{where}: includes"):
            if key.endswith(".toml") and len(key) <= _LONGEST_SHOWN:
                # Says why there is no such file: it may be one that cannot be looked at.
                _check_name(key)
                read_toml(file)
            raise UnknownNameError(_unknown(key, folder))
    return _read(key, trail, folder)


def _unknown(key: str, folder: Path) -> str:
    """Return the message that there is no such scenario, with the nearest ids.

    Parameters
    ----------
    folder : in which a file may lie that was meant.
    """
    from difflib import get_close_matches

    if is_file(folder / f"{key}.toml"):
        return f"no scenario '{key}', but a file {key}.toml; write '{key}.toml'"
    if is_file(folder / key):
        return f"no scenario '{key}'; a file of one ends in .toml: rename it '{key}.toml'"
    parts = [part.strip() for part in key.replace(";", ",").split(",")]
    if len(parts) > 1 and all(parts):
        return f"no scenario '{key}'; ids are joined by +: write {'+'.join(parts)}"
    shown = key if len(key) <= _LONGEST_SHOWN else f"{key[:_LONGEST_SHOWN]}…"
    near = get_close_matches(key[:100], scenario_ids(), n=3)
    known = f"known: {', '.join(scenario_ids())}; or give a .toml file"
    hint = f"did you mean {', '.join(near)}?" if near else known
    return f"no scenario '{shown}'; {hint}"


def _without_includes(table: dict[str, Any], where: str, network: Network | None) -> Scenario:
    key = table["id"]
    builds: dict[str, tuple[Build, str]] = {}
    for n, row in enumerate(table["build"] or (), 1):
        build = read_build(row, f"{where}, build {n}", network)
        if build.id in builds:
            message = f"{where}, build {n}: id '{build.id}' is already used; choose another"
            raise SchemaError(message)
        builds[build.id] = build, key
    names = {code: table[f"name_{code}"] for code in LANGUAGES[1:] if table[f"name_{code}"]}
    scenario = Scenario(
        id=key,
        name=table["name"],
        names={"en": table["name"], **names},
        on=table["on"],
        open=dict.fromkeys(_texts(table["open"], f"{where}: open"), key),
        close=dict.fromkeys(_texts(table["close"], f"{where}: close"), key),
        build=builds,
        set={k: (v, key) for k, v in read_settings(table["set"] or {}, f"{where}: set")},
        closed=_hours_by_id(table, "closed", where),
        open_hours=_hours_by_id(table, "open_hours", where),
        source=table["source"] or "",
        note=table["note"] or "",
    )
    _check_contradictions(scenario)
    return scenario


def _hours_by_id(table: dict[str, Any], key: str, where: str) -> dict[str, tuple[str, str]]:
    """Return what a table says of hours or seasons, by id, with the id of the scenario."""
    texts = table[key] or {}
    for name, text in texts.items():
        closed, opens = (text, "") if key == "closed" else ("", text)
        checked_hours(closed, opens, f"{where}: {key} of {name}")
    return {name: (text, table["id"]) for name, text in texts.items()}


def _texts(values: list[Any] | None, where: str) -> list[str]:
    for value in values or ():
        if not isinstance(value, str):
            message = f"{where} holds {value!r}; write ids as text in quotes"
            raise SchemaError(message)
    return list(values or ())
