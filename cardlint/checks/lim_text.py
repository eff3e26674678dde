"""Bias and risks in the words of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.sections.words import count_words, is_boilerplate, is_filler
from cardlint.checks.places import first_line
from cardlint.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_FEW_WORDS = 4


def boilerplate_risks(card: Card) -> Iterator[Problem]:
    """A section on bias and risks that holds only a template's sentence."""
    section = card.sections.get("bias_risks")
    if section is None or section.status != "thin":
        return
    blocks = [block for block in card.outline.blocks if section.start <= block.start < section.end]
    own = [block.text for block in blocks if not (is_boilerplate(block.text) or is_filler(block.text))]
    if len(own) < len(blocks) and not any(count_words(text) > _FEW_WORDS for text in own):
        message = "bias and risks are spoken of in a template's sentence only"
        yield Problem(first_line(card, section.start, section.end), message, value="bias_risks")
