"""Tokens and keys in a card: shapes with fixed prefixes, checked by checksum or entropy."""

from __future__ import annotations

import re
from binascii import crc32
from collections import Counter
from functools import cache
from math import log2
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.model import Problem, Range
from cardlint.patterns import ALPHANUMERIC, Cue, Cues, Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_CHECK = 6
_SHOWN = 4


class Shape(NamedTuple):
    """How an issuer's tokens look.

    One of ``prefixes`` stands in each; ``cue`` is ``pattern`` without its edges, for RE2; ``least`` is the entropy below
    which a match is a placeholder.
    """

    name: str
    prefixes: tuple[str, ...]
    pattern: Pattern
    cue: Cue
    least: float
    checksum: bool


@cache
def shapes() -> tuple[Shape, ...]:
    """The shapes of the vocabulary ``secrets``; a token does not stand inside a longer word."""
    return tuple(
        Shape(
            entry["name"],
            tuple(entry["prefixes"]),
            Pattern(rf"(?<![A-Za-z0-9_]){entry['pattern']}(?![A-Za-z0-9_])"),
            Cue(entry["pattern"]),
            entry["least"],
            "checksum" in entry,
        )
        for entry in data.vocabulary("secrets")["tokens"]
    )


@cache
def _prefixes() -> Cues:
    """The shapes by their prefixes alone: the patterns of all in one set cost 6 ms to compile, these 0.3."""
    return Cues({shape.name: "|".join(map(re.escape, shape.prefixes)) for shape in shapes()})


@cache
def _placeholder() -> Pattern:
    return Pattern(data.vocabulary("secrets")["placeholder"])


def secrets(card: Card) -> Iterator[Problem]:
    """Every token or key in the card, each once; the message shows its beginning only."""
    seen: set[str] = set()
    near = _prefixes().occurring(card.text)
    for shape in shapes():
        if shape.name not in near or not shape.cue.occurs(card.utf8):
            continue
        for match in shape.pattern.finditer(card.text):
            if match.group() in seen or not genuine(shape, match.group(1)):
                continue
            seen.add(match.group())
            shown = card.text[match.start() : match.start(1)] or ""
            beginning = f"{shown}{match.group(1)[:_SHOWN]}…" if "\n" not in shown else shown.split("\n", 1)[0]
            yield Problem(Range(*match.span()), f"the card holds a {shape.name}: '{beginning}'", value=beginning)


def genuine(shape: Shape, secret: str) -> bool:
    """Whether the random part is no placeholder and its checksum, where the issuer has one, is right."""
    if _placeholder().search(secret) or entropy(secret) < shape.least:
        return False
    return not shape.checksum or secret[-_CHECK:] == checksum(secret[:-_CHECK])


def entropy(text: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(text)
    return -sum(count / len(text) * log2(count / len(text)) for count in counts.values())


def checksum(secret: str) -> str:
    """The six characters that end a token: the CRC32 of the random part in base 62, zeros in front."""
    value = crc32(secret.encode())
    digits = ""
    while value:
        value, digit = divmod(value, len(ALPHANUMERIC))
        digits = ALPHANUMERIC[digit] + digits
    return digits.rjust(_CHECK, "0")


_ASSIGNED_END = r"""(?=["'\s]|$)"""
_ASSIGNED = Pattern(
    r"""(?i)(?:(?:api[_-]?key|access[_-]?token|auth[_-]?token|hf[_-]?token|secret(?:[_-]?key)?|passw(?:or)?d)["']?\s{0,3}[:=]\s{0,3}["']"""
    r"""|Bearer\s)([A-Za-z0-9_+/=.-]{20,120})""" + _ASSIGNED_END
)
_ASSIGNMENT = Cue(_ASSIGNED.source.removesuffix(_ASSIGNED_END))
"""`_ASSIGNED` without what follows the value; it reads a long block fifty times as fast."""
_LEAST = 3.7


def assigned(card: Card) -> Iterator[Problem]:
    """A value that looks random where code assigns a key, token or password, of no known issuer."""
    for block in card.outline.blocks:
        if block.kind != "code" or not _ASSIGNMENT.occurs(block.text):
            continue
        for match in _ASSIGNED.finditer(block.text):
            value = match.group(1)
            if _placeholder().search(value) or entropy(value) < _LEAST or not any(c.isdigit() for c in value) or value.startswith("eyJ"):
                continue
            if any(shape.pattern.search(value) for shape in shapes()) or not re.search("[A-Za-z]", value):
                continue
            yield Problem(card.outline.place(block, *match.span(1)), f"code holds a credential: '{value[:_SHOWN]}…'", value=value[:_SHOWN])


_PASSWORD = Pattern(r"https?://[^\s/:@\"'<>]{1,60}:([^\s/@\"'<>]{3,80})@[^\s/\"'<>]{3,200}")
_SESSION = Pattern(
    r"(?i)https?://[^\s\"'<>)]{4,300}?[?&;](jsessionid|phpsessid|x-amz-signature|x-goog-signature|access_token|sig)=([A-Za-z0-9%+/=_-]{16,400})"
)
_SESSION_KEY = Pattern(r"(?i)[?&;](?:jsessionid|phpsessid|x-amz-signature|x-goog-signature|access_token|sig)=")
"""Where a session may be: `_SESSION` looks at every address."""
_UNFILLED = Pattern(r"(?i)[<>${}\[\]*]|pass|token|secret|pwd|user|xxx|your|\.\.\.")


def in_url(card: Card) -> Iterator[Problem]:
    """Addresses that carry a password, a session or a signature."""
    text, begin = card.text, card.front_matter.end
    for match in _PASSWORD.finditer(text, begin):
        if not _UNFILLED.search(match.group(1)):
            yield Problem(Range(*match.span()), "an address carries a password", value="password")
    if not _SESSION_KEY.search(text, begin):
        return
    for match in _SESSION.finditer(text, begin):
        if not _UNFILLED.search(match.group(2)):
            key = match.group(1)
            yield Problem(Range(*match.span()), f"an address carries a session or signature: '{key}'", value=key)
