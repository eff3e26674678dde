"""What keeps a rule from calling a topic absent: words that touch it anywhere in the card.

A section is found by wording that says something on its topic (`section_evidence.json`). To say that a topic is *not*
there takes more: the cues of `absence_cues.json` are any words by which authors told it in passing, and one of them is
enough for silence. Prose in a language without cues is silence too, for nobody has looked.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint.card.sections.headings import opened
from cardlint.card.sections.words import SAID, verdict
from cardlint.data import vocabulary
from cardlint.patterns import Cue

if TYPE_CHECKING:
    from cardlint.card.card import Card

_SECTIONS = {
    "intended_use": frozenset({"intended_use"}),
    "how_to_use": frozenset({"how_to_use"}),
    "limits": frozenset({"limitations", "bias_risks"}),
    "uses": frozenset({"uses"}),
    "dataset_limits": frozenset({"bias_risks_limitations"}),
}
"""The sections of each topic: a heading that only names them tells nothing."""
_COMMON = "en"
"""The language in which words stand in cards of every language."""


def may_tell(card: Card, topic: str) -> bool:
    """Whether the card may tell of a topic: a cue of it occurs, or nobody could see one in that language.

    ``topic``: intended_use, how_to_use or limits of a model; uses or dataset_limits of a dataset.
    """
    cue = _cue(topic, card.language or _COMMON)
    return cue is None or cue.occurs(_spoken(card, _SECTIONS[topic]))


@cache
def _cue(topic: str, language: str) -> Cue | None:
    listed = vocabulary("absence_cues")[topic]
    if language not in listed:
        return None
    patterns = listed[_COMMON] if language == _COMMON else listed[_COMMON] + listed[language]
    return Cue("(?i)" + "|".join(f"(?:{pattern})" for pattern in patterns))


def _spoken(card: Card, sections: frozenset[str]) -> str:
    """The text that says something, and the headings that do more than name these sections."""
    kind = card.kind
    headings = [each.text for each in card.outline.headings if sections.isdisjoint(opened(kind, each.text).sections)]
    return "\n\n".join([*headings, card.once(_said)])


def _said(card: Card) -> str:
    """What stands under the headings: no code, no table of contents, no template's sentence, nothing unfilled."""
    outline = card.outline
    titles = frozenset(heading.text for heading in outline.headings)
    unfilled = [each.start for each in card.placeholders]
    said = []
    for block in outline.blocks:
        text = block.text
        if block.kind == "code" or (block.kind == "item" and text in titles) or verdict(text) != SAID:
            continue
        if not any(block.start <= at < block.end for at in unfilled):
            said.append(text)
    return "\n\n".join(said)
