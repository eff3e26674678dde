"""The same repository at an earlier revision, as rules on what changed since see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.card import Card
    from cardlint.repo.compare import Changes
    from cardlint.repo.repo import Repo


class Earlier(NamedTuple):
    """An earlier state: ``name`` is what the user called the revision, ``card`` None where it had none yet.

    ``changes`` compares its files with the later ones; ``repo`` and ``changes`` are None where only the card was given.
    """

    name: str
    card: Card | None
    repo: Repo | None
    changes: Changes | None
