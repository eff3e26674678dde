"""Results as generators write them: the list of an evaluation and the table that was logged while training."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.checks.places import tables
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.card.card import Card
    from cardlint.card.outline import Block, Piece

_LEAD = "following results on the evaluation set"
_LINE = Pattern(r"[ \t]*([^:\n]{1,60}):[ \t]*(-?(?:nan|inf|[0-9][0-9.]*(?:e[-+]?[0-9]+)?))[ \t]*", re.IGNORECASE)


class Stated(NamedTuple):
    """A result of the list: its name in lower case, its value as written and as a number, and where it stands."""

    name: str
    text: str
    number: float
    place: Piece


def summary(card: Card) -> tuple[Stated, ...]:
    """The list below "It achieves the following results on the evaluation set:", empty where there is none."""
    if _LEAD not in card.text:
        return ()
    blocks = iter(card.outline.blocks)
    lead = next((block for block in blocks if _LEAD in block.text and block.kind == "paragraph"), None)
    found: list[Stated] = []
    names: set[str] = set()
    for block in blocks if lead is not None else ():
        match = _LINE.fullmatch(block.text) if block.kind == "item" else None
        number = None if match is None else decimal(match.group(2))
        if match is None or number is None or match.group(1).strip().lower() in names:  # a second list follows the first one
            break
        names.add(match.group(1).strip().lower())
        found.append(Stated(match.group(1).strip().lower(), match.group(2), number, card.outline.place(block, *match.span(2))))
    return tuple(found)


def log_table(card: Card) -> tuple[Block, Sequence[str]] | None:
    """The table of results logged while training and its column names in lower case, None where there is none."""
    if "Validation Loss" not in card.text:
        return None
    for block in card.once(tables):
        if block.rows and "Validation Loss" in block.rows[0]:
            names = [name.strip().lower() for name in block.rows[0]]
            if "epoch" in names or "step" in names:
                return block, names
    return None


def row_place(card: Card, block: Block, index: int) -> Piece:
    """Where a row of a table stands."""
    begin = sum(len(" | ".join(row)) + 1 for row in block.rows[:index])
    return card.outline.place(block, begin, begin + len(" | ".join(block.rows[index])))


def cell_place(card: Card, block: Block, index: int, column: int) -> Piece:
    """Where a cell of a table stands."""
    row = block.rows[index]
    begin = sum(len(" | ".join(row)) + 1 for row in block.rows[:index]) + sum(len(cell) + 3 for cell in row[:column])
    return card.outline.place(block, begin, begin + len(row[column]))


def decimal(text: str) -> float | None:
    """A number as results are written, with or without thousands' commas; None for other text."""
    try:
        return float(text.replace(",", "").strip())
    except ValueError:
        return None


def agree(one: float, other: float, slack: float = 0.01) -> bool:
    """Whether two values are the same but for rounding (one per cent), also where one is a per cent value of the other."""
    return any(abs(one * scale - other) <= slack * max(abs(other), abs(one * scale), 1e-9) for scale in (1, 100, 0.01))
