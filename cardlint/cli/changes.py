"""``check --changed``: the cards that git says are different."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.sources.entry import Entry


def changed_reference(paths: tuple[str, ...], reference: str) -> tuple[tuple[str, ...], str]:
    """Paths and revision: the word behind ``--changed`` is a path where git knows no revision by it and a file does.

    Raises CardlintError outside a git repository.
    """
    from cardlint.sources.worktree import is_revision

    if "-" in paths:
        raise CardlintError("--changed: standard input has no earlier revision")
    if reference != "HEAD" and Path(reference).exists() and not is_revision(_folder(Path(reference)), reference):
        return (reference, *paths), "HEAD"
    return paths, reference


def only_changed(entries: Iterator[Entry], paths: tuple[str, ...], reference: str) -> Iterator[Entry]:
    """The entries that changed since a revision, and cards that changed in the depths of a repository that is not one itself.

    A README.md at the top of a work tree makes it one repository; cards below it, with front matter of their own, are
    judged by themselves. Raises CardlintError, also outside a git repository.
    """
    from cardlint.cli.arguments import is_card
    from cardlint.sources.paths import from_path
    from cardlint.sources.worktree import changed

    given = [Path(path) for path in paths or (".",)]
    known = changed([_folder(path) for path in given], reference)
    seen = set()
    for entry in entries:
        if known.holds(entry):
            seen.add(Path(entry.location).resolve() if entry.location else None)
            yield entry
    for folder in given:
        for card in known.cards(folder) if folder.is_dir() else ():
            if card.resolve() not in seen:
                seen.add(card.resolve())
                yield from (entry for entry in from_path(card) if is_card(entry))


def _folder(path: Path) -> Path:
    """A path's folder; the folder we stand in where the path is not there, which is told elsewhere."""
    if path.is_dir():
        return path
    return path.parent if path.exists() else Path()
