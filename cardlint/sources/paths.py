"""Cards below the paths a user names: a file, a repository folder, a mirror of repositories, a hub cache."""

from __future__ import annotations

import os
import stat
from itertools import chain, islice
from typing import TYPE_CHECKING

from cardlint.model import CardlintError
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry
from cardlint.sources.layout import Identity, is_other_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CARD = "README.md"
MAX_FILES = 100_000
"""Files listed of one repository; the largest on public hubs hold about 10^5."""
_MARKDOWN = (".md", ".markdown")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 1024
"""Bytes of a file that tell whether it is text."""
SKIPPED = frozenset({".git", ".cache", "node_modules", "__pycache__", ".venv"})


def from_path(path: Path, *, only_given: bool = False) -> Iterator[Entry]:
    """The cards at or below a path, in the order of their names.

    Raises CardlintError where the path does not exist, cannot be read or is a file of another kind. Links that lead out of a
    folder are not followed.
    """
    if not path.exists():
        raise CardlintError(_missing(path))
    if not path.is_dir():
        reason = no_card(str(path))
        if reason is not None:
            raise CardlintError(f"{path}: {reason}")
        yield Entry(str(path), str(path), path=path.name)
        return
    if only_given:
        yield repository(path, str(path), Identity(None, None, "default"))
        return
    from cardlint.sources.mirror import Mirror

    yield from Mirror(path)


def no_card(path: str) -> str | None:
    """Why a file can be no card, by its name or its first bytes; None for a file that may be one."""
    name = os.path.basename(path)  # noqa: PTH119  # a listing has millions of lines
    if is_other_file(name):
        beside = os.path.dirname(path) or "."  # noqa: PTH120
        return f"no model card, which is Markdown; give {beside!r} to have the files beside a card read"
    if name.lower().endswith(_MARKDOWN) or not os.path.isfile(path):  # noqa: PTH113
        return None
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            head = file.read(_HEAD)
    except OSError:
        return None
    return "no text, and so no model card" if b"\0" in head and not head.startswith(_UTF_16) else None


def repository(folder: Path, shown: str, who: Identity) -> Entry:
    """The entry of a repository folder with its complete listing; where not all could be listed, the card alone is known."""
    files, whole = _list_files(folder)
    has_card = any(file.path == CARD and file.size is not None for file in files) or (not whole and _has_card(folder))
    card_alone = has_card and not whole
    return Entry(
        f"{shown.rstrip('/')}/{CARD}" if has_card else shown,
        str(folder / CARD) if has_card else None,
        id=who.id,
        kind=who.kind,
        kind_from=who.kind_from,
        revision=who.revision,
        root=None if card_alone else folder,
        files=None if card_alone else files,
    )


def _has_card(folder: Path) -> bool:
    """Whether a card stands in a folder: a file, or a link to one inside."""
    try:
        return (folder / CARD).is_file() and (folder / CARD).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _list_files(folder: Path) -> tuple[tuple[FileEntry, ...], bool]:
    """The files of a repository, depth first by name, and whether these are all.

    Links that lead out of it or nowhere, pipes and devices are listed without a size; nothing reads them.
    """
    found: list[FileEntry] = []
    whole = True
    pending = [("", str(folder))]
    while pending:
        prefix, place = pending.pop()
        room = MAX_FILES - len(found)
        try:
            entries = _sorted(place, room + 1)
        except FileNotFoundError:  # it was taken away meanwhile
            continue
        except OSError:
            whole = False
            continue
        whole = whole and len(entries) <= room
        for entry in entries:
            status = _status(entry, folder)
            if status is not None and stat.S_ISDIR(status.st_mode):
                if entry.name not in SKIPPED and not entry.is_symlink():
                    pending.append((f"{prefix}{entry.name}/", entry.path))
            elif len(found) == MAX_FILES:
                return tuple(found), False
            elif status is not None and stat.S_ISREG(status.st_mode):
                found.append(FileEntry(prefix + entry.name, status.st_size, modified=status.st_mtime_ns))
            else:
                found.append(FileEntry(prefix + entry.name))
    return tuple(found), whole


def _sorted(place: str, most: int) -> list[os.DirEntry[str]]:
    """The first entries of a folder by name; of a huge folder no more are held. Raises OSError."""
    with os.scandir(place) as entries:
        some = list(islice(entries, most))
        if len(some) < most:
            return sorted(some, key=_name)
        from heapq import nsmallest

        return nsmallest(most, chain(some, entries), key=_name)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _status(entry: os.DirEntry[str], folder: Path) -> os.stat_result | None:
    """What stands there, None for a link that leads out of the repository or nowhere."""
    try:
        if entry.is_symlink():
            from pathlib import Path

            top = folder.resolve()
            if not Path(entry.path).resolve().is_relative_to(top) and not _cache_blob(entry.path, top):
                return None
        return entry.stat()
    except (OSError, RuntimeError):
        return None


def _cache_blob(path: str, top: Path) -> bool:
    """Whether a link of a hub cache's snapshot leads to a blob of the same repository."""
    from pathlib import Path

    return top.parent.name == "snapshots" and Path(path).resolve().is_relative_to(top.parent.parent.resolve())


def is_bare(folder: Path) -> bool:
    """Whether a folder has the shape of a bare git repository."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _missing(path: Path) -> str:
    """The message for a path that is not there, with the near miss beside it."""
    from difflib import get_close_matches
    from pathlib import Path

    if path.is_symlink():
        return f"{path}: a link that leads nowhere"
    slashed = Path(str(path).replace("\\", "/"))
    if slashed.exists():
        return f"{path}: no such file or folder; did you mean {str(slashed)!r}?"
    try:
        beside = [entry.name for entry in os.scandir(path.parent)]
    except OSError:
        beside = []
    near = get_close_matches(path.name, beside, n=1)
    hint = f"; did you mean {str(path.parent / near[0])!r}?" if near else _on_a_hub(path)
    return f"{path}: no such file or folder{hint}"


def _on_a_hub(path: Path) -> str:
    """What to do where the path looks like a repository of a hub: its address or its id."""
    parts = [part for part in path.parts if part != "hub:"]
    named = parts[:1] in (["http:"], ["https:"]) or path.parts[0].startswith("hub:")
    if not parts or (not named and (len(parts) != 2 or path.is_absolute() or path.parent.exists() or path.suffix)):
        return ""
    which = "/".join(parts[-2:]).removeprefix("hub:")
    return f"; a live hub is read by 'cardlint audit hub:{which} --out DIR'"
