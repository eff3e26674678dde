"""Cards named by a listing: one path a line, or one JSON object a line with id, kind, revision and files."""

from __future__ import annotations

import json
import os
import stat
import sys
from typing import TYPE_CHECKING, Any

from cardlint.model import KINDS, CardlintError
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry
from cardlint.sources.layout import Identity
from cardlint.sources.paths import CARD, no_card, repository
from cardlint.textfile import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEYS = frozenset({"path", "id", "kind", "revision", "files"})


def from_listing(listing: str, *, only_cards: bool = False) -> Iterator[Entry]:
    """The entries that a listing names, in its order; ``-`` reads standard input.

    Raises CardlintError with the listing's line where a line cannot be understood, a path does not exist or is a file of
    another kind, which ``only_cards`` passes over.
    """
    if listing == "-":
        text, folder = sys.stdin.read(), ""
    else:
        text, folder = read_text(listing), os.path.dirname(listing)  # noqa: PTH120  # as below
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            entry = _entry(line.strip(), f"{listing}:{number}", folder)
            reason = no_card(entry.location) if entry.location and entry.path != CARD else None
            if reason is None:
                yield entry
            elif not only_cards:
                raise CardlintError(f"{listing}:{number}: {entry.input}: {reason}")


def _entry(line: str, where: str, folder: str) -> Entry:
    row: dict[str, Any] = {"path": line}
    if line.startswith("{"):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise CardlintError(f"{where}: not JSON: {error}") from None
    if not isinstance(row.get("path"), str):
        raise CardlintError(f"{where}: no 'path'")
    for key in row:
        if key not in _KEYS and not key.startswith("_"):
            raise CardlintError(f"{where}: unknown key {key!r}; known are {', '.join(sorted(_KEYS))}")
    kind = row.get("kind")
    if kind is not None and kind not in KINDS:
        raise CardlintError(f"{where}: unknown kind {kind!r}; it is one of {', '.join(KINDS)}")
    for key in ("id", "revision"):
        if not isinstance(row.get(key), str | None):
            raise CardlintError(f"{where}: {key!r} is a text")
    path = row["path"]
    try:
        status = os.stat(path)  # noqa: PTH116  # a listing has millions of lines
    except (OSError, ValueError):
        path = os.path.join(folder, path)  # noqa: PTH118
        try:
            status = os.stat(path)  # noqa: PTH116
        except (OSError, ValueError):
            raise CardlintError(f"{where}: {row['path']}: no such file or folder") from None
    who = Identity(row.get("id"), kind, "manifest" if kind else "default", row.get("revision"))
    files = _files(row["files"], where) if row.get("files") is not None else None
    if stat.S_ISDIR(status.st_mode):
        from pathlib import Path

        entry = repository(Path(path), row["path"], who)
        if files is None:
            return entry
        card = any(file.path == CARD for file in files)
        return entry._replace(files=files, location=f"{path}/{CARD}" if card else None)
    root = None
    if files is not None:
        from pathlib import Path

        root = Path(path).parent
    return Entry(row["path"], path, path.rpartition("/")[2], who.id, who.kind, who.kind_from, who.revision, root, files)


def _files(rows: Any, where: str) -> tuple[FileEntry, ...]:
    """The complete listing of a repository's files."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) and isinstance(row.get("path"), str) for row in rows):
        raise CardlintError(f"{where}: 'files' is a list of objects with 'path'")
    for row in rows:
        if not isinstance(row.get("size"), int | None) or not isinstance(row.get("sha256"), str | None):
            raise CardlintError(f"{where}: {row['path']}: 'size' is a number of bytes, 'sha256' a text")
    return tuple(FileEntry(row["path"], row.get("size"), row.get("sha256")) for row in rows)
