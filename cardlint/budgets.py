"""How much of a card is read: every bound in one place. A budget counts things, never seconds, so that the same card is
always read to the same point; what was spent is a finding by name (FM014 for the metadata block, FM017 for the rest).

The files beside a card have bounds of their own, told in ``docs/readers.md``.
"""

from __future__ import annotations

from cardlint.tuples import NamedTuple


class Budgets(NamedTuple):
    """The bounds of one card; the comment tells the largest of 32,641 real cards where it is known."""

    file_bytes: int = 64_000_000
    """Bytes of the file that are taken from disk, so that its size and hash can be told."""
    card_bytes: int = 8_000_000
    """Bytes that are decoded and judged. Largest: 2.1 MB."""
    front_matter: int = 1_000_000
    """Code points of the metadata block. Largest: 0.4 million."""
    depth: int = 64
    """Collections in one another in the metadata."""
    values: int = 100_000
    """Keys and values of the metadata."""
    aliased_values: int = 10_000
    """Values that aliases stand for."""
    yaml_differences: int = 50
    """Scalars kept that readers of YAML 1.1 see differently."""
    headings: int = 5_000
    blocks: int = 50_000
    """Paragraphs, items, tables, code blocks and pieces of HTML."""
    links: int = 20_000
    """Links and images."""
    comments: int = 20_000
    anchors: int = 20_000
    """Ids that HTML elements give."""
    findings: int = 50
    """Findings of one rule."""


BUDGETS = Budgets()
