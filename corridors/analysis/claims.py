"""Claims held against what the data give: consistent, inconsistent, otherwise meant, or neither.

The verdict follows from our answers alone, which `corridors.analysis.claim_answers` finds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from math import erfc, isfinite, sqrt
from typing import TYPE_CHECKING

from borders.errors import AraxesError, NoAnswerError
from corridors.analysis.claim_answers import (
    ANSWERS,
    Answer,
    UnansweredError,
    answer_text,
    comes_from,
    number_text,
)
from corridors.context.events import event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corridors.context.claims import Claim
    from corridors.context.edtf_dates import EdtfDate

__all__ = ["ClaimVerdict", "Contradiction", "contradictions", "judge_claim", "judge_claims"]

# The Julian calendar was 13 days behind from March 1900 to February 2100.
_JULIAN_DAYS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimVerdict:
    """A claim beside our answer.

    Parameters
    ----------
    ours : our answer with its 95 % interval, as text; empty if there is none.
    value, low, high : the same as numbers in the unit of the claim; None if there is none.
    verdict : ``consistent``, ``inconsistent``, ``another definition`` or ``not computable``.
    reason : by how much and how unlikely; which definition fits; or why not.
    probability : that a deviation of this size or a larger one is a chance of our error; None where
        our answer has none.
    fits : the definition that fits, if another than the one stated.
    """

    claim: Claim
    ours: str
    value: float | None
    low: float | None
    high: float | None
    verdict: str
    reason: str
    probability: float | None = None
    fits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Claims of one document that cannot all hold, and the rule that says so.

    Parameters
    ----------
    rule : ``same question``, ``sum``, ``ratio`` or ``order``.
    claims : ids, in the order of the document.
    """

    document: str
    rule: str
    claims: tuple[str, ...]
    text: str


def judge_claims(claims: Sequence[Claim]) -> tuple[ClaimVerdict, ...]:
    """Return the verdict on each claim, in their order.

    Examples
    --------
    >>> from corridors.context.claims import bundled_claims
    >>> verdicts = {v.claim.id: v for v in judge_claims(bundled_claims()[:3])}
    >>> verdicts["kars-002"].verdict
    'inconsistent'
    """
    by_id = {claim.id: claim for claim in claims}
    return tuple(judge_claim(claim, by_id) for claim in claims)


def judge_claim(claim: Claim, others: Mapping[str, Claim] | None = None) -> ClaimVerdict:
    """Return the verdict on a claim.

    Parameters
    ----------
    others : id → claim, of those that a sum or a ratio may name.
    """
    try:
        if claim.question == "date":
            return _judge_date(claim)
        answers = ANSWERS[claim.question](claim, others or {})
    except (UnansweredError, NoAnswerError) as err:
        return _unanswered(claim, str(err))
    except AraxesError as err:
        return _unanswered(claim, f"the thing is not known: {err}")
    return _judge_number(claim, answers)


def _unanswered(claim: Claim, why: str) -> ClaimVerdict:
    reason = f"{why}; {claim.note}" if claim.note else why
    return ClaimVerdict(
        claim=claim, ours="", value=None, low=None, high=None, verdict="not computable",
        reason=reason,
    )  # fmt: skip


def _judge_number(claim: Claim, answers: list[Answer]) -> ClaimVerdict:
    """Return the verdict on a number from our answers, that to the question as it is put first."""
    first, *rest = answers
    stated = claim.stated
    fit = next((answer for answer in answers if answer.meets(stated)), None)
    if fit is first:
        verdict, reason, fits, chance = "consistent", first.how, "", None
    elif fit is not None:
        verdict, fits, chance = "another definition", fit.how, None
        reason = (
            f"fits {fit.how}, {answer_text(fit, claim)}; as stated: {answer_text(first, claim)}"
        )
    else:
        verdict, fits = "inconsistent", ""
        reason, chance = _deviation(claim, first, rest)
    return ClaimVerdict(
        claim=claim, ours=answer_text(first, claim), value=first.value, low=first.low,
        high=first.high, verdict=verdict, reason=reason, probability=chance, fits=fits,
    )  # fmt: skip


def _deviation(claim: Claim, first: Answer, rest: Sequence[Answer]) -> tuple[str, float | None]:
    """Return by how much a number is off, and how unlikely that is by our error alone."""
    low, high = claim.stated
    end = low if first.value < low else high
    gap = end - first.value
    percent = f" ({100 * gap / first.value:+.1f} %)" if first.value else ""
    reason = f"off by {number_text(gap, claim, signed=True)}{percent}: {first.how}"
    chance = None
    if first.sigma > 0:
        chance = erfc(abs(gap) / first.sigma / sqrt(2))
        reason += f"; {_chance(chance)} by our error alone"
    elif isfinite(gap):
        reason += "; counted, so no chance of it"
    if rest:
        tried = "; ".join(f"{answer.how}: {answer_text(answer, claim)}" for answer in rest)
        reason += f"; nothing else fits: {tried}"
    return reason, chance


def _chance(probability: float) -> str:
    if probability >= 0.001:
        return f"probability {probability:.2g}"
    if probability >= 1e-6:
        return f"one chance in {1 / probability:,.0f}"
    return "less than one chance in a million"


# Dates.


def _judge_date(claim: Claim) -> ClaimVerdict:
    """Return the verdict on a date; a date that only this document gives tests nothing."""
    if not claim.thing:
        return _unanswered(claim, "no event of it in the data")
    known = event(claim.thing)
    stated, ours = claim.when, known.when
    independent = [s for s in known.sources if not comes_from(s, claim.document)]
    dated = f"{known.text}: {ours.words}"
    if stated.agrees(ours):
        if not independent or (claim.document and independent == ["unverified"]):
            why = f"only this document dates it, so nothing tests it ({dated})"
            return _unanswered(claim, why)
        return _dated(claim, ours, "consistent", f"{dated} ({', '.join(independent)})")
    fits = _other_date(claim, stated, ours)
    off = stated.days_from(ours)
    direction = "after" if (stated.first or date.min) > (ours.first or date.min) else "before"
    by = f"{off:,} day{'' if off == 1 else 's'} {direction} {dated} ({', '.join(known.sources)})"
    note = f"; {known.note}" if known.note else ""
    if fits:
        return _dated(claim, ours, "another definition", f"fits {fits}; {by}", fits=fits)
    return _dated(claim, ours, "inconsistent", f"{by}{note}")


def _dated(
    claim: Claim, ours: EdtfDate, verdict: str, reason: str, *, fits: str = ""
) -> ClaimVerdict:
    return ClaimVerdict(
        claim=claim, ours=ours.words, value=None, low=None, high=None, verdict=verdict,
        reason=reason, fits=fits,
    )  # fmt: skip


def _other_date(claim: Claim, stated: EdtfDate, ours: EdtfDate) -> str:
    """Return what a date that is not ours fits: another event, or the Julian calendar."""
    for key in claim.may_mean:
        other = event(key)
        if stated.agrees(other.when):
            return f"{other.text}, {other.when.words}"
    days = (stated.first, stated.last, ours.first, ours.last)
    if stated.first == stated.last and ours.first == ours.last and None not in days:
        first = stated.first
        if first is not None and first + timedelta(days=_JULIAN_DAYS) == ours.first:
            return f"the same day in the Julian calendar, {_JULIAN_DAYS} days behind"
    return ""


# Contradictions inside a document.


def contradictions(claims: Iterable[Claim]) -> tuple[Contradiction, ...]:
    """Return what claims of one document contradict each other, by rule.

    Two answers to the same question; a sum or a ratio that its parts do not give; and something
    dated before what it follows by the document's own words.

    Examples
    --------
    >>> from corridors.context.claims import bundled_claims
    >>> [c.claims for c in contradictions(bundled_claims()) if c.rule == "order"]
    [('kars-060', 'kars-061')]
    """
    by_document: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_document[claim.document].append(claim)
    found: list[Contradiction] = []
    for document, group in by_document.items():
        by_id = {claim.id: claim for claim in group}
        found += _two_answers(document, group)
        for claim in group:
            if claim.question in ("sum", "ratio"):
                found += _arithmetic(document, claim, by_id)
            if claim.follows in by_id and claim.question == "date":
                found += _order(document, claim, by_id[claim.follows])
    return tuple(found)


def _two_answers(document: str, group: Sequence[Claim]) -> list[Contradiction]:
    by_key: dict[object, list[Claim]] = defaultdict(list)
    for claim in group:
        if claim.question not in ("other", "sum", "ratio") and (
            claim.thing or any(claim.way.values())
        ):
            by_key[claim.key].append(claim)
    found = []
    for same in by_key.values():
        for n, one in enumerate(same):
            for other in same[n + 1 :]:
                if not _agree(one, other):
                    text = f"{one.text} ({one.page}) and {other.text} ({other.page}): {one.claim}"
                    found.append(Contradiction(
                        document=document, rule="same question", claims=(one.id, other.id),
                        text=text,
                    ))  # fmt: skip
    return found


def _agree(one: Claim, other: Claim) -> bool:
    if one.question == "date":
        return one.when.agrees(other.when)
    a, b = one.stated, other.stated
    return a[0] <= b[1] and b[0] <= a[1]


def _arithmetic(document: str, claim: Claim, by_id: Mapping[str, Claim]) -> list[Contradiction]:
    verdict = judge_claim(claim, by_id)
    if verdict.verdict != "inconsistent":
        return []
    text = f"{claim.text} ({claim.page}), {verdict.ours} by its parts: {claim.claim}"
    return [
        Contradiction(
            document=document, rule=claim.question, claims=(claim.id, *claim.thing.split()),
            text=text,
        )
    ]  # fmt: skip


def _order(document: str, claim: Claim, before: Claim) -> list[Contradiction]:
    last, first = claim.when.last, before.when.first
    if last is None or first is None or last >= first:
        return []
    text = (
        f"{claim.claim} {claim.text} ({claim.page}) comes after {before.claim} {before.text} "
        f"({before.page}) by its words"
    )
    return [Contradiction(document=document, rule="order", claims=(before.id, claim.id), text=text)]
