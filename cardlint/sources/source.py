"""What an audit reads: the source that one argument names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cardlint.model import CardlintError
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cardlint.model import Kind

_CARDS = "cards:"
_LISTING = "listing:"


class Source(Protocol):
    """Entries one by one, and, where it can be told, the share of them that was taken so far."""

    @property
    def share(self) -> float | None:
        """Between 0 and 1."""

    def __iter__(self) -> Iterator[Entry]:
        """The entries, always in the same order."""
        ...


def source(name: str, *, columns: Mapping[str, str] | None = None, kind: Kind | None = None, endpoint: str | None = None) -> Source:
    """The source that an argument names.

    A folder is a mirror (of repositories, git repositories or hub caches); ``cards:FOLDER`` is a folder of loose cards;
    ``listing:FILE`` names repositories with all their files, those that are not in this copy too;
    a file, a pattern or an address of Parquet, JSON Lines or CSV is a table of cards; ``hub:…`` is a live hub.
    Raises CardlintError where it names nothing.
    """
    from cardlint.sources import tables

    if name.startswith("hub:"):
        from cardlint.sources.live import PREFIX, LiveHub

        return LiveHub(name.removeprefix(PREFIX), endpoint)
    if endpoint is not None:
        raise CardlintError(f"--hub-url names a hub, and {name} is none: write hub:{name}")
    if name.startswith(_CARDS):
        return Loose(Path(name.removeprefix(_CARDS)), kind)
    if name.startswith(_LISTING):
        from cardlint.sources.listing import from_listing

        return _Given(from_listing(name.removeprefix(_LISTING)))
    if "://" in name or name.endswith(tables.SUFFIXES):
        found = tables.matching(name)
        if not found:
            raise CardlintError(f"{name}: no table there; tables are {', '.join(tables.SUFFIXES)}")
        if "://" not in name and not Path(found[0]).is_file():
            raise CardlintError(f"{name}: no such file")
        return tables.Tables(found, columns, kind)
    path = Path(name)
    if not path.is_dir():
        from cardlint.sources.paths import from_path

        return _Given(from_path(path))
    from cardlint.sources.mirror import Mirror

    return Mirror(path, all_owned=True)


class _Given:
    """Entries without a known end."""

    share = None

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries = entries

    def __iter__(self) -> Iterator[Entry]:
        return self._entries


class Loose:
    """A folder of loose cards: every Markdown file at or below it is one; of a repository around it nothing is known.

    Links are not followed.
    """

    share: float | None = None

    def __init__(self, folder: Path, kind: Kind | None) -> None:
        if not folder.is_dir():
            raise CardlintError(f"{folder}: no such folder")
        self.folder = folder
        self.kind = kind

    def __iter__(self) -> Iterator[Entry]:
        from cardlint.sources.mirror import files_below

        for path in files_below(self.folder, (".md", ".markdown")):
            yield Entry(str(path), str(path), path=path.name, kind=self.kind, kind_from="option" if self.kind else "default")
