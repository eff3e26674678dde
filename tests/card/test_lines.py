"""Lines and columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardlint.card.lines import Lines


@pytest.mark.parametrize(("text", "starts"), [("", [0]), ("a\nb", [0, 2]), ("a\r\nb\rc\n", [0, 3, 5, 7]), ("a\u2028b", [0])])
def test_line_ends(text, starts):
    assert Lines(text).starts == starts


@given(st.text(alphabet="ab\n\ré𝒳", max_size=60), st.integers(0, 60))
def test_offset_and_position_are_inverse(text, offset):
    lines = Lines(text)
    offset = min(offset, len(text))
    assert lines.offset(*lines.position(offset)) == offset


@given(st.text("ab\r\n\x0b\x0c\x1c\x1e", max_size=30))
def test_letters_beyond_ascii_move_no_line(text):
    assert Lines(text + "é").starts == Lines(text).starts
