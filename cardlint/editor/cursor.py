"""What the cursor stands at in the front matter: a key or a value, and below which keys.

Read line by line, because front matter that is being written is broken most of the time. A guess about an odd shape costs
a completion; findings never come from here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.lines import Lines

_OPENING = re.compile(r"\ufeff?\s*---[ \t]*(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"^---[ \t]*(?:\r?$|\Z)", re.MULTILINE)
_BLANK = re.compile(r"^[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_ENTRY = re.compile(
    r"""( *)((?:-[ ]+)*)(?:("[^"\r\n]*"|'[^'\r\n]*'|[^\s"'#\[\]{},:-][^\s:#\[\]{},]*(?: [^\s:#\[\]{},]+)*)[ ]*:(?=\s|$))?"""
)
_BLOCK_TEXT = re.compile(r"(?:^|\s)[|>][+-]?\d?[+-]?\s*(?:#.*)?$")
_COMMENT = re.compile(r"(?:^|(?<=\s))#")
_QUOTES = ("'", '"')
_MOST_LINES = 3_000
"""Lines looked at above the cursor; the longest block of 32,641 real cards has 2,900."""
_LONGEST_LINE = 2_000


class Spot(NamedTuple):
    """Where the cursor is. ``path`` leads from the top to the key at the cursor, or to the key of the value at the cursor.

    ``word`` is the key or value, between ``start`` and ``end`` of the text, without the ``quote`` around it.
    ``colon``: a colon follows the key.
    """

    path: tuple[str, ...]
    part: Literal["key", "value"]
    word: str
    start: int
    end: int
    quote: str = ""
    colon: bool = False


class _Line(NamedTuple):
    """One line in parts: columns of the first dash (-1: none) and of the content, the key and where its value begins."""

    text: str
    dash: int
    column: int
    key: str | None
    value: int

    @property
    def empty(self) -> bool:
        """Whether it is blank or a comment."""
        return (not self.text[self.column :].strip() and self.dash < 0) or self.text.lstrip(" ").startswith("#")

    @property
    def outer(self) -> int:
        """The column at which the line's outermost collection stands."""
        return self.dash if self.dash >= 0 else self.column


def region(text: str) -> tuple[int, int]:
    """The offsets between the fences; while there is no closing one, up to the first blank line. (0, 0): no front matter."""
    opening = _OPENING.match(text)
    if opening is None:
        return 0, 0
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        closing = _BLANK.search(text, opening.end())
    return opening.end(), closing.start() if closing else len(text)


def spot(text: str, lines: Lines, offset: int) -> Spot | None:
    """What stands at an offset; None outside the front matter, in a comment, in a block of text, and beside a key or value."""
    found = _spot(text, lines, offset)
    return found if found is not None and found.start <= offset <= found.end else None


def _spot(text: str, lines: Lines, offset: int) -> Spot | None:
    """The key or value that is nearest to an offset on its line."""
    begin, end = region(text)
    if not begin <= offset <= end or begin == 0:
        return None
    number = lines.line(offset)
    start = lines.offset(number)
    line = _read(text, lines, number)
    at = offset - start
    if at > _LONGEST_LINE or _in_comment(line, at):
        return None
    above = _above(text, lines, number, lines.line(begin))
    path = _parents(line, above)
    if path is None:
        return None
    if line.key is not None and at < line.value:
        head = line.text.find(line.key, line.column)
        return Spot((*path, line.key), "key", line.key, start + head, start + head + len(line.key), colon=True)
    if line.key is not None:
        return _value((*path, line.key), line, start, at)
    if line.dash >= 0 and at > line.dash:
        return _value(path, line, start, at)
    if path and _in_flow(above, path[-1]):
        return _value(path, line, start, at)
    word = line.text[line.column :].rstrip()
    return Spot((*path, word), "key", word, start + line.column, start + line.column + len(word))


def _read(text: str, lines: Lines, number: int) -> _Line:
    start, end = lines.offset(number), lines.offset(number + 1)
    line = text[start : min(end, start + _LONGEST_LINE)].rstrip("\r\n")
    match = _ENTRY.match(line)
    if match is None:
        return _Line(line, -1, 0, None, 0)
    indent, dashes, key = match.groups()
    if not dashes and line[len(indent) :].rstrip() == "-":
        return _Line(line, len(indent), len(line), None, len(line))
    column = len(indent) + len(dashes)
    value = match.end() if key else column
    return _Line(line, len(indent) if dashes else -1, column, key.strip("\"'") if key else None, value)


def _above(text: str, lines: Lines, number: int, first: int) -> list[_Line]:
    """The lines of the front matter above one, the nearest first, comments and blank lines left out."""
    numbers = range(number - 1, max(first - 1, number - _MOST_LINES), -1)
    return [line for line in (_read(text, lines, each) for each in numbers) if not line.empty]


def _parents(line: _Line, above: list[_Line]) -> tuple[str, ...] | None:
    """The keys that a line stands below; None where it is part of a block of text."""
    path: list[str] = []
    column, listed = line.outer, line.dash >= 0
    if not line.text.strip():
        column = len(line.text)
    for each in above:
        if column == 0 and not listed:
            break
        if each.key is None:
            continue
        if each.column < column or (listed and each.column == column):
            if _BLOCK_TEXT.search(each.text[each.value :]):
                return None
            path.insert(0, each.key)
        elif each.column != column or each.dash < 0:
            continue
        column, listed = each.outer, each.dash >= 0
    return tuple(path)


def _in_flow(above: list[_Line], key: str) -> bool:
    """Whether a list in brackets that begins at a key above is still open."""
    depth = 0
    for each in above:
        value = each.text[each.value :] if each.key == key else each.text
        depth += value.count("[") - value.count("]")
        if each.key == key:
            break
    return depth > 0


def _in_comment(line: _Line, at: int) -> bool:
    if line.text[line.value :].lstrip().startswith(_QUOTES):
        return False
    found = _COMMENT.search(line.text)
    return found is not None and at >= found.end()


def _value(path: tuple[str, ...], line: _Line, start: int, at: int) -> Spot:
    """The value at a column: what is in quotes, the item between commas in a list in brackets, else all up to a comment."""
    text = line.text
    begin, end = min(line.value, len(text)), len(text)
    rest = text[begin:].lstrip()
    continued = line.key is None and line.dash < 0
    if rest.startswith(_QUOTES) and not continued:
        closing = rest.find(rest[0], 1)
        end = end - len(rest) + closing + 1 if closing > 0 else end
    else:
        comment = _COMMENT.search(text, begin)
        end = comment.start() if comment else end
        if continued or rest.startswith("["):
            at = min(max(at, begin), end)
            begin = max(begin, *(text.rfind(mark, begin, at) + 1 for mark in ",["))
            end = min((stop for mark in ",]" if (stop := text.find(mark, at, end)) >= 0), default=end)
    piece = text[begin:end]
    word = piece.strip()
    begin = begin + len(piece) - len(piece.lstrip()) if word else min(max(at, begin), len(text))
    quote = word[:1] if word.startswith(_QUOTES) else ""
    if quote:
        begin += 1
        word = word[1:].removesuffix(quote)
    return Spot(path, "value", word, start + begin, start + begin + len(word), quote)
