"""Columns of tables: where their cells stand, and the tables that tell of the files of a repository one a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.outline import Block

_OF_FILES = Pattern(r"(?i)(?:files?|file ?names?|checkpoints?|weights|adapters?|artifacts?|builds?|variants?)")
_OF_STAGES = Pattern(r"(?i)(?:training )?(?:stages?|phases?)")
_MOST_ROWS = 60


def head_of(block: Block) -> list[str]:
    """The cells of a table's head without marks."""
    return [cell.strip(" \t*`") for cell in block.rows[0]]


def lists_files(block: Block) -> bool:
    """Whether each row of a table tells of one file of the repository: its first column is headed "File" or the like."""
    return bool(_OF_FILES.fullmatch(head_of(block)[0]))


def lists_stages(block: Block) -> bool:
    """Whether each row of a table tells of one stage of training: its first column is headed "Stage" or the like."""
    return bool(_OF_STAGES.fullmatch(head_of(block)[0]))


def cells(block: Block, column: int) -> Iterator[tuple[int, int]]:
    """Where the cells of a column stand in the text of a table, below the head."""
    begin = len(" | ".join(block.rows[0])) + 1
    for row in block.rows[1:_MOST_ROWS]:
        if column < len(row):
            start = begin + sum(len(cell) + 3 for cell in row[:column])
            yield start, start + len(row[column])
        begin += len(" | ".join(row)) + 1
