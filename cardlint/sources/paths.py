"""Cards below the paths a user names: a file, a repository folder, a mirror of repositories, a hub cache."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from cardlint.model import CardlintError
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry
from cardlint.sources.layout import Identity, identify, is_repo

if TYPE_CHECKING:
    from collections.abc import Iterator

CARD = "README.md"
MAX_FILES = 100_000
"""Files listed of one repository; the largest on public hubs hold about 10^5."""
_SKIPPED = frozenset({".git", ".cache", "node_modules", "__pycache__", ".venv"})


def from_path(path: Path, *, only_given: bool = False) -> Iterator[Entry]:
    """The cards at or below a path, in the order of their names.

    Raises CardlintError where the path does not exist or cannot be read. Links that lead out of a folder are not followed.
    """
    if not path.exists():
        raise CardlintError(_missing(path))
    if not path.is_dir():
        yield Entry(str(path), path, path=path.name)
        return
    if only_given:
        yield repository(path, str(path), Identity(None, None, "default"))
        return
    yield from _below(path, path, ())


def repository(folder: Path, shown: str, who: Identity) -> Entry:
    """The entry of a repository folder with its complete listing."""
    files = tuple(list_files(folder))
    has_card = any(file.path == CARD and file.size is not None for file in files)
    location = folder / CARD
    return Entry(
        f"{shown.rstrip('/')}/{CARD}" if has_card else shown,
        location if has_card else None,
        id=who.id,
        kind=who.kind,
        kind_from=who.kind_from,
        revision=who.revision,
        root=folder,
        files=files,
    )


def list_files(folder: Path) -> Iterator[FileEntry]:
    """The files of a repository, depth first by name.

    Links that lead out of it or nowhere, pipes and devices are listed without a size; nothing reads them.
    """
    top = folder.resolve()
    found = 0
    pending = [("", str(folder))]
    while pending:
        prefix, place = pending.pop()
        try:
            names = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in names:
            status = _status(entry, top)
            if status is not None and stat.S_ISDIR(status.st_mode):
                if entry.name not in _SKIPPED and not entry.is_symlink():
                    pending.append((f"{prefix}{entry.name}/", entry.path))
                continue
            found += 1
            if found > MAX_FILES:
                return
            if status is not None and stat.S_ISREG(status.st_mode):
                yield FileEntry(prefix + entry.name, status.st_size, modified=status.st_mtime_ns)
            else:
                yield FileEntry(prefix + entry.name)


def _status(entry: os.DirEntry[str], top: Path) -> os.stat_result | None:
    """What stands there, None for a link that leads out of the repository or nowhere."""
    try:
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(top) and not _cache_blob(entry.path, top):
            return None
        return entry.stat()
    except (OSError, RuntimeError):
        return None


def _cache_blob(path: str, top: Path) -> bool:
    """Whether a link of a hub cache's snapshot leads to a blob of the same repository."""
    return top.parent.name == "snapshots" and Path(path).resolve().is_relative_to(top.parent.parent.resolve())


def is_bare(folder: Path) -> bool:
    """Whether a folder has the shape of a bare git repository."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _below(root: Path, folder: Path, parts: tuple[str, ...]) -> Iterator[Entry]:
    """Repositories at or below a folder."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise CardlintError(f"{folder}: {error.strerror}") from None
    files = [entry.name for entry in entries if _is_file(entry)]
    folders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name not in _SKIPPED]
    here = identify(parts) if parts else None
    looks = is_repo(files) or (len(parts) == 2 and here is not None and bool(files) and parts[0] not in ("datasets", "spaces", "models"))
    if looks and not (not parts and _is_mirror(root, folders)):
        who = here or Identity(None, None, "default")
        yield repository(folder, str(folder), who)
        return
    if len(parts) > 6:
        return
    for name in folders:
        yield from _below(root, folder / name, (*parts, name))


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file; a link in a circle is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_mirror(root: Path, folders: list[str]) -> bool:
    """Whether a folder with a README.md at its top is nevertheless a mirror: repositories two levels below it."""
    for name in folders[:50]:
        if name in ("datasets", "spaces") or name.startswith(("models--", "datasets--", "spaces--")):
            return any(True for _ in (root / name).iterdir())
        for inner in sorted((root / name).iterdir())[:20]:
            if (
                inner.is_dir()
                and (inner / CARD).is_file()
                and any((inner / marker).is_file() for marker in ("config.json", ".gitattributes"))
            ):
                return True
    return False


def _missing(path: Path) -> str:
    """The message for a path that is not there, with the near miss beside it."""
    from difflib import get_close_matches

    try:
        beside = [entry.name for entry in os.scandir(path.parent)]
    except OSError:
        beside = []
    near = get_close_matches(path.name, beside, n=1)
    hint = f"; did you mean {str(path.parent / near[0])!r}?" if near else ""
    return f"{path}: no such file or folder{hint}"
