"""What a source yields: one repository's card with its identity, and the files known to stand beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cardlint.model import Kind
    from cardlint.repo.contents import Contents
    from cardlint.repo.files import FileEntry


class Opener(Protocol):
    """Reads what an entry stands for, where it is judged; picklable."""

    def __call__(self, entry: Entry) -> Entry:
        """The entry with its card and its listing. Raises OSError or CardlintError where that cannot be read."""
        ...


class Unreadable(NamedTuple):
    """Opens what a source already knows to be unreadable: the repository's result is a failure."""

    why: str

    def __call__(self, entry: Entry) -> Entry:  # noqa: ARG002  # as every opener
        """Raises OSError."""
        raise OSError(None, self.why)


class Entry(NamedTuple):
    """One card to be judged.

    ``input`` is how reports name it, ``path`` the card's path inside the repository. ``location`` is the file to read;
    None means that the repository has no card. ``text`` holds what was given on standard input. ``root`` is the folder
    of the repository, ``files`` its complete listing; None where only the card was given. ``kind`` None: content decides.
    ``contents`` reads the files where they stand in no folder. ``before`` is the repository at an earlier revision, whose
    ``revision`` is what the user called it.

    What costs to read (git objects, rows of a table, a hub) waits in ``opener`` until the entry is judged, maybe in another
    process; ``stamp`` then tells its state without opening it: the same stamp, the same repository. ``downloads`` is what a
    hub counted. ``only_metadata``: the text holds the front matter alone, and nothing is known of the body.
    """

    input: str
    location: str | None
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
    opener: Opener | None = None
    stamp: str | None = None
    downloads: int | None = None
    only_metadata: bool = False

    def is_any_of(self, globs: Iterable[str]) -> bool:
        """Whether one of the globs matches the name that reports give it, or its id."""
        from fnmatch import fnmatchcase

        return any(fnmatchcase(name, glob) for glob in globs for name in (self.input, self.id) if name)
