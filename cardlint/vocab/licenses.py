"""Licence ids: what the hub takes, what each one grants or forbids, and what an author probably meant.

The hub's list is closed and is not SPDX: ``gpl-3.0`` stands on it, ``GPL-3.0-only`` does not.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from cardlint import data
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab import nearest
from cardlint.vocab.nearest import NOTHING, Near

FLAGS = ("non_commercial", "no_derivatives", "share_alike", "copyleft", "use_restricted", "vendor")
"""What `License.flags` may hold; ``use_restricted`` are RAIL, vendors' community terms and research licences."""

_NOISE = Pattern(r"(?<![a-z])(?:the|licen[cs]ed?|version|international|unported|v(?=[ .]?\d))(?![a-z])")
_PARTS = Pattern(r"\s(?:or|and)\s|[,/;|]")
_SPDX_TAIL = Pattern(r"(?:-only|-or-later|\+)$")


class License(NamedTuple):
    """One id of the hub's list; ``spdx`` is None where SPDX has no such licence, ``family`` names several licences."""

    id: str
    name: str
    spdx: str | None
    group: str
    family: bool
    flags: frozenset[str]


class Terms(NamedTuple):
    """What must travel with a work under a licence.

    ``sentences`` are to stand word for word in the card, ``duties`` are said in words of one's own, ``files`` belong
    into the repository, ``notice`` is the line of the notice file, ``name_prefix`` begins the model's name.
    """

    sentences: tuple[str, ...]
    duties: tuple[str, ...]
    files: tuple[str, ...]
    notice: str | None
    name_prefix: str | None
    other: dict[str, Any]


def ids() -> frozenset[str]:
    """Every id on the hub's list."""
    return data.ids("licenses")


def known(identifier: str) -> bool:
    """Whether the hub takes this very spelling (lower case, no SPDX expression)."""
    return identifier in ids()


@cache
def get(identifier: str) -> License | None:
    """What is known of an id, None for one that is not on the list."""
    entry = data.vocabulary("licenses")["licenses"].get(identifier)
    if entry is None:
        return None
    return License(
        identifier,
        entry["name"],
        entry.get("spdx"),
        entry["group"],
        entry.get("family", False),
        frozenset(entry.get("flags", ())),
    )


def flags(identifier: str) -> frozenset[str]:
    """The `FLAGS` that hold for an id; empty for one that is not on the list."""
    found = get(identifier)
    return found.flags if found else frozenset()


@cache
def terms(identifier: str) -> Terms | None:
    """What a licence asks of those who pass the work on; None where nothing was collected."""
    entry = data.vocabulary("license_terms")["terms"].get(identifier)
    if entry is None:
        return None
    other = {key: value for key, value in entry.items() if key not in Terms._fields}
    sentences, duties, files = (tuple(entry.get(key, ())) for key in ("sentences", "duties", "files"))
    return Terms(sentences, duties, files, entry.get("notice"), entry.get("name_prefix"), other)


@lru_cache(maxsize=4096)
def near(value: str) -> Near:
    """The ids that a value probably means: ``Apache License, Version 2.0`` is surely ``apache-2.0``.

    ``cc-by`` has several candidates, ``MIT OR Apache-2.0`` each of its parts; neither is sure.
    """
    if known(value):
        return Near((value,), sure=True)
    if len(value) > nearest.MAX_LENGTH or not nearest.squeeze(_NOISE.sub(" ", value.lower())):
        return NOTHING
    return _by_form(value) or _by_parts(value) or nearest.guess(value, nearest.tables("licenses")[1])


def _by_form(value: str) -> Near:
    spellings, table = nearest.tables("licenses")
    plain = _SPDX_TAIL.sub("", value.strip().lower())
    return (
        nearest.look_up(value, spellings, table)
        or nearest.look_up(plain, spellings, table)
        or nearest.look_up(_NOISE.sub(" ", plain), spellings, table)
        or nearest.look_up(value, {}, _names())
    )


def _by_parts(value: str) -> Near:
    parts = [_by_form(part) for part in _PARTS.split(value.lower())]
    if len(parts) < 2 or not all(parts):
        return NOTHING
    return Near(tuple(dict.fromkeys(identifier for part in parts for identifier in part.ids)))


@cache
def _names() -> nearest.Spellings:
    entries = data.vocabulary("licenses")["licenses"]
    return {nearest.squeeze(entry["name"]): identifier for identifier, entry in entries.items()}
