"""What a card really documents: sections by evidence, and what was left unfilled."""

from cardlint.card.sections.placeholders import Placeholder, read_placeholders
from cardlint.card.sections.read import Answers, read_answers, read_sections
from cardlint.card.sections.types import SECTION_NAMES, Section

__all__ = ["SECTION_NAMES", "Answers", "Placeholder", "Section", "read_answers", "read_placeholders", "read_sections"]
