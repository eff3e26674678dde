"""Datasets named around a word for data: "the X dataset", "a corpus called X", "X training data"."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint.card.claims.datanames import LONGEST_NAME, is_kind, is_known, is_plain, is_subject
from cardlint.card.claims.names import PART
from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    import re

    from cardlint.card.claims.datanames import Found

_HINT_STEMS = ("data", "Data", "orp", "Archive", "Treebank", "dump", "sources: ")
_HINT = Pattern(
    r"(?<![A-Za-z_])(?<!sub-)(?:[dD]ata[ -]?[sS]et(?!s library)|[cC]orp(?:us|ora)|Archive|Database|Treebank|dump)|"
    r"数据集|語料|语料|資料集|资料集|データ|コーパス|데이터|"
    r"말뭉치|датасет|корпус"
)
_CALLED = Pattern(
    r"(?<![A-Za-z0-9])(?:[A-Z][\w.+-]*[ \n]){1,6}(?:Data ?[Ss]ets?|Corpus|Corpora|Archives?|Databases?|Treebank)"
    r"(?: ?\([A-Z][\w.-]{1,15}\))?(?![A-Za-z]| [Ll]ibrary)"
)
_TITLED = Pattern(
    r"(?:[dD]ata ?[sS]et|[cC]orpus)(?:,? (?:\(?(?:called|named|known as|dubbed) )?[\"“'`*]+([A-Za-z][^\"”'`*\n]{1,50}?)[\"”'`*]"
    r"|,? (?:is |was )?\(?(?:called|named|known as|dubbed) (?:the )?([A-Z][\w-]+(?: [A-Z\d][\w-]*){0,4})| ([A-Z][\w-]*(?:[A-Z_]|\d)[\w-]*))"
)
# A name, words that say what kind of data it is, and the word for data.
_OF_KIND = Pattern(
    r"(?<![\w/-])([A-Z][\w.-]{0,30}(?:[A-Z\d_]|-[A-Za-z])[\w-]{0,30}|[A-Z]{3,}|"
    r"(?:(?<=the )|(?<=on )|(?<=using )|(?<=from ))[A-Z](?![a-z]*(?:ian|ese|ish|krit|ean|can)\b)[a-z]{4,}|"
    r"[a-z]+_[\w-]{0,40}\w)(?: ?\([\w. -]{2,20}\))?"
    r"((?: (?!(?:and|or|on|of|the|a|an|for|with|from|to|in|is|as|using|models?|related|based)\b)[a-z][a-z-]+"
    r"| [A-Z][a-z]+-[A-Z][a-z]+){1,5}) (?:data ?sets?|corpus|corpora)(?![A-Za-z])"
)
_PLAIN_DATA = Pattern(
    r"(?<![\w/.-])([A-Z][\w-]{0,30}[A-Z\d][\w-]{0,30}(?: \d+)?|[a-z]+_[\w-]{0,40}\w) "
    r"(?:(?:back-)?translated |parallel |monolingual |bilingual |annotated |labell?ed )?"
    r"(?:training |train )?data"
    r"(?![A-Za-z-]| (?:clean|augment|parallel|process|load|format|struct|pre|point|type))"
)
_GENERATOR = Pattern(r"(?:Chat)?GPT-?\d|Claude|Gemini|DALL")
"""What writes data: "GPT-4 data" has no name."""
_SHORT = Pattern(r"(?:data ?set|corpus) \(([A-Z][A-Z\d]{2,}[\w-]*|[a-z]+-[\w-]*\d[\w-]*)\)")
_ENUMERATED = Pattern(r"(?:[\w.+/-]*\w[\"'`*]*(?:, (?:and )?| and | & )[\"'`*]*)+[\w.+/-]*\w[\"'`*]* ?$")
_LISTING = Pattern(r"(?:data ?sets|corpora|sources): ((?:[A-Za-z][\w+/.-]*(?<![.])(?:,? and |, | & |(?=[.;\n]|$))){2,20})")
_ONE = Pattern(r"[\w.+/-]*\w")
_SHAPED = Pattern(r"[A-Za-z]*(?:[a-z][A-Z]|[A-Z]{2}|[A-Za-z]\d|\w[_-][\w-]*\d|[A-Z]\w*-)[\w.+/-]*")
_JOINED_WORDS = Pattern(r"[\w.+/]*(?:[A-Z\d_]|-)[\w.+/-]*")
_LONGEST_LIST = 240
_QUOTED = Pattern(r"[\"“]([A-Z][^\"“”\n]{3,60} (?:[Dd]ata ?[Ss]et|[Cc]orpus))[\"”]")
_NAME_WORD = Pattern(rf"(?:{PART}|base|large|small)$")
_NAME_HEAD = Pattern(rf"{PART}$")
_ID_BEFORE = Pattern(r"[\w-]+[/_][\w-]+ $")
_LATIN_END = Pattern(r"[A-Za-z][A-Za-z0-9_.+\-]{2,}$")
_COMPOUND = Pattern(r"[a-z]+(?:-[a-z]+)+")
_CONNECTING = frozenset(("of", "de", "du", "des"))
_DATA_LENGTH = len("data sets") + 1
_UNNAMED = ("internal ", "proprietary ", "in-house ")
_QUOTES = "\"'`*“”"
_MOST_WORDS = 8
WORD_BEHIND = Pattern(r"(?i)[\s\"'`*]*(?:\w+ )?(?:data ?-?sets?\b|corpus\b|corpora\b|数据集|语料|データ|コーパス|데이터|датасет|корпус)")
"""A word for data behind a name."""
PLURAL = Pattern(r"[\s\"'`*]*(?:data ?sets|corpora)\b")


@cache
def not_data_of() -> frozenset[str]:
    """What stands before the word data without naming any: "CSV"."""
    return frozenset(vocabulary("claims_datasets")["not_data_of"])


def around_words(found: Found, start: int, end: int, known: list[tuple[int, int]]) -> None:
    """Keep the names around each word for data in ``text[start:end]``; ``known`` is where well-known names stand."""
    text = found.block.text
    stretch = text[start:end]
    if stretch.isascii() and not any(stem in stretch for stem in _HINT_STEMS):
        return
    hints = [match.start() for match in _HINT.finditer(text, start, end)]
    if hints:
        _around(found, start, end, hints, known)
    if " data" in stretch:
        for match in _PLAIN_DATA.finditer(text, start, end):
            if match.group(1) not in not_data_of() and not _GENERATOR.match(match.group(1)):
                found.add(*match.span(1))


def _around(found: Found, start: int, end: int, hints: list[int], known: list[tuple[int, int]]) -> None:
    text = found.block.text
    for at in hints:
        if text[at - 2 : at - 1].islower():
            for match in _OF_KIND.finditer(text, max(start, at - LONGEST_NAME), min(end, at + _DATA_LENGTH)):
                within = any(first < match.start() < last for first, last in known)
                if not within and not found.overlaps(*match.span()) and not is_kind(match.group(1)):
                    found.add(match.start(), match.end(1 + _whole(match)))
    titles: list[re.Match[str]] = list(_QUOTED.finditer(text, start, end))
    for at in hints:
        if text[at].isupper():
            titles += _CALLED.finditer(text, max(start, at - LONGEST_NAME), min(end, at + LONGEST_NAME))
        if titled := _TITLED.match(text, at, end):
            titles.append(titled)
    for match in titles:
        if text[match.start() - 1 : match.start()] != "(":
            found.add(*match.span(match.lastindex or 0))
    for at in hints:
        if listing := _LISTING.match(text, at, end):
            for word in _ONE.finditer(text, *listing.span(1)):
                if (not word.group().isalpha() or word.group()[0].isupper() or is_known(word.group())) and is_subject(word.group()):
                    found.add(*word.span())
        if PLURAL.match(text, at):
            _enumerated(found, max(start, at - _LONGEST_LIST), at)
        name = _name_before(text, start, at)
        if name and text[name[0] - 1 : name[0]] != "(" and _can_name(text, *name):
            found.add(*name)
        elif not name and (short := _SHORT.match(text, at, end)) and short.group(1) not in not_data_of():
            found.add(*short.span(1))


def _can_name(text: str, start: int, end: int) -> bool:
    """Whether what stands before a word for data names any: no well-known name, which is found apart, no "internal Acme dataset"."""
    name = text[start:end]
    return not is_known(name) and name not in not_data_of() and not text.endswith(_UNNAMED, 0, start)


def _is_plain_here(text: str, at: int) -> bool:
    """Whether a compound in lower case at ``at`` is an adjective: no article and no mark stands before it."""
    return not text.endswith(("the ", '"', "`", "*", "“"), 0, at)


def _enumerated(found: Found, start: int, end: int) -> None:
    """The names that one word for data ends: "the snli-v1.0, multi-nli-1.0 and nli-fever datasets"."""
    text = found.block.text
    listed = _ENUMERATED.search(text, start, end)
    if listed is None:
        return
    words = list(_ONE.finditer(text, listed.start(), end))
    if sum(bool(_SHAPED.fullmatch(word.group())) or is_known(word.group()) for word in words) > 1:
        for word in words:
            if (_JOINED_WORDS.fullmatch(word.group()) or is_known(word.group())) and is_subject(word.group()):
                found.add(*word.span())


def _whole(match: re.Match[str]) -> bool:
    """Whether the one word between a name and the word for data belongs to the name: "MIT movies dataset"."""
    between = match.group(2).split()
    return len(between) == 1 and between[0].isalpha() and between[0].islower() and not is_plain(between[0])


def _name_before(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The words of a name right before ``end``, with the remark in brackets behind them."""
    begin = max(start, end - LONGEST_NAME)
    whole = text[begin:end].rstrip(_QUOTES + " \n")
    rest = whole
    if rest.endswith(")"):
        rest = rest[: max(rest.rfind("("), 0)].rstrip(_QUOTES + " \n")
    first = at = len(rest)
    for word in reversed(rest.replace("\n", " ").split(" ")[-_MOST_WORDS:]):
        core = word.strip(_QUOTES)
        behind = at < len(rest)
        if behind and core == "-" and _ID_BEFORE.search(rest, 0, at - len(" -")):
            at -= len(word) + 1
            continue
        if behind and core in _CONNECTING:
            at -= len(word) + behind
            continue
        if (behind and word.endswith((",", ".", ":", ";"))) or not _NAME_WORD.match(core):
            if word.startswith("("):
                return None
            tail = None if behind or core.isascii() else _LATIN_END.search(core)
            first = at - len(tail.group()) if tail else first
            break
        at -= len(word) + behind
        if _NAME_HEAD.match(core) and not (_COMPOUND.fullmatch(core) and _is_plain_here(rest, at)):
            first = at + word.find(core)
    if first >= len(rest):
        return None
    if rest.endswith(" and ", 0, first) and len(rest) < len(whole):
        # What "and" joins was not read, so that the short form in brackets names it best.
        return begin + whole.rfind("(") + 1, begin + len(whole) - 1
    return begin + first, begin + len(whole)
