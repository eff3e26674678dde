"""Which licence a text is: SPDX texts by the package licenseclassifier, vendors' agreements by ``schemas/vocab/license_texts.json``.

An answer is right or missing: a text with a sentence more than the licence has, or a part of it less, is ``near`` it and
no longer that licence.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from cardlint import data
from cardlint.repo import shingles
from cardlint.tuples import NamedTuple

MAX_CHARS = 100_000
"""Characters of a text that are compared; the longest licence of a hub's list has 35,000."""
_MOST_LACKING = 0.1
"""Share of a known text that may be missing for the text to be told as near it."""
_MOST_LEFT_OUT = 10
"""Runs that may be missing in a whole copy: less than one short clause."""
_MOST_FOREIGN = 30
"""Words that may stand around a licence (a holder's name, a title, a line on what it covers)."""
_MOST_CHANGED = 12
_MOST_CHANGES = 3
"""Words of one change inside a known text (a date, a name), and such changes; another version of an agreement has more."""


class Identified(NamedTuple):
    """What a text is.

    ``license`` is a hub's id and ``spdx`` an SPDX id where the text is just that licence; ``near`` is the id (a hub's,
    else SPDX's, else the title) of the licence that it extends or shortens. ``title`` names the text, of a policy too.
    ``modified`` says that words were added or left out; ``foreign`` quotes words
    that the licence does not have, or has less often.
    """

    license: str | None = None
    spdx: str | None = None
    title: str | None = None
    near: str | None = None
    modified: bool = False
    foreign: str = ""


UNKNOWN = Identified()


class _Known(NamedTuple):
    title: str
    license: str | None
    runs: frozenset[bytes]
    beside: frozenset[bytes]
    """Runs of the same vendor's use policy, which often follows in the same file."""


def identify(text: str) -> Identified:
    """The licence that a text is, `UNKNOWN` where it is none that is known."""
    text = text[:MAX_CHARS]
    return _spdx(text) or _vendor(text) or UNKNOWN


def _spdx(text: str) -> Identified | None:
    """A text of SPDX's list. Its finder passes over some words (a notice, a holder's name), so those are counted here."""
    try:
        from licenseclassifier import identify_license
    except ImportError:
        return None
    found = identify_license(text)
    ids = sorted({_plain(match.id) for match in found})
    if not ids:
        return None
    hub = _hub_ids().get(ids[0])
    if len(ids) > 1:
        return Identified(near=hub or ids[0], title=" and ".join(ids), modified=True)
    usual = data.vocabulary("license_texts")["spdx"].get(hub, {"around": 0, "terms": {}})
    words = shingles.words(text)
    around = len(words) - sum(len(shingles.words(text[match.start : match.end])) for match in found)
    riders = Counter(word for word in words if word in _riders()) - Counter(usual["terms"]) if hub else Counter()
    if riders or around > usual["around"] + _MOST_FOREIGN:
        return Identified(near=hub or ids[0], title=ids[0], modified=True, foreign=" ".join(sorted(riders)))
    return Identified(hub, found[0].id, ids[0])


def _vendor(text: str) -> Identified | None:
    """An agreement that is kept as runs of words."""
    found = shingles.words(text)
    own = shingles.runs(found)
    best: tuple[int, int, _Known, tuple[tuple[int, int], ...]] | None = None
    for known in _known():
        lacking = len(known.runs) - len(known.runs.intersection(own))
        if lacking > _MOST_LACKING * len(known.runs):
            continue
        added = shingles.foreign(own, len(found), known.runs | known.beside)
        extra = sum(length for _, length in added)
        if best is None or lacking + extra < best[0]:
            best = (lacking + extra, lacking, known, added)
    if best is None:
        return None
    _, lacking, known, added = best
    name = known.license or known.title
    pieces = [found[at : at + length] for at, length in added]
    foreign = next((piece for piece in pieces if len(piece) > _MOST_CHANGED or _restricts(piece)), None)
    # A word in another's place breaks the runs around it; what lacks beyond that was left out.
    left_out = lacking - sum(len(piece) + shingles.WIDTH - 1 for piece in pieces)
    if foreign or left_out > _MOST_LEFT_OUT or len(pieces) > _MOST_CHANGES:
        return Identified(near=name, title=known.title, modified=True, foreign=" ".join((foreign or [])[:20]))
    return Identified(known.license, None, known.title)


def _restricts(words: list[str]) -> bool:
    return not _riders().isdisjoint(words)


def _riders() -> frozenset[str]:
    """Words that riders are made of."""
    return data.ids("license_texts_terms")


def _plain(spdx: str) -> str:
    return re.sub(r"-(?:only|or-later)$", "", spdx)


@cache
def _hub_ids() -> dict[str, str]:
    entries = data.vocabulary("licenses")["licenses"].items()
    found = {_plain(entry["spdx"]): identifier for identifier, entry in entries if "spdx" in entry}
    # SPDX's list has taken in licences that the hub's list knew before.
    return found | {known: known.lower() for known in data.vocabulary("license_texts")["newer_spdx"]}


@cache
def _known() -> tuple[_Known, ...]:
    texts = data.vocabulary("license_texts")["texts"].values()
    policies = {text["license"]: shingles.unpack(text["runs"]) for text in texts if text.get("part")}
    nothing: frozenset[bytes] = frozenset()
    return tuple(
        _Known(
            text["title"],
            None if text.get("part") else text.get("license"),
            shingles.unpack(text["runs"]),
            nothing if text.get("part") else policies.get(text.get("license"), nothing),
        )
        for text in texts
    )
