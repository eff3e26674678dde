"""Claims that are short phrases: size, context length, number formats, accelerators, statements on use, languages."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import re2

from cardlint.data import vocabulary

if TYPE_CHECKING:
    from cardlint.card.claims.body import Body
    from cardlint.card.claims.claim import Claim

_USES = ("non-commercial", "commercial", "research")
_LONGEST_LIST = 40


@cache
def _phrases(kind: str) -> tuple[tuple[str, ...], tuple[re2._Regexp[str], ...]]:
    words = vocabulary("claims_numbers")[kind]
    return tuple(words["stems"]), tuple(re2.compile(pattern) for pattern in words["patterns"])


def read_phrases(body: Body, kind: str) -> tuple[Claim, ...]:
    """The phrases of a kind in title and prose, each spelling once; for ``use`` the detail is its reading."""
    stems, patterns = _phrases(kind)
    low = body.low
    if not any(stem in low for stem in stems):
        return ()
    found: dict[str, Claim] = {}
    taken: list[tuple[int, int]] = []
    for number, pattern in enumerate(patterns):
        for match in pattern.finditer(body.text):
            start = match.start(1)
            block, begin = body.at(start)
            value = match.group(1).rstrip(" .,")
            key = value.lower()
            if any(start < last and first < start + len(value) for first, last in taken):
                continue
            if key and key not in found and start - begin + len(value) <= len(block.text) and "\n\n" not in value:
                taken.append((start, start + len(value)))
                detail = _USES[number] if kind == "use" else ""
                found[key] = body.claim(block, start - begin, start - begin + len(value), detail)
    return tuple(sorted(found.values(), key=lambda claim: claim.start))


@cache
def _languages() -> re.Pattern[str]:
    names = sorted(vocabulary("claims_languages")["names"], key=len, reverse=True)
    return re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(re.escape, names))})(?![A-Za-z])|(?<![A-Za-z-])[a-z]{{2,3}}(?=\s*(?:,|$))")


def read_languages(body: Body) -> tuple[Claim, ...]:
    """The languages that labelled values name."""
    found: dict[str, Claim] = {}
    for field in body.fields:
        if field.kind == "languages":
            for match in _languages().finditer(field.block.text, field.start, min(field.end, field.start + 400)):
                if len(found) < _LONGEST_LIST and match.group() not in found:
                    found[match.group()] = body.claim(field.block, match.start(), match.end())
    return tuple(found.values())
