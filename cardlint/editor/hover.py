"""What is shown over a key or a value of the front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from cardlint.editor import reference
from cardlint.editor.cursor import spot
from cardlint.vocab import fields

if TYPE_CHECKING:
    from cardlint.editor.positions import Positions
    from cardlint.model import Kind

_MOST_SHOWN = 12


def hover(positions: Positions, position: types.Position, kind: Kind) -> types.Hover | None:
    """What the key or value at a position means; None where nothing is known of it."""
    at = spot(positions.text, positions.lines, positions.offset(position))
    if at is None or not at.word:
        return None
    text = _key(at.path, kind) if at.part == "key" else reference.says(at.path, at.word, kind)
    if text is None:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), positions.range(at.start, at.end))


def _key(path: reference.Path, kind: Kind) -> str | None:
    """A key: its meaning, its type, its values; what to use instead where it is outdated or misspelt."""
    key = path[-1]
    about = reference.about(path)
    field = fields.of(kind).get(key) if len(path) == 1 else None
    if len(path) == 1 and field is None:
        return _foreign(key, kind)
    if about is None:
        return None
    parts = [f"**{key}**: {about}"]
    if field is not None:
        if field.deprecated:
            parts.append(f"Outdated: {field.deprecated}.")
        if field.when:
            parts.append(f"Makes sense where `{field.when}`.")
        if words := reference.types_of(field.schema):
            parts.append(f"Type: {words}")
    choices = [f"`{choice.value}`" for choice in reference.choices(path, kind)]
    if choices:
        more = f" and {len(choices) - _MOST_SHOWN:,} more" if len(choices) > _MOST_SHOWN else ""
        parts.append(f"Values: {', '.join(choices[:_MOST_SHOWN])}{more}")
    return "\n\n".join(parts)


def _foreign(key: str, kind: Kind) -> str | None:
    """A key that cards of this kind do not have."""
    others = fields.kinds(key)
    if others:
        return f"**{key}** is a key of {' and '.join(others)} cards; on a {kind} card it means nothing to the hub."
    near = fields.near(key, kind)
    if near:
        return f"**{key}** is no key that hubs read. Perhaps {' or '.join(f'`{each}`' for each in near.ids)} was meant."
    if fields.community(key):
        return f"**{key}** is widely written; the hub gives it no meaning."
    return None
