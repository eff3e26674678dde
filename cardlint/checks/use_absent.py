"""Use and limits: spoken of as absent only where no word of the card touches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.absence import has_heading, is_absent, may_tell, much_is_said
from cardlint.model import Problem
from cardlint.patterns import Cue, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.facts.document import Facts

_TO_USE = Pattern(r"(?i)(?:to |how to )?(?:use|run|try|load)(?: it| the model| this model)?|using it|running(?: it)?")
_RIGHT_USE = Cue(
    r"(?i)\b(?:responsible|ethical|acceptable|appropriate|proper|allowed) use|\bwho (?:is )?(?:this|it) (?:is )?for\b"
    r"|\b(?:good|best|made) (?:at|for)\b|\b(?:when|what|where|who) (?:should |to |can )?use\b|\bfits?\b|\bcapabilit|\buse(?:ful)? for\b"
    r"|\bwhat (?:it|this|the model|this model|[a-z-]+) (?:does|do|can do|is for|detects?|predicts?|covers?|recogni[sz]es?)\b"
    r"|\b(?:is|are|was|were) (?:(?:fine-?)?tuned|trained|made|built|meant|designed|optimi[sz]ed) for\b"
)
"""Headings of sections that say what a model is for in other words, or both that and what it is not for."""
_OF_LIMITS = Cue(
    r"(?i)\b(?:scope|boundar(?:y|ies)|caveats?|honest\w*|assumptions?|fails?|fail(?:ures?|ing)|weak\w*|gaps?|beware|careful|pitfalls?|warnings?|disclaimers?)\b"
)
"""Headings of sections that tell limits in other words."""
_LABELLED = frozenset(
    {
        *("text-classification", "token-classification", "image-classification", "object-detection", "image-segmentation"),
        *("audio-classification", "video-classification", "tabular-classification"),
    }
)
"""Tasks whose data is labelled."""
_SYNTHETIC = "synthetic"
"""A tag that tells whose data it is: nobody's."""
_LABELS = Cue(r"(?i)\b(?:labell?(?:s|ed|ing)?|class(?:es)?|categor(?:y|ies)|targets?|annotations?)\b")
_NEW_SPACE = Pattern(r"(?i)check out the configuration reference at \S{1,200}")


def no_intended_use(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that says nothing on intended use."""
    if is_absent(facts, "intended_use") and not may_tell(card, "intended_use"):
        yield Problem("section:intended_use", "the card does not document intended use")


def no_usage(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card without a section on how to load or run the model, code that does, or a word that touches it."""
    if (
        is_absent(facts, "how_to_use")
        and not may_tell(card, "how_to_use")
        and not (has_heading(card, "how_to_use") or card.once(_has_snippet))
    ):
        yield Problem("section:how_to_use", "the card has no section on how to use the model")


def _has_snippet(card: Card) -> bool:
    """Whether code stands under a heading that says no more than "use" or "run"."""
    headings = card.outline.headings
    return any(
        block.kind == "code" and block.heading >= 0 and _TO_USE.fullmatch(headings[block.heading].text.strip())
        for block in card.outline.blocks
    )


def no_limits(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that says nothing on limitations, bias or risks."""
    if is_absent(facts, "limitations") and is_absent(facts, "bias_risks") and not may_tell(card, "limits"):
        yield Problem("section:limitations", "the card does not document limitations, bias or risks")


def no_bias_or_risks(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that names limitations, and has no section on bias or risks nor a word that touches them."""
    limits = facts["sections"].get("limitations")
    if limits is None or limits["status"] == "absent" or not is_absent(facts, "bias_risks"):
        return
    if not may_tell(card, "bias_risks") and not has_heading(card, "bias_risks"):
        yield Problem("section:bias_risks", "the card has no section on bias or risks")


def no_out_of_scope_use(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card without a section on uses that the model is not for, nor a word that touches them or, by hand, on where it fails."""
    limits = facts["sections"].get("limitations")
    if card.generator is None and limits is not None and limits["status"] == "substantive":
        return
    if is_absent(facts, "out_of_scope_use") and not may_tell(card, "out_of_scope") and not has_heading(card, "out_of_scope"):
        yield Problem("section:out_of_scope_use", "the card has no section on uses out of scope")


def no_limitations(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that speaks of bias or risks, and says nothing on limitations in prose that is short enough to tell."""
    risks = facts["sections"].get("bias_risks")
    if risks is None or risks["status"] == "absent" or not is_absent(facts, "limitations"):
        return
    if not much_is_said(card, "limits"):
        yield Problem("section:limitations", "the card does not document limitations")


def no_personal_data_statement(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card with a description that does not say whether the data is about people."""
    if not _is_described(facts) or not is_absent(facts, "personal_data") or _SYNTHETIC in _texts_of(card.front_matter.metadata.get("tags")):
        return
    if not may_tell(card, "personal_data"):
        yield Problem("section:personal_data", "the card does not say whether the data holds personal information")


def intended_use_without_section(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that may tell its intended use in words that were not recognised, and has no section on it."""
    if not is_absent(facts, "intended_use") or not may_tell(card, "intended_use") or has_heading(card, "intended_use"):
        return
    if not _RIGHT_USE.occurs("\n\n".join([heading.text for heading in card.outline.headings])):
        yield Problem("section:intended_use", "the card has no section on intended use")


def limits_without_section(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model card that may tell its limits in words that were not recognised, and has no section on them."""
    absent = is_absent(facts, "limitations") and is_absent(facts, "bias_risks")
    if not absent or not may_tell(card, "limits") or has_heading(card, "limits"):
        return
    if not _OF_LIMITS.occurs("\n".join([heading.text for heading in card.outline.headings])):
        yield Problem("section:limitations", "the card has no section on limitations, bias or risks")


def no_dataset_uses(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card that says nothing on uses."""
    if is_absent(facts, "uses") and not may_tell(card, "uses"):
        yield Problem("section:uses", "the card does not document uses")


def no_dataset_limits(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card that says nothing on bias, risks and limitations."""
    if is_absent(facts, "bias_risks_limitations") and not may_tell(card, "dataset_limits"):
        yield Problem("section:bias_risks_limitations", "the card does not document bias, risks and limitations")


def no_source_data(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card with a description that says nothing on where the data comes from."""
    if _is_described(facts) and is_absent(facts, "source_data") and not may_tell(card, "source_data"):
        yield Problem("section:source_data", "the card does not document where the data comes from")


def no_collection(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card with a description that says nothing on how the data was made."""
    if _is_described(facts) and is_absent(facts, "collection") and not may_tell(card, "collection"):
        yield Problem("section:collection", "the card does not document how the data was collected")


def no_labellers(card: Card, facts: Facts) -> Iterator[Problem]:
    """A dataset card for a task that takes labels, which speaks of classes or labels and not of who gave them."""
    metadata = card.front_matter.metadata
    if "annotations_creators" in metadata or not is_absent(facts, "annotations"):
        return
    if _LABELLED.isdisjoint(_texts_of(metadata.get("task_categories"))):
        return
    if _LABELS.occurs(card.text[card.front_matter.end :]) and not may_tell(card, "annotations"):
        yield Problem("section:annotations", "the card does not document who made the labels")


def no_space_description(card: Card, facts: Facts) -> Iterator[Problem]:
    """A space card without a description, or with the sentence alone that hubs put into every new one."""
    if is_absent(facts, "description") or _NEW_SPACE.fullmatch(card.prose.strip()):
        yield Problem("section:description", "the card does not document what the space does")


def _is_described(facts: Facts) -> bool:
    described = facts["sections"].get("description")
    return described is not None and described["status"] != "absent"


def _texts_of(value: object) -> list[str]:
    """The texts of a key that holds one or a list."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]
