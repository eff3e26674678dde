"""Language codes: what the hub takes in ``language``, and the code for what authors write instead.

The hub takes ISO 639-1, 639-2/T and 639-3 codes, ``code`` and ``multilingual``, in lower case and without a region.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cardlint import data
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab import nearest
from cardlint.vocab.nearest import NOTHING, Near, Spellings

_TAG = Pattern(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?((?:[-_][A-Za-z0-9]{1,8})*)")

_SHORTEST = 4
"""Letters of the shortest name that is looked up among all the languages of the world."""


_QUOTES = " \t\"'`´“”„‟‘’‚‛«»‹›"
"""What stands around a value whose quotes YAML does not take for such."""


class Tag(NamedTuple):
    """A BCP-47 tag in parts, in the case that the standard recommends; ``rest`` holds variants and extensions."""

    language: str
    script: str | None
    region: str | None
    rest: str

    def __str__(self) -> str:
        parts = [self.language, self.script, self.region, self.rest]
        return "-".join(part for part in parts if part)


def ids() -> frozenset[str]:
    """Every value that the hub takes."""
    return data.ids("languages")


def known(code: str) -> bool:
    """Whether the hub takes this very spelling."""
    return code in ids()


def name(code: str) -> str | None:
    """English name of a code, also of a collective one; None for an unknown code."""
    found: str | None = data.vocabulary("language_names")["names"].get(code)
    return found


def bare(value: str) -> str:
    """A value without the quotes of a word processor, which YAML reads as letters."""
    return value.strip(_QUOTES)


def standard(code: str) -> str:
    """The shortest code of a language, and one for all the written standards that count as it (``nb`` and ``nn`` as ``no``)."""
    same: dict[str, str] = data.vocabulary("metadata_words")["same_language"]
    code = short(code) or code
    return same.get(code, code)


def collective(code: str) -> bool:
    """Whether a code stands for a group of languages, which the hub no longer takes (``roa``, ``ber``)."""
    return code in data.vocabulary("languages")["collective"]


def withdrawn(code: str) -> bool:
    """Whether ISO 639-3 gave a code of a single language up (``ajp``, now part of ``apc``)."""
    return code in data.vocabulary("languages")["withdrawn"]


def short(code: str) -> str | None:
    """The ISO 639-1 code to prefer over a three-letter one (``deu`` and ``ger``: ``de``); None where there is none."""
    vocabulary = data.vocabulary("languages")
    found: str | None = vocabulary["short"].get(code) or vocabulary["bibliographic"].get(code)
    return found if found is not None and len(found) == 2 else None


def suspicious(code: str) -> tuple[str, ...]:
    """The codes that were perhaps meant where a valid code is also a country's: ``kr`` is Kanuri, Korean is ``ko``."""
    return Near.of(data.vocabulary("languages")["suspicious"].get(code, [])).ids


def split(value: str) -> Tag | None:
    """The parts of a tag such as ``zh-CN``, ``pt_BR`` or ``zh-Hant-TW``; None for what is no tag.

    The language is not looked up: ask `known`.
    """
    match = _TAG.fullmatch(value) if len(value) <= nearest.MAX_LENGTH else None
    if match is None:
        return None
    language, script, region, rest = match.groups()
    return Tag(language.lower(), script and script.title(), region and region.upper(), rest[1:].replace("_", "-").lower())


@lru_cache(maxsize=4096)
def near(value: str) -> Near:
    """The codes that a value probably means: a name, a country's code, a tag with a region, an older code."""
    if known(value):
        return Near((value,), sure=True)
    value = bare(value)
    lowered = value.lower()
    if known(lowered):
        return Near((lowered,), sure=True)
    vocabulary = data.vocabulary("languages")
    listed = vocabulary["confusions"].get(lowered) or vocabulary["bibliographic"].get(lowered)
    if listed is not None:
        return Near.of(listed)
    return _by_tag(value) or nearest.look_up(value, _spellings(), _common()) or _by_name(value) or nearest.guess(value, _common())


def _by_tag(value: str) -> Near:
    tag = split(value.strip())
    if tag is None or not (tag.script or tag.region or tag.rest):
        return NOTHING
    pair = [part for part in re.split(r"[-_]", value.strip()) if part]
    if len(pair) == 2 and all(len(part) == 2 and known(part) for part in pair) and pair[0] != pair[1]:
        return Near(tuple(pair))  # in lower case 'de-en' is two languages, a region stands in upper case
    return Near((tag.language,), sure=True) if known(tag.language) else NOTHING


def _by_name(value: str) -> Near:
    plain = len(nearest.squeeze(value[:_SHORTEST])) == _SHORTEST  # 'e.n' is not the language En
    return nearest.look_up(value, {}, _all_names()) if plain else NOTHING


def _spellings() -> Spellings:
    spellings: Spellings = data.vocabulary("language_names")["spellings"]
    return spellings


@cache
def _common() -> Spellings:
    """Names of the two-letter codes and curated spellings: the names worth guessing at."""
    names = data.vocabulary("language_names")["names"]
    two = {english: code for code, english in names.items() if len(code) == 2 and known(code)}
    return nearest.forms((), {**two, **_spellings()})


@cache
def _all_names() -> Spellings:
    """Every name; one that several languages share means each of them."""
    table: Spellings = {}
    for code, english in data.vocabulary("language_names")["names"].items():
        if known(code):
            form = nearest.squeeze(english)
            table[form] = [*Near.of(table[form]).ids, code] if form in table else code
    return table
