"""The comments in a card that speak to cardlint: what each asks to silence, and where. Hostile numbers of them stay linear."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from cardlint.card.comments import DIRECTIVE
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.card import Card
    from cardlint.model import Finding

_SAID = Pattern(r"\s*cardlint:\s*([\w-]*)\s*(\[[^\]]*\])?([\s\S]*)")
_NAME = Pattern(r"[^\s,\[\]]+")
_OPEN = "<!--"

MOST = 1_000
"""Comments of one card that are listened to."""


class Directive(NamedTuple):
    """One comment: its word (``ignore``), the rules that it names, its reason, and what it covers.

    ``start`` and ``end`` enclose the comment with its marks, ``listed`` the brackets with their content.
    ``whole``: the card; else the lines from ``first`` to ``last`` and the line ``next``, and where it stands in front matter
    the value at ``pointer``.
    """

    word: str
    names: tuple[str, ...]
    reason: str
    start: int
    end: int
    listed: tuple[int, int]
    first: int
    last: int
    next: int
    whole: bool = False
    pointer: str | None = None

    def covers(self, card: Card, finding: Finding) -> bool:
        """Whether a finding begins where the comment speaks, or below the key that it stands on or above."""
        line = finding.span.line
        if self.whole or self.first <= line <= self.last or line == self.next:
            return True
        if self.pointer is None:
            return False
        at = finding.at.removeprefix("key:").removeprefix("/metadata")
        if at == self.pointer or at.startswith(self.pointer + "/"):
            return True
        block = card.front_matter
        begin = block.keys.get(self.pointer) or block.values[self.pointer]
        return begin[0] <= card.lines.offset(line, finding.span.column) < block.values[self.pointer][1]


def directives(card: Card) -> list[Directive]:
    """The comments that speak to cardlint, in their order."""
    if DIRECTIVE not in card.text:
        return []
    block = card.front_matter
    found = _in_front_matter(card) if block.comments else []
    comments = [each for each in card.outline.comments if DIRECTIVE in each.text]
    top = _top(card) if comments else 0
    headings = card.outline.headings
    for each in comments[:MOST]:
        read = _read(card, each.text, each.start, each.end, each.start + len(_OPEN))
        if read is not None:
            above = bool(headings) and each.heading < 0
            found.append(read._replace(whole=above or each.start <= top))
    return _with_next_lines(card, found)


def _read(card: Card, text: str, start: int, end: int, inside: int) -> Directive | None:
    """The directive of a comment whose text begins at ``inside``; None where the comment is not addressed to cardlint."""
    said = _SAID.match(text)
    if said is None:
        return None
    word, listed, reason = said.groups()
    at = (inside + said.start(2), inside + said.end(2)) if listed else (start, start)
    names = tuple(dict.fromkeys(_NAME.findall(listed or "")))
    first, last = card.lines.line(start), card.lines.line(max(end - 1, start))
    return Directive(word, names, " ".join(reason.split()), start, end, at, first, last, 0)


def _in_front_matter(card: Card) -> list[Directive]:
    block, text = card.front_matter, card.text
    places = [(place[0], pointer) for pointer, place in block.keys.items()]
    places += [(place[0], pointer) for pointer, place in block.values.items() if pointer not in block.keys and pointer]
    places.sort(key=lambda each: (each[0], len(each[1])))
    begins = [place for place, _ in places]
    found = []
    for start, end in block.comments[:MOST]:
        read = _read(card, text[start + 1 : end], start, end, start + 1)
        if read is None:
            continue
        line_start = card.lines.starts[read.first - 1]
        own_line = _begins_line(card, read)
        index = bisect_right(begins, end) if own_line else bisect_left(begins, line_start)
        if index < len(places) and (own_line or places[index][0] < start):
            read = read._replace(pointer=places[index][1])
        found.append(read)
    return found


def _top(card: Card) -> int:
    """The offset up to which nothing stands in the body but blanks and comments."""
    at = card.front_matter.end
    for comment in card.outline.comments:
        if comment.start < at:
            continue
        if card.text[at : comment.start].strip():
            break
        at = comment.end
    end = len(card.text)
    while at < end and card.text[at].isspace():
        at += 1
    return at


def _with_next_lines(card: Card, found: list[Directive]) -> list[Directive]:
    """Each directive with the next line that is neither blank nor itself a directive's: a stack of comments covers one line."""
    out: list[Directive] = []
    below: Directive | None = None
    for each in reversed(found):
        if each.start < card.front_matter.end and not _begins_line(card, each):
            out.append(each)  # behind a key: the next line is another key's
            continue
        line = _next_line(card, each.last)
        if below is not None and below.first == line and _alone(card, below):
            line = below.next
        below = each._replace(next=line)
        out.append(below)
    out.reverse()
    return out


def _next_line(card: Card, line: int) -> int:
    """The first line after one that is not blank."""
    starts, text = card.lines.starts, card.text
    for number in range(line, len(starts)):
        end = starts[number + 1] if number + 1 < len(starts) else len(text)
        if text[starts[number] : end].strip():
            return number + 1
    return line


def _alone(card: Card, each: Directive) -> bool:
    """Whether nothing stands on the directive's lines but itself."""
    after = card.lines.starts[each.last] if each.last < len(card.lines.starts) else len(card.text)
    return _begins_line(card, each) and not card.text[each.end : after].strip()


def _begins_line(card: Card, each: Directive) -> bool:
    return not card.text[card.lines.starts[each.first - 1] : each.start].strip()
