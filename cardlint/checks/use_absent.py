"""Intended use and how to use: spoken of as absent only where no sentence of the card touches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.model import Problem
from cardlint.patterns import Cues, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.facts.document import Facts

_PURPOSE = (
    r"(?i)\bintend(?:ed|s)? (?:to|for|use)|\bin order to use\b|\bmeant (?:to|for)\b|\b(?:suitable|suited|useful|ideal|optimi[sz]ed) for\b"
    r"|\bdesigned (?:to|for)\b|\bgood [\w -]{0,40}\b(?:to|for)\b|\b(?:can|could|may) be (?:\w+ )?used (?:to|for|as|in)\b"
    r"|\bfor use (?:in|with|by)\b"
    r"|\b(?:tuned|trained|built|made|developed) to (?:answer|classify|convert|detect|distinguish|extract|filter|find|generate|identify"
    r"|label|predict|produce|rank|recogni[sz]e|score|segment|separate|summari[sz]e|tag|transcribe|translate|write)\b"
    r"|\bperforms? (?:[\w-]+ ){0,3}(?:analysis|classification|detection|extraction|generation|recognition|segmentation|summari[sz]ation"
    r"|tagging|translation)\b"
    r"|\bthe purpose of this\b|\bused for\b|\bto (?:generate|support|run) [\w/ -]{0,30}(?:, use|decisions|as a)|\bproduction-ready\b"
)
_USAGE = (
    r"(?i)colab|\btrigger|\bnotebook|\bused with\b|\bprompt\b|\bto use (?:it|this)\b|\bhow to use\b|\busage\b|\bfine-tun\w+ scripts?\b"
    r"|\bcheck (?:out )?the [^\n]{0,80}\brepo"
)
_DATASET_USE = (
    r"(?i)\bto use (?:this|it)\b|\bcan'?t use\b|\bcannot be used\b|\bwill be us(?:ed|ing)\b|\bus(?:ed|eful|able) (?:for|to|in|as)\b"
    r"|\bfor (?:training|evaluation|evaluating|fine-?tuning|pre-?training)\b|\bbenchmark|\beval(?:uation)? (?:data|set)"
)


_NEW_SPACE = Pattern(r"(?i)check out the configuration reference at \S{1,200}")
_CUES = Cues({"intended_use": _PURPOSE, "how_to_use": _USAGE, "uses": _DATASET_USE})


def _cues(card: Card) -> frozenset[str]:
    return _CUES.occurring(card.prose)


def no_intended_use(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that says nothing on intended use."""
    return _absent(card, facts, "intended_use", "intended use")


def no_usage(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that says nothing on how to load or run the model."""
    return _absent(card, facts, "how_to_use", "how to use the model")


def no_dataset_uses(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card that says nothing on uses."""
    return _absent(card, facts, "uses", "uses")


def no_space_description(card: Card, facts: Facts) -> Iterator[Problem]:
    """A space card without a description, or with the sentence alone that hubs put into every new one."""
    section = facts["sections"]["description"]
    if (section["status"] == "absent" and section["documented"] == "none") or _NEW_SPACE.fullmatch(card.prose.strip()):
        yield Problem("section:description", "the card does not document what the space does")


def _absent(card: Card, facts: Facts, name: str, topic: str) -> Iterator[Problem]:
    section = facts["sections"].get(name)
    if section is None or section["status"] != "absent" or section["documented"] != "none":
        return
    if name in card.once(_cues):
        return
    yield Problem(f"section:{name}", f"the card does not document {topic}")
