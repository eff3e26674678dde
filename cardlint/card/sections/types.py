"""The section names of each kind of card, and what is known of one section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.model import Kind

_MODEL = (
    "intended_use out_of_scope_use limitations bias_risks training_data training_procedure evaluation_data evaluation_results"
    " environmental_impact citation license contact_authors how_to_use model_description"
)
_DATASET = (
    "description structure source_data collection annotations personal_data uses out_of_scope bias_risks_limitations license"
    " citation contact maintenance"
)

SECTION_NAMES: dict[Kind, tuple[str, ...]] = {
    "model": tuple(_MODEL.split()),
    "dataset": tuple(_DATASET.split()),
    "space": ("description", "how_to_use", "license", "contact"),
}
"""The sections of each kind of card, in the order in which the hub's templates have them."""


class Section(NamedTuple):
    """What a card's body says on one topic.

    ``status`` speaks of the body: absent, placeholder, thin, substantive. ``documented`` tells where the topic is
    answered: body (thin or substantive), metadata, none. ``heading`` is the heading of the evidence, "" where it stands
    under another heading or none, None where there is none. ``start`` and ``end`` are offsets of the evidence in the card.
    """

    status: str = "absent"
    documented: str = "none"
    heading: str | None = None
    start: int = 0
    end: int = 0
    words: int = 0
