"""Where sentences begin and end."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from cardlint.patterns import Pattern

# The one set of signs in front makes the search fast.
_SENTENCE = Pattern(r"[.!?\n。！？](?:(?<=[.!?])(?=\s)(?<! approx\.)(?<! e\.g\.)(?<! i\.e\.)|(?<=\n)\n|(?<=[。！？]))")
_REACH = 600
_REACH_BACK = 300


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence that holds ``text[start:end]`` begins and ends."""
    breaks = _breaks(text)
    index = bisect_right(breaks, start, key=_end)
    begin = breaks[index - 1][1] if index else 0
    while index < len(breaks) and breaks[index][0] < end:
        index += 1
    last = breaks[index][0] if index < len(breaks) else len(text)
    return max(begin, start - _REACH_BACK), min(last, end + _REACH)


# Sentences hold several cues.
@lru_cache(512)
def _breaks(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _SENTENCE.finditer(text)]


def _end(span: tuple[int, int]) -> int:
    return span[1]
