"""One claim: what a card says, and where."""

from __future__ import annotations

from cardlint.tuples import NamedTuple


class Claim(NamedTuple):
    """A value as the card writes it, with its place.

    ``start`` and ``end`` are code point offsets in the card. ``detail`` depends on the kind: the relation of a base
    model (finetuned, adapter, merge, quantized, distilled), the dataset and split of a metric, else "".
    """

    value: str
    start: int
    end: int
    detail: str = ""
