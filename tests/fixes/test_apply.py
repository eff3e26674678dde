"""Edits of a text: conflict-free, and nothing outside them changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardlint.card.lines import Lines
from cardlint.fixes.apply import Change, apply, changes_of, line_end_of, together
from cardlint.model import PlacedEdit, PlacedFix

TEXT = "abcdefghij"


def test_edits_are_applied_whatever_their_order():
    assert apply(TEXT, [Change(8, 10, ""), Change(0, 1, "AA"), Change(4, 4, "|")]) == "AAbcd|efgh"


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ((0, 3), (2, 5), True),
        ((0, 3), (0, 3), True),
        ((0, 5), (2, 3), True),
        ((0, 3), (3, 5), False),
        ((3, 3), (3, 3), True),
        ((0, 3), (3, 3), True),
        ((3, 3), (3, 5), True),
        ((3, 3), (4, 4), False),
    ],
)
def test_edits_that_overlap_or_whose_order_would_matter_conflict(first, second, meet):
    one, two = Change(*first, "x"), Change(*second, "y")
    assert together([[one], [two]]) == ([0] if meet else [0, 1])
    assert together([[two], [one]]) == ([1] if meet and one < two else [0] if meet else [0, 1])
    if meet:
        with pytest.raises(ValueError, match=f"two changes meet at {max(one, two).start}$"):
            apply(TEXT, [one, two])


def test_fix_of_several_edits_is_applied_whole_or_not_at_all():
    assert together([[Change(0, 2, ""), Change(8, 9, "")], [Change(4, 5, "")], [Change(8, 10, "")]]) == [0, 1]
    assert together([[Change(1, 3, ""), Change(2, 4, "")]]) == []


def test_fix_that_conflicts_with_itself_keeps_no_other_away():
    assert together([[Change(1, 3, ""), Change(2, 4, "")], [Change(2, 3, "")], [Change(6, 7, "")]]) == [1, 2]


def test_first_by_position_goes_before_the_first_given():
    assert together([[Change(4, 8, "")], [Change(7, 9, "")], [Change(0, 5, "")]]) == [1, 2]
    assert together([[Change(2, 3, "y")], [Change(2, 3, "x")], [Change(2, 3, "x")]]) == [1]


RANGES = st.tuples(st.integers(0, 60), st.integers(0, 6), st.text("xy\n", max_size=3))


@given(st.text("ab\r\né€", max_size=60), st.lists(st.lists(RANGES, min_size=1, max_size=3), max_size=8))
def test_what_stands_outside_the_chosen_edits_is_kept(text, raw):
    groups = [[Change(min(at, len(text)), min(at + size, len(text)), new) for at, size, new in group] for group in raw]
    changes = sorted(change for index in together(groups) for change in groups[index])
    kept, at = [], 0
    for change in changes:
        assert change.start >= at
        kept.append(text[at : change.start])
        at = change.end
    kept.append(text[at:])
    assert apply(text, changes) == "".join(piece + change.text for piece, change in zip(kept, [*changes, Change(0, 0, "")], strict=True))


@given(st.text("ab\r\né", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_spans_lead_back_to_their_offsets(text, start, end):
    lines = Lines(text)
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    fix = PlacedFix("safe", (PlacedEdit(lines.span(start, end), ""),))
    assert changes_of(fix, lines, "\n") == (Change(start, end, ""),)


@pytest.mark.parametrize(("text", "end"), [("a", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("a\rb", "\r")])
def test_new_lines_take_the_line_end_of_the_text(text, end):
    lines = Lines(text)
    fix = PlacedFix("safe", (PlacedEdit(lines.span(0, 0), "new\n"),))
    assert line_end_of(text) == end
    assert changes_of(fix, lines, line_end_of(text)) == (Change(0, 0, f"new{end}"),)
