"""Hub ids as prose writes them outside of links: what can be an id among the datasets, without reading those."""

from __future__ import annotations

from string import ascii_letters, digits
from typing import TYPE_CHECKING

from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body

_SLASH = Pattern(r"/(?<=[A-Za-z0-9_.-]/)([A-Za-z0-9][A-Za-z0-9_.-]{2,95})")
_OWNER_SIGNS = ascii_letters + digits + "_.-"
_LONGEST_OWNER = 96
_DATA_PAGE = "/datasets/"


def written_names(body: Body) -> Iterator[str]:
    """The name of each ``owner/name`` in the title and the prose that is neither a link's label nor a part of a longer path.

    What stands behind ``/datasets/`` in an address counts.
    """
    text = body.text
    for match in _SLASH.finditer(text):
        slash = match.start()
        before = text[max(0, slash - _LONGEST_OWNER) : slash]
        owner = before[len(before.rstrip(_OWNER_SIGNS)) :]
        start = slash - len(owner)
        if len(owner) < 2 or (text[start - 1 : start] == "/" and not text.endswith(_DATA_PAGE, 0, start)):
            continue
        block, begin = body.at(start)
        anchor = body.anchor_at(block, start - begin)
        if anchor is None or not anchor.url or anchor.end < slash - begin:
            yield match.group(1)
