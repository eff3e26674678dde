"""A training that is not told, and its settings as generators list them: their arithmetic, and the length of the training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.absence import has_no_weights, is_no_model, names_procedure, trained_elsewhere
from cardlint.checks.eva_read import cell_place, decimal, log_table
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Piece
    from cardlint.facts.document import Facts

_SETTING = Pattern(r"([a-z_]+):[ \t]*([^\n]{1,80})")
_READ = "en"
"""The language whose words on a procedure are known."""
_SLACK = 1.05
"""A training ends with its epoch; the last step of an uneven one is logged a little after."""


class _Setting(NamedTuple):
    value: float
    place: Piece


def _settings(card: Card) -> dict[str, _Setting]:
    """The numbers of the list of hyperparameters, the first of each name."""
    found: dict[str, _Setting] = {}
    for block in card.outline.blocks:
        match = _SETTING.fullmatch(block.text) if block.kind == "item" else None
        number = decimal(match.group(2)) if match else None
        if match and number is not None:
            found.setdefault(match.group(1), _Setting(number, card.outline.place(block, 0, len(block.text))))
    return found


def no_procedure(card: Card, facts: Facts) -> Iterator[Problem]:
    """Training data, and not a word on the training; but where others trained the weights, of a tokenizer, and in other languages."""
    sections = facts["sections"]
    training, data = sections["training_procedure"], sections["training_data"]
    if training["status"] != "absent" or training["documented"] != "none":
        return
    if data["documented"] != "metadata" and (data["documented"] == "none" or data["status"] != "substantive"):
        return
    if sections["model_description"]["status"] not in ("thin", "substantive") or names_procedure(card):
        return
    if card.language in (None, _READ) and not (trained_elsewhere(card) or is_no_model(card) or has_no_weights(card)):
        yield Problem("section:training_procedure", "training data is named, but nothing on how the model was trained")


def batch_sizes(card: Card) -> Iterator[Problem]:
    """A total batch size that is not the product of its factors."""
    found = card.once(_settings)
    one, total = found.get("train_batch_size"), found.get("total_train_batch_size")
    if one is None or total is None or not one.value:
        return
    steps = found.get("gradient_accumulation_steps")
    devices = found.get("num_devices")
    product = one.value * (steps.value if steps else 1) * (devices.value if devices else 1)
    if product <= 0 or total.value == product or (devices is None and total.value % product == 0):
        return
    others = ((steps, "accumulation steps"), (devices, "devices"))
    factors = [f"{one.value:g}", *(f"{each.value:g} {what}" for each, what in others if each)]
    message = f"total_train_batch_size is {total.value:g}, but {' x '.join(factors)} is {product:g}"
    yield Problem(total.place, message, value=f"{total.value:g}", related=(Related(one.place, "the batch size of one step"),))


def too_long(card: Card) -> Iterator[Problem]:
    """A table that logs more epochs than the training is said to have."""
    table = card.once(log_table)
    if table is None or "epoch" not in table[1]:
        return
    stated = card.once(_settings).get("num_epochs")
    if stated is None or stated.value <= 0:
        return
    block, names = table
    column = names.index("epoch")
    logged = [(decimal(row[column]), index) for index, row in enumerate(block.rows) if index and len(row) > column]
    last, index = max(((number, index) for number, index in logged if number is not None), default=(0.0, 0))
    if last > stated.value * _SLACK + 0.05:
        message = f"num_epochs is {stated.value:g}, but the table goes to epoch {last:g}"
        related = (Related(cell_place(card, block, index, column), "the last epoch"),)
        yield Problem(stated.place, message, value=f"{stated.value:g}", related=related)


def versions_only(card: Card) -> Iterator[Problem]:
    """A training section that holds versions of libraries and nothing else."""
    outline = card.outline
    for index, heading in enumerate(outline.headings):
        if heading.text.strip().lower() != "training procedure":
            continue
        under = [block for block in outline.under(index) if block.heading >= 0]
        settings = [block for block in under if outline.headings[block.heading].text.strip().lower() != "framework versions"]
        if under and not settings:
            yield Problem(heading, "the training procedure holds nothing but versions of libraries")
        return
