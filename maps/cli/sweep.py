"""The command that asks many questions at once: sweep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from borders.errors import AraxesError, FileFormatError, visible
from maps.cli.beside import processors
from maps.cli.commands import Command
from maps.cli.context import write_chart
from maps.cli.messages import complain, quiet_matplotlib
from maps.cli.options import (
    add_chart,
    add_demand,
    add_language,
    add_terms,
    command_line,
    read_chart,
    read_day,
    read_language,
    read_network,
    read_pair,
    read_scenarios,
    read_terms,
    refuse_twice,
    whole_number,
)
from maps.progress import bar
from maps.tables.counts import counted

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.sweeps.question import Question

__all__ = ["SWEEP", "SweepRequest"]


# Of one key; the cases of all keys together are limited besides.
MOST_VALUES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRequest:
    """A question, where its table goes, and by how many processes it is answered.

    Parameters
    ----------
    chart : file for a chart; None for none.
    """

    question: Question
    out: Path
    workers: int
    scheduler: str | None
    chart: str | None
    language: str
    command: str


def sweep_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes sweep`."""
    parser.add_argument(
        "folder",
        nargs="?",
        metavar="DIR",
        help="a folder of scenario files (.toml), or one file",
    )
    parser.add_argument(
        "--pair", action="append", required=True, metavar="FROM:TO", help="two places (repeatable)"
    )
    parser.add_argument(
        "--scenario", action="append", metavar="S",
        help="a scenario, several joined by +, or a .toml file (repeatable; default: status-quo, "
        "or those of DIR)",
    )  # fmt: skip
    parser.add_argument(
        "--vary", action="append", metavar="KEY=A:B:N",
        help="N values from A to B of an assumption, or of a link, crossing or corridor with "
        ".delay_h, .speed_kmh or .cost_usd_t; or KEY=V,V,V (repeatable: every combination)",
    )  # fmt: skip
    parser.add_argument(
        "--openings", metavar="ID,ID", help="open every subset of these links, crossings, corridors"
    )
    parser.add_argument(
        "--draws", type=whole_number, metavar="N",
        help="ask in N draws of lengths, speeds and delays, the same for all cases",
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=whole_number, default=0, metavar="N", help="of the draws (default: 0)"
    )
    add_terms(parser, clock=True)
    add_demand(parser)
    parser.add_argument(
        "--out", required=True, metavar="FILE",
        help="the table: .parquet, .csv or .gpkg; a journal beside it keeps what is done",
    )  # fmt: skip
    parser.add_argument(
        "--workers", metavar="N", default="1",
        help="processes on this machine, `all` for one a core (default: 1)",
    )  # fmt: skip
    parser.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="a Dask scheduler, such as tcp://10.0.0.1:8786, or `local` for one of --workers",
    )  # fmt: skip
    add_chart(parser, "lines over what varies, or a row for each case")
    add_language(parser)


def read_sweep(options: Namespace) -> SweepRequest:
    """Return the request of `araxes sweep`."""
    from corridors.sweeps.question import ask
    from corridors.sweeps.run import check_output

    out = Path(options.out)
    check_output(out)
    network = read_network(options)
    names = list(options.scenario or ())
    if options.folder is not None:
        names += _files(options.folder)
    scenarios = read_scenarios(names or ["status-quo"], options, read_day(options), network)
    question = ask(
        [read_pair(text) for text in options.pair],
        scenarios=scenarios,
        vary=_read_vary(options.vary or []),
        openings=[key.strip() for key in (options.openings or "").split(",") if key.strip()],
        draws=options.draws, seed=options.seed, terms=read_terms(options), network=network,
        file=None if options.columns else options.network,
    )  # fmt: skip
    chart = read_chart(options)
    if chart is not None:
        quiet_matplotlib()
        from maps.charts.sweep import check_sweep_chart

        check_sweep_chart(question)
    return SweepRequest(
        question=question, out=out, workers=_read_workers(options.workers),
        scheduler=options.scheduler, chart=chart, language=read_language(options),
        command=command_line(options),
    )  # fmt: skip


def _files(folder: str) -> list[str]:
    """Return the scenario files of a folder, in order of name."""
    path = Path(folder)
    if path.suffix == ".toml" and path.is_file():
        return [folder]
    if not path.is_dir():
        message = f"{folder}: no such folder; give one of scenario files, or --scenario"
        raise FileFormatError(message)
    files = sorted(str(file) for file in path.glob("*.toml"))
    if not files:
        message = f"{folder}: holds no .toml file; put files of scenarios there"
        raise FileFormatError(message)
    return files


def _read_vary(texts: list[str]) -> dict[str, list[float]]:
    """Return the keys of every --vary and their values, each key once."""
    refuse_twice("--vary", [text.partition("=")[0].strip() for text in texts])
    return dict(map(_read_varied, texts))


def _read_varied(text: str) -> tuple[str, list[float]]:
    """Return the key and the values of a --vary."""
    key, equals, values = (part.strip() for part in text.partition("="))
    parts = values.split(":")
    count = None
    try:
        if not equals or not key:
            raise ValueError
        if len(parts) == 1:
            return key, [float(value) for value in values.split(",")]
        low, high, count = float(parts[0]), float(parts[1]), int(parts[2])
        if len(parts) != 3 or not low < high or not 2 <= count <= MOST_VALUES:
            raise ValueError
    except (ValueError, IndexError):
        many = f"2 to {MOST_VALUES:,}" if count is not None else "N"
        message = (
            f"--vary is '{text}'; write KEY=A:B:N, {many} values from A to a larger B, such as "
            "delay_h.crossing.rail=0:40:9, or KEY=V,V,V"
        )
        raise AraxesError(message) from None
    # The last value is exactly B; twelve digits keep 0.1 + 0.2 from being 0.30000000000000004.
    return key, [float(f"{low + (high - low) * n / (count - 1):.12g}") for n in range(count)]


def _read_workers(text: str) -> int:
    if text == "all":
        return processors()
    try:
        workers = int(text)
    except ValueError:
        workers = 0
    if not 1 <= workers <= 1024:
        message = f"--workers is '{text}'; give 1 to 1024, or all"
        raise AraxesError(message)
    return workers


def run_sweep(request: SweepRequest) -> None:
    """Answer the question and write its table."""
    from corridors.sweeps.journal import journal_of
    from corridors.sweeps.run import answer_to

    question = request.question
    if journal_of(request.out).exists():
        complain(f"{journal_of(request.out)} holds what an earlier run has done; it goes on there")
    with bar("shares") as step:
        rows = answer_to(
            request.out, question, workers=request.workers, scheduler=request.scheduler,
            progress=step,
        )  # fmt: skip
    draws = f" × {question.draws.n:,} draws" if question.draws else ""
    print(
        f"wrote {counted(rows, 'row')} to {visible(str(request.out))}: "
        f"{counted(question.n_cases, 'case')}{draws}, {counted(len(question.pairs), 'pair')}"
    )
    if request.chart is not None:
        from corridors.sweeps.run import read_table
        from maps.charts.sweep import sweep_chart

        table = read_table(request.out)
        chart = sweep_chart(table, question, language=request.language)
        print(visible(write_chart(chart, request.chart, request.command)))


SWEEP = Command(sweep_arguments, read_sweep, run_sweep)
