"""The facts document as an audit keeps it: JSON text, bounded in size whatever a card or a listing holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.report.writer import encode

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DOCUMENT = 256_000
"""Bytes of one document's JSON. Of 21,331 real cards the largest has 110,000; a listing of 10,000 files has 700,000."""
_FILES_KEPT = 500


def bounded(facts: dict[str, Any]) -> tuple[str, list[str]]:
    """The document as JSON, and which of its parts were left out or cut short for its size, as pointers, in this order."""
    text = encode(facts)
    cut: list[str] = []
    for pointer, shorten in _CUTS:
        if len(text) <= MAX_DOCUMENT // 4 or len(text.encode(errors="replace")) <= MAX_DOCUMENT:
            break
        facts = shorten(facts)
        cut.append(pointer)
        text = encode(facts)
    return text, cut


def _without(part: str, empty: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda facts: {**facts, part: empty}


def _few_files(facts: dict[str, Any]) -> dict[str, Any]:
    repo = facts["repo"]
    return {**facts, "repo": {**repo, "files": repo["files"][:_FILES_KEPT]}} if repo else facts


def _no_problems(facts: dict[str, Any]) -> dict[str, Any]:
    return {**facts, "front_matter": {**facts["front_matter"], "problems": []}}


_CUTS: tuple[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]], ...] = (
    ("/repo/files", _few_files),
    ("/places", _without("places", {})),
    ("/placeholders", _without("placeholders", [])),
    ("/claims", lambda facts: {**facts, "claims": {name: [] for name in facts["claims"]}}),
    ("/repo", _without("repo", None)),
    ("/front_matter/problems", _no_problems),
    ("/metadata", _without("metadata", {})),
    ("/declared", lambda facts: {**facts, "declared": {name: [] for name in facts["declared"]}}),
)
"""What is left out, first what fewest readers want."""
