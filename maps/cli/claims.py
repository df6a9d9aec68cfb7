"""The command that holds numbers of documents, or an analyst's own, against ours: claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from borders.errors import NoAnswerError, SchemaError, visible
from borders.files.paths import is_file
from maps.cli.commands import Command
from maps.cli.context import print_rows, write_chart
from maps.cli.messages import complain, quiet_matplotlib
from maps.cli.options import (
    FIGURES,
    add_forms,
    add_language,
    command_line,
    read_form,
    read_language,
    refuse_suffix,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.context.claims import Claim
    from corridors.study.study import Study
    from maps.cli.options import Form

__all__ = ["CLAIMS", "ClaimsRequest"]

# Where a study has claims of its own.
OWN = "claims.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsRequest:
    """Claims that are to be judged.

    Parameters
    ----------
    wrong : a line for each row of the file that is no claim.
    out : file of the chart.
    command : the command as it was typed, for the caption.
    """

    claims: tuple[Claim, ...]
    wrong: tuple[str, ...]
    form: Form
    out: str | None
    language: str
    command: str


def claims_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes claims`."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE.csv",
        help="claims of your own, with columns of data/context/claims.csv; claim, question and "
        "value are needed (default: claims.csv of a study, or those of the five documents)",
    )  # fmt: skip
    parser.add_argument("--document", metavar="D", help="only those of one document")
    add_forms(parser)
    add_language(parser)
    parser.add_argument("--out", metavar="FILE", help="a chart: .png, .svg or .pdf")


def read_claims_request(options: Namespace) -> ClaimsRequest:
    """Return the request of `araxes claims`."""
    from corridors.context.claims import bundled_claims, read_claims

    refuse_suffix(options.out, FIGURES)
    file = options.file
    study: Study | None = options.study
    if file is None and study is not None and is_file(study.folder / OWN):
        file = study.folder / OWN
    claims, wrong = bundled_claims(), tuple[str, ...]()
    if file is not None:
        claims, wrong = read_claims(file)
    if options.document is not None:
        documents = sorted({claim.document for claim in claims})
        if options.document not in documents:
            message = f"no claims of '{options.document}'; known: {', '.join(documents)}"
            raise SchemaError(message)
        claims = tuple(claim for claim in claims if claim.document == options.document)
    return ClaimsRequest(
        claims=claims, wrong=wrong, form=read_form(options), out=options.out,
        language=read_language(options), command=command_line(options),
    )  # fmt: skip


def run_claims(request: ClaimsRequest) -> None:
    """Print the verdict on each claim; then tell of rows that are none."""
    from corridors.analysis.claims import contradictions, judge_claim
    from maps.progress import bar
    from maps.tables.context import claim_rows, show_claims

    if not request.claims and not request.wrong:
        message = f"no claims: the study stands alone, without a {OWN}; give a file of claims"
        raise NoAnswerError(message)
    by_id = {claim.id: claim for claim in request.claims}
    judged = []
    with bar("claims") as step:
        for n, claim in enumerate(request.claims, 1):
            judged.append(judge_claim(claim, by_id))
            step(n, len(request.claims))
    found = contradictions(request.claims)
    if request.out is not None and judged:
        quiet_matplotlib()
        from maps.charts.document_claims import document_claims_chart

        chart = document_claims_chart(judged, found, language=request.language)
        line = write_chart(chart, request.out, request.command)
        (complain if request.form != "table" else print)(visible(line))
    if judged and (request.out is None or request.form != "table"):
        print_rows(
            request.form, claim_rows(judged, found), table=lambda: show_claims(judged, found),
            head=("id", "document", "page", "claim", "stated", "ours", "verdict", "reason"),
        )  # fmt: skip
    _tell(request.wrong)


def _tell(wrong: tuple[str, ...]) -> None:
    """Tell of each row that is no claim, in one line; the others are not lost."""
    for line in wrong[:-1]:
        complain(line, fold=False)
    if wrong:
        raise SchemaError(wrong[-1])


CLAIMS = Command(claims_arguments, read_claims_request, run_claims)
