"""What a source yields: one repository's card with its identity, and the files known to stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from cardlint.model import Kind
    from cardlint.repo.contents import Contents
    from cardlint.repo.files import FileEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """One card to be judged.

    ``input`` is how reports name it, ``path`` the card's path inside the repository. ``location`` is the file to read;
    None means that the repository has no card. ``text`` holds what was given on standard input. ``root`` is the folder
    of the repository, ``files`` its complete listing; None where only the card was given. ``kind`` None: content decides.
    ``contents`` reads the files where they stand in no folder. ``before`` is the repository at an earlier revision, whose
    ``revision`` is what the user called it.
    """

    input: str
    location: Path | None
    path: str = "README.md"
    id: str | None = None
    kind: Kind | None = None
    kind_from: str = "default"
    revision: str | None = None
    root: Path | None = None
    files: tuple[FileEntry, ...] | None = None
    text: bytes | None = None
    contents: Contents | None = None
    before: Entry | None = None
