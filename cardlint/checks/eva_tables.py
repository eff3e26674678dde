"""Tables and sections of results: scales, and names without values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.checks.eva_read import cell_place, decimal
from cardlint.checks.places import first_line
from cardlint.model import Problem, Related
from cardlint.vocab import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block

_MOST_ROWS = 200
_NAME = re.compile(
    r"(?i)\b(?:accuracy|precision|recall|f1(?:[- ]?score)?|bleu|rouge|wer|cer|perplexity|mse|rmse|mae|auc|map|exact match"
    r"|loss|iou|meteor)\b"
)
_REFERS = re.compile(
    r"(?i)\b(?:paper|see|table|figure|report|blog|leaderboard|benchmark|repository|repo|github|here|below|above|link|outperform|better|best|"
    r"improve|achiev|higher|lower|state)"
)


def mixed_scales(card: Card) -> Iterator[Problem]:
    """A column of a metric that holds fractions and per cent values; one problem a card."""
    if "|" not in card.text and "<t" not in card.text:
        return
    for block in card.outline.blocks:
        if block.kind == "table" and len(block.rows) > 2:  # two rows to compare
            for column, name in enumerate(block.rows[0]):
                low = name.strip(" *↑↓()%").lower()
                known = metrics.get(low) or metrics.get(metrics.near(low).best or "")
                if known is not None and known.unit and known.better == "higher":
                    yield from _mixed(card, block, column, name.strip())
                    break


def _mixed(card: Card, block: Block, column: int, name: str) -> Iterator[Problem]:
    parts: list[int] = []
    wholes: list[int] = []
    for index, row in enumerate(block.rows[1:_MOST_ROWS], 1):
        number = decimal(row[column].strip(" %*")) if len(row) > column else None
        if number is None:
            continue
        if 0.2 <= number < 1 and "%" not in row[column]:  # below, a per cent value is as likely
            parts.append(index)
        elif 20 <= number <= 100:  # above 1, a fraction is ruled out
            wholes.append(index)
    if parts and wholes:
        few, many = sorted((parts, wholes), key=len)
        here, there = (block.rows[rows[0]][column].strip() for rows in (few, many))
        message = f"{name} is {here} in this row and {there} in another: fractions and per cent in one column"
        related = (Related(cell_place(card, block, many[0], column), "the other scale"),)
        yield Problem(cell_place(card, block, few[0], column), message, value=name, related=related)


def names_without_values(card: Card) -> Iterator[Problem]:
    """An evaluation section that names metrics and gives no number, link, image or reference."""
    section = card.sections.get("evaluation_results")
    if section is None or section.status not in ("thin", "substantive") or not section.heading:
        return
    text = card.text[section.start : section.end]
    lines = text.split("\n", 1)
    rest = lines[1] if len(lines) > 1 else ""
    names = list(dict.fromkeys(match.group().lower() for match in _NAME.finditer(rest)))
    without = _NAME.sub("", rest)
    elsewhere = _REFERS.search(rest) or any(mark in rest for mark in ("](", "<", "|"))
    if names and not elsewhere and not any(char.isdigit() for char in without):
        shown = ", ".join(names[:5])
        yield Problem(first_line(card, section.start, section.end), f"the section names {shown} and gives no value", value=shown)
