"""Words of reports: a stranger's with no character that a reader or a parser stumbles over, paths as services want them, counts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cardlint.patterns import Pattern

if TYPE_CHECKING:
    import re

    from cardlint.model import Outcome

_ODD = Pattern(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_HALF = Pattern("[\ud800-\udfff]")


def plain(text: str) -> str:
    """The text on one line with every control, direction or lone surrogate character as its code; valid in JSON and in XML 1.0."""
    return _ODD.sub(_code, text)


def whole(text: str) -> str:
    """The text with each lone surrogate as its code and all else as it is: what UTF-8 can encode."""
    return _HALF.sub(_code, text)


def _code(match: re.Match[str]) -> str:
    char = ord(match[0])
    if char in (9, 10, 13):
        return " "
    if 0xDC80 <= char <= 0xDCFF:  # a byte of a file name that is no UTF-8
        char -= 0xDC00
    return f"\\x{char:02x}" if char < 0x100 else f"\\u{char:04x}"


def counted(number: int, word: str) -> str:
    """A number with its word: ``1 card``, ``1,200 cards``."""
    return f"{number:,} {word}{'s' if number != 1 else ''}"


def card_path(outcome: Outcome) -> str:
    """Where a finding's card stands, or would stand where the repository has none; see `checkout_path`."""
    has_none = outcome.sha256 is None and outcome.failure is None and not outcome.input.endswith(outcome.path)
    return checkout_path(f"{outcome.input}/{outcome.path}" if has_none else outcome.input)


def checkout_path(path: str) -> str:
    """A path as services want it: from the folder that cardlint was called in, with slashes."""
    if os.path.isabs(path):  # noqa: PTH117  # inputs are texts
        below = os.path.relpath(path)
        path = path if below.startswith("..") else below
    return plain(os.path.normpath(path).replace(os.sep, "/"))


def as_uri(path: str) -> str:
    """Such a path as a URI reference: relative, or with ``file:`` where the path lies elsewhere."""
    from urllib.parse import quote

    uri = quote(path, safe="/!$&'()*+,;=@~-._")
    return f"file://{uri}" if path.startswith("/") else uri
