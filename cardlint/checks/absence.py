"""What keeps a rule from calling a topic absent: words that touch it anywhere in the card.

A section is found by wording that says something on its topic (`section_evidence.json`). To say that a topic is *not*
there takes more: the cues of `absence_cues.json` are any words by which authors told it in passing, and one of them is
enough for silence. Prose in a language without cues is silence too, for nobody has looked; and so is much prose by hand,
for whoever writes much tells some of it in words that nobody thought of.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from cardlint.card.sections.headings import opened
from cardlint.card.sections.passage import weighed
from cardlint.card.sections.words import SAID, unwrapped
from cardlint.data import vocabulary
from cardlint.patterns import Cue
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.card.card import Card
    from cardlint.facts.document import Facts

_SECTIONS = {
    "intended_use": frozenset({"intended_use"}),
    "how_to_use": frozenset({"how_to_use"}),
    "limits": frozenset({"limitations", "bias_risks"}),
    "uses": frozenset({"uses"}),
    "dataset_limits": frozenset({"bias_risks_limitations"}),
    "out_of_scope": frozenset({"out_of_scope_use"}),
    "bias_risks": frozenset({"bias_risks"}),
    "personal_data": frozenset({"personal_data"}),
    "results": frozenset({"evaluation_results"}),
    "source_data": frozenset({"source_data"}),
    "collection": frozenset({"collection"}),
    "annotations": frozenset({"annotations"}),
}
"""The sections of each topic: a heading that only names them tells nothing."""
_COMMON = "en"
"""The language in which words stand in cards of every language."""


_DERIVED = ("quantized", "merge")
"""Relations to a base model that take no training."""
_OF_TRAINING = frozenset({"datasets", "model-index"})
"""Keys that a model has from its training."""
_LONG = {"intended_use": 12, "training_data": 100, "limits": 100, "out_of_scope": 250}
"""Words of paragraphs by hand from which on a model's card may tell of a topic in words that are on no list. The figures are from
findings on cards read whole (`docs/accuracy.md`): what was said of longer ones was false too often, of intended use most."""
_LONG_IN_ALL = {"dataset_limits": 200}
"""The same of datasets, whose cards tell in lists what a model's tells in paragraphs: lists count too."""
_FEW = 15
"""Words of paragraphs that are in no language known."""
_FENCES = ("`", "~")


def is_absent(facts: Facts, section: str) -> bool:
    """Whether nothing documents a section that cards of this kind have."""
    found = facts["sections"].get(section)
    return found is not None and found["status"] == "absent" and found["documented"] == "none"


class _Said(NamedTuple):
    """What stands under the headings of a card, how many words of it are paragraphs, and how many paragraphs and lists."""

    text: str
    words: int
    listed: int


def may_tell(card: Card, topic: str) -> bool:
    """Whether the card may tell of a topic: a cue of it occurs, nobody could see one in that language, or there is much prose.

    ``topic``: intended_use, how_to_use, limits, out_of_scope, bias_risks or results of a model; uses, dataset_limits, personal_data,
    source_data, collection or annotations of a dataset.
    """
    answers = card.once(_answers)
    if topic not in answers:
        answers[topic] = _may_tell(card, topic)
    return answers[topic]


def _answers(_: Card) -> dict[str, bool]:
    """What was found of each topic: two rules ask for each."""
    return {}


def _may_tell(card: Card, topic: str) -> bool:
    if much_is_said(card, topic):
        return True
    text = _told(card, topic)
    if _cue(topic, _COMMON).occurs(text):
        return True
    language = card.language
    if language is None:
        return card.once(_said).words > _FEW
    if language == _COMMON:
        return False
    own = vocabulary("absence_cues")[topic].get(language)
    return own is None or (own != [] and _cue(topic, language).occurs(text))


def trained_elsewhere(card: Card) -> bool:
    """Whether others trained the weights, which were converted, quantised, merged or passed on here, and nothing tells of training."""
    return card.once(_trained_elsewhere)


def _trained_elsewhere(card: Card) -> bool:
    section = card.sections["training_procedure"]
    tells = section.status != "absent" and "training" in (section.heading or "").lower()
    if tells or (section.status != "absent" and _words("trained").occurs(card.text[section.start : section.end].lower())):
        return False
    return card.front_matter.metadata.get("base_model_relation") in _DERIVED or _words("derived").occurs(card.once(_told_in_all))


def tells_of_training(card: Card) -> bool:
    """Whether a card tells that its model was trained: it gives data or results, says so, or was written by what trained it."""
    if card.generator is not None or not _OF_TRAINING.isdisjoint(card.front_matter.metadata):
        return True
    return card.sections["training_procedure"].status != "absent" or card.once(_is_called_trained)


def _is_called_trained(card: Card) -> bool:
    return _words("trained").occurs(card.once(_told_in_all))


def names_procedure(card: Card) -> bool:
    """Whether a word says how something was trained."""
    return _words("procedure").occurs(card.once(_told_in_all))


def is_no_model(card: Card) -> bool:
    """Whether a repository holds what stands before a model by its title: a tokenizer, a preprocessor."""
    headings = card.outline.headings
    title = headings[0].text.lower() if headings and headings[0].level == 1 else ""
    return "model" not in title and _words("no_model").occurs(title.encode())


def has_no_weights(card: Card) -> bool:
    """Whether a card says that no trained weights of the authors' own are here, or none yet."""
    return card.once(_has_no_weights)


def _has_no_weights(card: Card) -> bool:
    return _words("no_weights").occurs(card.once(_told_in_all))


def has_heading(card: Card, topic: str) -> bool:
    """Whether a heading names a section of a topic, whatever stands under it."""
    return not _SECTIONS[topic].isdisjoint(card.once(_heads).sections)


def much_is_said(card: Card, topic: str) -> bool:
    """Whether a card that no tool wrote holds so much prose that nobody can tell its silence on a topic.

    ``topic``: one of those of `may_tell`, or training_data.
    """
    if card.generator is not None:
        return False
    said = card.once(_said)
    return said.words > _LONG.get(topic, sys.maxsize) or said.listed > _LONG_IN_ALL.get(topic, sys.maxsize)


@cache
def _cue(topic: str, language: str) -> Cue:
    """The cue of a topic in a text in lower case: RE2 makes an automaton for any case in twice the time."""
    return Cue("|".join(f"(?:{pattern})" for pattern in vocabulary("absence_cues")[topic][language]))


@cache
def _words(topic: str) -> Cue:
    """A cue of `training_words.json` in a text in lower case."""
    return Cue("|".join(f"(?:{pattern})" for pattern in vocabulary("training_words")[topic]))


def _told(card: Card, topic: str) -> bytes:
    """What a card says, in lower case, and its headings but those that only name the topic: most cards have none of these."""
    heads = card.once(_heads)
    own = _SECTIONS[topic]
    if own.isdisjoint(heads.sections):
        return card.once(_told_in_all)
    return _joined([text for text, sections in zip(heads.texts, heads.opened, strict=True) if own.isdisjoint(sections)], card)


def _told_in_all(card: Card) -> bytes:
    return _joined(card.once(_heads).texts, card)


def _joined(headings: Sequence[str], card: Card) -> bytes:
    return "\n\n".join([*headings, card.once(_said).text]).lower().encode()


class _Heads(NamedTuple):
    """The headings of a card, the sections that each opens, and those of all."""

    texts: tuple[str, ...]
    opened: tuple[tuple[str, ...], ...]
    sections: frozenset[str]


def _heads(card: Card) -> _Heads:
    texts = tuple([heading.text for heading in card.outline.headings])
    sections = tuple([opened(card.kind, text).sections for text in texts])
    return _Heads(texts, sections, frozenset().union(*sections))


def _said(card: Card) -> _Said:
    """No code but lines that are code by their indent alone, no table of contents, no template's sentence, nothing unfilled."""
    outline = card.outline
    entries = outline.entries()
    unfilled = [each.start for each in card.placeholders]
    said, words, listed = [], 0, 0
    for block in outline.blocks:
        kind, text = block.kind, block.text
        if (kind == "code" and card.text.startswith(_FENCES, block.start)) or (kind == "item" and text in entries):
            continue
        what, length = weighed(card.kind, text)
        if what != SAID or (unfilled and any(block.start <= at < block.end for at in unfilled)):
            continue
        said.append(unwrapped(text))
        if kind in ("paragraph", "html"):
            words += length
        elif kind == "item":
            listed += length
    return _Said("\n\n".join(said), words, words + listed)
