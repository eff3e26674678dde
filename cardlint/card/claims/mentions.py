"""Datasets that running text names: links to data, objects of verbs of training, names before a word for data, known names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cardlint.card.claims.datanames import (
    LONGEST_NAME,
    TOOL_BEHIND,
    Data,
    Page,
    cleaned,
    describes,
    is_adjective,
    is_data_link,
    is_known,
    is_label,
    is_never,
    is_plain,
    is_subject,
    known_names,
    looks_named,
    page_kind,
    without_word,
)
from cardlint.card.claims.names import PART, holds_model
from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from cardlint.card.claims.body import Anchor, Body
    from cardlint.card.outline import Block

# Where names stand: behind a verb of training.
_END = r"[.,;:](?:\s|$)|[(\n]|$| \("
_OBJECT = Pattern(
    r"(?:the |both |a |an |\W){0,3}([A-Z][a-z]{3,}(?=[.,;](?:\s|$)|[(\n]|$| for\b)|"
    r"[A-Z][A-Za-z]*[A-Z0-9_-](?:[\w./-]*\w)?|[a-z]+(?:_[\w-]*\w|\d\w*))[\"'`*)]*"
    rf"(?={_END}| - | (?:for|and|with|which|that|by|in|using|to|as|train)\b)"
)
_AND = Pattern(r"(?:,? and|,| &| \+)\s")
_PHRASE = Pattern(
    r"(?:the )?[\"“`*]*((?:[A-Z][\w’'-]+ ){1,4}(?:[A-Z][\w-]*(?: \d[\d.]*)?|reviews?|tweets|articles|abstracts|notes|images|pictures|posts|"
    r"comments|subtitles|papers|patents|books|conversations|dialogues|transcripts|recordings|poems|stories|screenshots|icons|sprites|logos)"
    r"(?: ?\([A-Z][\w.-]{1,15}\))?)[\"”`*]*"
    rf"(?={_END}| (?:for|and|with|which|that|by|in|using|to|as|from|of|images|pictures)\b)"
)
_SOURCE = Pattern(
    r"(?<![a-z])([a-z]{4,}) (?:from|on|(?P<of>of)) (?:the |an? )?[\"“`*]*"
    r"((?:[A-Z][\w’-]+ ){1,3}[A-Z][\w-]*[A-Za-z0-9]|[A-Z][a-z]*[A-Z\d][\w-]*|"
    r"Twitter|Reddit|Midjourney)[\"”`*]*(?:['’]s\b)?"
    rf"(?={_END}| (?:for|and|with|which|that|by|in|using|to|as|from|\d+|data|data ?sets?|corpus|archive|dump)\b)"
)
_DOMAIN = Pattern(r"\bfrom ((?:[A-Za-z0-9-]+\.)+(?:com|org|gov|net|edu|io|info|ru|de|fr|cn|jp|kr))(?![\w/.-]*\w)")
_BARE = Pattern(
    r"https://huggingface\.co/datasets/([\w.\-]+(?:/[\w.\-]*\w)?)|"
    r"https://(?:www\.)?kaggle\.com/(?!code|competitions)[\w\-]+/[\w\-]+(?:/[\w\-]+)?"
)

# Around a word for data.
_HINT_STEMS = ("data", "Data", "orp", "Archive", "dump")
_HINT = Pattern(
    r"(?<![A-Za-z_])(?:[dD]ata[ -]?[sS]et|[cC]orp(?:us|ora)|Archive|dump)|数据集|語料|语料|資料集|资料集|データ|コーパス|데이터|"
    r"말뭉치|датасет|корпус"
)
_CALLED = Pattern(
    r"(?<![A-Za-z0-9])(?:[A-Z][\w.+-]*[ \n]){1,6}(?:Data ?[Ss]ets?|Corpus|Corpora|Archives?)(?: ?\([A-Z][\w.-]{1,15}\))?(?![A-Za-z])"
)
_TITLED = Pattern(
    r"(?:[dD]ata ?[sS]et|[cC]orpus)(?:,? (?:\(?(?:called|named|known as|dubbed) )?[\"“'`*]+([A-Za-z][^\"”'`*\n]{1,50}?)[\"”'`*]"
    r"|,? \(?(?:called|named|known as|dubbed) (?:the )?([A-Z][\w-]+(?: [A-Z][\w-]+){0,4})| ([A-Z][\w-]*(?:[A-Z_]|\d)[\w-]*))"
)
# A name, words that say what kind of data it is, and the word for data.
_OF_KIND = Pattern(
    r"(?<![\w/-])([A-Z][\w.-]{0,30}(?:[A-Z\d_]|-[A-Za-z])[\w-]{0,30}|[A-Z]{3,}|"
    r"(?<=the )[A-Z](?![a-z]*(?:ian|ese|ish|krit|ean|can)\b)[a-z]{4,}|[a-z]+_[\w-]{0,40}\w)(?: ?\([\w. -]{2,20}\))?"
    r"((?: (?!(?:and|or|on|of|the|a|an|for|with|from|to|in|is|as|using|models?|related|based)\b)[a-z][a-z-]+"
    r"| [A-Z][a-z]+-[A-Z][a-z]+){1,5}) (?:data ?sets?|corpus|corpora)(?![A-Za-z])"
)
_PLAIN_DATA = Pattern(
    r"(?<![\w/.-])([A-Z][\w-]{0,30}[A-Z\d][\w-]{0,30}|[a-z]+_[\w-]{0,40}\w) "
    r"(?:(?:back-)?translated |parallel |monolingual |bilingual |annotated |labell?ed )?"
    r"(?:training |train )?data"
    r"(?![A-Za-z-]| (?:clean|augment|parallel|process|load|format|struct|pre|point|type))"
)
_ENUMERATED = Pattern(r"(?:[\w.+/-]*\w[\"'`*]*(?:, (?:and )?| and | & )[\"'`*]*)+[\w.+/-]*\w[\"'`*]* ?$")
_ONE = Pattern(r"[\w.+/-]*\w")
_SHAPED = Pattern(r"[A-Za-z]*(?:[a-z][A-Z]|[A-Z]{2}|[A-Za-z]\d|\w[_-][\w-]*\d|[A-Z]\w*-)[\w.+/-]*")
_JOINED_WORDS = Pattern(r"[\w.+/]*(?:[A-Z\d_]|-)[\w.+/-]*")
_LONGEST_LIST = 240
_QUOTED = Pattern(r"[\"“]([A-Z][^\"“”\n]{3,60} (?:[Dd]ata ?[Ss]et|[Cc]orpus))[\"”]")
_NAME_WORD = Pattern(rf"(?:{PART}|base|large|small)$")
_NAME_HEAD = Pattern(rf"{PART}$")
_LATIN_END = Pattern(r"[A-Za-z][A-Za-z0-9_.+\-]{2,}$")
_CONNECTING = frozenset(("of", "de", "du", "des"))
_DATA_LENGTH = len("data sets") + 1
_QUOTES = "\"'`*“”"
_MOST_WORDS = 8

# Around a link or a known name.
_HUB_DATA = Pattern(r"https?://(?:(?:huggingface\.co|hf\.co)/datasets/[\w.\-]|(?:www\.)?kaggle\.com/(?:c|competitions|datasets)/)")
_TOOL = Pattern(
    r"(?i)librar|framework|zoo|scikit|package|\bapi\b|model|transformers|pytorch|megatron|trainer|toolkit|gpu|tpu|colab|platform"
)
_COMMA = Pattern(r"[\s\"'`*]*(?:,|,? ?\band\b|&)[\s\"'`*]*(?:the )?[\"'`*]*")
_PLURAL = Pattern(r"[\s\"'`*]*(?:data ?sets|corpora)\b")
_BETWEEN = Pattern(
    r"(?i)[\s,;*\"'`+&(]*(?:(?:the|and|both|a|an|on|from|of|subsets?|portion|version|part|train(?:ing)?|"
    r"split|data ?sets?|corpus|english|\w+ish|\w+ese)[\s,;*\"'`]+){0,5}$"
)
_DATA_BEHIND = Pattern(r"(?i)[\s\"'`*]*(?:\w+ )?(?:data ?-?sets?\b|corpus\b|corpora\b|数据集|语料|データ|コーパス|데이터|датасет|корпус)")
_MAKER = Pattern(r"(?<=[a-z,] )([A-Z][\w-]+) $")
_MORE = Pattern(
    r"[\w+-]*(?:\.\d+)*(?: [a-z]+(?= data ?set| corpus)|(?: (?!(?:The|This|It|In|For|With|On|We|And|Using|"
    r"To|As|By)\b)[A-Z0-9][\w+-]*(?:\.\d+)*){0,3})",
    re.ASCII,
)


@cache
def _matter() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What data is made of ("tweets"), what stands before the word data without naming any ("CSV"), and parts ("subset")."""
    words = vocabulary("claims_datasets")
    return frozenset(words["matter"]), frozenset(words["not_data_of"]), frozenset(words["parts"])


def mentions(body: Body, block: Block, start: int, end: int, *, pointed: int = -1, training: bool = False) -> list[Data]:
    """Every dataset that ``block.text[start:end]`` names.

    ``pointed`` is where the object of a verb of training begins: a link or an acronym there is data by its place, and
    so is what "and" joins to it. ``training`` says that a verb of training begins the stretch.
    """
    text = block.text
    stretch = text[start:end]
    found = _Found(block)
    _links(body, found, start, end, pointed)
    if pointed > 0:
        _objects(found, pointed, end)
    elif training:
        _sources(found, start, end, parts=False)
    if "." in stretch and "from " in stretch:
        found.data += [Data(block, *match.span(1)) for match in _DOMAIN.finditer(text, start, end)]
    if "https://" in stretch:
        found.data += [Data(block, *match.span(match.lastindex or 0)) for match in _BARE.finditer(text, start, end)]
    known = [(start + first, start + last) for first, last in known_names(stretch)]
    if any(stem in stretch for stem in _HINT_STEMS) or not stretch.isascii():
        hints = [match.start() for match in _HINT.finditer(text, start, end)]
        if hints:
            _hinted(found, start, end, hints, known)
        if " data" in stretch:
            for match in _PLAIN_DATA.finditer(text, start, end):
                if match.group(1) not in _matter()[1]:
                    found.add(*match.span(1))
    for first, last in known:
        _known(found, first, last, start, end)
    return found.data


class _Found:
    """What was found in a block, and what of its text is part of a name already."""

    __slots__ = ("block", "data", "taken")

    def __init__(self, block: Block) -> None:
        self.block = block
        self.data: list[Data] = []
        self.taken: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        """Keep a name without adjectives, where none was found before."""
        item = cleaned(self.block.text, start, end)
        if item and not self.overlaps(*item):
            self.taken.append(item)
            self.data.append(Data(self.block, *item))

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a part of ``text[start:end]`` belongs to a name."""
        return any(first < end and start < last for first, last in self.taken)


def _links(body: Body, found: _Found, start: int, end: int, pointed: int) -> None:
    block = found.block
    text = block.text
    before = pointed
    anchors = body.anchors_in(block, start, end)
    listed = _listed(text, anchors)
    for anchor in anchors:
        found.taken.append((anchor.start, anchor.end))
        if (
            ("/datasets/" in anchor.url or "kaggle" in anchor.url)
            and _HUB_DATA.match(anchor.url)
            and describes(text[anchor.start : anchor.end])
        ):
            found.data.append(Data(block, anchor.start, anchor.end, anchor.url))
        elif anchor in listed or is_data_link(text, anchor) or (0 <= before <= anchor.start and _is_object(text, before, anchor)):
            before = anchor.end if pointed >= 0 else -1
            found.data.append(Data(block, *without_word(text, anchor.start, anchor.end)))


def _listed(text: str, anchors: tuple[Anchor, ...]) -> set[Anchor]:
    """The links that one word for data speaks of: "the [A](…), [B](…) and [C](…) datasets", whatever they link to."""
    listed: set[Anchor] = set()
    behind: Anchor | None = None
    for anchor in reversed(anchors):
        joined = behind is not None and _COMMA.fullmatch(text, anchor.end, behind.start)
        behind = anchor if joined or _PLURAL.match(text, anchor.end) else None
        label = text[anchor.start : anchor.end]
        if behind and is_label(label) and looks_named(label) and not _TOOL.search(label):
            listed.add(anchor)
    return listed


def _is_object(text: str, before: int, anchor: Anchor) -> bool:
    """Whether a link stands right behind ``before`` and can name data."""
    label = text[anchor.start : anchor.end]
    between = text[before : anchor.start]
    return (
        len(between) <= 60
        and bool(_BETWEEN.match(between))
        and is_label(label)
        and looks_named(label)
        and not _TOOL.search(label)
        and not TOOL_BEHIND.match(text, anchor.end)
        and page_kind(anchor.url) is not Page.OTHER
    )


def _objects(found: _Found, at: int, end: int) -> None:
    """What stands where a verb of training has its object."""
    text = found.block.text
    linked = bool(found.taken)
    linked |= _sources(found, at, end)
    begin = at
    while named := _OBJECT.match(text, begin, end):
        linked = True
        if not _is_model(text, *named.span(1)):
            found.add(*named.span(1))
        joint = _AND.match(text, named.end(), end)
        if not joint:
            break
        begin = joint.end()
    if not linked and (phrase := _PHRASE.match(text, at, end)) and is_subject(phrase.group(1)):
        found.add(*phrase.span(1))


def _sources(found: _Found, at: int, end: int, *, parts: bool = True) -> bool:
    """Keep what matter is from, "images from Pexels", or a part of: "the title task of CodeXGLUE"; whether there was any."""
    matter, _, words = _matter()
    some = False
    for match in _SOURCE.finditer(found.block.text, at, end):
        if match.group(1) in (words if match.group("of") else matter) and (parts or not match.group("of")) and is_subject(match.group(3)):
            some = True
            found.add(*match.span(3))
    return some


def _is_model(text: str, start: int, end: int) -> bool:
    """Whether the object of a verb of training is a model: "LoRA weights trained on FLUX.1-dev"."""
    name = text[start:end]
    return "_" not in name and holds_model(name) and not is_known(name) and not _DATA_BEHIND.match(text, end)


def _hinted(found: _Found, start: int, end: int, hints: list[int], known: list[tuple[int, int]]) -> None:
    """Names around the words for data at ``hints``; ``known`` is where well-known names stand."""
    text = found.block.text
    for at in hints:
        if text[at - 2 : at - 1].islower():
            for match in _OF_KIND.finditer(text, max(start, at - LONGEST_NAME), min(end, at + _DATA_LENGTH)):
                within = any(first < match.start() < last for first, last in known)
                if not within and not found.overlaps(*match.span()) and not _is_pair(match.group(1)):
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
        if _PLURAL.match(text, at):
            _enumerated(found, max(start, at - _LONGEST_LIST), at)
        name = _name_before(text, start, at)
        if name and text[name[0] - 1 : name[0]] != "(" and not is_known(text[name[0] : name[1]]):
            found.add(*name)


def _enumerated(found: _Found, start: int, end: int) -> None:
    """The names that one word for data ends: "the snli-v1.0, multi-nli-1.0 and nli-fever datasets"."""
    text = found.block.text
    listed = _ENUMERATED.search(text, start, end)
    if listed is None:
        return
    words = list(_ONE.finditer(text, listed.start(), end))
    if sum(bool(_SHAPED.fullmatch(word.group())) for word in words) > 1:
        for word in words:
            if _JOINED_WORDS.fullmatch(word.group()) and is_subject(word.group()):
                found.add(*word.span())


def _is_pair(name: str) -> bool:
    """Whether a name is that of two languages: "Hindi-English"."""
    return "-" in name and all(map(is_never, name.split("-")))


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
        if _NAME_HEAD.match(core):
            first = at + word.find(core)
    return (begin + first, begin + len(whole)) if first < len(rest) else None


def _known(found: _Found, first: int, last: int, start: int, end: int) -> None:
    """A well-known name with the maker before it and the version behind it."""
    text = found.block.text
    if found.overlaps(first, last):
        return
    name = text[first:last]
    if name.isalpha() and name.islower() and not _DATA_BEHIND.match(text, last):
        return
    around = _MORE.match(text, last, end)
    if around and around.group().islower() and is_never(around.group().strip()):
        around = None
    line = text.find("\n", last)
    stop = min(max(last, around.end() if around else last), line if line > 0 else end)
    stop = min((begin for begin, _ in found.taken if last <= begin < stop), default=stop)
    maker = _MAKER.search(text, max(start, first - 24), first)
    if maker and not is_adjective(maker.group(1)):
        first = maker.start(1)
    found.taken.append((first, stop))
    stop = without_word(text, first, stop)[1]
    while stop > last and text[stop - 1] in " .,;:-)":
        stop -= 1
    found.data.append(Data(found.block, first, stop))
