"""A push as a git server's pre-receive hook sees it: each reference that moves is a change to judge.

Only the state that a reference ends at is judged, not the commits on the way: that state is what readers and loaders get.
"""

from __future__ import annotations

import os
import re
from typing import IO, TYPE_CHECKING

from cardlint.budgets import BUDGETS
from cardlint.gate.change import Change, Reason
from cardlint.gate.paths import CARD
from cardlint.model import CardlintError
from cardlint.repo.contents import Outside
from cardlint.sources import git
from cardlint.sources.entry import Entry
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from cardlint.sources.layout import Identity

MOST_BYTES = 16_000_000
"""Bytes of a hook's standard input: some 100,000 references."""
_OID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")


class Update(NamedTuple):
    """A reference that moves from one object to another; None where it is made or deleted."""

    old: str | None
    new: str | None
    ref: str


class Repository(NamedTuple):
    """The repository that is pushed to: where it lies, which one it is on its hub, who pushes, and what its HEAD stands for."""

    place: git.Place
    identity: Identity
    who: str = ""
    head: str | None = None


def read_updates(stream: IO[bytes]) -> list[Update]:
    """What a pre-receive hook is told on standard input: ``OLD NEW REF`` a line. Raises CardlintError."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise CardlintError("more references are pushed than a gate reads")
    found = []
    for number, line in enumerate(data.splitlines(), 1):
        old, _, rest = os.fsdecode(line).partition(" ")
        new, _, ref = rest.partition(" ")
        if not (_OID.fullmatch(old) and _OID.fullmatch(new) and ref):
            raise CardlintError(f"<stdin>:{number}: OLD NEW REF is wanted, as git tells a pre-receive hook; this command is called by git")
        found.append(Update(_real(old), _real(new), ref))
    return found


def change_of(update: Update, repository: Repository) -> Change | None:
    """The change that an update makes; None where no card can be concerned: a branch that is not HEAD's goes, or a tag of a blob comes."""
    place = repository.place
    if update.new is None:
        if update.ref != repository.head:
            return None
        return Change(_entry(repository, None, None), _state(repository, update.old), (), update.ref, repository.who)
    new = git.commit(place.folder, update.new)
    if new is None:
        return None
    after = _tree(place, new)
    before = _state(repository, update.old or _tip(repository))
    objections: list[Reason] = []
    card = _card(after, objections)
    touched = _touched(after, before)
    return Change(_entry(repository, after, card), before, touched, update.ref, repository.who, objections=tuple(objections))


def _real(oid: str) -> str | None:
    return oid if oid.strip("0") else None


def _tip(repository: Repository) -> str | None:
    """What a new reference is compared with: the state that the repository shows so far."""
    return git.commit(repository.place.folder, repository.head) if repository.head else None


def _state(repository: Repository, oid: str | None) -> Entry | None:
    commit = git.commit(repository.place.folder, oid) if oid else None
    if commit is None:
        return None
    tree = _tree(repository.place, commit)
    return _entry(repository, tree, _card(tree, []))


def _tree(place: git.Place, commit: str) -> git.Tree:
    """The files at a commit. Raises OSError where git does not list them: that is no empty repository."""
    tree = git.tree(place, commit)
    if not tree.blobs and not tree.complete:
        raise OSError("git did not list the files")
    return tree


def _card(tree: git.Tree, objections: list[Reason]) -> bytes | None:
    """The card's content. A link is none: hubs show its target's name, and only a checkout follows it."""
    blob = tree.blobs.get(CARD)
    if blob is None:
        return None
    if blob.link:
        objections.append(
            Reason("card-is-link", f"{CARD} is a symbolic link, and no reader of a hub follows it", help="commit the file itself")
        )
        return None
    try:
        text = tree.read(CARD, 0, BUDGETS.file_bytes)
    except Outside:
        text = None
    if text is None:
        objections.append(Reason("card-unreadable", f"{CARD} is there and git cannot read it", help="push it again"))
    return text


def _entry(repository: Repository, tree: git.Tree | None, card: bytes | None) -> Entry:
    name, kind, kind_from, _ = repository.identity
    where = f"{name}/{CARD}" if name else CARD
    if tree is None:
        return Entry(where, None, CARD, name, kind, kind_from, files=())
    return Entry(where, None, CARD, name, kind, kind_from, files=tree.files if tree.complete else None, text=card, contents=tree)


def _touched(after: git.Tree, before: Entry | None) -> tuple[str, ...]:
    old = before.contents.blobs if before is not None and isinstance(before.contents, git.Tree) else {}
    return tuple(path for path, blob in after.blobs.items() if path not in old or old[path].oid != blob.oid)


def repository_at(folder: Path, identity: Identity, who: str) -> Repository:
    """The repository of a hook's folder. Raises CardlintError where it is none."""
    place = git.locate(folder)
    if place is None:
        raise CardlintError(f"{folder}: no git repository; git calls this command in the repository that is pushed to")
    return Repository(git.Place(folder, "", bare=True), identity, who, git.head(folder))
