"""FM010 to FM016: what stands between the fences and is no metadata, or not the same metadata for every reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.scalars import resolve
from cardlint.card.yamlevents import refused_tab
from cardlint.checks.fm_fences import of_kind
from cardlint.checks.fm_repair import reads, repair, with_colons, without_dashes
from cardlint.checks.values import replacement
from cardlint.model import Edit, Fix, Problem, Range, Related
from cardlint.patterns import Pattern
from cardlint.vocab import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.fences import FrontMatterProblem

_LONGEST = 40
_LARGEST = 20_000
"""Characters of front matter up to which tabs are looked at with PyYAML's slow scanner."""
_MOST_TABS = 20
_GROUPED = Pattern(r"[-+]?[0-9][0-9_]*")
"""An integer whose digits are grouped."""


def invalid_yaml(card: Card) -> Iterator[Problem]:
    """FM010: YAML that hubs refuse, with the likely repair."""
    for problem in of_kind(card, "invalid-yaml"):
        found = repair(card.text, card.front_matter.closing, problem)
        yield Problem(found.place, f"not valid YAML: {problem.detail}", help=found.advice, value=problem.detail, fix=found.fix)


def duplicate_key(card: Card) -> Iterator[Problem]:
    """FM011: a key that is given twice in one mapping; the text is not read past it."""
    for problem in of_kind(card, "duplicate-key"):
        place = Range(problem.start, problem.end)
        related: tuple[Related, ...] = ()
        fix = None
        block = card.text[card.front_matter.start : problem.start]
        column = problem.start - card.text.rfind("\n", 0, problem.start) - 1
        first = block.find("\n" + " " * column + card.text[problem.start : problem.end])
        if first >= 0:
            at = card.front_matter.start + first + 1 + column
            related = (Related(Range(at, at + problem.end - problem.start), "first given here"),)
            fix = _without_repetition(card, at, problem.start)
        yield Problem(place, f"key {problem.detail[:_LONGEST]!r} is given twice", value=problem.detail, fix=fix, related=related)


def _without_repetition(card: Card, first: int, second: int) -> Fix | None:
    """The fix that deletes the second of two lines that say the same, with no lines below them; None where they do not."""
    text = card.text
    end = text.find("\n", second) + 1
    line = text[second:end].rstrip()
    other = text[first : text.find("\n", first)].rstrip()
    if not end or line != other or line.endswith((":", "|", ">")) or text[end] in " \t" or text.startswith("- ", end):
        return None
    edit = Edit(Range(text.rfind("\n", 0, second) + 1, end), "")
    return Fix((edit,)) if reads(text, card.front_matter.closing, edit) else None


def not_a_mapping(card: Card) -> Iterator[Problem]:
    """FM012: a block that is a list or a text; typically a blank is missing after a colon."""
    for problem in of_kind(card, "not-a-mapping"):
        line = card.text[problem.start : problem.end].split("\n", 1)[0].rstrip()
        closing = card.front_matter.closing
        found = with_colons(card.text, closing) or without_dashes(card.text, closing)
        advice, fix = (found.advice, found.fix) if found else (None, None)
        kind = "a list" if problem.detail == "list" else "a text"
        yield Problem(
            Range(problem.start, problem.start + len(line)), f"the metadata block is {kind}, not a mapping of keys", help=advice, fix=fix
        )


def empty_block(card: Card) -> Iterator[Problem]:
    """FM013: a block with nothing in it."""
    block = card.front_matter
    if block.status == "empty":
        yield Problem(Range(block.start, block.start + 3), "the metadata block is empty")
    elif block.status == "absent":
        for problem in of_kind(card, "empty-block"):
            yield Problem(Range(problem.start, problem.start + 3), "the metadata block is empty")


def over_bound(card: Card) -> Iterator[Problem]:
    """FM014: a block that is not read to its end because it passes a bound."""
    for problem in of_kind(card, "too-deep", "too-many-values", "too-many-aliases", "too-large"):
        place = Range(problem.start, min(problem.end, problem.start + 3))
        yield Problem(place, f"the metadata block was not read: {problem.detail}", value=problem.kind)


def dialects(card: Card) -> Iterator[Problem]:
    """FM015: plain scalars that readers of YAML 1.1 see differently; the fix quotes those that hubs read as text."""
    said: set[str] = set()
    for problem in of_kind(card, "yaml-1.1-differs"):
        text = card.text[problem.start : problem.end]
        if text in said or _switched(card, problem):
            continue
        said.add(text)
        key = card.front_matter.keys.get(problem.at) == (problem.start, problem.end)
        at = f"key:/metadata{problem.at}" if key else f"/metadata{problem.at}"
        meant = text.replace("_", "") if _GROUPED.fullmatch(text) else f'"{text}"'
        fix, advice = None, None
        if not key and _may_switch(card, problem):
            advice = f"write {problem.detail} where it switches something, {meant} where it is a word."
        elif not (key or _number(text)):
            fix = replacement(card, at, meant, safe=meant[0] == '"')
            advice = f"write {meant[:_LONGEST]}" if fix is not None else None
        message = f"{text[:_LONGEST]!r} without quotes is {problem.detail} to readers of YAML 1.1"
        yield Problem(at, message, help=advice, value=text, fix=fix)


def _switched(card: Card, problem: FrontMatterProblem) -> bool:
    """Whether ``on`` or ``no`` is meant to switch something, of which a rule on types speaks."""
    field = fields.of(card.kind).get(problem.at.removeprefix("/"))
    return field is not None and problem.detail in ("true", "false") and "boolean" in field.schema.get("type", ())


def _may_switch(card: Card, problem: FrontMatterProblem) -> bool:
    """Whether the value stands under a key of the author's own, of which nobody knows if it is a switch or a word."""
    name = problem.at.removeprefix("/")
    return problem.detail in ("true", "false") and "/" not in name and name not in fields.of(card.kind)


def _number(text: str) -> bool:
    """Whether hubs read the scalar as a number, which quotes would change."""
    return not isinstance(resolve(text), str)


def tab(card: Card) -> Iterator[Problem]:
    """FM016: a tab between tokens, which hubs take and PyYAML's own scanner, which Python clients use, does not."""
    block = card.front_matter
    if card.text.find("\t", block.start, block.closing) < 0:
        return
    opening = card.text.find("---", block.start) + 3
    source = card.text[opening : block.closing]
    if block.status == "invalid" or len(source) > _LARGEST:
        return
    places: list[tuple[int, int]] = []
    start = refused_tab(source)
    while start is not None and len(places) < _MOST_TABS:
        end = start + len(source[start:]) - len(source[start:].lstrip("\t"))
        places.append((opening + start, opening + end))
        source = source[:start] + " " * (end - start) + source[end:]
        start = refused_tab(source)
    if places:
        fix = Fix(tuple(Edit(Range(*place), " ") for place in places)) if start is None else None
        yield Problem(Range(*places[0]), "a tab between key and value, which Python clients cannot read", fix=fix)
