"""Repositories at a revision: the state that ``--rev`` names instead of a folder's, and the earlier one that ``--since`` names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from cardlint.budgets import BUDGETS
from cardlint.model import CardlintError
from cardlint.repo.contents import Outside
from cardlint.sources import git
from cardlint.sources.entry import Entry
from cardlint.sources.layout import Identity
from cardlint.sources.paths import CARD, repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def at_revision(folder: Path, revision: str) -> Entry:
    """The repository in a git work tree's folder, or in a bare repository, as it is at a revision.

    Raises CardlintError where there is no git repository or no such revision.
    """
    if not folder.exists():
        raise CardlintError(f"{folder}: no such file or folder")
    place = git.locate(folder) if folder.is_dir() else None
    if place is None:
        raise CardlintError(f"--rev {revision!r}: {folder} is no folder of a git repository")
    return _entry(place, revision, str(folder), "--rev")


def with_earlier(entries: Iterable[Entry], since: str, tops: Iterable[str] = ()) -> Iterator[Entry]:
    """The entries with their earlier state: of a git revision, or of a snapshot that is a folder or a file.

    ``tops`` are the paths that the user gave: a repository below one of them has its earlier state at the same place
    below the snapshot. Raises CardlintError where there is no such revision or snapshot.
    """
    above = [Path(top) for top in tops]
    snapshot = Path(since) if _is_path(since, above) else None
    if snapshot is not None and not snapshot.exists():
        raise CardlintError(f"--since {since!r}: no such file or folder")
    for entry in entries:
        before = _from_snapshot(entry, snapshot, since, above) if snapshot is not None else _from_git(entry, since)
        yield entry._replace(before=before)


def _is_path(since: str, above: list[Path]) -> bool:
    """Whether a snapshot is meant: what begins like a path, and what is there and is no revision where we look.

    Raises CardlintError where it may be both.
    """
    if since.startswith((".", "/")) or Path(since).is_absolute():
        return True
    if not Path(since).exists():
        return False
    folders = [top if top.is_dir() else top.parent for top in above] or [Path()]
    if any(git.locate(folder) is not None and git.commit(folder, since) is not None for folder in folders):
        raise CardlintError(f"--since {since!r} is both a revision and a path; write ./{since} or refs/heads/{since}")
    return True


def _home(entry: Entry) -> Path:
    """The folder that an entry stands in. Raises CardlintError for standard input, which stands in none."""
    if entry.root is not None:
        return entry.root
    if entry.location is not None:
        return Path(entry.location).parent
    raise CardlintError(f"--since: {entry.input} has no folder, so no earlier revision")


def _from_git(entry: Entry, since: str) -> Entry:
    if isinstance(entry.contents, git.Tree):
        place = git.locate(entry.contents.folder)
        shown = str(entry.contents.folder)
    else:
        home = _home(entry)
        place, shown = git.locate(home), str(home)
    if place is None:
        raise CardlintError(f"--since {since!r}: {shown} is in no git repository, and there is no such folder to compare with")
    return _entry(place, since, shown, "--since", entry.path)


def _entry(place: git.Place, revision: str, shown: str, option: str, path: str = CARD) -> Entry:
    """A folder of a git repository at a revision."""
    commit = git.commit(place.folder, revision)
    if commit is None:
        raise CardlintError(f"{option} {revision!r}: no such revision in {shown}{_hint(place, revision)}")
    tree = git.tree(place, commit)
    try:
        text = tree.read(path, 0, BUDGETS.file_bytes)
    except Outside:
        text = None
    where = f"{shown.rstrip('/')}/{path}" if text is not None else shown
    files = tree.files if tree.complete else None  # rules on files that are missing need the whole listing
    return Entry(where, None, path, revision=revision, files=files, text=text, contents=tree)


def _hint(place: git.Place, revision: str) -> str:
    """Why there is no such revision: a slip, or a history that does not reach so far."""
    from difflib import get_close_matches

    start = re.split(r"[~^@]", revision, maxsplit=1)[0]
    reached = start != revision and git.commit(place.folder, start) is not None
    names = [] if reached else ["HEAD", *git.names(place.folder)]
    near = get_close_matches(revision, names, n=1) or [name for name in names if name.rpartition("/")[2] == revision][:1]
    if near:
        return f"; did you mean {near[0]!r}?"
    if git.is_shallow(place.folder):
        return "; the clone is shallow: fetch more of its history"
    return f"; the history of {start!r} is shorter" if reached else ""


def _from_snapshot(entry: Entry, snapshot: Path, since: str, tops: list[Path]) -> Entry:
    if snapshot.is_file():
        return Entry(since, str(snapshot), snapshot.name, revision=since)
    home = _home(entry)
    folder = snapshot
    for top in tops:
        if top.is_dir() and home.is_relative_to(top):
            folder = snapshot / home.relative_to(top)
            break
    if not folder.is_dir():
        return Entry(os.fspath(folder), None, revision=since, files=())
    before = repository(folder, os.fspath(folder), Identity(None, None, "default", since))
    if entry.path != CARD:
        location = folder / entry.path
        before = before._replace(path=entry.path, location=str(location) if location.is_file() else None)
    return before
