"""What the licences of a repository ask of those who use it, as one class a reader can count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.tuples import NamedTuple
from cardlint.vocab.licenses import get

if TYPE_CHECKING:
    from collections.abc import Sequence


class LicenceClass(NamedTuple):
    """A class of licences: its name in data, and what readers see."""

    name: str
    label: str


CLASSES = (
    LicenceClass("permissive", "permissive"),
    LicenceClass("share-alike", "share-alike, copyleft"),
    LicenceClass("use-restricted", "use restrictions"),
    LicenceClass("no-derivatives", "no derivatives"),
    LicenceClass("non-commercial", "non-commercial"),
    LicenceClass("unclear", "other, unknown, not listed"),
    LicenceClass("none", "none declared"),
)
"""From the fewest conditions to the most; the vocabulary of licences says which flags an id has."""
_NAMES = [each.name for each in CLASSES]


def licence_class(licenses: Sequence[str]) -> str:
    """The class of a list of declared licences: the one with the most conditions; ``none`` for an empty list."""
    return max((_class_of(each) for each in licenses), key=_NAMES.index, default="none")


def _class_of(identifier: str) -> str:
    known = get(identifier.strip().lower())
    if known is None or known.group == "special" or known.id == "cc":
        return "unclear"
    for flag, name in (
        ("non_commercial", "non-commercial"),
        ("no_derivatives", "no-derivatives"),
        ("use_restricted", "use-restricted"),
        ("share_alike", "share-alike"),
        ("copyleft", "share-alike"),
    ):
        if flag in known.flags:
            return name
    return "permissive"
