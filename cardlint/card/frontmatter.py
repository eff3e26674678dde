"""The front matter of a card: the hub's block grammar, YAML events to values with their places.

Grammar: the hub's own expression (huggingface_hub ``repocard.py``, REGEX_YAML_BLOCK). Values: js-yaml's default
schema (see `scalars`). Reading is bounded while it goes on and recurses nowhere, so hostile nesting costs nothing.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from cardlint.budgets import BUDGETS
from cardlint.card.comments import yaml_comments
from cardlint.card.fences import FrontMatterProblem, missing_block
from cardlint.card.yamlreader import YamlFault, read_yaml

_BLOCK = re.compile(r"(\s*---(?:\r\n|\r|\n))([\S\s]*?)((?:\r\n|\r|\n)---[ \t]*(?:\r\n|\n|$))")

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
    match = _BLOCK.match(text)
    if match is None:
        return FrontMatter("absent", {}, 0, 0, 0, {}, {}, missing_block(text))
    opening, source, _ = match.groups()
    start = len(opening) - len(opening.lstrip())
    offset = len(opening)
    closing = match.start(3) + (2 if match.group(3).startswith("\r\n") else 1)
    place = (start, closing, match.end())
    problems = list(_fence_problems(text, match, closing))
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


def _fence_problems(text: str, match: re.Match[str], closing: int) -> list[FrontMatterProblem]:
    """Shapes that the hub accepts and some consumers do not: blank lines before, blanks after the closing fence."""
    found = []
    lead = match.group(1)
    if lead[0] != "-":
        found.append(FrontMatterProblem("text-before-fence", "", 0, len(lead) - len(lead.lstrip()), "white space"))
    fence = text[closing : match.end()].rstrip("\r\n")
    if fence != "---":
        found.append(FrontMatterProblem("blanks-after-fence", "", closing + 3, closing + len(fence), "white space"))
    return found
