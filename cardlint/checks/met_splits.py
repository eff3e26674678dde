"""Dataset cards: ``dataset_info``, which tools write, against the tables and the evaluation index, which people write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.card.yamlreader import escape
from cardlint.checks.eva_read import cell_place
from cardlint.checks.places import tables
from cardlint.checks.values import items
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block, Piece

_COUNT = Pattern(r"\d{1,3}(?:,\d{3})+|\d+")
_EXAMPLES = Pattern(r"(?i)example|instance|sample|\brows?\b|^default$")
_ITEM = Pattern(
    r"(?i)[\"'`]?([\w.-]{1,40})[\"'`]?(?: (?:split|set))?\s*[:=–—-]\s*"
    r"(\d{1,3}(?:,\d{3})+|\d+)(?: (?:examples|instances|samples|rows|records|entries))?\.?"
)
"""An item of a list that gives a split, its number of examples and nothing else."""
_LONGEST_ITEM = 100
_PERCENT = 100
"""Up to here a number may be the share of a split."""
_DEFAULT = "default"
_MOST_ROWS = 500
_SHOWN = 5
_LONGEST = 20

Sizes = dict[str, tuple[str, dict[str, int]]]
"""By configuration: its pointer, and the examples of each split."""


class _Wrong(NamedTuple):
    """A number of examples in the text, where it stands, and the other one that ``dataset_info`` has."""

    place: Piece
    said: int
    counted: int
    config: str
    split: str


def table_against_info(card: Card) -> Iterator[Problem]:
    """Numbers of examples in a table or a list of splits that ``dataset_info`` contradicts; one problem a card."""
    sizes = _sizes(card)
    if not sizes:
        return
    for found in (*(_in_table(card, block, sizes) for block in card.once(tables)), _in_lists(card, sizes)):
        wrong = list(found)
        if not wrong:
            continue
        first = wrong[0]
        whose = f"split {first.split!r}" if len(sizes) == 1 else f"split {first.split!r} of {first.config!r}"
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        related = [Related(sizes[first.config][0], "the counts of dataset_info")]
        related += [Related(each.place, f"{each.counted:,} by dataset_info") for each in wrong[1:_SHOWN]]
        message = f"{whose} has {first.said:,} examples here, {first.counted:,} by dataset_info{more}"
        yield Problem(first.place, message, value=f"{first.config} {first.split}", related=tuple(related))
        return


def _sizes(card: Card) -> Sizes:
    found: Sizes = {}
    for at, info in items(card, "dataset_info"):
        splits = info.get("splits") if isinstance(info, dict) else None
        if isinstance(splits, list):
            counts = {
                each["name"]: each["num_examples"]
                for each in splits
                if isinstance(each, dict) and type(each.get("name")) is str and type(each.get("num_examples")) is int
            }
            if counts and len(counts) == len(splits):  # else a split is given twice or has no number
                found[str(info.get("config_name", _DEFAULT))] = (at, counts)
    return found


def _in_table(card: Card, block: Block, sizes: Sizes) -> Iterator[_Wrong]:
    """The wrong numbers of a table whose columns are splits, or that has two columns, split and number."""
    rows = block.rows[: _MOST_ROWS + 1]
    head = [_bare(cell) for cell in rows[0]]
    only = next(iter(sizes)) if len(sizes) == 1 else None
    told: list[tuple[int, int, str, str]] = []
    if any(name in counts for name in head for _, counts in sizes.values()):
        for index, row in enumerate(rows[1:], 1):
            name = row[0].strip(" *`")
            config = name if name in sizes else only if len(rows) == 2 or _EXAMPLES.search(name) else None
            if config is not None:
                told += [(index, column, config, split) for column, split in enumerate(head[: len(row)])]
    elif only is not None and len(head) == 2:
        told = [(index, len(row) - 1, only, _bare(row[0])) for index, row in enumerate(rows[1:], 1)]
    for index, column, config, split in told:
        counts, text = sizes[config][1], rows[index][column].strip(" *`")
        if split in counts and len(text) <= _LONGEST and _COUNT.fullmatch(text) and _number(text) != counts[split]:
            yield _Wrong(cell_place(card, block, index, column), _number(text), counts[split], config, split)


def _in_lists(card: Card, sizes: Sizes) -> Iterator[_Wrong]:
    """The wrong numbers of items that give a split and its size and nothing else, where there is one configuration."""
    if len(sizes) > 1:
        return
    config, (_, counts) = next(iter(sizes.items()))
    for block in card.outline.blocks:
        told = _ITEM.fullmatch(block.text) if block.kind == "item" and len(block.text) <= _LONGEST_ITEM else None
        counted = counts.get(told[1].lower()) if told else None
        if told and counted is not None and _PERCENT < _number(told[2]) != counted:
            yield _Wrong(card.outline.place(block, *told.span(2)), _number(told[2]), counted, config, told[1].lower())


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _bare(cell: str) -> str:
    return cell.strip(" *`").lower()


def index_against_info(card: Card) -> Iterator[Problem]:
    """Configurations, splits and columns of ``train-eval-index`` that ``dataset_info`` has not; one problem an entry."""
    infos = {
        str(info.get("config_name", _DEFAULT)): info
        for _, info in items(card, "dataset_info")
        if isinstance(info, dict) and isinstance(info.get("features"), list)
    }
    if not infos:
        return
    for at, entry in items(card, "train-eval-index"):
        if isinstance(entry, dict):
            yield from _entry(at, entry, infos)


def _entry(at: str, entry: dict[str, Any], infos: dict[str, dict[str, Any]]) -> Iterator[Problem]:
    config = entry.get("config")
    info = infos.get(str(config))
    if info is None and len(infos) == 1 and config in (None, _DEFAULT):
        info = next(iter(infos.values()))
    if info is None:
        if isinstance(config, str):
            yield Problem(f"{at}/config", f"dataset_info has no configuration {config!r}", value=config)
        return
    for key, listed, what in (("col_mapping", "features", "column"), ("splits", "splits", "split")):
        named, there = entry.get(key), _names(info.get(listed))
        wanted = _wanted(named, what) if isinstance(named, dict) and there else {}
        lost = {name: place for name, place in wanted.items() if name not in there}
        if lost:
            names = ", ".join(repr(name) for name in list(lost)[:_SHOWN])
            first = next(iter(lost))
            yield Problem(
                f"{at}/{key}/{escape(lost[first])}", f"dataset_info has no {what}{'s' if len(lost) > 1 else ''} {names}", value=first
            )
            return


def _wanted(named: dict[Any, Any], what: str) -> dict[str, str]:
    """The columns or splits that an entry names, with the key that each stands at: columns are keys, splits are values."""
    if what == "column":
        return {key: key for key in named if isinstance(key, str)}
    return {value: key for key, value in named.items() if isinstance(key, str) and isinstance(value, str)}


def _names(listed: object) -> set[str]:
    return {str(each.get("name")) for each in listed if isinstance(each, dict)} if isinstance(listed, list) else set()
