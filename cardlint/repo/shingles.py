"""Texts compared by short runs of words: what was added to a known one."""

from __future__ import annotations

import base64
import re
import unicodedata
from hashlib import blake2b

WIDTH = 5
"""Words of a run. A changed word breaks five runs and leaves its neighbours known."""
BYTES = 3
"""Bytes kept of a run's hash; two runs agree by chance once in 16 million."""

_WORD = re.compile(r"[a-z0-9]+")
_MARKUP = re.compile(r"<[^<>\n]{1,200}>|\]\([^()\s]{1,300}\)|https?://[^\s<>()\"']+")


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


def foreign(found: list[bytes], number: int, known: frozenset[bytes]) -> tuple[tuple[int, int], ...]:
    """The words that a text of ``number`` words, given by its runs, has beyond a known one: (first word, words), in their order."""
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
    return tuple(added)
