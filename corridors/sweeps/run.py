"""A sweep from question to table: in one process, on several, or on a cluster."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from borders.errors import AraxesError, FileFormatError
from corridors.sweeps.answer import Process
from corridors.sweeps.journal import Journal, journal_of
from corridors.sweeps.question import ask, remaining

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    import pandas

    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms
    from corridors.sweeps.answer import Columns
    from corridors.sweeps.question import Question

__all__ = ["SUFFIXES", "answer", "answer_to", "check_output", "read_table", "sweep", "write_table"]

SUFFIXES = (".parquet", ".csv", ".gpkg")


def sweep(  # noqa: PLR0913 - the parts of a question, and where it is answered
    pairs: Sequence[tuple[str, str]] | tuple[str, str],
    *,
    scenarios: Sequence[Scenario | str] | Scenario | str = "status-quo",
    vary: Mapping[str, Sequence[float]] | None = None,
    openings: Sequence[str] = (),
    draws: int | None = None,
    seed: int = 0,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    out: str | Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pandas.DataFrame:
    """Return one tidy table: a row for each case, pair and set of modes, and draw.

    Cases are all combinations of the scenarios, of every subset of the openings and of the values
    of what varies. With draws each case is asked in every draw of lengths, speeds and delays: the
    best route is searched for anew, and draw n is the same world in all cases, so that differences
    between rows of one draw are exact. Without draws the sums have their 95 % intervals.

    Parameters
    ----------
    pairs : origins and destinations; one pair may stand alone.
    scenarios : scenarios, ids or TOML files.
    vary : key of the assumptions, or a link, crossing or corridor with a column, such as
        ``x-sarp-sarpi.delay_h`` → the values that it takes.
    openings : ids of links, crossings or corridors, every subset of which is opened.
    draws, seed : how many draws, and which.
    network : a network, or a file of one; the bundled one if missing. Other processes read the
        file for themselves.
    on : day whose statuses hold; see `route`.
    out : file for the table, .parquet, .csv or .gpkg. A journal beside it keeps what is done, so
        that a sweep that was killed goes on where it was.
    workers : processes on this machine. They import the script that asks, so in one call this under
        ``if __name__ == "__main__":``.
    scheduler : address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``, or ``local`` for one
        of `workers` processes on this machine; needs ``araxes[cluster]``.
    progress : called with the number of shares of the work done and of all.

    Returns
    -------
    Columns ``case``, the labels of the case, ``draw``, ``from``, ``to``, ``mode_set``, sums, what
    the costs of the path rest on, and ``path``, a name that equal paths share; NaN and empty where
    there is no route. The same table, bit for bit, wherever it was computed.

    Raises
    ------
    AraxesError : what cannot be asked; a worker failed.
    FileFormatError : the journal is that of another question; the file cannot be written.

    Examples
    --------
    >>> from corridors.scenarios.terms import Terms
    >>> delays = {"delay_h.crossing.rail": [2, 20]}
    >>> table = sweep(("Kars", "Tbilisi"), vary=delays, terms=Terms(modes="rail"))
    >>> table["hours"].diff().round(6).tolist()[1:]
    [18.0]
    """
    if out is not None:
        check_output(Path(out))
    question = ask(
        pairs, scenarios=scenarios, vary=vary, openings=openings, draws=draws, seed=seed,
        terms=terms, network=network, on=on,
    )  # fmt: skip
    with _answered(question, out, workers, scheduler, progress) as chunks:
        if out is not None:
            write_table(chunks(), Path(out))
        return _frame(_joined(chunks()))


def answer(
    question: Question,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Columns:
    """Return the table of a question as arrays by column; see `sweep`."""
    with _answered(question, None, workers, scheduler, progress) as chunks:
        return _joined(chunks())


def answer_to(
    out: str | Path,
    question: Question,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the table of a question to a file, share by share; return the number of rows.

    No more than the rows of some cases are in memory at a time, so it may have any size.
    """
    with _answered(question, out, workers, scheduler, progress) as chunks:
        return write_table(chunks(), Path(out))


@contextmanager
def _answered(
    question: Question, out: str | Path | None, workers: int, scheduler: str | None,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Callable[[], Iterator[Columns]]]:  # fmt: skip
    """Yield what returns the rows of all cases, some cases at a time, when all are answered.

    The journal is removed when the block has ended without an error.
    """
    if workers < 1:
        message = f"{workers} workers are asked for; give 1 or more"
        raise AraxesError(message)
    digest, total = question.digest(), question.n_shares
    opened = nullcontext() if out is None else Journal(journal_of(out), digest)
    with opened as journal:
        in_memory: dict[int, Columns] = {}
        done = journal.done if journal is not None else set()
        if progress and done:
            progress(len(done), total)
        shares = list(remaining(question, done))
        for turn, (n, columns) in enumerate(
            _answers(question, digest, shares, workers, scheduler), len(done) + 1
        ):
            if journal is not None:
                journal.add(n, columns)
            else:
                in_memory[n] = columns
            if progress:
                progress(turn, total)
        rows = journal.rows if journal is not None else in_memory.__getitem__
        yield lambda: _chunks(question, rows)
        if journal is not None:
            journal.remove()


def _chunks(question: Question, rows: Callable[[int], Columns]) -> Iterator[Columns]:
    """Yield the rows of some cases at a time, in order of cases, pairs and draws."""
    blocks = question.draws.n_blocks if question.draws else 1
    for first in range(0, question.n_shares, blocks):
        parts = [rows(n) for n in range(first, first + blocks)]
        table = _joined(parts)
        if blocks > 1:
            # Each block has the same groups of rows, of a case, a pair and a set of modes; the
            # draws of a group belong together.
            sizes = [int(part["draw"].max() - part["draw"].min()) + 1 for part in parts]
            groups = [
                np.arange(len(part["draw"])) // size
                for part, size in zip(parts, sizes, strict=True)
            ]
            order = np.lexsort((table["draw"], np.concatenate(groups)))
            table = {name: values[order] for name, values in table.items()}
        yield table


def _answers(
    question: Question, digest: str, shares: Sequence[int], workers: int, scheduler: str | None
) -> Iterator[tuple[int, Columns]]:
    """Yield the number and the rows of each share, as they are done."""
    if not shares:
        return
    if workers == 1 and scheduler is None:
        process = Process(question, question.network)
        for n in shares:
            yield n, process.answer(question.share(n))
        return
    from corridors.sweeps.cluster import by_cluster, by_processes, check_travels, prepare

    check_travels(question)
    prepare(question)
    if scheduler is None:
        yield from by_processes(question, digest, shares, workers)
    else:
        yield from by_cluster(question, digest, shares, workers, scheduler)


def _joined(parts: Iterable[Columns]) -> Columns:
    """Return the rows of several parts as one table."""
    tables = list(parts)
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _frame(table: Columns) -> pandas.DataFrame:
    import pandas as pd

    return pd.DataFrame(table)


def check_output(path: Path) -> None:
    """Refuse a file that a table cannot be written to.

    Raises
    ------
    FileFormatError : unknown suffix, no such folder, or a library is missing.
    """
    if path.suffix.lower() not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        message = f"{path}: cannot write '{path.suffix}'; a sweep is written as one of {known}"
        raise FileFormatError(message)
    if not path.parent.is_dir():
        message = f"{path}: the folder does not exist; create it first"
        raise FileFormatError(message)
    if path.suffix.lower() == ".parquet":
        try:
            import pyarrow  # noqa: F401
        except ImportError as err:
            message = f"{path}: writing Parquet needs pyarrow: pip install 'araxes[parquet]'"
            raise FileFormatError(message) from err


def write_table(parts: Iterable[Columns], path: Path) -> int:
    """Write a table, part after part, whole or not at all; return the number of rows.

    Raises
    ------
    FileFormatError : unknown suffix, a library is missing, or the place cannot be written to.
    """
    from borders.files.atomic import atomic

    check_output(path)
    writers = {".csv": _write_csv, ".parquet": _write_parquet, ".gpkg": _write_geopackage}
    with atomic(path) as draft:
        return writers[path.suffix.lower()](map(_frame, parts), draft)


def read_table(path: str | Path) -> pandas.DataFrame:
    """Return a table that `write_table` wrote.

    Raises
    ------
    FileFormatError : it is none of the files that a sweep is written as, or a library is missing.
    """
    path = Path(path)
    check_output(path)
    suffix = path.suffix.lower()
    import pandas as pd

    if suffix == ".parquet":
        parquet: pandas.DataFrame = pd.read_parquet(path)
        return parquet
    if suffix == ".gpkg":
        import pyogrio

        frame = pyogrio.read_dataframe(path, layer="sweep")
    else:
        frame = pd.read_csv(path)
    # Files of both kinds have nothing where a text is empty.
    texts = frame.select_dtypes(exclude="number").columns
    filled: pandas.DataFrame = frame.fillna(dict.fromkeys(texts, ""))
    return filled


def _write_csv(frames: Iterable[pandas.DataFrame], draft: Path) -> int:
    count = 0
    for frame in frames:
        frame.to_csv(draft, index=False, lineterminator="\n", mode="a", header=count == 0)
        count += len(frame)
    return count


def _write_parquet(frames: Iterable[pandas.DataFrame], draft: Path) -> int:
    import pyarrow
    from pyarrow import parquet

    count, writer = 0, None
    try:
        for frame in frames:
            table = pyarrow.Table.from_pandas(frame, preserve_index=False)
            if writer is None:
                writer = parquet.ParquetWriter(draft, table.schema)
            writer.write_table(table)
            count += len(frame)
    finally:
        if writer is not None:
            writer.close()
    return count


def _write_geopackage(frames: Iterable[pandas.DataFrame], draft: Path) -> int:
    import pyogrio

    count = 0
    for frame in frames:
        pyogrio.write_dataframe(frame, draft, layer="sweep", driver="GPKG", append=count > 0)
        count += len(frame)
    return count
