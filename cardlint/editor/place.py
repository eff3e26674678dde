"""Which card a document of an editor is: its path, its repository's files, kind and id; or that it is no card at all."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from cardlint.card.card import Card
from cardlint.sources.entry import Entry
from cardlint.sources.layout import Identity, identify, is_repo
from cardlint.sources.paths import CARD, repository
from cardlint.sources.remote import by_remote
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FRESH_SECONDS = 2.0
"""How long a listing of files serves; one that took long to make serves longer, so that listing takes a twentieth of the time at most."""


class Document(NamedTuple):
    """What an editor has open: its file (None: not saved yet), its text with a byte order mark if it has one, the workspace's folders."""

    path: Path | None
    text: str
    roots: tuple[Path, ...] = ()


class Listings:
    """The files beside cards, listed anew when the last listing is no longer fresh."""

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[float, Entry]] = {}

    def entry(self, folder: Path, roots: Sequence[Path]) -> Entry:
        """The entry of a repository folder, its files listed."""
        now = time.monotonic()
        until, entry = self._kept.get(folder, (0.0, None))
        if entry is None or now > until:
            entry = repository(folder, str(folder), _identity(folder, roots))
            took = time.monotonic() - now
            self._kept = {folder: (now + max(_FRESH_SECONDS, 20 * took), entry)}
        return entry

    def forget(self) -> None:
        """List anew: files are known to have changed."""
        self._kept = {}


def entry_of(document: Document, listings: Listings, folder: Path | None) -> Entry | None:
    """The entry that a document is; None where it is no card. ``folder`` is where paths in reports start from."""
    path = document.path
    text = document.text.encode("utf-8", "replace")
    if path is None:
        return Entry("<unsaved>", None, text=text) if _begins_with_block(document.text) else None
    if path.name != CARD:
        return None
    beside = _names(path.parent)
    in_repo = is_repo([name for name in beside if name != CARD])
    if not in_repo and not _begins_with_block(document.text):
        return None
    shown = os.path.relpath(path, folder) if folder is not None else str(path)
    if not in_repo and ".git" not in beside and _identity(path.parent, document.roots).kind is None:
        return Entry(shown, str(path), path.name, text=text)
    return listings.entry(path.parent, document.roots)._replace(input=shown, location=str(path), text=text)


def _names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(folder)]
    except OSError:
        return []


def _begins_with_block(text: str) -> bool:
    """Whether a text has front matter, or what was meant to be some."""
    block = Card.from_text(text).front_matter
    return block.status != "absent" or block.problems[0].kind not in ("no-block", "empty-block")


def _identity(folder: Path, roots: Sequence[Path]) -> Identity:
    """Which repository a folder is: by its remote on a known hub, else by a layout below a folder of the workspace that is no accident.

    A single folder's name says nothing in an editor: any project has one.
    """
    remote = by_remote(folder)
    if remote is not None:
        return remote
    for root in roots:
        if folder != root and folder.is_relative_to(root):
            parts = folder.relative_to(root).parts
            found = identify(parts)
            if found is not None and (len(parts) == 2 or found.kind_from == "layout"):
                return found
    return Identity(None, None, "default")
