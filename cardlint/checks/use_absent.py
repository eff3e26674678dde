"""Use and limits: spoken of as absent only where no word of the card touches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.absence import has_heading, may_tell
from cardlint.model import Problem
from cardlint.patterns import Cue, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.facts.document import Facts

_TO_USE = Pattern(r"(?i)(?:to |how to )?(?:use|run|try|load)(?: it| the model| this model)?|using it|running(?: it)?")
_RIGHT_USE = Cue(r"(?i)\b(?:responsible|ethical|acceptable|appropriate|proper|allowed) use|\bwho (?:is )?(?:this|it) (?:is )?for\b")
"""Headings of sections that say both what a model is for and what it is not for."""
_NEW_SPACE = Pattern(r"(?i)check out the configuration reference at \S{1,200}")


def no_intended_use(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that says nothing on intended use."""
    if _absent(facts, "intended_use") and not may_tell(card, "intended_use"):
        yield Problem("section:intended_use", "the card does not document intended use")


def no_usage(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that says nothing on how to load or run the model."""
    if _absent(facts, "how_to_use") and not may_tell(card, "how_to_use") and not card.once(_has_snippet):
        yield Problem("section:how_to_use", "the card does not document how to use the model")


def _has_snippet(card: Card) -> bool:
    """Whether code stands under a heading that says no more than "use" or "run"."""
    headings = card.outline.headings
    return any(
        block.kind == "code" and block.heading >= 0 and _TO_USE.fullmatch(headings[block.heading].text.strip())
        for block in card.outline.blocks
    )


def no_limits(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that says nothing on limitations, bias or risks."""
    if _absent(facts, "limitations") and _absent(facts, "bias_risks") and not may_tell(card, "limits"):
        yield Problem("section:limitations", "the card does not document limitations, bias or risks")


def no_bias_or_risks(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that names limitations and says nothing on bias or risks."""
    limits = facts["sections"].get("limitations")
    if limits is None or limits["status"] == "absent" or not _absent(facts, "bias_risks"):
        return
    if not may_tell(card, "bias_risks"):
        yield Problem("section:bias_risks", "the card does not document bias or risks")


def no_out_of_scope_use(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that says nothing on uses that the model is not for."""
    if _absent(facts, "out_of_scope_use") and not may_tell(card, "out_of_scope"):
        yield Problem("section:out_of_scope_use", "the card does not document uses out of scope")


def no_personal_data_statement(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card with a description that does not say whether the data is about people."""
    described = facts["sections"].get("description")
    if described is None or described["status"] == "absent" or not _absent(facts, "personal_data"):
        return
    if not may_tell(card, "personal_data"):
        yield Problem("section:personal_data", "the card does not say whether the data holds personal information")


def intended_use_without_section(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that may tell its intended use in words that were not recognised, and has no section on it."""
    if not _absent(facts, "intended_use") or not may_tell(card, "intended_use") or has_heading(card, "intended_use"):
        return
    if not _RIGHT_USE.occurs("\n\n".join([heading.text for heading in card.outline.headings])):
        yield Problem("section:intended_use", "the card has no section on intended use")


def limits_without_section(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that may tell its limits in words that were not recognised, and has no section on them."""
    absent = _absent(facts, "limitations") and _absent(facts, "bias_risks")
    if absent and may_tell(card, "limits") and not has_heading(card, "limits"):
        yield Problem("section:limitations", "the card has no section on limitations, bias or risks")


def no_dataset_uses(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card that says nothing on uses."""
    if _absent(facts, "uses") and not may_tell(card, "uses"):
        yield Problem("section:uses", "the card does not document uses")


def no_dataset_limits(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card that says nothing on bias, risks and limitations."""
    if _absent(facts, "bias_risks_limitations") and not may_tell(card, "dataset_limits"):
        yield Problem("section:bias_risks_limitations", "the card does not document bias, risks and limitations")


def no_space_description(card: Card, facts: Facts) -> Iterator[Problem]:
    """A space card without a description, or with the sentence alone that hubs put into every new one."""
    if _absent(facts, "description") or _NEW_SPACE.fullmatch(card.prose.strip()):
        yield Problem("section:description", "the card does not document what the space does")


def _absent(facts: Facts, name: str) -> bool:
    section = facts["sections"].get(name)
    return section is not None and section["status"] == "absent" and section["documented"] == "none"
