"""Bytes of a card to text, and what was odd about them. Never raises."""

from __future__ import annotations

from codecs import BOM_UTF8

from cardlint.budgets import BUDGETS
from cardlint.tuples import NamedTuple

MAX_BYTES = BUDGETS.card_bytes
"""A card above this is cut."""


class Decoded(NamedTuple):
    """The text of a card without byte order mark, and the oddities in it.

    ``encoding``: utf-8, utf-16, or not-utf-8 (what does not decode became U+FFFD).
    ``bad_byte``: offset in the text of the first such character, else None.
    """

    text: str
    encoding: str
    bom: bool
    bad_byte: int | None
    cut: bool


def decode(data: bytes) -> Decoded:
    """Decode a card; hubs read UTF-8, so anything else is read as well as can be and told."""
    cut = len(data) > MAX_BYTES
    if cut:
        data = data[:MAX_BYTES]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoded(data.decode("utf-16", "replace"), "utf-16", bom=True, bad_byte=0, cut=cut)
    bom = data.startswith(BOM_UTF8)
    if bom:
        data = data[3:]
    try:
        return Decoded(data.decode("utf-8"), "utf-8", bom, None, cut)
    except UnicodeDecodeError as error:
        if cut and error.start > len(data) - 4:
            return Decoded(data[: error.start].decode("utf-8"), "utf-8", bom, None, cut)
        text = data.decode("utf-8", "replace")
        return Decoded(text, "not-utf-8", bom, len(data[: error.start].decode("utf-8")), cut)


def without_surrogates(text: str) -> str:
    """The text with lone surrogates as question marks: same length, encodable."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text
