"""Texts compared by short runs of words: what of a known text is there, and what was added to it."""

from __future__ import annotations

import base64
import re
import unicodedata
from hashlib import blake2b
from typing import NamedTuple

WIDTH = 5
"""Words of a run. A changed word breaks five runs and leaves its neighbours known."""
BYTES = 3
"""Bytes kept of a run's hash; two runs agree by chance once in 16 million."""

_WORD = re.compile(r"[a-z0-9]+")
_MARKUP = re.compile(r"<[^<>\n]{1,200}>|\]\([^()\s]{1,300}\)|https?://[^\s<>()\"']+")


class Likeness(NamedTuple):
    """How a text relates to a known one: shares of the known runs that are there, and the words that are not its own.

    ``added`` are the runs of foreign words as (first word, words), in their order.
    """

    covered: float
    added: tuple[tuple[int, int], ...]


def words(text: str) -> list[str]:
    """The words of a text in plain small letters and digits; markup, links and accents are dropped."""
    plain = unicodedata.normalize("NFKD", _MARKUP.sub(" ", text)).replace("’", "").replace("'", "")
    return _WORD.findall(plain.lower())


def runs(found: list[str]) -> list[bytes]:
    """The hashes of every run of `WIDTH` words, in their order."""
    return [blake2b(" ".join(found[at : at + WIDTH]).encode(), digest_size=BYTES).digest() for at in range(max(0, len(found) - WIDTH + 1))]


def pack(found: list[str]) -> str:
    """A known text as data: its distinct runs, sorted, in base64. The text cannot be had back."""
    return base64.b64encode(b"".join(sorted(set(runs(found))))).decode()


def unpack(packed: str) -> frozenset[bytes]:
    """The runs of `pack`."""
    data = base64.b64decode(packed)
    return frozenset(data[at : at + BYTES] for at in range(0, len(data), BYTES))


def compare(found: list[bytes], number: int, known: frozenset[bytes]) -> Likeness:
    """A text of ``number`` words, given by its runs, against a known one."""
    own = bytearray(number)
    for at, run in enumerate(found):
        if run in known:
            own[at : at + WIDTH] = b"\1" * WIDTH
    added = []
    at = own.find(0)
    while at >= 0:
        end = own.find(1, at)
        end = number if end < 0 else end
        added.append((at, end - at))
        at = own.find(0, end) if end < number else -1
    return Likeness(len(known.intersection(found)) / len(known) if known else 0.0, tuple(added))
