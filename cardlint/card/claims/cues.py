"""Cues: phrases that say what follows or stands before them, found by a stem first so that most text is never matched."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cardlint.data import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block


class Cue(NamedTuple):
    """A phrase at ``block.text[start:end]``; ``group`` is what its list in the vocabulary is called."""

    block: Block
    group: str
    start: int
    end: int


@cache
def _stems(name: str, kind: str) -> dict[str, re.Pattern[str]]:
    cues: dict[str, dict[str, list[str]]] = vocabulary(name)[kind]
    return {
        stem: re.compile("|".join(f"(?P<{group}>{'|'.join(patterns)})" for group, patterns in groups.items())) for stem, groups in cues.items()
    }


def find_cues(body: Body, name: str) -> Iterator[Cue]:
    """The cues of the vocabulary ``name`` in the title and the prose."""
    stems = _stems(name, "cues")
    if not body.low.isascii():
        stems = stems | _stems(name, "foreign")
    for stem, at in body.hits(stems):
        block, start = body.at(at)
        match = stems[stem].match(body.low, at, start + len(block.text))
        if match:
            yield Cue(block, match.lastgroup or "", at - start, match.end() - start)
