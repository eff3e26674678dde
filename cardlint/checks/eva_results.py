"""Results in the body: those that contradict each other, that no row backs, or that look like a failed run."""

from __future__ import annotations

from math import exp, isfinite
from typing import TYPE_CHECKING

from cardlint.checks.eva_read import agree, decimal, log_table, row_place, summary
from cardlint.checks.places import tables
from cardlint.checks.task_told import task_of
from cardlint.model import Problem, Related
from cardlint.vocab import metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.checks.eva_read import Stated

_FAR = 0.05
"""Relative distance from which a loss is another one and not a rounded or repeated measurement."""

_SCORES = frozenset({"accuracy", "f1", "precision", "recall", "exact match", "bleu", "wer", "cer", "rouge1", "matthews correlation"})
_ERROR_RATES = frozenset({"wer", "cer"})
_OF_WORDS = frozenset({"text-generation", "fill-mask"})
"""Tasks whose loss is that of a token, so that it tells the perplexity."""
_MOST_LOSS = 20


def contradicts_table(card: Card) -> Iterator[Problem]:
    """A result that differs from that of the row with the same loss in the training table."""
    stated, table = card.once(summary), card.once(log_table)
    loss = next((each for each in stated if each.name == "loss"), None)
    if loss is None or table is None:
        return
    block, names = table
    at = names.index("validation loss")
    rows = [index for index, row in enumerate(block.rows) if index and len(row) == len(names) and decimal(row[at]) == loss.number]
    if not rows:
        return
    differ: list[tuple[Stated, str]] = []
    for each in stated:
        if each is loss or each.name not in names:
            continue
        cells = [block.rows[index][names.index(each.name)] for index in rows]
        numbers = [number for number in map(decimal, cells) if number is not None]
        if numbers and not any(agree(each.number, number) for number in numbers):
            differ.append((each, cells[-1].strip()))
    if differ:
        first, cell = differ[0]
        others = f" ({len(differ) - 1} more differ)" if len(differ) > 1 else ""
        message = f"{first.name} is {first.text} here, {cell} in the table's row of the same loss{others}"
        related = (Related(row_place(card, block, rows[-1]), "the row of the same loss"),)
        yield Problem(first.place, message, value=first.name, related=related)


def in_no_row(card: Card) -> Iterator[Problem]:
    """A loss that is far from every row of the training table."""
    stated, table = card.once(summary), card.once(log_table)
    loss = next((each for each in stated if each.name == "loss"), None)
    if loss is None or table is None or not isfinite(loss.number):
        return
    block, names = table
    at = names.index("validation loss")
    losses = [(decimal(row[at]), index) for index, row in enumerate(block.rows) if index and len(row) > at]
    known = [(number, index) for number, index in losses if number is not None and isfinite(number)]
    if not known:
        return
    nearest, index = min(known, key=lambda each: abs(each[0] - loss.number))
    if abs(nearest - loss.number) > _FAR * max(abs(nearest), abs(loss.number)):
        message = f"loss {loss.text} stands in no row of the training table; the nearest is {block.rows[index][at].strip()}"
        related = (Related(row_place(card, block, index), "the nearest row"),)
        yield Problem(loss.place, message, value="loss", related=related)


def failed_run(card: Card) -> Iterator[Problem]:
    """Values that tell of a failed training or evaluation: no number, nothing right, everything right; the first one."""
    stated = card.once(summary)
    for each in stated:
        if not isfinite(each.number):
            yield Problem(each.place, f"{each.name} is {each.text}, which is no result", value=each.name)
            return
    scores = [each for each in stated if each.name in _SCORES - _ERROR_RATES]
    perfect = all(each.number == 1 for each in scores)  # a precision of 1.0 beside a recall of 0.02 is no success
    for each in stated:
        if each.name not in _SCORES or each.number not in (0, 1):
            continue
        worst = (each.number == 1) == (each.name in _ERROR_RATES)
        if not worst and (each.name == "bleu" or not perfect):
            continue
        sign = "a failed training" if worst else "test data in the training set, or a task without difficulty"
        yield Problem(each.place, f"{each.name} is exactly {each.text}, a sign of {sign}", value=each.name)
        return


def loss_only(card: Card, facts: dict[str, object]) -> Iterator[Problem]:
    """A loss as the only result of the whole card; the perplexity of one over tokens is told."""
    stated = card.once(summary)
    if not stated or any("loss" not in each.name and each.name not in ("epoch", "step") for each in stated):
        return
    if card.front_matter.metadata.get("metrics"):
        return
    table = card.once(log_table)
    others = () if table is None else [name for name in table[1] if "loss" not in name and metrics.near(name)]
    if others or len(card.once(tables)) > (table is not None):
        return
    loss = next((each for each in stated if each.name == "loss"), None)
    advice = None
    if loss is not None and 0 < loss.number < _MOST_LOSS and task_of(card, str(facts["id"] or "")) in _OF_WORDS:
        advice = f"if {loss.text} is the mean over tokens, the perplexity is {exp(loss.number):.4g} (e to its power)."
    yield Problem(stated[0].place, "a loss is the only result", help=advice, value="loss")
