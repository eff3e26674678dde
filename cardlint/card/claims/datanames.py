"""What can name a dataset: rules on single names."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import re2

from cardlint.card.claims.names import holds_model
from cardlint.data import vocabulary
from cardlint.patterns import OneOf, Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.outline import Block

LONGEST_NAME = 70
_LATIN_TAIL = Pattern(r"(?<=[ぁ-ん])[A-Za-z0-9][\w.\-]{4,}$", re.ASCII)
_CLAUSE = Pattern(r"[，、。：；的了是将可用]|です|ます|した|する|입니다|습니다")
_MACHINE = Pattern(
    r"(?i)\b(?:nvidia|tesla|gpus?|[at]pu\w*|v100|a100|h100|rtx|colab\w*|aws|amazon|sagemaker|azure|cloud|vm|kaggle|languages?|training)\b"
    r"|model|transformer|(?<!digital )library|recognition|classification|tagging"
)
_OUR_WORDS = Pattern(r"(?i)(?<![\w/-])(?:we|i|from|they|it|models?|the|and|or|in|is|was|are)(?![\w/-])")
ARTICLE = Pattern(r"(?:the|an?) ")
_DATA_TAIL = Pattern(r"\s+data ?sets?(?:\s*[~≈]?\d[\d.,]*[kKM]?)?\W*$")
_PLACE_TAIL = Pattern(r" on (?:Hugging ?[Ff]ace|Kaggle|the Hub)$")
_REMARK = Pattern(r"\s+(?:containing|consisting|comprising)\s.*$")
_LONG = 30
MOST_BLANKS = 2
_TITLES = ("Corpus", "Dataset")
_FEWEST_OF_TITLE = 2
_WORDS_FOR_DATA = ("dataset", "data", "corpus")
_PARTS_OF_NAMES = frozenset(
    ("Open", "Large", "Common", "Natural", "Web", "Public", "Real", "Free", "Text", "Image", "Speech", "Multilingual")
)
_COMPOUND = Pattern(r"[A-Z][a-z]+-[A-Z][a-z]+")
_OF_MODEL = Pattern(r"\b(?:Trained|Pretrained|[Mm]odels?)\b")
_BRACKET = Pattern(r" ?\([^()]*\)$")
_TRAINING_BEHIND = Pattern(r" (?:pre-?)?training (?:data|corpus)")
_FIRST_WORDS = ("the", "new")
WITH_FIRST_WORD = Pattern(r"[Tt]he (?:Pile|Stack|PILE)\b|New (?:York|Zealand|England|Yorker)\b")
_MARKS = frozenset("_-/")


class Data(NamedTuple):
    """``block.text[start:end]`` names a dataset."""

    block: Block
    start: int
    end: int
    url: str = ""
    """Where the name stands instead: the address of a link whose label does not name the data."""


class _Words(NamedTuple):
    """The vocabulary of dataset names."""

    known: str
    holds: re2.Set
    adjective: OneOf
    never: OneOf
    plain: OneOf
    languages: frozenset[str]


@cache
def _words() -> _Words:
    read = vocabulary("claims_datasets")
    known = sorted(read["names"], key=len, reverse=True)
    pattern = rf"[^A-Za-z0-9/_-](?:{'|'.join(known)})[^A-Za-z]"
    holds = re2.Set.SearchSet()
    holds.Add(pattern.lower())  # in small letters it is made in half of the time
    holds.Compile()
    return _Words(
        pattern,
        holds,
        OneOf(read["adjectives"]),
        OneOf(read["never"]),
        OneOf(read["plain"], any_case=False),
        frozenset(name.lower() for name in vocabulary("claims_languages")["names"]),
    )


@cache
def _known() -> re2._Regexp[str]:
    """The pattern of well-known names: compiled where one of them stands, which `holds` tells."""
    return re2.compile("(?i)" + _words().known)


# The same words stand in thousands of cards, so what a word or a short text is, is worked out once.
@lru_cache(8192)
def is_adjective(word: str) -> bool:
    """Whether a word stands before names and is no part of them: articles, numbers, "large", "Arabic-language"."""
    return _words().adjective.holds(word)


@lru_cache(8192)
def is_never(text: str) -> bool:
    """Whether a text names no dataset though it stands where names do: languages, tasks, machines, settings."""
    return text.lower() in _words().languages or (_words().never.holds(text) and (0, len(text)) not in known_names(text))


@lru_cache(4096)
def is_plain(phrase: str) -> bool:
    """Whether a lower-case phrase names nothing: "medical news"."""
    plain = _words().plain
    return all(plain.holds(word) or is_adjective(word) for word in phrase.split())


@lru_cache(4096)
def is_subject(phrase: str) -> bool:
    """Whether capitalised words behind a verb of training can name data: not a language, a task, a machine or a model."""
    return not (
        is_never(phrase)
        or _MACHINE.search(phrase)
        or holds_model(phrase)
        or all(is_never(word) or is_plain(word.lower()) or is_adjective(word) for word in phrase.split())
    )


@lru_cache(4096)
def tells_no_more(phrase: str) -> bool:
    """Whether several words are all such as stand before names: "Open Source English-language", "Smaller Datasets"."""
    return " " in phrase and all(is_plain(word.lower()) or is_adjective(word) for word in phrase.split())


@lru_cache(4096)
def is_kind(phrase: str) -> bool:
    """Whether words tell a language and a kind of data and name none: "English Question Answering", "Hindi-English"."""
    phrase = _BRACKET.sub("", phrase)
    words = phrase.split() if " " in phrase else phrase.split("-")
    if len(words) > _FEWEST_OF_TITLE and words[-1] in _TITLES:
        return False
    languages = _words().languages
    return len(words) > 1 and any(word.lower() in languages for word in words) and all(map(_tells_kind, words))


def _tells_kind(word: str) -> bool:
    return word.lower() in _words().languages or is_adjective(word) or is_plain(word.lower())


@lru_cache(2048)
def known_names(text: str) -> tuple[tuple[int, int], ...]:
    """Where well-known names stand."""
    # The pattern takes one character before and one behind a name.
    text = f" {text} "
    if not _words().holds.Match(text.lower()):
        return ()
    found = []
    at = 0
    while match := _known().search(text, at):
        first, last = match.span()
        at = last - 1
        found.append((first, last - 2))
    return tuple(found)


@lru_cache(4096)
def is_known(text: str) -> bool:
    """Whether a text holds a well-known name."""
    return bool(_words().holds.Match(f" {text.lower()} "))


def is_known_part(text: str) -> bool:
    """Whether a text is a well-known name in lower case with the word that tells the part: "oscar ja"."""
    return text.count(" ") == 1 and text.islower() and any(start == 0 for start, _ in known_names(text))


def without_word(text: str, start: int, end: int) -> tuple[int, int]:
    """Without an article before and the bare word dataset behind a name."""
    if " on " in text[start:end] and (place := _PLACE_TAIL.search(text, start, end)):
        end = place.start()
    value = text[start:end]
    if not value.isascii() and (tail := _LATIN_TAIL.search(value)):
        return start + tail.start(), end
    colon = value.find(": ")
    if colon > 2:
        return (start + colon + 2, end) if value[:colon].lower() in _WORDS_FOR_DATA else (start, start + colon)
    tail = _DATA_TAIL.search(value) if "data" in value else None
    if tail is None and end - start > _LONG:
        tail = _REMARK.search(value)
    article = ARTICLE.match(value) if not WITH_FIRST_WORD.match(value) else None
    return start + (article.end() if article else 0), end - (len(tail.group()) if tail else 0)


def _begins_name(word: str, text: str, start: int, stop: int) -> bool:
    """Whether an adjective or an article is the first word of a name: "Open Images", "New York Times", "The Pile"."""
    if not text[stop + 1 : stop + 2].isupper():
        return False
    if word.lower() in _FIRST_WORDS:
        return bool(WITH_FIRST_WORD.match(text, start))
    return word in _PARTS_OF_NAMES or bool(_COMPOUND.fullmatch(word))


def cleaned(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A name without articles and adjectives at its front; None where nothing is left."""
    while start < end:
        stop = start
        while stop < end and not text[stop].isspace():
            stop += 1
        word = text[start:stop].strip("\"'`*,()[]")
        if not is_adjective(word) or _begins_name(word, text, start, stop):
            break
        start = stop
        while start < end and text[start].isspace():
            start += 1
    start, end = without_word(text, start, end)
    value = text[start:end].rstrip(" .,;:*`\"'-")
    if (address := value.find(" http")) > 0:
        value = value[:address].rstrip(" .,;:*`\"'-(")
    if "”" in value and "“" not in value:
        value = value[: value.find("”")]
    if len(value) < 2 or value.endswith("/") or (len(value) == 2 and value.isalpha() and value.isascii()) or is_never(value):
        return None
    return start, start + len(value)


@lru_cache(4096)
def looks_named(value: str) -> bool:
    """Whether the front of a list item can be a name: short, with a capital, a digit or an underscore, and no sentence."""
    if not 2 <= len(value) <= LONGEST_NAME or len(value.split()) > 7 or is_never(value) or is_adjective(value):
        return False
    if not value.isascii():
        return value[0].isalnum() and len(value) <= 24 and not _CLAUSE.search(value) and not _OUR_WORDS.search(value)
    if value.islower() and (_MARKS.isdisjoint(value) or value.count(" ") > MOST_BLANKS):
        return False
    return value[0].isalnum() and (not _OUR_WORDS.search(value) or bool(WITH_FIRST_WORD.match(value)))


class Found:
    """What was found in a block, and what of its text is part of a name already."""

    __slots__ = ("block", "data", "taken")

    def __init__(self, block: Block) -> None:
        self.block = block
        self.data: list[Data] = []
        self.taken: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        """Keep a name without adjectives, where none was found before."""
        text = self.block.text
        if start >= len("the ") and WITH_FIRST_WORD.match(text, start - len("the "), end):
            start -= len("the ")
        item = cleaned(text, start, end)
        if item and not (
            is_kind(name := text[item[0] : item[1]])
            or _OF_MODEL.search(name)
            or (_TRAINING_BEHIND.match(text, item[1]) and holds_model(name) and not is_known(name))
        ):
            self.keep(*item)

    def keep(self, start: int, end: int) -> None:
        """Keep a name as it stands, where none was found before."""
        if not self.overlaps(start, end):
            self.taken.append((start, end))
            self.data.append(Data(self.block, start, end))

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a part of ``text[start:end]`` belongs to a name."""
        return any(first < end and start < last for first, last in self.taken)
