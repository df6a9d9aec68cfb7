"""The claims of each document by verdict, as bars."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from matplotlib.patheffects import withStroke

from borders.errors import AraxesError
from corridors.context.events import event
from maps.charts.canvas import ACCENT, DARK, LIGHT, MIDDLE, Canvas, Content, KeyEntry
from maps.charts.reasons import signed
from maps.i18n import heads, number, word, words
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.analysis.claims import ClaimVerdict, Contradiction

__all__ = ["document_claims_chart"]

_LOOKS: dict[str, dict[str, Any]] = {
    "consistent": {"facecolor": MIDDLE},
    "another definition": {"facecolor": LIGHT, "hatch": "//////"},
    "inconsistent": {"facecolor": ACCENT},
    "not computable": {"facecolor": "white"},
}


def document_claims_chart(
    judged: Sequence[ClaimVerdict],
    found: Sequence[Contradiction] = (),
    *,
    title: str = "",
    language: str = "en",
    width: str | int = "180",
) -> Sheet:
    """Return a bar for each document, parted by verdict; its caption lists what does not agree.

    Parameters
    ----------
    found : contradictions inside a document, for the caption.

    Raises
    ------
    AraxesError : there is no claim.

    Examples
    --------
    >>> from corridors.analysis.claims import judge_claims
    >>> from corridors.context.claims import bundled_claims
    >>> len(document_claims_chart(judge_claims(bundled_claims()[:2])).axes)
    1
    """
    if not judged:
        message = "no claim to draw"
        raise AraxesError(message)
    title = title or word("chart-document-claims", language)
    documents = list(dict.fromkeys(verdict.claim.document for verdict in judged))
    counts = Counter((verdict.claim.document, verdict.verdict) for verdict in judged)
    with plain():
        look = {"edgecolor": DARK, "linewidth": 0.5}
        key = [KeyEntry(text=_verdict(name, language), look=own | look)
               for name, own in _LOOKS.items()]  # fmt: skip
        claims = word("chart-claims", language)
        content = Content(
            title=title, labels=[name or claims for name in documents], key=key,
            rows=1.9 * len(documents) + 0.6,
        )  # fmt: skip
        canvas = Canvas(content, width=width, language=language)
        line = {"edgecolor": DARK, "linewidth": 0.08 * canvas.text_pt}
        for y, document in enumerate(documents):
            left = 0
            for name, own in _LOOKS.items():
                n = counts[document, name]
                if n:
                    canvas.axes.barh(y, n, left=left, height=0.66, zorder=2,
                                    **canvas.hatched(own | line))  # fmt: skip
                    halo = withStroke(linewidth=0.32 * canvas.text_pt, foreground=own["facecolor"])
                    canvas.write(number(str(n), language), (left + n / 2, y), ha="center", zorder=5,
                                 path_effects=[halo] if own.get("hatch") else [])  # fmt: skip
                left += n
        canvas.axes.set_ylim(len(documents) - 0.4, -0.6)
        canvas.label_rows(range(len(documents)))
        canvas.label_axis(claims)
        return canvas.sign(_caption(judged, found, title, language), documents)


def _verdict(verdict: str, language: str) -> str:
    if verdict in ("consistent", "inconsistent"):
        return word(verdict, language)
    return word(f"chart-{verdict.replace(' ', '-')}", language)


def _ours(verdict: ClaimVerdict, language: str) -> str:
    """Return our answer; a number in a language, with its interval."""
    if language == "en" or verdict.value is None:
        return verdict.ours
    ends = verdict.value, verdict.low, verdict.high
    digits = 0 if abs(verdict.value) >= 100 or verdict.low == verdict.value else 1
    if verdict.claim.unit == "%":
        digits = 1
    value, low, high = (number(f"{end or 0.0:,.{digits}f}", language) for end in ends)
    unit = verdict.claim.unit
    text = f"{value} {word(unit, language) if unit in words() else unit}".rstrip()
    return text if low == high else f"{text} ({low}–{high})"


def _reason(verdict: ClaimVerdict, language: str) -> str:
    """Return why a claim does not agree; which other definition fits stays in English."""
    if language == "en":
        return verdict.reason
    if verdict.fits:
        return verdict.fits
    claim = verdict.claim
    if verdict.value is None:
        off = claim.when.days_from(event(claim.thing).when)
        return word("chart-off-days", language).format(number(f"{off:,}", language))
    low, high = claim.stated
    end = low if verdict.value < low else high
    percent = 100 * (end / verdict.value - 1) if verdict.value else 0.0
    return word("chart-off", language).format(signed(percent, language))


def _caption(
    judged: Sequence[ClaimVerdict], found: Sequence[Contradiction], title: str, language: str
) -> str:
    cells = [
        (v.claim.document, v.claim.page, v.claim.claim, v.claim.text, _ours(v, language),
         _verdict(v.verdict, language), _reason(v, language))
        for v in judged
        if v.verdict in ("inconsistent", "another definition")
    ]  # fmt: skip
    head = heads(
        "chart-document chart-page chart-claims chart-stated chart-ours verdict why", language
    )
    said = word("chart-claims-caption", language).format(number(str(len(judged)), language))
    lines = [f"**{cell(title)}.** {said}", "", *table(head, cells), ""]
    if found:
        told = [(c.document, c.rule, c.text, " ".join(c.claims)) for c in found]
        head = heads("chart-document chart-rule chart-what chart-claims", language)
        lines += [f"{word('chart-contradictions', language)}:", "", *table(head, told), ""]
    documents = [verdict.claim.document for verdict in judged if verdict.claim.document]
    return "\n".join([*lines, *references(documents, language)])
