"""Keys and values that fit where the cursor stands in the front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from cardlint.editor import reference
from cardlint.editor.cursor import Spot, region, spot
from cardlint.vocab import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.editor.positions import Positions
    from cardlint.model import Kind

MOST = 200
"""Proposals sent at once; where there are more, the editor asks again after the next letter."""


def completion(positions: Positions, position: types.Position, kind: Kind) -> types.CompletionList:
    """The proposals at a position; none outside the front matter."""
    at = spot(positions.text, positions.lines, positions.offset(position))
    if at is None:
        return types.CompletionList(is_incomplete=False, items=[])
    items = list(_keys(positions, at, kind) if at.part == "key" else _values(positions, at, kind))
    return types.CompletionList(is_incomplete=len(items) > MOST, items=items[:MOST])


def _keys(positions: Positions, at: Spot, kind: Kind) -> Iterator[types.CompletionItem]:
    """The keys of a kind that are not outdated and not there yet, or those below a key."""
    above = at.path[:-1]
    keys = reference.children(above) if above else sorted(fields.current(kind) - fields.outdated(kind))
    present = _present(positions.text) - {at.word} if not above else frozenset()
    for key in keys:
        if key in present:
            continue
        schema = reference.schema_of((*above, key), kind)
        about = reference.about((*above, key))
        yield types.CompletionItem(
            label=key,
            kind=types.CompletionItemKind.Property,
            detail=reference.types_of(schema) or None,
            documentation=types.MarkupContent(types.MarkupKind.Markdown, about) if about else None,
            text_edit=types.TextEdit(positions.range(at.start, at.end), key if at.colon else f"{key}: "),
        )


def _present(text: str) -> frozenset[str]:
    """The top-level keys that are there, as far as one can tell while they are written."""
    begin, end = region(text)
    lines = text[begin:end].splitlines()
    return frozenset(line.partition(":")[0].strip("\"'") for line in lines if ":" in line and line[:1] not in (" ", "-", "#"))


def _values(positions: Positions, at: Spot, kind: Kind) -> Iterator[types.CompletionItem]:
    """The values of a key that the word at the cursor may become."""
    choices = reference.choices(at.path, kind)
    word = at.word.lower()
    if len(choices) > MOST and word:
        choices = _likely(choices, word)
    space = "" if positions.text[at.start - 1] in " \"'[,\n" else " "
    for number, choice in enumerate(choices[: MOST + 1]):
        new = choice.value if at.quote else reference.written(choice.value)
        yield types.CompletionItem(
            label=choice.value,
            kind=types.CompletionItemKind.Value,
            detail=choice.detail or None,
            filter_text=f"{choice.value} {choice.detail}".strip(),
            sort_text=f"{number:05}",
            text_edit=types.TextEdit(positions.range(at.start, at.end), space + new),
        )


def _likely(choices: tuple[reference.Choice, ...], word: str) -> tuple[reference.Choice, ...]:
    """The choices that have a word in them, those that begin with it first: by value, then by name."""
    begin = [each for each in choices if each.value.lower().startswith(word)]
    named = [each for each in choices if each.detail.lower().startswith(word) and each not in begin]
    inside = [each for each in choices if word in each.detail.lower() and not each.detail.lower().startswith(word) and each not in begin]
    return (*begin, *named, *inside)
