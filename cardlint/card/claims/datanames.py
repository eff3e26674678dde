"""Names of datasets in running text: links to data, names before a word for data, and well-known names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import re2

from cardlint.card.claims.names import PART
from cardlint.data import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Anchor, Body
    from cardlint.card.outline import Block

LONGEST_NAME = 70
_NAME_WORD = re.compile(rf"(?:{PART}|base|large|small)$")
_NAME_HEAD = re.compile(rf"{PART}$")
_LATIN_END = re.compile(r"[A-Za-z][A-Za-z0-9_.+\-]{2,}$")
_QUOTES = "\"'`*“”"
_MOST_WORDS = 8
_CALLED = re.compile(r"(?:[A-Z][\w.+-]*[ \n]){1,6}(?:Data ?[Ss]ets?|Corpus|Corpora|Archives?)(?: ?\([A-Z][\w.-]{1,15}\))?(?![A-Za-z])")
_LATIN_TAIL = re.compile(r"(?<=[ぁ-ん])[A-Za-z0-9][\w.\-]{4,}$", re.ASCII)
_TITLED = re.compile(r"(?:data ?set|corpus),? (?:(?:called|named|known as) )?[\"“'`*]+([A-Za-z][^\"”'`*\n]{1,50}?)[\"”'`*]")
_DATA_WORD = re.compile(r"(?i)[\s\"'`*]*(?:\w+ )?(?:data ?-?sets?\b|corpus\b|corpora\b|数据集|语料|データ|コーパス|데이터|датасет|корпус)")
_NO_LABEL = re.compile(
    r"(?i)^(?:here|this|link|paper|github|code|repo|the (?:data ?set|paper|link)|(?:training |"
    r"original )?data ?sets?$|data$|hugging|🤗|website|download|model|homepage|http|source|arxiv|script|\(|"
    r"\d|.* card$)"
)
_CLAUSE = re.compile(r"[，、。：；的了是将可用]|です|ます|した|する|입니다|습니다")
_TOOL = re.compile(r"(?i)librar|framework|zoo|package|\bapi\b|model|transformers|pytorch|megatron|trainer|toolkit|gpu|tpu|colab|platform")
_OUR_WORDS = re.compile(r"(?i)\b(?:we|i|from|they|it|models?|the|and|or|in|is|was|are)\b")


class Data(NamedTuple):
    """``block.text[start:end]`` names a dataset."""

    block: Block
    start: int
    end: int
    url: str = ""
    """Where the name stands instead: the address of a link whose label does not name the data."""


class Words(NamedTuple):
    """The vocabulary of dataset names."""

    known: re2._Regexp[str]
    holds: re2.Set
    data_page: re.Pattern[str]
    other_page: re.Pattern[str]
    adjective: re.Pattern[str]
    language: re.Pattern[str]
    never: re.Pattern[str]


@cache
def words() -> Words:
    """The patterns of ``claims_datasets``."""
    read = vocabulary("claims_datasets")
    known = sorted(read["names"], key=len, reverse=True)
    pattern = rf"(?i)[^A-Za-z0-9/-](?:{'|'.join(known)})[^A-Za-z]"
    holds = re2.Set.SearchSet()
    holds.Add(pattern)
    holds.Compile()
    return Words(
        re2.compile(pattern),
        holds,
        re.compile("|".join(read["data_pages"])),
        re.compile("|".join(read["other_pages"])),
        re.compile(rf"(?i)^(?:{'|'.join(read['adjectives'])})$"),
        re.compile(rf"(?:{read['languages']}) $"),
        re.compile(rf"(?i)^(?:{'|'.join(read['never'])}|{'|'.join(map(re.escape, vocabulary('claims_languages')['names']))})$"),
    )


def candidates(body: Body, block: Block, start: int, end: int, *, pointed: int = -1) -> Iterator[Data]:
    """Every dataset that ``block.text[start:end]`` names.

    ``pointed`` is where the object of a verb of training begins: a link or an acronym there is data by its place, and
    so is what "and" joins to it.
    """
    text = block.text
    taken: list[tuple[int, int]] = []
    before = pointed
    for anchor in body.anchors_in(block, start, end):
        taken.append((anchor.start, anchor.end))
        if _HUB_DATA.match(anchor.url) and _describes(text[anchor.start : anchor.end]):
            yield Data(block, anchor.start, anchor.end, anchor.url)
        elif is_data_link(text, anchor) or (0 <= before <= anchor.start and _is_object(text, before, anchor)):
            before = anchor.end if pointed >= 0 else -1
            yield Data(block, *without_word(text, anchor.start, anchor.end))
    at = pointed
    while at > 0 and (match := _OBJECT.match(text, at, end)):
        yield from _named(block, *match.span(1), taken)
        joint = _AND.match(text, match.end(), end)
        at = joint.end() if joint else -1
    stretch = text[start:end]
    if "." in stretch:
        yield from (Data(block, *match.span(1)) for match in _DOMAIN.finditer(text, start, end))
    if "https://" in stretch:
        yield from (Data(block, *match.span(match.lastindex or 0)) for match in _BARE.finditer(text, start, end))
    hints = [start + match.start() for match in _HINT.finditer(stretch)]
    if hints:
        first, last = max(start, hints[0] - LONGEST_NAME), min(end, hints[-1] + LONGEST_NAME)
        for match in (*_CALLED.finditer(text, first, last), *_TITLED.finditer(text, first, last)):
            if text[match.start() - 1 : match.start()] != "(":
                yield from _named(block, *match.span(match.lastindex or 0), taken)
        for at in hints:
            name = _name_before(text, start, at)
            if name and text[name[0] - 1 : name[0]] != "(" and not is_known(text[name[0] : name[1]]):
                yield from _named(block, *name, taken)
    for first, last in _known(stretch):
        first, last = start + first, start + last
        if any(a < last and first < b for a, b in taken) or (
            text[first:last].isalpha() and text[first:last].islower() and not _DATA_WORD.match(text, last)
        ):
            continue
        around = _MORE.match(text, last, end)
        line = text.find("\n", last)
        stop = min(max(last, around.end() if around else last), line if line > 0 else end)
        stop = min((a for a, _ in taken if last <= a < stop), default=stop)
        if maker := _MAKER.search(text, max(start, first - 24), first):
            first = maker.start(1) if not words().adjective.match(maker.group(1)) else first
        taken.append((first, stop))
        stop = without_word(text, first, stop)[1]
        while stop > last and text[stop - 1] in " .,;:-)":
            stop -= 1
        yield Data(block, first, stop)


_DOMAIN = re.compile(r"\bfrom ((?:[A-Za-z0-9-]+\.)+(?:com|org|gov|net|edu|io|info|ru|de|fr|cn|jp|kr))(?![\w/.-]*\w)")
_MAKER = re.compile(r"(?<=[a-z,] )([A-Z][\w-]+) $")
_MORE = re.compile(
    r"[\w+-]*(?:\.\d+)*(?: [a-z]+(?= data ?set| corpus)|(?: (?!(?:The|This|It|In|For|With|On|We|And|Using|"
    r"To|As|By)\b)[A-Z0-9][\w+-]*(?:\.\d+)*){0,3})"
)
_HUB_DATA = re.compile(r"https?://(?:huggingface\.co|hf\.co)/datasets/[\w.\-]+")
_BARE = re.compile(
    r"https://huggingface\.co/datasets/([\w.\-]+(?:/[\w.\-]*\w)?)|https://(?:www\.)?kaggle\.com/(?!code|competitions)[\w\-]+/[\w\-]+(?:/[\w\-]+)?"
)
_HUB_ID = re.compile(r"huggingface\.co/datasets/([\w.\-]+(?:/[\w.\-]*\w)?)")


def hub_id(url: str) -> str:
    """The id of the dataset that an address of the hub names, else ""."""
    match = _HUB_ID.search(url)
    return match.group(1) if match else ""


def _describes(label: str) -> bool:
    """Whether a label speaks of data without naming it: "here", "dataset for spoken questions"."""
    return bool(_NO_LABEL.match(label)) or (label.islower() and label.count(" ") >= 2)


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
        if (behind and word.endswith((",", ".", ":", ";"))) or not _NAME_WORD.match(core):
            if word.startswith("("):
                return None
            tail = None if behind or core.isascii() else _LATIN_END.search(core)
            first = at - len(tail.group()) if tail else first
            break
        at -= len(word) + behind
        if _NAME_HEAD.match(core):
            first = at + word.find(core)
    return (begin + first, begin + len(whole)) if first < len(rest) else None


def _known(text: str) -> Iterator[tuple[int, int]]:
    """Where well-known names stand; the pattern takes one character before and one behind a name."""
    known = words().known
    at = 0
    text = f" {text} "
    if not words().holds.Match(text):
        return
    while match := known.search(text, at):
        first, last = match.span()
        at = last - 1
        yield first, last - 2


def is_known(text: str) -> bool:
    """Whether a text holds a well-known name."""
    return bool(words().holds.Match(f" {text} "))


_HINT = re.compile(
    r"(?<![A-Za-z_])(?:[dD]ata[ -]?[sS]et|[cC]orp(?:us|ora)|Archive|dump)|数据集|語料|语料|資料集|资料集|データ|コーパス|데이터|"
    r"말뭉치|датасет|корпус"
)
_OBJECT = re.compile(
    r"(?:the |both |a |an |\W){0,3}([A-Z][a-z]{3,}(?=[.,;](?:\s|$)|[(\n]|$| for\b)|"
    r"[A-Z][A-Za-z]*[A-Z0-9_-](?:[\w./-]*\w)?)[\"'`*)]*(?=[.,;:](?:\s|$)|[(\n]|$| \(| - | (?:for|and|with|"
    r"which|that|by|in|using|to|as)\b)"
)
_AND = re.compile(r"(?:,? and|,| &| \+)\s")
_BETWEEN = re.compile(
    r"(?i)[\s,;*\"'`+&(]*(?:(?:the|and|both|a|an|on|from|of|subsets?|portion|version|part|train(?:ing)?|"
    r"split|data ?sets?|corpus|english|\w+ish|\w+ese)[\s,;*\"'`]+){0,5}$"
)


def _is_object(text: str, before: int, anchor: Anchor) -> bool:
    """Whether a link stands right behind ``before`` and can name data."""
    label = text[anchor.start : anchor.end]
    between = text[before : anchor.start]
    return (
        len(between) <= 60
        and bool(_BETWEEN.match(between))
        and looks_named(label)
        and not _TOOL.search(label)
        and not _NO_LABEL.match(label)
        and not words().other_page.search(anchor.url)
        and not words().never.match(label)
    )


def _named(block: Block, start: int, end: int, taken: list[tuple[int, int]]) -> Iterator[Data]:
    item = cleaned(block.text, start, end)
    if item and not any(a < item[1] and item[0] < b for a, b in taken):
        taken.append(item)
        yield Data(block, *item)


def is_data_link(text: str, anchor: Anchor) -> bool:
    """Whether a link names a dataset, by its target, its label or the word that follows."""
    label = text[anchor.start : anchor.end]
    if len(label) > LONGEST_NAME or _NO_LABEL.match(label) or words().never.match(label):
        return False
    if words().data_page.search(anchor.url):
        return True
    if words().other_page.search(anchor.url) and not is_known(label):
        return False
    return bool(_DATA_WORD.search(label) or _DATA_WORD.match(text, anchor.end, anchor.end + 30) or is_known(label))


def is_label(label: str) -> bool:
    """Whether a link's label can be a name."""
    return len(label) <= LONGEST_NAME and not _NO_LABEL.match(label) and not words().never.match(label)


def without_word(text: str, start: int, end: int) -> tuple[int, int]:
    """Without an article before and the bare word dataset behind a name."""
    value = text[start:end]
    if not value.isascii() and (tail := _LATIN_TAIL.search(value)):
        return start + tail.start(), end
    colon = value.find(": ")
    if colon > 2:
        return start, start + colon
    lead = re.match(r"the ", value)
    tail = re.search(r"\s+data ?sets?\W*$", value)
    return start + (lead.end() if lead else 0), end - (len(tail.group()) if tail else 0)


def cleaned(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A name without articles and adjectives at its front; None where nothing is left."""
    adjective = words().adjective
    while start < end:
        stop = start
        while stop < end and not text[stop].isspace():
            stop += 1
        if not adjective.match(text[start:stop].strip("\"'`*,()[]")):
            break
        start = stop
        while start < end and text[start].isspace():
            start += 1
    start, end = without_word(text, start, end)
    value = text[start:end].rstrip(" .,;:*`\"'-")
    if len(value) < 2 or (len(value) == 2 and value.isalpha() and value.isascii()) or words().never.match(value):
        return None
    return start, start + len(value)


def looks_named(value: str) -> bool:
    """Whether the front of a list item can be a name: short, with a capital, a digit or an underscore, and no sentence."""
    if not 2 <= len(value) <= LONGEST_NAME or len(value.split()) > 7 or words().never.match(value) or words().adjective.match(value):
        return False
    if not value.isascii() and (_CLAUSE.search(value) or len(value) > 24):
        return False
    return value[0].isalnum() and not _OUR_WORDS.search(value) and (not value.isascii() or any(c.isupper() or c in "_-/" for c in value))
