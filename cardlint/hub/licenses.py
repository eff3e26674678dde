"""Licences: what each asks for and permits, by the clauses in ``schemas/vocab/license_compat.json``. Not legal advice."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from cardlint import data
from cardlint.tuples import NamedTuple
from cardlint.vocab import licenses

if TYPE_CHECKING:
    from collections.abc import Sequence

Answer = Literal["yes", "no", "unknown"]
USES = ("commercial", "research", "derivatives", "redistribution")
"""What `permits` can be asked."""

RESTRICTIONS = ("non-commercial", "no-derivatives", "share-alike", "use-restrictions", "same-license")
"""The kinds of duties that narrow what may be done, the gravest first."""

_NAMES_NONE = frozenset(("other", "unknown", "cc"))


class Duty(NamedTuple):
    """One thing that a licence asks of those who pass the work on; ``source`` is the licence and its clause."""

    kind: str
    text: str
    source: str


def resolve(value: str) -> str | None:
    """The hub id that a declared value surely means; None where it names no licence that can be judged.

    ``MIT`` and ``GPL-3.0-or-later`` resolve, ``other``, ``cc`` and ``my license`` do not. A vendor's agreement that is not on
    the hub's list stands for itself under the name that its cards give it in ``license_name`` (``qwen-research``).
    """
    identifier = value.strip().lower()
    if identifier in data.vocabulary("license_compat")["agreements"]:
        return identifier
    if identifier not in data.ids("licenses"):
        near = licenses.near(value)
        if not near.sure:
            return None
        identifier = near.ids[0]
    return None if identifier in _NAMES_NONE or "unread" in entry_of(identifier) else identifier


def named(values: Sequence[str], license_name: str | None) -> list[str]:
    """The licences of a repository: ``other`` under the name of an agreement that is known is that agreement."""
    name = "-".join((license_name or "").lower().split())
    return [name] if list(values) == ["other"] and name in data.vocabulary("license_compat")["agreements"] else list(values)


def words_of(agreement: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The words, one of which an agreement without an id wants shown, and the owners who need not show them."""
    found = data.vocabulary("license_compat")["agreements"].get(agreement, {})
    return tuple(found.get("words", ())), frozenset(found.get("owners", ()))


def terms_of(values: Sequence[str]) -> str:
    """What a finding is about that tells of the terms of these licences, however they are written."""
    return " + ".join(sorted({f"terms of {resolve(each) or each}" for each in values}))


@lru_cache(maxsize=4096)
def duties(license: str) -> tuple[Duty, ...]:  # noqa: A002  # the field's word
    """What a licence asks of those who pass the work on; empty where nothing is asked or the licence is not known."""
    identifier = resolve(license)
    return _duties(identifier) if identifier else ()


@cache
def _duties(identifier: str) -> tuple[Duty, ...]:
    entry, kinds = entry_of(identifier), data.vocabulary("license_compat")["kinds"]
    own = entry.get("texts", {})
    return tuple(
        Duty(kind, own.get(kind, kinds[kind]["text"]), f"{entry['title']}, {clause}") for kind, clause in sorted(entry["clauses"].items())
    )


@lru_cache(maxsize=4096)
def permits(license: str, use: str) -> Answer:  # noqa: A002  # the field's word
    """Whether a licence allows a use of `USES`, under its conditions (`duties`).

    ``commercial`` under a Llama agreement is ``yes``: the threshold of users is a duty. Raises ValueError for another use.
    """
    if use not in USES:
        msg = f"unknown use {use!r}: one of {', '.join(USES)}"
        raise ValueError(msg)
    identifier = resolve(license)
    if identifier is None:
        return "unknown"
    answer: Answer = entry_of(identifier).get("uses", {}).get(use, "yes")
    return answer


def restrictions(values: Sequence[str]) -> tuple[Duty, ...]:
    """What licences ask for that narrows what may be done, the gravest first."""
    found = [duty for each in values for duty in duties(each) if duty.kind in RESTRICTIONS]
    return tuple(dict.fromkeys(sorted(found, key=lambda duty: RESTRICTIONS.index(duty.kind))))


@cache
def entry_of(identifier: str) -> dict[str, Any]:
    """What is known of the terms of an id; only ``unread`` where its text was not read."""
    known = data.vocabulary("license_compat")
    found: dict[str, Any] = known["licenses"].get(identifier) or known["agreements"].get(identifier) or {"unread": True}
    return found


def is_listed(identifier: str) -> bool:
    """Whether an id is on the hub's list; a vendor's agreement may be known and yet be declared as ``other`` alone."""
    return identifier in data.ids("licenses")
