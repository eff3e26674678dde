"""The front matter of a card: the hub's block grammar, and YAML to values with their places.

Grammar: the hub's own expression (huggingface_hub ``repocard.py``, REGEX_YAML_BLOCK). Values: js-yaml's default
schema (see `scalars`). Reading is bounded while it goes on and recurses nowhere, so hostile nesting costs nothing.
"""

from __future__ import annotations

import re
from typing import Any

from cardlint.budgets import BUDGETS
from cardlint.card.comments import yaml_comments
from cardlint.card.fences import FrontMatterProblem, missing_block
from cardlint.card.yamlreader import YamlFault, read_yaml
from cardlint.tuples import NamedTuple

_OPENING = re.compile(r"\s*---(?:\r\n|\r|\n)")
_CLOSING = re.compile(r"---[ \t]*(?:\r\n|\n|\Z)")

MAX_LENGTH = BUDGETS.front_matter
"""Code points; front matter above this is not read."""


class FrontMatter(NamedTuple):
    """The metadata of a card and where each value stands.

    ``status``: ok, absent, empty, invalid, not-a-mapping, or not-read (over a bound).
    ``start`` and ``end`` enclose the block with both fences; ``closing`` is the offset of the closing fence.
    ``values`` and ``keys`` map JSON pointers into the metadata to offset ranges.
    ``comments`` are ranges too, and empty where no comment speaks to cardlint.
    """

    status: str
    metadata: dict[str, Any]
    start: int
    closing: int
    end: int
    values: dict[str, tuple[int, int]]
    keys: dict[str, tuple[int, int]]
    problems: tuple[FrontMatterProblem, ...]
    comments: tuple[tuple[int, int], ...] = ()


def read_front_matter(text: str) -> FrontMatter:
    """Read the block at the head of a card; ``text`` has no byte order mark. Never raises on a bad card."""
    block = _block(text)
    if block is None:
        return FrontMatter("absent", {}, 0, 0, 0, {}, {}, missing_block(text))
    start, offset, closing, end = block
    line_end = 2 if text.endswith("\r\n", offset, closing) else 1
    source = text[offset : closing - line_end]
    place = (start, closing, end)
    problems = _fence_problems(text, *place)
    if len(source) > MAX_LENGTH:
        problems.append(FrontMatterProblem("too-large", "", start, closing, f"{len(source)} characters"))
        return FrontMatter("not-read", {}, *place, {}, {}, tuple(problems))
    try:
        read = read_yaml(source, offset)
    except YamlFault as fault:
        problems.append(FrontMatterProblem(fault.kind, fault.at, fault.start, fault.end, fault.message))
        return FrontMatter("not-read" if fault.budget else "invalid", {}, *place, {}, {}, tuple(problems))
    problems.extend(read.problems)
    if read.value is None:
        comments = yaml_comments(text, offset, closing, {}, {})
        return FrontMatter("empty", {}, *place, {}, {}, tuple(problems), comments)
    if not isinstance(read.value, dict):
        begin, end = read.values[""]
        problems.append(FrontMatterProblem("not-a-mapping", "", begin, end, type(read.value).__name__))
        return FrontMatter("not-a-mapping", {}, *place, {}, {}, tuple(problems))
    status = "ok" if read.value else "empty"
    comments = yaml_comments(text, offset, closing, read.values, read.keys)
    return FrontMatter(status, read.value, *place, read.values, read.keys, tuple(problems), comments)


def _block(text: str) -> tuple[int, int, int, int] | None:
    """Where the block stands: opening fence, first line, closing fence, what follows; None where there is none.

    The hub's expression tries every character of the block for an end of it; here the fences are looked for.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return None
    first = opening.end()
    start = opening.group().index("-")
    at = first + 1
    while (fence := _CLOSING.search(text, at)) is not None:
        if text[fence.start() - 1] in "\r\n":
            return start, first, fence.start(), fence.end()
        at = fence.start() + 1
    if text[first - 2 : first] == "\r\n" and (fence := _CLOSING.match(text, first)) is not None:
        return start, first - 1, first, fence.end()  # CR ends the opening fence, LF the block of nothing
    return None


def _fence_problems(text: str, start: int, closing: int, end: int) -> list[FrontMatterProblem]:
    """Shapes that the hub accepts and some consumers do not: blank lines before, blanks after the closing fence."""
    found = []
    if start:
        found.append(FrontMatterProblem("text-before-fence", "", 0, start, "white space"))
    fence = text[closing:end].rstrip("\r\n")
    if fence != "---":
        found.append(FrontMatterProblem("blanks-after-fence", "", closing + 3, closing + len(fence), "white space"))
    return found
