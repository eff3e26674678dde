"""The part of a long line that a frame shows, and how wide its text is."""

from __future__ import annotations

import random

import pytest

from cardlint.report.columns import columns, window

WORDS = "In the harbour of 大阪 gulls cry at dawn 🐦 and nobody\tcounts them, not even 海鸥计数器 itself"


@pytest.mark.parametrize(("text", "wide"), [("gull", 4), ("海鸥", 4), ("e\u0301", 1), ("\tx", 9), ("", 0)])
def test_text_is_as_wide_as_a_terminal_shows_it(text, wide):
    assert columns(text) == wide


def test_a_line_that_fits_is_shown_whole():
    assert window("a short line", 3, 40) == (0, 12)


def test_a_long_line_is_cut_around_the_place():
    line = "x" * 200 + "HERE" + "y" * 200
    left, right = window(line, 200, 60)
    assert (line[left:right].index("HERE"), right - left) == (20, 58)


def test_the_end_of_a_long_line_fills_the_frame():
    line = "x" * 200 + "HERE"
    assert window(line, 200, 60) == (145, 204)


def test_a_window_shows_its_place_and_is_never_too_wide():
    chance = random.Random(7)
    for _ in range(2_000):
        line = "".join(chance.choices(WORDS, k=chance.randrange(1, 300)))
        start, width = chance.randrange(len(line)), chance.randrange(26, 140)
        left, right = window(line, start, width)
        assert left <= start < right
        assert columns(line[left:right]) + (left > 0) + (right < len(line)) <= width
