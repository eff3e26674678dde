"""A change to one repository, as every front of the gate describes it: the state before, the state after, and who asks."""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardlint.gate.paths import CARD
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.model import Kind
    from cardlint.sources.entry import Entry


class Reason(NamedTuple):
    """Why a change is refused: a rule's code, or a word of the gate's own such as ``card-in-lfs``; ``line`` in the card, 1-based."""

    code: str
    message: str
    line: int | None = None
    help: str | None = None


def card_in_lfs(what: str = "a large file") -> Reason:
    """The reason that speaks of a card whose content lies in large-file storage."""
    return Reason("card-in-lfs", f"{CARD} is {what}, and no reader sees a card", help=f"keep {CARD} out of LFS: mind .gitattributes")


class Allowance(NamedTuple):
    """Leave to pass that somebody gave a repository until a moment (ISO 8601, UTC), with the reason."""

    repo: str
    reason: str
    until: str
    owner: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a repository.

    ``after`` and ``before`` are its states with and without the change; their ``text`` is the card (None: there is none),
    ``files`` the complete listing where it is known. ``before`` None: the repository holds nothing yet, or its state cannot be read.
    ``touched`` are the paths that the change adds or replaces. ``revision`` is the branch or ref that moves; ``who`` asks for it.

    ``in_parts``: more files of the same upload are still to come, so that findings about files refuse nothing.
    ``promised``: the card of ``after`` is announced and not in this part. ``objections`` are reasons that the front itself has.
    """

    after: Entry
    before: Entry | None = None
    touched: tuple[str, ...] = ()
    revision: str = "main"
    who: str = ""
    in_parts: bool = False
    promised: bool = False
    objections: tuple[Reason, ...] = ()

    @property
    def id(self) -> str | None:
        """The repository's id on its hub."""
        return self.after.id

    @property
    def name(self) -> str | None:
        """How logs and allowances call the repository: its id, ``datasets/`` or ``spaces/`` before that of another kind."""
        return None if self.id is None else repo_name(self.kind, self.id)

    @property
    def kind(self) -> Kind:
        """What kind of repository it is."""
        return self.after.kind or "model"

    @property
    def is_new(self) -> bool:
        """Whether the repository had no card so far."""
        return not has_card(self.before)


def repo_name(kind: Kind, repo: str) -> str:
    """How logs and allowances call a repository."""
    return repo if kind == "model" else f"{kind}s/{repo}"


def has_card(entry: Entry | None) -> bool:
    """Whether a state has a card; a file without a letter is none."""
    if entry is None or entry.text is None:
        return entry is not None and entry.location is not None
    return not (entry.text.isspace() or entry.text in (b"", BOM_UTF8))
