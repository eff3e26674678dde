"""Licence ids in the front matter: unknown ones, expressions, capitals, duplicates, ids that contradict each other."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from cardlint.checks.values import place_of, replacement, texts
from cardlint.model import Edit, Fix, Problem, Range, Related
from cardlint.patterns import Pattern
from cardlint.vocab import licenses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_OPERATOR = Pattern(r"(?:^|[\s)])(?:OR|AND|WITH|or|and|with)(?:[\s(]|$)")
_FILE_OR_URL = Pattern(r"(?i)^(?:https?://\S+|\S*\.(?:md|txt|html|pdf)|(?:see |in )?(?:the )?licen[cs]e(?: file)?)$")
_LONGEST_EXPRESSION = 200
_SHOWN = 80
_OWN = 2
"""Slashes of a pointer to the one value of a key."""
_TAG = "license:"
_ALSO_NAMES = frozenset(
    {"other", "unknown", "cc", "bsd", "gemma", "llama2", "llama3", "llama3.1", "llama3.2", "llama3.3", "llama4", "mit", "isc"}
)
"""Ids that are names of something else too when they stand among the tags."""


def is_no_id(text: str) -> bool:
    """Whether a text is not on the hub's list as it is written."""
    return not licenses.known(text)


def is_listed(alone: bool) -> bool:
    """Whether a value is one of a list."""
    return not alone


def is_license_tag(text: str) -> bool:
    """Whether a tag is the id of a licence, with or without ``license:``."""
    low = text.strip().lower()
    plain = low.removeprefix(_TAG)
    return licenses.known(plain) and not (plain == low and plain in _ALSO_NAMES)


def unknown(card: Card) -> Iterator[Problem]:
    """Values of ``license`` that are no ids of the hub's list; those in capitals and SPDX expressions have rules of their own."""
    for at, value in texts(card, "license"):
        if not value.strip() or licenses.known(value.strip().lower()) or expression_ids(value):
            continue
        near = licenses.near(value)
        linked = _linked(value)
        ids = (linked,) if linked else near.ids
        parts = [part.strip().lower() for part in value.split(",")]
        fix = replacement(card, at, ids[0]) if linked or (near.sure and len(ids) == 1) else None
        advice = f"write {linked!r}, whose text stands there." if linked else _advice(value, ids)
        if len(parts) > 1 and all(map(licenses.known, parts)) and at.count("/") == _OWN and (place := place_of(card, at)):
            advice = f"write `license: [{', '.join(parts)}]`."
            fix = Fix((Edit(Range(*place), f"[{', '.join(parts)}]"),), "unsafe")
        yield Problem(at, f"unknown license {_shown(value)}", help=advice, value=value, fix=fix)


def _linked(value: str) -> str | None:
    """The id of the licence whose text stands at an address."""
    if "://" not in value:
        return None
    from cardlint.checks.lic_links import read_url
    from cardlint.checks.lic_names import read

    found = read_url(value)
    ids = [each for each in licenses.ids() if read(each) == found] if found else []
    return ids[0] if len(ids) == 1 else None


def _advice(value: str, ids: tuple[str, ...]) -> str:
    if _FILE_OR_URL.match(value.strip()):
        return "Write 'other' here and give the text by `license_link`."
    if ids and ids[0] != "other":
        return f"did you mean {' or '.join(repr(each) for each in ids[:3])}?"
    return "Write 'other' here and name the terms by `license_name` and `license_link`."


def _shown(value: str) -> str:
    value = " ".join(value.split())
    return f"'{value if len(value) <= _SHOWN else value[: _SHOWN - 1] + '…'}'"


def expression(card: Card) -> Iterator[Problem]:
    """SPDX expressions where ids are demanded."""
    for at, value in texts(card, "license"):
        ids = expression_ids(value)
        if not ids:
            continue
        known = all(licenses.known(each) for each in ids)
        fix = replacement(card, at, f"[{', '.join(ids)}]", safe=False) if known and at == "/metadata/license" else None
        advice = (
            f"Write `license: [{', '.join(ids)}]`." if known else "Write 'other' and name the terms by `license_name` and `license_link`."
        )
        yield Problem(at, f"license {_shown(value)} is an SPDX expression, not an id", help=advice, value=value, fix=fix)


def expression_ids(value: str) -> tuple[str, ...]:
    """The hub's ids (else the SPDX keys) of an SPDX expression, in order; empty where the value is none."""
    if len(value) > _LONGEST_EXPRESSION or not _OPERATOR.search(value):
        return ()
    from license_expression import ExpressionError
    from spdx_tools.common.spdx_licensing import spdx_licensing

    try:
        parsed = spdx_licensing.parse(value.strip())
        if parsed is None or spdx_licensing.unknown_license_keys(parsed):
            return ()
        keys: list[str] = spdx_licensing.license_keys(parsed)
    except (ExpressionError, RecursionError):
        return ()
    return tuple(dict.fromkeys(licenses.near(key).best or key for key in keys))


def capitals(card: Card) -> Iterator[Problem]:
    """Ids that are right but for their case or blanks around them."""
    for at, value in texts(card, "license"):
        plain = value.strip().lower()
        if value != plain and licenses.known(plain):
            yield Problem(at, f"license '{value}' is '{plain}' in lower case", value=value, fix=replacement(card, at, plain))


def duplicate(card: Card) -> Iterator[Problem]:
    """The same licence twice in one list."""
    seen: set[str] = set()
    for at, value in texts(card, "license"):
        plain = value.strip().lower()
        if plain in seen:
            yield Problem(at, f"license '{value}' is listed twice", value=value)
        seen.add(plain)


def contradictory(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """Ids in one list of which one forbids what the other grants, where the body says nothing on which applies to what."""
    listed = [(at, value) for at, value in texts(card, "license") if licenses.known(value)]
    if len(listed) < 2:
        return
    for (_, one), (at, other) in combinations(listed[:8], 2):
        strict = _stricter(one, other)
        if strict and facts["sections"].get("license", {}).get("status") not in ("substantive", "thin"):
            yield Problem(at, f"licenses '{one}' and '{other}' contradict each other: '{strict}' is stricter", value=f"{one} {other}")
            return


def _stricter(one: str, other: str) -> str | None:
    for flag in ("non_commercial", "no_derivatives"):
        marked = [each for each in (one, other) if flag in licenses.flags(each)]
        if len(marked) == 1:
            return marked[0]
    return None


def in_tags(card: Card) -> Iterator[Problem]:
    """A licence that stands among the tags and not under ``license``, where the hub and its readers look for it."""
    declared = [value.strip().lower() for _, value in texts(card, "license")]
    for at, tag in texts(card, "tags"):
        low = tag.strip().lower()
        value = low.removeprefix(_TAG)
        if not licenses.known(value) or (value == low and value in _ALSO_NAMES) or value in declared:
            continue
        related = (Related("/metadata/license", f"license is '{declared[0]}'"),) if declared else ()
        said = f"but license is '{declared[0]}'" if declared else "but license is not given"
        yield Problem(at, f"tag '{tag}' names a license {said}", value=tag, related=related, about="" if declared else "license")
