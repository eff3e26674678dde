"""What the name of a licence says, id or prose: its family, its Creative Commons elements, its version."""

from __future__ import annotations

from functools import cache, lru_cache

from cardlint import data
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

_VERSION = Pattern(r"(\d)(?:\.(\d))?(?!\d)")
_JOINED = Pattern(r"(?:^|[^a-z])(?:cc)?(by(?:nc|sa|nd)+)(?:[^a-z]|$)")
_HEADLESS = Pattern(r"commons ")  # the end of "Creative Commons ..." or of "Open Data Commons ..."
_LONGEST = 200
_UNVERSIONED = frozenset({"mit", "modified-mit", "cc0", "unlicense", "wtfpl"})


class Reading(NamedTuple):
    """A licence's name understood.

    ``family`` is a name of the vocabulary ``license_families``; ``elements`` are by, nc, sa, nd (empty where a Creative
    Commons licence is not told further or for other families); ``version`` is ``4.0``, "" where none is named.
    """

    family: str
    elements: frozenset[str]
    version: str


@cache
def _families() -> tuple[tuple[str, Pattern], ...]:
    return tuple((name, Pattern(pattern)) for name, pattern in data.vocabulary("license_families")["families"])


@cache
def _elements() -> tuple[tuple[str, Pattern], ...]:
    return tuple((name, Pattern(pattern)) for name, pattern in data.vocabulary("license_families")["elements"])


@lru_cache(maxsize=4096)
def read(name: str) -> Reading | None:
    """The reading of an id or of a name in prose; None where the family is not known."""
    low = name.lower().replace("_", "-")
    family = next((family for family, pattern in _families() if pattern.search(low)), None)
    if family is None or len(low) > _LONGEST or _HEADLESS.match(low):
        return None
    elements = _cc_elements(low) if family == "cc" else frozenset[str]()
    match = _VERSION.search(low)
    version = f"{match.group(1)}.{match.group(2) or 0}" if match and family not in _UNVERSIONED else ""
    return Reading(family, elements, version)


def _cc_elements(low: str) -> frozenset[str]:
    joined = _JOINED.search(low)
    if joined:
        low = " ".join(joined.group(1)[at : at + 2] for at in range(0, len(joined.group(1)), 2))
    told = {name for name, pattern in _elements() if pattern.search(low)}
    return frozenset(told | {"by"}) if told else frozenset()


def same_terms(one: Reading, other: Reading) -> bool:
    """Whether two names may mean the same terms, the version aside; an untold part contradicts nothing."""
    if one.family != other.family:
        wider = data.vocabulary("license_families")["wider"]
        return other.family in wider.get(one.family, ()) or one.family in wider.get(other.family, ())
    if one.family == "bsd":
        return not one.version or not other.version or one.version == other.version
    return not one.elements or not other.elements or one.elements == other.elements


def same_version(one: Reading, other: Reading) -> bool:
    """Whether two names of the same terms may mean the same version."""
    return one.family != other.family or not one.version or not other.version or one.version == other.version
