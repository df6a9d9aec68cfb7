"""Every word of a clause belongs to a call or an aside."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borders.errors import SchemaError
from borders.text import coverage, plain
from borders.treaty import read_treaty


@settings(derandomize=True, deadline=None, max_examples=60)
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


@pytest.mark.parametrize("words", ["From A to X", "", "   "])
def test_words_that_do_not_stand_in_the_text_are_refused_with_file_and_number(words):
    with pytest.raises(SchemaError, match=r"demo: words 1, .*do not stand in the text"):
        coverage("From A to B.", [words], "demo")


def test_white_space_does_not_matter():
    assert plain("a\n  b\tc") == "a b c"
    assert coverage("From A\n to   B", ["From A to B"], "demo").share == 1


def test_a_text_of_200_kb_is_read():
    text = "; ".join(f"to height {n}" for n in range(14_000))
    assert coverage(text, ["to height 13999"], "demo").left_out[0].startswith("to height 0")


@pytest.mark.parametrize(
    "key", ["kars-1921", "nakhchivan-1921", "nakhchivan-moscow-1921", "batum-1921"]
)
def test_the_bundled_clauses_are_read_to_the_last_letter(key):
    treaty = read_treaty(key)
    assert treaty.coverage is not None
    assert treaty.coverage.share == 1
    for call, (start, end) in zip(treaty.calls, treaty.coverage.spans, strict=False):
        assert treaty.text[start:end] == call.words
