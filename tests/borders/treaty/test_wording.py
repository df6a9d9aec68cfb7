"""Every word of a clause belongs to a call or an aside."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings, strategies as st

from borders.errors import SchemaError
from borders.treaty.treaty import read_treaty
from borders.treaty.wording import coverage, plain


@settings(max_examples=60)
@given(st.lists(st.text("abc çş ", min_size=1).filter(str.strip), min_size=1, max_size=8))
def test_a_text_cut_into_pieces_is_read_in_full(pieces):
    found = coverage(" ; ".join(pieces), pieces, "demo")
    assert found.share == 1
    assert found.left_out == ()


def test_what_no_piece_reads_is_left_out_and_counted():
    found = coverage("From A to B, then to C.", ["From A to B"], "demo")
    assert found.left_out == ("then to C",)
    assert found.share == pytest.approx(8 / 15)


def test_words_that_occur_twice_are_read_one_after_the_other():
    found = coverage("to height; to height", ["to height", "to height"], "demo")
    assert found.spans == ((0, 9), (11, 20))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "words are blank"),
        ("   ", "words are blank"),
        (" ; ", "words are blank"),
        (
            "From A to X",
            "do not stand in the text; after 'From A to ' the text has 'B, then to C.'",
        ),
        ("From a to B", "do not stand in the text; the nearest is 'From A to B,'"),
        ("elsewhere", "do not stand in the text; copy them from it"),
        ("A to B, then", "'A to B, then' are read by call 1 already"),
    ],
)
def test_words_that_are_not_there_to_read_are_refused_with_the_call_and_the_reason(words, message):
    with pytest.raises(SchemaError) as caught:
        coverage("From A to B, then to C.", ["From A to B", words], "demo")
    assert str(caught.value).startswith("demo, call 2: ")
    assert message in str(caught.value)


def test_words_of_an_aside_that_a_call_reads_are_refused():
    with pytest.raises(SchemaError, match="demo, aside 1: words 'to B' are read by call 1 already"):
        coverage("From A to B.", ["From A to B"], "demo", asides=["to B"])


def test_calls_that_overlap_in_the_text_are_refused():
    with pytest.raises(SchemaError, match="demo, call 2: words 'B to C' are read by call 1"):
        coverage("From A to B to C.", ["From A to B", "B to C"], "demo")


def test_white_space_does_not_matter():
    assert plain("a\n  b\tc") == "a b c"
    assert coverage("From A\n to   B", ["From A to B"], "demo").share == 1


LONG = "; ".join(f"to height {n}" for n in range(14_000))
SAME = "; ".join(["to height"] * 18_000)


@pytest.mark.parametrize(
    ("text", "calls"),
    [(LONG, LONG.split("; ")), (LONG, ["to height 13999"]), (SAME, SAME.split("; "))],
)
def test_a_text_of_200_kb_is_read_in_less_than_a_second(text, calls):
    assert len(text) > 190_000
    before = process_time()
    found = coverage(text, calls, "demo")
    assert process_time() - before < 1
    assert found.left_out == () or len(calls) == 1


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (SAME, [*SAME.split("; "), "to height"]),
        # one sentence, and words that leave it at its end or at its beginning
        (LONG.replace(";", ""), [LONG.replace(";", "") + "x"]),
        (LONG.replace(";", ""), ["x" + LONG.replace(";", "")]),
    ],
)
def test_words_missing_from_a_text_of_200_kb_are_refused_in_less_than_a_second(text, calls):
    before = process_time()
    with pytest.raises(SchemaError) as caught:
        coverage(text, calls, "demo")
    assert process_time() - before < 1
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "key", ["kars-1921", "nakhchivan-1921", "nakhchivan-moscow-1921", "batum-1921"]
)
def test_the_bundled_clauses_are_read_to_the_last_letter(key):
    treaty = read_treaty(key)
    assert treaty.coverage is not None
    assert treaty.coverage.share == 1
    for call, (start, end) in zip(treaty.calls, treaty.coverage.spans, strict=False):
        assert treaty.text[start:end] == call.words
