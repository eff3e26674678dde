"""Values of ``language``: codes the hub does not take, and what was probably meant."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.checks.fm_values import is_filler
from cardlint.checks.values import duplicates, replacement, suggestion, texts
from cardlint.model import Edit, Fix, Problem, Range
from cardlint.vocab import languages
from cardlint.vocab.nearest import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_SHORT = 3
"""Values up to this many letters are read as codes: what they mean is less certain than what a name means."""


_UNKNOWN = "unk"
"""What tools write for an unknown language; in ISO 639-3 it is Enawené-Nawé."""

_SHOWN = 3

_FULL = "language_bcp47"
"""The key that holds tags with a region or a script."""

_AT = "/metadata/language"
"""Where one value stands that is not in a list."""

_PLAIN = {"no": "'no'"}
"""How a code is written that older readers of YAML take for something else."""

_BETWEEN = re.compile(r"[\s,;/&+|]+|\band\b")
"""What stands between languages that are listed in one value."""

_OF_MANY = ("multilingual", "code")
"""Values of ``language`` beside which a card may speak of any language."""

_FEW = 8
"""Languages up to which a list is one person's and not the index of a multilingual corpus, which holds Breton and Welsh rightly."""


def is_unknown(text: str) -> bool:
    """Whether a text is no code that the hub takes."""
    return not languages.known(text)


def is_long(text: str) -> bool:
    """Whether a code has a shorter one."""
    return len(text) == 3 and languages.short(text) is not None


def is_suspicious(text: str) -> bool:
    """Whether a code is often mistaken for another."""
    return text == _UNKNOWN or bool(languages.suspicious(text))


def is_language_tag(text: str) -> bool:
    """Whether a tag is a language's name or code."""
    return _language_of_tag(text) is not None


def unknown(card: Card) -> Iterator[Problem]:
    """Values that are no language code in any form."""
    for at, value in texts(card, "language"):
        if languages.known(value) or not value.strip() or _regional(value) or _given_up(value) or is_filler("language", value):
            continue
        near = languages.near(value)
        if _pair(value):
            help_text = f"write {near.ids[0]!r} and {near.ids[1]!r} as two items."
            yield Problem(at, f"language {value!r} names two languages in one value", help=help_text, value=value)
            continue
        if not near.sure and (codes := _several(value)):
            listed = f"[{', '.join(_PLAIN.get(code, code) for code in codes)}]"
            place = card.front_matter.values.get("/language") if at == _AT else None
            help_text = f"write `language: {listed}`." if place else f"write {_and(codes)} as {len(codes)} items."
            fix = Fix((Edit(Range(*place), listed),), "unsafe") if place and "\n" not in card.text[slice(*place)] else None
            yield Problem(at, f"language {value!r} names {len(codes)} languages in one value", help=help_text, value=value, fix=fix)
            continue
        certain = len(squeeze(value)) > _SHORT or near.ids[:1] == (languages.bare(value),)
        fix = replacement(card, at, near.ids[0], safe=certain) if near.sure else None
        yield Problem(at, f"unknown language {value!r}", help=suggestion(near), value=value, fix=fix)


def regional(card: Card) -> Iterator[Problem]:
    """A known language with a region, script or variant behind it."""
    found = [(at, value, tag) for at, value in texts(card, "language") if not languages.known(value) and (tag := _regional(value))]
    fix = _moved(card, found) if found else None
    for at, value, tag in found:
        help_text = f"write {tag.language!r} here and keep {str(tag)!r} in `{_FULL}`."
        yield Problem(at, f"language {value!r} carries more than a language code", help=help_text, value=value, fix=fix)


def _moved(card: Card, found: list[tuple[str, str, languages.Tag]]) -> Fix | None:
    """The fix that leaves the bare codes and lists the full tags under a key of their own, once for all of them."""
    fixes = [replacement(card, at, tag.language) for at, _, tag in found]
    start, end = card.front_matter.keys["/language"][0], card.front_matter.values["/language"][1]
    below = card.text.find("\n", end) + 1
    if not all(fixes) or card.text[start - 1 : start] != "\n" or not below:
        return None
    edits = [edit for fix in fixes if fix for edit in fix.edits]
    if _FULL not in card.front_matter.metadata:
        tags = dict.fromkeys(str(tag) for _, _, tag in found)
        edits.append(Edit(Range(below, below), "".join([f"{_FULL}:\n", *(f"- {tag}\n" for tag in tags)])))
    return Fix(tuple(edits), "unsafe")


def given_up(card: Card) -> Iterator[Problem]:
    """Codes of groups of languages, and codes that the standard gave up."""
    for at, value in texts(card, "language"):
        if languages.known(value) or not _given_up(value):
            continue
        name = languages.name(value)
        what = "stands for a group of languages" if languages.collective(value) else "is no longer a language code"
        shown = f"{value!r} ({name})" if name else repr(value)
        yield Problem(at, f"language {shown} {what}", help=suggestion(languages.near(value), "use"), value=value)


def long_code(card: Card) -> Iterator[Problem]:
    """Three-letter codes of languages that have a two-letter one; the first few of a long list."""
    found = [(at, value, languages.short(value)) for at, value in texts(card, "language") if len(value) == 3]
    for at, value, code in islice((each for each in found if each[2]), _SHOWN):
        message = f"language {value!r} has the shorter code {code!r}"
        yield Problem(at, message, value=value, fix=replacement(card, at, str(code)))


def country(card: Card) -> Iterator[Problem]:
    """A language's code that is also a country's, where the text speaks of the country's language and not of that one."""
    listed = list(texts(card, "language"))
    for at, value in listed if len(listed) <= _FEW else ():
        meant = languages.suspicious(value)
        if not meant and value != _UNKNOWN:
            continue
        body = card.text[card.front_matter.end :].lower()
        if any(word in body for word in _names(value)):
            continue
        if value == _UNKNOWN:
            yield Problem(at, f"language {value!r} is {languages.name(value)}, not an unknown language", value=value)
            continue
        code = next((code for code in meant if card.language == code or any(word in body for word in _names(code))), None)
        if code is not None:
            message = f"language {value!r} is {languages.name(value)}; the card speaks of {languages.name(code)}"
            yield Problem(at, message, help=f"did you mean {code!r}?", value=value, fix=replacement(card, at, code, safe=False))


def repeated(card: Card) -> Iterator[Problem]:
    """Languages listed more than once, in one spelling or several."""
    return duplicates(card, "language", "languages are", lambda value: languages.short(value) or value.lower())


def in_tags(card: Card) -> Iterator[Problem]:
    """A language as a tag where the card declares none, or others: the first one."""
    declared = {value for _, value in texts(card, "language")}
    codes = {languages.standard(value) for value in declared}
    if card.front_matter.metadata.get("language") and not (declared and all(map(languages.known, declared)) and codes.isdisjoint(_OF_MANY)):
        return
    for at, value in texts(card, "tags"):
        code = _language_of_tag(value)
        if code and not declared:
            help_text = f"write `language: {code}`."
            yield Problem(at, f"tag {value!r} names a language but `language` is not given", help=help_text, value=value, about="language")
        elif code and languages.standard(code) not in codes:
            message = f"tag {value!r} names a language that `language` does not list"
            yield Problem(at, message, help=f"add {code!r} to `language`, or delete the tag.", value=value)
            return


def _language_of_tag(tag: str) -> str | None:
    if tag in data.words("metadata_words", "language_tags"):  # those that mean nothing else: ``pt`` is also PyTorch
        return tag
    if len(tag) <= _SHORT or not tag.isalpha() or squeeze(tag) not in _short_names():
        return None
    near = languages.near(tag)
    name = languages.name(near.ids[0]) if near.sure else None
    return near.ids[0] if name and len(near.ids[0]) == 2 and squeeze(name) == squeeze(tag) else None


@cache
def _short_names() -> frozenset[str]:
    """The names of the languages that have a two-letter code."""
    return frozenset(squeeze(languages.name(code) or "") for code in languages.ids() if len(code) == 2)


def _regional(value: str) -> languages.Tag | None:
    """The parts of a tag with more than a language, None for everything else."""
    tag = languages.split(value.strip())
    if tag is None or not (tag.script or tag.region or tag.rest) or not languages.known(tag.language) or _pair(value):
        return None
    return tag


def _pair(value: str) -> bool:
    near = languages.near(value)
    return len(near.ids) == 2 and all(squeeze(value) == a + b for a, b in (near.ids,))


def _several(value: str) -> tuple[str, ...]:
    """The codes of languages that a value lists by name or code, each for certain; empty where it does not."""
    parts = [part for part in _BETWEEN.split(value.strip()) if part]
    if not 1 < len(parts) <= _FEW:
        return ()
    codes = [_code(part) for part in parts]
    return tuple(code for code in codes if code) if all(codes) and len(set(codes)) == len(codes) else ()


def _code(name: str) -> str | None:
    """The code that a name or a code of two letters stands for."""
    if len(name) <= _SHORT:
        return name if len(name) == 2 and languages.known(name) else None
    near = languages.near(name)
    return near.ids[0] if near.sure else None


def _and(codes: tuple[str, ...]) -> str:
    return f"{', '.join(repr(code) for code in codes[:-1])} and {codes[-1]!r}"


def _given_up(value: str) -> bool:
    return languages.collective(value) or languages.withdrawn(value)


def _names(code: str) -> tuple[str, ...]:
    name = (languages.name(code) or "").split("(")[0].strip().lower()
    return tuple(part.strip() for part in name.split(";") if len(part.strip()) > _SHORT)
