"""A mirror on disk: repositories as folders, git repositories and hub caches below a root, found one by one in the order of names.

Neither the repositories nor the names of a huge folder are held at once.
"""

from __future__ import annotations

import heapq
import os
from itertools import islice
from typing import TYPE_CHECKING

from cardlint.model import CardlintError
from cardlint.sources.bare import from_bare, head
from cardlint.sources.entry import Entry, Unreadable
from cardlint.sources.layout import RESULT_FOLDERS, Identity, identify, is_ours, is_plain, is_repo
from cardlint.sources.paths import CARD, SKIPPED, is_bare, repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AT_ONCE = 20_000
"""Names of a folder that are held at a time; a larger folder is read several times."""
_DEEPEST = 6
_KIND_FOLDERS = ("datasets", "spaces", "models")


class Mirror:
    """The repositories at or below a folder; ``share`` tells, while they are taken, how much of the way is behind.

    A folder in it that cannot be read is a failure of its own. Raises CardlintError where the mirror cannot be read. Links to
    folders are not followed. Of owners' folders without a card, those whose files stand in any project (`layout.is_plain`) count
    in an audit alone (``all_owned``): what is checked may be somebody's project.
    """

    def __init__(self, root: Path, *, all_owned: bool = False) -> None:
        self.root = root
        self._all_owned = all_owned
        self._way: list[float] = []
        self._widths: list[float] = []

    def __iter__(self) -> Iterator[Entry]:
        yield from self._below(self.root, ())

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""
        return min(1.0, sum(self._way)) if self._way else None

    def _below(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Entry]:
        found = self._special(folder, parts)
        if found is not None:
            yield from found
            return
        try:
            files, folders, cloned = _look(folder)
        except OSError as error:
            if not parts:
                raise CardlintError(f"{folder}: {error.strerror}") from None
            if not isinstance(error, FileNotFoundError):  # else it was taken away meanwhile
                who = identify(parts) if len(parts) > 1 else None
                yield Entry(str(folder), None, id=who and who.id, kind=who and who.kind, opener=Unreadable(str(error.strerror)))
            return
        if "HEAD" in files and {"objects", "refs"}.issubset(folders) and is_bare(folder):
            yield from_bare(folder, identify((*parts[:-1], parts[-1].removesuffix(".git"))) if parts else None)
            return
        if cloned and not files and not folders and is_bare(folder / ".git"):  # a clone without a work tree
            if not parts and head(folder / ".git") is None:  # a repository that was just begun holds no model yet
                return
            yield from_bare(folder / ".git", identify(parts) if parts else None)
            return
        here = identify(parts) if parts else None
        named = len(parts) == 2 and here is not None and bool(files) and parts[0] not in _KIND_FOLDERS
        looks = is_repo(files) or (named and (self._all_owned or cloned or not is_plain(files)))
        if looks and not (not parts and _is_mirror(self.root, folders)):
            who = self._who(here)
            yield repository(folder, str(folder), who._replace(revision=head(folder / ".git")) if cloned else who)
            return
        if "pyvenv.cfg" in files and not self._all_owned:  # an environment of Python, beside or in a project
            return
        if len(parts) > _DEEPEST or (len(parts) == 1 and is_ours(files, folders)):  # no repository's author writes beside owners
            return
        depth = len(self._way)
        width = (self._widths[-1] if self._widths else 1.0) / max(1, _count(folder, folders))
        self._way.append(0.0)
        self._widths.append(width)
        for number, name in enumerate(_in_order(folder, folders)):
            self._way[depth:] = [number * width]
            yield from self._below(folder / name, (*parts, name))
        del self._way[depth:], self._widths[depth:]
        if not depth:
            self._way = [1.0]

    def _who(self, here: Identity | None) -> Identity:
        """Which repository a folder is; one below ``checkpoints/`` and the like in a project is of no owner of that name."""
        if here is None:
            return Identity(None, None, "default")
        owner, slash, _ = (here.id or "").partition("/")
        return here._replace(id=None) if slash and not self._all_owned and owner.lower() in RESULT_FOLDERS else here

    def _special(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Entry] | None:
        """What stands in a folder of a hub's cache; None where it is none."""
        name = parts[-1] if parts else folder.name
        if "--" in name:
            from cardlint.sources.cache import from_cache, is_cached

            if is_cached(folder, name):
                return from_cache(folder, name)
        return None


def _look(folder: Path) -> tuple[list[str], list[str], bool]:
    """Names that stand in a folder: of files, and of folders up to one more than are held at once; and whether it is a git clone.

    Raises OSError.
    """
    cloned = False
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                cloned = cloned or entry.name == ".git"
                if entry.name not in SKIPPED and len(folders) <= AT_ONCE:
                    folders.append(entry.name)
            elif len(files) < AT_ONCE and _is_file(entry):
                files.append(entry.name)
            elif len(files) == AT_ONCE and is_repo([entry.name]) and _is_file(entry):
                files.append(entry.name)  # a card beside a heap of files
    return files, folders, cloned


def _count(folder: Path, seen: list[str]) -> int:
    """The number of folders in a folder."""
    return len(seen) if len(seen) <= AT_ONCE else sum(1 for _ in _folders(folder, lambda _: True))


def _in_order(folder: Path, seen: list[str]) -> Iterator[str]:
    """The names of the folders in a folder, sorted; where there are many, in slices, each by a pass over the folder."""
    if len(seen) <= AT_ONCE:
        yield from sorted(seen)
        return
    names = heapq.nsmallest(AT_ONCE, _folders(folder, lambda _: True))
    while names:
        yield from names
        last = names[-1]
        names = heapq.nsmallest(AT_ONCE, _folders(folder, lambda name, last=last: name > last))  # type: ignore[misc]  # bound now


def _folders(folder: Path, wanted: Callable[[str], bool]) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if wanted(entry.name) and entry.name not in SKIPPED and entry.is_dir(follow_symlinks=False):
                yield entry.name


def files_below(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """The regular files at or below a folder whose names end so, folder by folder in order; links are not followed."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.name.endswith(suffixes) and entry.is_file(follow_symlinks=False))
    for name in names:
        yield folder / name
    for name in _in_order(folder, list(islice(_folders(folder, lambda _: True), AT_ONCE + 1))):
        yield from files_below(folder / name, suffixes)


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file; a link in a circle is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_mirror(root: Path, folders: list[str]) -> bool:
    """Whether a folder with a README.md at its top is nevertheless a mirror: repositories two levels below it."""
    for name in sorted(folders)[:50]:
        try:
            if name in ("datasets", "spaces") or name.startswith(("models--", "datasets--", "spaces--")):
                return any(True for _ in (root / name).iterdir())
            for inner in sorted(islice((root / name).iterdir(), 1_000))[:20]:
                if (
                    inner.is_dir()
                    and (inner / CARD).is_file()
                    and any((inner / marker).is_file() for marker in ("config.json", ".gitattributes"))
                ):
                    return True
        except OSError:
            continue
    return False
