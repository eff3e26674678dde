"""Near misses: from what an author wrote to the identifiers that were probably meant.

Three steps, the first that answers wins: the spellings a vocabulary lists, the same letters and digits in another
form, and a small distance (difflib).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

Target = str | list[str]
"""An id that is surely meant, or a list of those that perhaps are, the likeliest first."""

Spellings = dict[str, Target]
"""Lower-cased spelling to what it means."""

MAX_LENGTH = 80
"""A longer value is prose and has no near miss; keeps the distance cheap on hostile cards."""

CUTOFF = 0.84
"""Least difflib ratio of a guess: about one wrong letter in six."""


class Near(NamedTuple):
    """What was probably meant: ``ids`` likeliest first, empty where nothing is near.

    ``sure`` says that the vocabulary lists the spelling for this one id, or that it is the same letters and digits:
    fit for a fix. A distance is only a guess. Falsy where nothing is near.
    """

    ids: tuple[str, ...] = ()
    sure: bool = False

    def __bool__(self) -> bool:
        return bool(self.ids)

    @property
    def best(self) -> str | None:
        """The likeliest candidate, None where nothing is near."""
        return self.ids[0] if self.ids else None

    @classmethod
    def of(cls, target: Target) -> Near:
        """What an entry of `Spellings` says."""
        return cls((target,), sure=True) if isinstance(target, str) else cls(tuple(target))


NOTHING = Near()


def squeeze(value: str) -> str:
    """The letters, digits and plus signs of a value, case folded: ``BSD 3-Clause`` and ``bsd-3-clause`` are equal."""
    folded = value.casefold()
    return folded if folded.isalnum() else "".join([c for c in folded if c.isalnum() or c == "+"])


def forms(ids: Iterable[str], spellings: Spellings) -> Spellings:
    """Squeezed form to what it means; an id's own form wins over a spelling's."""
    table = {squeeze(spelling): target for spelling, target in spellings.items()}
    table.update((squeeze(identifier), identifier) for identifier in ids)
    table.pop("", None)
    return table


def look_up(value: str, spellings: Spellings, table: Spellings) -> Near:
    """What ``value`` means by listed spelling or by form; no guessing."""
    if len(value) > MAX_LENGTH:
        return NOTHING
    return Near.of(spellings.get(value.strip().lower()) or table.get(squeeze(value)) or [])


def guess(value: str, table: Spellings) -> Near:
    """What ``value`` may mean by distance to the forms of `forms` that mean one id; never sure."""
    form = squeeze(value[: MAX_LENGTH + 1])
    if len(form) < 3 or len(value) > MAX_LENGTH:  # two letters are near to everything
        return NOTHING
    from difflib import get_close_matches

    close = get_close_matches(form, table, n=3, cutoff=CUTOFF)
    return Near(tuple(dict.fromkeys(target for match in close if isinstance(target := table[match], str))))


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is nearest to one that is not known; None where none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message on a word that is not known: the nearest one, nothing where none is near."""
    near = closest(word, known)
    return f"; did you mean {near!r}?" if near else ""


@lru_cache(maxsize=16)
def tables(name: str) -> tuple[Spellings, Spellings]:
    """Spellings and forms of a vocabulary that keeps them under ``ids`` and ``spellings``."""
    vocabulary = data.vocabulary(name)
    spellings: Spellings = vocabulary.get("spellings", {})
    return spellings, forms(vocabulary["ids"], spellings)


@lru_cache(maxsize=4096)
def near(name: str, value: str) -> Near:
    """The ids of vocabulary ``name`` that ``value`` probably means; an id itself means itself."""
    if value in data.ids(name):
        return Near((value,), sure=True)
    spellings, table = tables(name)
    return look_up(value, spellings, table) or guess(value, table)
