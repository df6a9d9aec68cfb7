"""The command that asks how far an answer holds: robust."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from borders.errors import AraxesError, NoAnswerError, visible
from maps.cli.commands import Command
from maps.cli.context import write_chart
from maps.cli.messages import quiet_matplotlib
from maps.cli.options import (
    add_chart,
    add_forms,
    add_language,
    add_pairs,
    add_scenarios,
    add_terms,
    command_line,
    csv_text,
    print_json,
    read_chart,
    read_day,
    read_form,
    read_language,
    read_network,
    read_pairs,
    read_scenarios,
    read_terms,
    whole_number,
)
from maps.progress import bar

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms
    from maps.cli.options import Form

__all__ = ["ROBUST", "RobustRequest"]

# More draws at once would not fit into memory for many pairs and scenarios.
_MOST_DRAWS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustRequest:
    """Pairs of places and scenarios, and how many draws are to be made.

    Parameters
    ----------
    chart : file for a chart; None for none.
    """

    pairs: tuple[tuple[str, str], ...]
    scenarios: tuple[Scenario, ...]
    draws: int
    seed: int
    terms: Terms
    network: Network
    form: Form
    chart: str | None
    language: str
    command: str


def robust_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes robust`."""
    add_pairs(parser)
    add_scenarios(parser, default="six of them, status-quo to all-open")
    parser.add_argument(
        "--draws", type=whole_number, default=1000, metavar="N",
        help="draws of lengths, speeds, delays and costs (default: 1000)",
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=whole_number, default=0, metavar="N", help="another seed, other draws"
    )
    add_terms(parser, by="hours", clock=True)
    add_forms(parser)
    add_chart(parser, "what ways take over the draws, and how often a scenario is the best")
    add_language(parser)


def read_robust(options: Namespace) -> RobustRequest:
    """Return the request of `araxes robust`."""
    from corridors.analysis.compare import default_scenarios

    if not 1 <= options.draws <= _MOST_DRAWS:
        message = f"--draws is {options.draws}; give 1 to {_MOST_DRAWS:,}"
        raise AraxesError(message)
    network = read_network(options)
    names = options.scenario or default_scenarios(network)
    return RobustRequest(
        pairs=read_pairs(options),
        scenarios=read_scenarios(names, options, read_day(options), network),
        draws=options.draws,
        seed=options.seed,
        terms=read_terms(options),
        network=network,
        form=read_form(options),
        chart=read_chart(options),
        language=read_language(options),
        command=command_line(options),
    )


def run_robust(request: RobustRequest) -> None:
    """Print shares of the draws, openings and crossings that are needed, and ways apart."""
    from corridors.analysis.robust import robust

    with bar("pairs and scenarios") as step:
        rows = robust(
            request.pairs, request.scenarios, draws=request.draws, seed=request.seed,
            terms=request.terms, network=request.network, progress=step,
        )  # fmt: skip
    if not any(row.ways for row in rows):
        # Asked alone, the first pair says what stands in the way.
        from corridors.routing.find import route

        route(*request.pairs[0], scenario=request.scenarios[0], terms=request.terms,
              network=request.network)  # fmt: skip
        message = "there is no way under any of the scenarios"
        raise NoAnswerError(message)
    if request.chart is not None:
        quiet_matplotlib()
        from maps.charts.robust import robust_chart

        chart = robust_chart(rows, language=request.language)
        line = write_chart(chart, request.chart, request.command)
        if request.form == "table":
            print(f"{visible(line)}\n")
    if request.form == "json":
        from maps.tables.robust import robust_json

        print_json(robust_json(rows, request.terms))
    elif request.form == "csv":
        print(csv_text([row.row() for row in rows]), end="")
    elif request.form == "markdown":
        from maps.tables.robust import robust_markdown

        print(robust_markdown(rows, request.terms))
    else:
        from maps.tables.robust import show_robust

        show_robust(rows, request.terms)


ROBUST = Command(robust_arguments, read_robust, run_robust)
