"""The study: a folder of one's own places, lines, scenarios and network, in front of ours."""

from __future__ import annotations

import glob
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, FileFormatError, SchemaError
from borders.files import schema
from borders.files.bundle import BUNDLED, left_out
from borders.files.paths import is_file, is_folder
from borders.files.toml import read_toml
from borders.gazetteer.places import LANGUAGES
from corridors.study.region import GUIDES, own_layers, own_tables
from corridors.study.steps import Step, read_steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

__all__ = ["FIGURES", "FILE", "Figure", "Study", "readable_study", "study_around"]

# The file that makes a folder a study.
FILE = "araxes.toml"
# Its figures, and the steps of its story.
FIGURES = "figures.toml"
BASES = ("south-caucasus", "none")
# Files beside a shapefile that belong to it.
_SIDECARS = (".shx", ".dbf", ".prj", ".cpg")
# What answers on its network rest on, besides its network, guide lines, countries and gazetteer.
_DECIDE = ("places.csv", "towns.csv", "scenarios/status-quo.toml")
# What a study holds of its own, by the folder in which each thing has a file.
_KINDS = {"treaties": "treaty", "corridors": "corridor", "scenarios": "scenario"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that a study asks for: things by id, or the best routes of pairs.

    Parameters
    ----------
    file : name of its file, without a suffix.
    things : ids of borders and corridors that are drawn.
    pairs : ends of routes that are drawn under `scenario`.
    """

    file: str
    title: str
    things: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    scenario: str = "status-quo"
    modes: tuple[str, ...] = ()
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A folder with one's own question: what it adds, what it compares, and what it draws.

    Parameters
    ----------
    folder : holds `araxes.toml`, and what it says nothing of if it has none of it: `places.csv`,
        `treaties/`, `corridors/`, `scenarios/`, `network/`, `figures.toml`.
    title : of its report and its page.
    languages : of the names, the first that of its page and figures.
    base : ``south-caucasus``, so that its things stand beside the bundled ones, or ``none``.
    on : day of its maps; None for that of each scenario.
    scenarios, pairs, modes : what its report compares.
    things : what its page shows; its own borders and corridors if empty.
    profile : the one of these along which its page has a profile; None for none.
    figures, steps : of `figures.toml`: what is drawn, and the steps of its story.
    countries, countries_code, countries_sigma_m : polygons file of its own countries, the column
        with their codes, and the standard error of their outlines.
    gazetteer : a GeoNames dump or an extract of OpenStreetMap whose places are known by name.
    font : a font file in the folder, for letters of its figures that theirs lacks.
    """

    folder: Path
    title: str
    languages: tuple[str, ...]
    base: str
    on: date | None
    scenarios: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    modes: tuple[str, ...]
    things: tuple[str, ...]
    figures: tuple[Figure, ...]
    steps: tuple[Step, ...] = ()
    countries: str | None = None
    countries_code: str | None = None
    countries_sigma_m: float | None = None
    gazetteer: str | None = None
    profile: str | None = None
    font: str | None = None

    @classmethod
    def open(cls, folder: str | Path) -> Study:
        """Return the study of a folder.

        Raises
        ------
        FileFormatError : the folder has no `araxes.toml`, or one that is not TOML.
        SchemaError : a key, an id or a value is none; an id is taken by the base.

        Examples
        --------
        >>> Study.open("no-such-folder")
        Traceback (most recent call last):
            ...
        borders.errors.FileFormatError: no-such-folder: no such folder; \
`araxes new no-such-folder` makes a study
        """
        return cls._opened(Path(folder), strict=True)

    @classmethod
    def _opened(cls, path: Path, *, strict: bool) -> Study:
        if not is_folder(path):
            message = f"{path}: no such folder; `araxes new {path}` makes a study"
            raise FileFormatError(message)
        if not is_file(path / FILE):
            message = f"{path}: no study, since it has no {FILE}; `araxes new` makes one"
            raise FileFormatError(message)
        row = schema.check("study", read_toml(path / FILE), FILE)
        base = row["base"] or BASES[0]
        languages = _texts(row["languages"], "languages", ("en",))
        for code in languages:
            if code not in LANGUAGES:
                message = (
                    f"{FILE}: languages has '{code}'; known: {', '.join(LANGUAGES)}, in which "
                    "pages and figures have words. Write one of these; names in another language "
                    "go into the column name and are shown as they stand"
                )
                raise SchemaError(message)
        figures, steps = _drawn_and_told(path / FIGURES, strict=strict)
        study = cls(
            folder=path,
            title=row["title"],
            languages=languages,
            base=base,
            on=row["on"],
            scenarios=_texts(row["scenarios"], "scenarios", ("status-quo",)),
            pairs=_pairs(row["pairs"] or (), f"{FILE}: pairs"),
            modes=_texts(row["modes"], "modes", ()),
            things=_texts(row["things"], "things", ()),
            figures=figures,
            steps=steps,
            countries=row["countries"],
            countries_code=row["countries_code"],
            countries_sigma_m=row["countries_sigma_m"],
            gazetteer=row["gazetteer"],
            profile=row["profile"],
            font=row["font"],
        )
        study._check_profile()
        study._check_region()
        study._check_ids(strict=strict)
        return study

    @contextmanager
    def active(self) -> Iterator[Study]:
        """See the study's things in this process for the length of a block: all look-ups do.

        Raises
        ------
        SchemaError : a place of the study breaks the rules of table `place` in `data/schema.csv`.
        """
        folder = self.folder.resolve()
        layers = own_layers(folder, self.countries, self.countries_code, self.countries_sigma_m)
        tables = own_tables(folder, self.gazetteer)
        shows = self.base != "none"
        with BUNDLED.under(folder, name=self.title, shows=shows, tables=tables, layers=layers):
            self._check_places()
            yield self

    def own_ids(self, kind: str) -> tuple[str, ...]:
        """Return the ids of its own treaties, corridors or scenarios."""
        return tuple(sorted(path.stem for path in (self.folder / kind).glob("*.toml")))

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Return the files that it is made of, as paths below its folder, in order."""
        tops = [FILE, "places.csv", "towns.csv", FIGURES, "claims.csv", "README.md"]
        tops += [*self._sidecars(), *filter(None, (self.countries, self.gazetteer, self.font))]
        found = [Path(name) for name in tops if is_file(self.folder / name)]
        for kind in (*_KINDS, "network", GUIDES):
            below = sorted((self.folder / kind).rglob("*"))
            found += [path.relative_to(self.folder) for path in below if _is_input(path)]
        return tuple(found)

    def _sidecars(self) -> list[str]:
        """Return the files beside a shapefile of countries without which it cannot be read."""
        if self.countries is None or not self.countries.lower().endswith(".shp"):
            return []
        stem = Path(self.countries).stem
        beside = sorted(self.folder.glob(f"{glob.escape(stem)}.*"))
        return [path.name for path in beside if path.suffix.lower() in _SIDECARS]

    @property
    def checksum(self) -> str:
        """Return the SHA-256 of all that answers on its network rest on, wherever it lies.

        Its scenarios are not part of it, but for the day up to which its statuses are known: who
        asks says which scenarios hold.
        """
        region = (self.base, self.countries, self.countries_code, self.countries_sigma_m,
                  self.gazetteer)  # fmt: skip
        digest = hashlib.sha256(repr(region).encode())
        for path in self.inputs:
            decides = path.parts[0] in ("network", GUIDES) or path.as_posix() in _DECIDE
            if decides or path.name in (self.countries, self.gazetteer, *self._sidecars()):
                digest.update(f"\n{path.as_posix()}\n".encode())
                digest.update((self.folder / path).read_bytes())
        return digest.hexdigest()

    def _check_profile(self) -> None:
        shown = self.shown
        if self.profile is not None and self.profile not in shown:
            message = (
                f"{FILE}: profile is '{self.profile}'; its page shows {', '.join(shown) or 'none'}"
            )
            raise SchemaError(message + schema.misspelt([self.profile], shown))

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the ids of the borders and corridors that its page shows."""
        return self.things or (*self.own_ids("treaties"), *self.own_ids("corridors"))

    def _check_region(self) -> None:
        """Refuse countries and a gazetteer beside the bundled ones, and what is no file here."""
        for key in ("countries", "gazetteer", "font"):
            name = getattr(self, key)
            if name is None:
                continue
            if self.base != "none" and key != "font":
                message = f'{FILE}: {key} goes with base = "none"; {self.base} has its own'
                raise SchemaError(message)
            if Path(name).name != name or not is_file(self.folder / name):
                message = f"{FILE}: {key} is '{name[:80]}', but there is no such file in the folder"
                raise FileFormatError(message)
        for key in ("countries_code", "countries_sigma_m"):
            if getattr(self, key) is not None and self.countries is None:
                message = f"{FILE}: {key} without countries; name the polygons file"
                raise SchemaError(message)

    def _check_ids(self, *, strict: bool) -> None:
        """Refuse an id that two things have: of the study, or one of it and one of the base."""
        taken: dict[str, str] = {}
        for folder, kind in _KINDS.items():
            if self.base != "none":
                bundled = BUNDLED.ids(folder, own=False)
                taken |= dict.fromkeys(bundled, f"the bundled {kind}")
        for folder in _KINDS:
            for key in self.own_ids(folder):
                where = f"{folder}/{key}.toml"
                try:
                    stated = read_toml(self.folder / where).get("id")
                except FileFormatError as err:
                    if strict:
                        raise
                    left_out(where, err)
                    continue
                if stated != key:
                    message = (
                        f"{where}: id is '{stated}', but the file is named '{key}'; make them one"
                    )
                    if stated is None:
                        message = f'{where}: it has no id; write id = "{key}" at its top'
                    raise SchemaError(message)
                if key in taken:
                    message = f"{where}: id '{key}' is also that of {taken[key]}; choose another"
                    raise SchemaError(message)
                taken[key] = where

    def _check_places(self) -> None:
        """Refuse a place that breaks the rules, or has the id of another; rows are told as here."""
        own = BUNDLED.own_rows("places.csv")
        every = BUNDLED.rows("places.csv")
        bundled = every[: len(every) - len(own)]
        taken = {row["id"]: "a bundled place" for row in bundled}
        for n, row in enumerate(own, 2):
            where = f"places.csv:{n}"
            key = schema.check("place", row, where)["id"]
            if key in taken:
                message = f"{where}: id '{key}' is also that of {taken[key]}; choose another"
                raise SchemaError(message)
            taken[key] = where
        if is_file(self.folder / "towns.csv"):
            for n, row in enumerate(BUNDLED.own_rows("towns.csv"), 2):
                schema.check("town", row, f"towns.csv:{n}")


def readable_study(folder: str | Path) -> Study:
    """Return the study of a folder without the figures and things whose file is broken.

    Warns
    -----
    FormatWarning : such a file is left out; what needs it refuses it.

    Raises
    ------
    FileFormatError, SchemaError : as `Study.open`, of `araxes.toml` and of ids.
    """
    return Study._opened(Path(folder), strict=False)


def study_around(folder: Path) -> Path | None:
    """Return the folder itself, or the nearest above it, that is a study; None if none is."""
    whole = folder.resolve()
    return next((place for place in (whole, *whole.parents) if is_file(place / FILE)), None)


def _is_input(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def _texts(
    values: list[Any] | None, key: str, default: tuple[str, ...] = (), *, where: str = FILE
) -> tuple[str, ...]:
    for value in values or ():
        if not isinstance(value, str):
            message = f"{where}: {key} holds {value!r}; write it as text in quotes"
            raise SchemaError(message)
    return tuple(values) if values else default


def _pairs(values: Any, where: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of places, each written as "From:To" or as a list of two."""
    pairs = []
    for value in values:
        ends = value.split(":") if isinstance(value, str) else value
        if (
            not isinstance(ends, list)
            or len(ends) != 2
            or not all(isinstance(e, str) for e in ends)
        ):
            message = f'{where} holds {value!r}; write a pair as "From:To"'
            raise SchemaError(message)
        pairs.append((ends[0].strip(), ends[1].strip()))
    return tuple(pairs)


def _drawn_and_told(path: Path, *, strict: bool) -> tuple[tuple[Figure, ...], tuple[Step, ...]]:
    """Return the figures and steps of `figures.toml`; without `strict` none of a broken one."""
    try:
        return _figures(path), _steps(path)
    except AraxesError as err:
        if strict:
            raise
        left_out(FIGURES, err)
        return (), ()


def _figures(path: Path) -> tuple[Figure, ...]:
    """Return the figures of `figures.toml`; none if there is no such file.

    Raises
    ------
    SchemaError : a figure is none, or the file holds something else than figures and steps.
    """
    if not is_file(path):
        return ()
    figures: dict[str, Figure] = {}
    for n, stated in enumerate(_tables(path, "figure"), 1):
        where = f"{path.name}, figure {n}"
        row = schema.check("study-figure", stated, where)
        if bool(row["things"]) == bool(row["pairs"]):
            message = f"{where}: give things, or pairs whose routes are drawn, not both or neither"
            raise SchemaError(message)
        for key in ("scenario", "modes"):
            if row["things"] and row[key]:
                message = f"{where}: {key} is for pairs, and this draws things; leave it out"
                raise SchemaError(message)
        if row["file"] in figures:
            message = f"{where}: file '{row['file']}' is that of another figure; choose another"
            raise SchemaError(message)
        figures[row["file"]] = Figure(
            file=row["file"], title=row["title"],
            things=_texts(row["things"], "things", where=where),
            pairs=_pairs(row["pairs"] or (), where), scenario=row["scenario"] or "status-quo",
            modes=_texts(row["modes"], "modes", where=where), on=row["on"],
        )  # fmt: skip
    return tuple(figures.values())


def _steps(path: Path) -> tuple[Step, ...]:
    """Return the steps of `figures.toml`; none if there is no such file."""
    return read_steps(_tables(path, "step"), path.name) if is_file(path) else ()


def _tables(path: Path, key: str) -> list[dict[str, Any]]:
    """Return the tables of `figures.toml` of one kind."""
    content = read_toml(path)
    unknown = next((name for name in content if name not in ("figure", "step")), None)
    if unknown is not None:
        hint = schema.misspelt([unknown], ("figure", "step"))
        message = f"{path.name}: unknown table '{unknown}'; known: figure, step{hint}"
        raise SchemaError(message)
    tables = content.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        message = f"{path.name}: {key} must be a list of tables; write [[{key}]] above each"
        raise SchemaError(message)
    return tables
