"""Dataset cards: the size category against the table of splits, where the front matter counts nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.eva_read import row_place
from cardlint.checks.places import tables
from cardlint.checks.values import texts
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab import datasets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.card.outline import Block

_COUNT = Pattern(r"\d{1,3}(?:,\d{3})+|\d{1,12}")
_SPLIT = Pattern(r"(?:train(?:ing)?|test(?:ing)?|valid(?:ation)?|val|dev(?:elopment)?|eval(?:uation)?|full|all)(?: (?:set|split))?")
_TOTAL = frozenset({"total", "sum", "overall"})
_ROWS = Pattern(r"(?i)\b(?:examples?|instances?|samples?|rows?|records?|items?|entries|pairs|images?|count|size)\b|^(?:#|n|number|num)$")
"""Columns that count what the size of a data set counts."""
_OTHER = Pattern(
    r"(?i)article|document|subject|abstract|token|word|speaker|hour|class|label|relation|patient|video|author|source|\bmb\b|\bgb\b|%|per "
)
"""Columns and rows that count something else, though a data set may have one of it an example."""
_FAR = 5
"""How many times smaller a table has to be than the least of its category: it may be that of one of several configurations."""
_MOST_ROWS = 8
_EDGES = " *`_:"


class _Total(NamedTuple):
    """The examples that a table of splits adds up to, and the row that shows where."""

    block: Block
    row: int
    examples: int


def size_against_table(card: Card) -> Iterator[Problem]:
    """A size category that the only table of splits rules out."""
    sizes = list(texts(card, "size_categories"))
    if len(sizes) != 1 or "dataset_info" in card.front_matter.metadata:
        return
    at, value = sizes[0]
    bounds = datasets.bounds(value)
    of_splits = [block for block in card.once(tables) if _names_splits(block)]
    total = _total(of_splits[0]) if bounds is not None and len(of_splits) == 1 else None
    if bounds is None or total is None:
        return
    block, row, examples = total
    if examples * _FAR < bounds.least or (bounds.below is not None and examples > bounds.below):
        message = f"size category {value!r}, but the table of splits adds up to {examples:,} examples"
        related = (Related(row_place(card, block, row), "the numbers of examples"),)
        yield Problem(at, message, help=f"write {datasets.size_of(examples)!r}, or correct the table.", value=value, related=related)


def _names_splits(block: Block) -> bool:
    """Whether a table has the name of a split in its first row or column."""
    names = (*block.rows[0], *(row[0] for row in block.rows[:_MOST_ROWS] if row)) if block.rows else ()
    return any(_SPLIT.fullmatch(name.strip(_EDGES).lower()) for name in names)


def _total(block: Block) -> _Total | None:
    """The examples of a table that has a row a split, or a column a split and one row of numbers.

    A row below "name" is that of one configuration, as tools print them; there may be others.
    """
    rows = block.rows
    if not 1 < len(rows) <= _MOST_ROWS or any(len(row) < len(rows[0]) for row in rows):
        return None
    head = [cell.strip(_EDGES).lower() for cell in rows[0]]
    names = [row[0].strip(_EDGES).lower() for row in rows[1:]]
    if len(rows) == 2 and head[0] != "name" and not _OTHER.search(rows[1][0]):
        first = 0 if _SPLIT.fullmatch(head[0]) else 1
        if _are_splits(head[first:]):
            cells = zip(head[first:], rows[1][first:], strict=False)
            return _added(block, [_count(cell) for name, cell in cells if name not in _TOTAL])
    if not _are_splits(names):
        return None
    column = next((index for index, name in enumerate(head) if index and _ROWS.search(name) and not _OTHER.search(name)), None)
    if column is None:
        return None
    return _added(block, [_count(row[column]) for name, row in zip(names, rows[1:], strict=True) if name not in _TOTAL])


def _are_splits(names: Sequence[str]) -> bool:
    found = [name for name in names if name not in _TOTAL]
    return len(found) > 1 and len(set(found)) == len(found) and all(map(_SPLIT.fullmatch, found))


def _added(block: Block, numbers: Sequence[int | None]) -> _Total | None:
    known = [number for number in numbers if number is not None]
    return _Total(block, 1, sum(known)) if len(known) == len(numbers) else None


def _count(cell: str) -> int | None:
    text = cell.strip(_EDGES)
    return int(text.replace(",", "")) if _COUNT.fullmatch(text) else None
