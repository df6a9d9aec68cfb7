"""The commands that write many figures, or all there is: gallery, report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from borders.errors import visible
from maps.cli.beside import beside
from maps.cli.commands import Command
from maps.cli.messages import complain, quiet_matplotlib
from maps.cli.options import add_language, command_line, read_language

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.study.study import Study
    from maps.report.report import TextAndFigure

__all__ = ["GALLERY", "REPORT", "GalleryRequest", "ReportRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryRequest:
    """A folder for the figures of the gallery, or of a study, and how they look."""

    out: str
    language: str
    form: str
    width: str
    only: tuple[str, ...]
    command: str
    study: Study | None
    legs: bool = False


def gallery_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes gallery`."""
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write to")
    add_language(parser)
    parser.add_argument(
        "--format", default="png", metavar="FORM", help="png, svg or pdf (default: png)"
    )
    parser.add_argument(
        "--width",
        default="180",
        metavar="MM",
        help="85, 120 or 180 mm, or slide, 16:9 (default: 180)",
    )
    parser.add_argument(
        "--only", metavar="LIST", help="these figures, such as lachin,timeline (default: all)"
    )
    parser.add_argument(
        "--legs", action="store_true", help="a table of its legs below the figure of one border"
    )


def read_gallery(options: Namespace) -> GalleryRequest:
    """Return the request of `araxes gallery`."""
    study: Study | None = options.study
    return GalleryRequest(
        out=options.out,
        language=_language(options, study),
        form=options.format,
        width=options.width,
        only=tuple(key for key in (options.only or "").split(",") if key),
        command=command_line(options),
        study=study,
        legs=options.legs,
    )


def _language(options: Namespace, study: Study | None) -> str:
    """Return the language asked for, or else the first one of a study."""
    language = read_language(options)
    if study is None or "lang" in vars(options).get("given", ()):
        return language
    return study.languages[0]


def run_gallery(request: GalleryRequest) -> None:
    """Write the figures of the gallery, or of a study, with captions and a page of them all."""
    quiet_matplotlib()
    from maps.report.gallery import gallery
    from maps.report.study_report import study_gallery

    draw = (
        gallery if request.study is None else partial(study_gallery, request.study, remark=complain)
    )
    for path in draw(
        request.out, only=request.only, language=request.language, form=request.form,
        width=request.width, command=request.command, legs=request.legs,
    ):  # fmt: skip
        print(visible(f"{path}  {path.stat().st_size / 1000:,.0f} kB"))


GALLERY = Command(gallery_arguments, read_gallery, run_gallery)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """A folder for the report, its language, and the study that it is of, if of one."""

    out: Path
    language: str
    study: Study | None


def report_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes report`."""
    parser.add_argument(
        "--out", metavar="DIR", help="folder to write to (default: out, in a study its own out)"
    )
    parser.add_argument(
        "--lang",
        default="en",
        metavar="CODE",
        help="language of the names: en, tr, az, hy, ka, ru or fa (default: en)",
    )


def read_report(options: Namespace) -> ReportRequest:
    """Return the request of `araxes report`."""
    study: Study | None = options.study
    language = _language(options, study)
    if study is None:
        return ReportRequest(out=Path(options.out or "out"), language=language, study=None)
    out = study.folder / "out" if options.out is None else Path(options.out)
    return ReportRequest(out=out, language=language, study=study)


def run_report(request: ReportRequest) -> None:
    """Write the report and print its table."""
    quiet_matplotlib()
    if request.study is not None:
        from maps.report.study_report import study_report

        for path in study_report(
            request.study, request.out, language=request.language, remark=complain
        ):
            print(visible(f"{path}  {path.stat().st_size / 1000:,.0f} kB"))
        return
    with beside(partial(_text_and_figure, request.language)) as made:
        from maps.report.report import write_report

        write_report(request.out, made, language=request.language)


def _text_and_figure(language: str) -> TextAndFigure:
    """Return the text and the figure of the report, which take as long as the rest of it."""
    from maps.report.report import text_and_figure

    return text_and_figure(language)


REPORT = Command(report_arguments, read_report, run_report)
