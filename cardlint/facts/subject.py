"""A card under judgement, with all that is known around it."""

from __future__ import annotations

import errno
import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING

from cardlint.budgets import BUDGETS
from cardlint.card.card import Card
from cardlint.facts.document import Facts, kind_by_content, kind_by_name
from cardlint.lazy import lazy
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from cardlint.facts.earlier import Earlier
    from cardlint.hub.hub import Hub
    from cardlint.model import Kind
    from cardlint.repo.repo import Repo
    from cardlint.sources.entry import Entry

MAX_READ = BUDGETS.file_bytes
"""Bytes of a card file that are read at all; the card itself is cut earlier, see `card.decode`."""

_POINTERS = (b"version http", b"# xet version")
"""What pointer files begin with."""


class Subject:
    """One entry of a source, opened: its card, its repository, its kind. Raises OSError where the card cannot be read."""

    def __init__(self, entry: Entry, kind: Kind | None = None, hub: Hub | None = None) -> None:
        self.entry = entry
        self.hub = hub
        data = entry.text if entry.text is not None else read_bytes(entry)
        self.data = data
        self.size = len(data)
        self.repo = _repo(entry)
        self.card: Card = Card.from_bytes(data, kind or entry.kind or "model", entry.path)
        given = entry.location is not None or entry.text is not None
        self.blank = given and (not self.card.text or self.card.text.isspace())
        """A file without a letter: hubs show the repository as one that has no card."""
        self.is_pointer = given and data.startswith(_POINTERS) and _is_pointer(data)
        """A card kept in large-file storage: what git holds of it, and hubs read, is three lines that say where it lies."""
        self.has_card = given and not self.blank and not self.is_pointer
        self.kind_from = "option" if kind else entry.kind_from
        if kind is None and entry.kind is None:
            told = kind_by_content(self.card)
            found = told or kind_by_name(entry.path)
            if found is not None:
                self.card.kind = found  # type: ignore[assignment]  # one of the kinds
                self.kind_from = "content" if told else "name"
        self.old = self._earlier(entry.before) if entry.before is not None else None

    @lazy
    def sha256(self) -> str:
        """The hash of the card's bytes."""
        return sha256(self.data).hexdigest()

    @lazy
    def facts(self) -> Facts:
        """The facts document, built part by part."""
        return Facts(self)

    @lazy
    def groups(self) -> tuple[str, ...]:
        """The groups that the card is of, by task and by how its model was made: see `cardlint.vocab.groups`."""
        from cardlint.facts.groups import groups_of

        return groups_of(self.card, self.entry.id, self.repo)

    def _earlier(self, before: Entry) -> Earlier:
        """The earlier state of the repository, for rules on what changed since."""
        from cardlint.facts.earlier import Earlier
        from cardlint.repo.compare import Changes

        then = Subject(before, self.card.kind)
        changes = Changes(then.repo, self.repo) if then.repo is not None and self.repo is not None else None
        return Earlier(before.revision or "before", then.card if then.has_card else None, then.repo, changes)

    def release(self) -> None:
        """Drop what was built, so that it is freed at once and not by the cycle collector; the subject is of no use then."""
        self.card.__dict__.clear()
        self.__dict__.clear()


def _is_pointer(data: bytes) -> bool:
    from cardlint.repo.pointer import read_pointer

    return read_pointer(data) is not None


def _repo(entry: Entry) -> Repo | None:
    """The repository of an entry whose files are listed; most cards of a listing come without."""
    if entry.files is None:
        return None
    from cardlint.repo.repo import Repo

    return Repo(entry.files, entry.root, entry.contents)


def read_bytes(entry: Entry) -> bytes:
    """The card's bytes. A pipe or a device is refused, for reading it may never end."""
    if entry.location is None:
        return b""
    try:
        handle = os.open(entry.location, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except IsADirectoryError:
        raise CardlintError(f"{entry.input}: a folder, not a card") from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        data = os.read(handle, min(status.st_size + 1, MAX_READ))
        while len(data) < min(status.st_size, MAX_READ):
            more = os.read(handle, MAX_READ - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(handle)
