"""Space cards: the settings by which a hub builds and shows a space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.values import place_of, replacement, texts
from cardlint.model import Problem
from cardlint.patterns import Pattern
from cardlint.vocab import fields
from cardlint.vocab.nearest import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_VERSION = Pattern(r"\d+(?:\.\d+){1,3}(?:[.-]?(?:a|b|rc|post|dev|alpha|beta)[.-]?\d*)?")
_EMOJI_LENGTH = 14
MOST_DESCRIPTION = 60
"""Characters of a short description (hub documentation, spaces configuration reference)."""


def sdk(card: Card) -> Iterator[Problem]:
    """An SDK that the hub does not run."""
    return _closed(card, "sdk", "sdk")


def color(card: Card) -> Iterator[Problem]:
    """Colours of the thumbnail outside the list."""
    for key in ("colorFrom", "colorTo"):
        yield from _closed(card, key, key)


def hardware(card: Card) -> Iterator[Problem]:
    """Hardware, storage and header outside the lists."""
    for key in ("suggested_hardware", "suggested_storage", "header"):
        yield from _closed(card, key, key)


def version(card: Card) -> Iterator[Problem]:
    """A version of the SDK or of Python that is none."""
    for key in ("sdk_version", "python_version"):
        for at, value in texts(card, key):
            if not _VERSION.fullmatch(value.strip()):
                yield Problem(at, f"{key} {value!r} is not a version number", value=value)
        yield from _shortened(card, key)


def _shortened(card: Card, key: str) -> Iterator[Problem]:
    """A version that YAML takes for a number, and so without its last zero."""
    at = f"/metadata/{key}"
    place = place_of(card, at)
    source = card.text[place[0] : place[1]] if place else ""
    if isinstance(card.front_matter.metadata.get(key), float) and source[-1:] == "0" and _VERSION.fullmatch(source):
        read = source.rstrip("0")
        message = f"{key} {source} without quotes is the number {read + '0' if read[-1] == '.' else read}"
        yield Problem(at, message, help=f"write '{source}'.", value=source, fix=replacement(card, at, f"'{source}'"))


def app_file(card: Card) -> Iterator[Problem]:
    """An application file outside the repository."""
    for at, value in texts(card, "app_file"):
        if value.startswith(("/", "~", "http://", "https://")) or ".." in value.split("/") or "\\" in value:
            yield Problem(at, f"app_file {value!r} is not a path inside the repository", value=value)


def emoji(card: Card) -> Iterator[Problem]:
    """A word in the place of the emoji."""
    for at, value in texts(card, "emoji"):
        if any(char.isascii() and char.isalpha() for char in value) or len(value) > _EMOJI_LENGTH:
            yield Problem(at, f"emoji {value!r} is not an emoji", value=value)


def description(card: Card) -> Iterator[Problem]:
    """A short description that is too long to be shown."""
    for at, value in texts(card, "short_description"):
        if len(value) > MOST_DESCRIPTION:
            yield Problem(at, f"short_description has {len(value)} characters; the hub takes {MOST_DESCRIPTION}", value=value)


def port(card: Card) -> Iterator[Problem]:
    """Settings of another SDK's."""
    kind = card.front_matter.metadata.get("sdk")
    for key, owner in (("app_port", "docker"), ("app_build_command", "static")):
        if key in card.front_matter.metadata and isinstance(kind, str) and kind != owner:
            yield Problem(f"key:/metadata/{key}", f"{key} has an effect with sdk {owner!r} only, not with {kind!r}", value=key)


def _closed(card: Card, key: str, what: str) -> Iterator[Problem]:
    allowed = fields.of("space")[key].schema["enum"]
    for at, value in texts(card, key):
        if value not in allowed:
            near = closest(value.lower()[:80], allowed)
            help_text = f"did you mean {near!r}?" if near else f"the hub takes {', '.join(allowed)}."
            fix = replacement(card, at, near) if near == value.lower() else None
            yield Problem(at, f"unknown {what} {value!r}", help=help_text, value=value, fix=fix)
