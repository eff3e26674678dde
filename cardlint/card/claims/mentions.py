"""Datasets that running text names: links to data, objects of verbs of training, names before a word for data, known names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cardlint.card.claims.datanames import (
    TOOL_BEHIND,
    Data,
    Found,
    Page,
    describes,
    in_label,
    is_adjective,
    is_data_link,
    is_known,
    is_label,
    is_never,
    is_subject,
    known_names,
    looks_named,
    page_kind,
    without_word,
)
from cardlint.card.claims.datawords import PLURAL, around_words
from cardlint.card.claims.declared import declared_spans
from cardlint.card.claims.names import holds_model
from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from cardlint.card.claims.body import Anchor, Body
    from cardlint.card.outline import Block

# Where names stand: behind a verb of training.
_END = r"[.,;:](?:\s|$)|[(\n]|$| \("
_OBJECT = Pattern(
    r"(?:the |both |a |an |\W){0,3}([A-Z][a-z]{3,}(?=[.,;](?:\s|$)|[(\n]|$| for\b)|"
    r"[A-Z][A-Za-z]*[A-Z0-9_-](?:[\w./-]*\w)?(?: [vV]?\d+(?:\.\d+)+)?|[a-z]+(?:_[\w-]*\w|\d\w*)"
    r"|[A-Za-z][\w.-]*/[A-Za-z]\w*[_-][\w.-]*\w|https?://[^\s()<>\[\],]*[\w/])[\"'`*)]*"
    rf"(?={_END}| - | (?:for|and|with|which|that|by|in|using|to|as|train|translated|from|at)\b)"
)
_ARTICLES = Pattern(r"\bthe\b|\W")
_CLAUSE_END = Pattern(rf"[\"'`*)]*(?:{_END})")
_IN_BRACKETS = Pattern(r" ?\([^()\n]{1,40}\)")
_PART = r"(?:[A-Z][\w’'.+-]*\w(?: [A-Z\d][\w’'.+-]*\w){0,4})"
_PART_OF_SERIES = Pattern(rf"({_PART})(?: ?\([^()\n]{{1,40}}\))?")
_SERIES = Pattern(
    rf"(?:the )?{_PART}(?: ?\([^()\n]{{1,40}}\))?(?: ?,\s(?:the )?{_PART}(?: ?\([^()\n]{{1,40}}\))?){{1,12}}"
    rf",?\s(?:and|&)\s(?:the )?{_PART}(?={_END}| (?:for|with|which|that|by|in|using|to|as|from|data ?sets|corpora)\b)"
)
_SURE = Pattern(r"[a-z\d][A-Z]|[A-Z]{2}|[A-Za-z]\d|\b(?:Corpus|Treebank|Dataset|Database|Wiki\w*)\b")
_AND = Pattern(r"(?:,? and|,| &| \+)\s")
_PHRASE = Pattern(
    r"(?:the )?[\"“`*]*((?:[A-Z][\w’'-]+ ){1,4}(?:[A-Z][\w-]*(?: \d[\d.]*)?|reviews?|tweets|articles|abstracts|notes|images|pictures|posts|"
    r"comments|subtitles|papers|patents|books|scripts|conversations|dialogues|transcripts|recordings|poems|stories|screenshots|icons|sprites|logos)"
    r"(?: ?\([A-Z][\w.-]{1,15}\))?)[\"”`*]*"
    rf"(?={_END}| (?:for|and|with|which|that|by|in|using|to|as|from|of|images|pictures)\b)"
)
_SOURCE = Pattern(
    r"(?<![a-z])([a-z]{3,}) (?:from|on|(?P<of>of)) (?:the |an? )?[\"“`*]*"
    r"((?:[A-Z][\w’-]+ (?:of (?:the )?)?){1,3}[A-Z][\w-]*[A-Za-z0-9]|[A-Z][a-z]*[A-Z\d][\w-]*|"
    r"Twitter|Reddit|Midjourney)[\"”`*]*(?:['’]s\b)?"
    rf"(?={_END}| (?:for|and|with|which|that|by|in|using|to|as|from|\d+|data|data ?sets?|corpus|archive|dump|site|website|collection)\b)"
)
_TITLE = r"(?:r/)?[A-Z][\w'’+-]*(?: (?:(?:of|the|and|in) )*[A-Z\d][\w'’+-]*){0,5}"
_WORK = Pattern(
    r"\b(?:from|of) (?:the )?(?:[a-z]+ )?(?:(?:video ?)?game|movie|film|show|series|anime|manga|novel|website|forum|subreddit) "
    rf"[“\"'`*]*(?:(?<=[“\"])([^\"”\n]{{2,60}})[”\"]|({_TITLE}))"
    rf"|\bfrom (?:the )?({_TITLE}) (?:franchise|series|(?:video ?)?games?|movies?|films?|show|anime|manga|novels|subreddit)\b"
    r"|\bfrom [\"“‘']([A-Z][^\"”’'\n]{2,50})[\"”’']"
    r"|\b(?:scraped|crawled|downloaded) from (?:the )?([A-Z][\w.-]*\w)(?= and |[.,;](?:\s|$)|$| (?:website|site|forum)\b)"
)
_QUOTED = Pattern(r"(?:(?:the|an?|of|\w+ed|excerpt|part|subset|version|portion|sample) ){0,5}[\"“]([A-Z][^\"”\n]{2,60})[\"”]")
_DOMAIN = Pattern(r"\b(?:from|corpus of|dump of) ((?:[A-Za-z0-9-]+\.)+(?:com|org|gov|net|edu|io|info|ru|de|fr|cn|jp|kr))(?![\w/.-]*\w)")
_FROM_PAGE = Pattern(r"\b(?:from|at) <?(https?://[^\s()<>\[\],]*[\w/])")
_DATA_FROM_PAGE = Pattern(r"\b(?:data(?: ?sets?)?|corp(?:us|ora)) (?:[a-z]+ ){0,4}(?:from|at) <?(https?://[^\s()<>\[\],]*[\w/])")
_BARE = Pattern(
    r"https://huggingface\.co/datasets/([\w.\-]+(?:/[\w.\-]*\w)?)|"
    r"https://(?:www\.)?kaggle\.com/(?!code|competitions)[\w\-]+/[\w\-]+(?:/[\w\-]+)?"
)

# Around a link or a known name.
_HUB_DATA = Pattern(r"https?://(?:(?:huggingface\.co|hf\.co)/datasets/[\w.\-]|(?:www\.)?kaggle\.com/(?:c|competitions|datasets)/)")
_TOOL = Pattern(
    r"(?i)librar|framework|zoo|scikit|package|\bapi\b|model|transformers|pytorch|megatron|trainer|toolkit|gpu|tpu|colab|platform"
)
_LISTING = Pattern(r"(?i)\b(?:data ?sets|corpora)(?: \w+){0,3}: ?[\"'`*]*$")
_LISTING_LENGTH = 40
_JOINT = Pattern(r"[,;&+\n]|\b(?:and|or)\b")
_FROM = Pattern(
    r"\b(?:data|corpus|sentences|tweets|articles|reviews|criteria|notes|images|(?:scrap|extract|crawl|collect|tak)e[dn]) from (?:the )?$"
)
_FROM_LENGTH = 30
_COMMA = Pattern(r"[\s\"'`*]*(?:,|,? ?\band\b|&)[\s\"'`*]*(?:the )?[\"'`*]*")
_NO_WORDS = frozenset(
    ("wikipedia", "bookcorpus", "imdb", "mnli", "snli", "xnli", "mnist", "imagenet", "pubmed", "arxiv", "librispeech", "openwebtext")
)
"""Well-known names that mean the data in lower case too."""
_BETWEEN = Pattern(
    r"(?i)[\s,;*\"'`+&(]*(?:(?-i:[A-Z][\w-]*(?: [A-Z][\w-]*)?)(?:\[\d+\])?(?: corpus)?(?:, (?:and )?| and )){0,3}"
    r"(?:(?:the|and|both|a|an|on|from|of|subsets?|portion|version|part|train(?:ing)?|"
    r"split|data ?sets?|corpus|english|\w+ish|\w+ese)[\s,;*\"'`]+){0,5}$"
)
_DATA_BEHIND = Pattern(r"(?i)[\s\"'`*]*(?:\w+ )?(?:data ?-?sets?\b|corpus\b|corpora\b|数据集|语料|データ|コーパス|데이터|датасет|корпус)")
_LEFT_OUT = ("outside of ", "excluding ", "except ", "originally designed for ", "outbound links on ", "dataset is based on ")
_ONE_OF = Pattern(r" (?:article|page|table|entry|passage|paragraph|sentence)\b(?! data)")
_MAKER = Pattern(r"(?<=[a-z,] )([A-Z][\w-]+) $")
_MORE = Pattern(
    r"[\w+-]*(?:\.\d+)*(?: [a-z]+(?= data ?set| corpus)|(?: (?!(?:The|This|It|In|For|With|On|We|And|Using|"
    r"To|As|By)\b)[A-Z0-9][\w+-]*(?:\.\d+)*){0,3})",
    re.ASCII,
)


@cache
def _matter() -> tuple[frozenset[str], frozenset[str]]:
    """What data is made of ("tweets"), and parts of data ("subset")."""
    words = vocabulary("claims_datasets")
    return frozenset(words["matter"]), frozenset(words["parts"])


def mentions(body: Body, block: Block, start: int, end: int, *, pointed: int = -1, training: bool = False) -> list[Data]:
    """Every dataset that ``block.text[start:end]`` names.

    ``pointed`` is where the object of a verb of training begins: a link or an acronym there is data by its place, and
    so is what "and" joins to it. ``training`` says that a verb of training begins the stretch.
    """
    text = block.text
    stretch = text[start:end]
    found = Found(block)
    declared = declared_spans(body.declared, text, start, end)
    _links(body, found, start, end, pointed, declared)
    if pointed > 0:
        _objects(found, pointed, end)
    elif training or pointed == 0:
        _sources(found, start, end, parts=False)
    if "." in stretch and ("from " in stretch or " of " in stretch):
        found.data += [Data(block, *match.span(1)) for match in _DOMAIN.finditer(text, start, end)]
    if "http" in stretch:
        pages = _FROM_PAGE if pointed > 0 or training else _DATA_FROM_PAGE
        found.data += [
            Data(block, *match.span(1))
            for match in pages.finditer(text, max(0, start - _FROM_LENGTH), end)
            if _is_data_page(match.group(1))
        ]
        found.data += [Data(block, *match.span(match.lastindex or 0)) for match in _BARE.finditer(text, start, end)]
    known = [(start + first, start + last) for first, last in known_names(stretch)]
    around_words(found, start, end, known + declared)
    for first, last in known:
        _known(found, first, last, start, end, pointed)
    for first, last in declared:
        if not found.overlaps(first, last) and not _may_be_words(text, first, last, pointed):
            found.add(first, last)
    return found.data


def _is_data_page(url: str) -> bool:
    return page_kind(url) is not Page.OTHER and not _BARE.match(url)


def _links(body: Body, found: Found, start: int, end: int, pointed: int, declared: list[tuple[int, int]]) -> None:
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
            and (describes(label := text[anchor.start : anchor.end]) or (is_never(label) and label.count(" ") <= 1))
        ):
            found.data.append(Data(block, anchor.start, anchor.end, anchor.url))
        elif (
            anchor in listed
            or anchor[:2] in declared
            or is_data_link(text, anchor)
            or (0 <= before <= anchor.start and (before == pointed or _joins(text, before, anchor)) and _is_object(text, before, anchor))
            or (pointed > 0 and _is_source(text, anchor))
        ):
            before = anchor.end if pointed >= 0 else -1
            found.data.append(Data(block, *in_label(text, anchor)))


def _listed(text: str, anchors: tuple[Anchor, ...]) -> set[Anchor]:
    """The links that one word for data speaks of: "the [A](…) and [B](…) datasets", "datasets: [A](…), [B](…)", whatever they link to."""
    listed: set[Anchor] = set()
    behind: Anchor | None = None
    for anchor in reversed(anchors):
        joined = behind is not None and _COMMA.fullmatch(text, anchor.end, behind.start)
        behind = anchor if joined or PLURAL.match(text, anchor.end) else None
        if behind and _can_be_data(text, anchor):
            listed.add(anchor)
    before: Anchor | None = None
    for anchor in anchors:
        joined = before is not None and _COMMA.fullmatch(text, before.end, anchor.start)
        before = anchor if joined or _LISTING.search(text, max(0, anchor.start - _LISTING_LENGTH), anchor.start) else None
        if before and _can_be_data(text, anchor):
            listed.add(anchor)
    return listed


def _can_be_data(text: str, anchor: Anchor) -> bool:
    label = text[anchor.start : anchor.end]
    return is_label(label) and looks_named(label) and not _TOOL.search(label)


def _is_object(text: str, before: int, anchor: Anchor) -> bool:
    """Whether a link stands right behind ``before`` and can name data."""
    between = text[before : anchor.start]
    return (
        len(between) <= 60
        and bool(_BETWEEN.match(between))
        and _can_be_data(text, anchor)
        and not TOOL_BEHIND.match(text, anchor.end)
        and page_kind(anchor.url) is not Page.OTHER
    )


def _joins(text: str, before: int, anchor: Anchor) -> bool:
    """Whether a comma or the like joins a link to the name before it, which "the Acme dataset from [Maker](…)" does not."""
    return bool(_JOINT.search(text, before, anchor.start))


def _is_source(text: str, anchor: Anchor) -> bool:
    """Whether a link tells where data is from: "scraped from [Acme.org](…)"."""
    label = text[anchor.start : anchor.end]
    return (
        bool(_FROM.search(text, max(0, anchor.start - _FROM_LENGTH), anchor.start))
        and is_label(label)
        and not _TOOL.search(label)
        and not TOOL_BEHIND.match(text, anchor.end)
        and page_kind(anchor.url) is not Page.OTHER
    )


def _objects(found: Found, at: int, end: int) -> None:
    """What stands where a verb of training has its object."""
    text = found.block.text
    linked = bool(found.taken)
    linked |= _sources(found, at, end)
    if (quoted := _QUOTED.match(text, at, end)) and is_subject(quoted.group(1)):
        linked = True
        found.keep(*quoted.span(1))
    series = _series(found, at, end)
    linked |= series is not None
    begin = at
    while series is None and (named := _OBJECT.match(text, begin, end)):
        linked = True
        if not _is_model(text, *named.span(1)) and (not named.group(1).startswith("http") or _is_data_page(named.group(1))):
            found.add(*named.span(1))
        joint = _AND.match(text, named.end(), end)
        if not joint:
            break
        begin = joint.end()
    if not linked and (phrase := _PHRASE.match(text, at, end)) and is_subject(phrase.group(1)):
        found.add(*phrase.span(1))


def _sources(found: Found, at: int, end: int, *, parts: bool = True) -> bool:
    """Keep what matter is from, "images from Pexels", or a part of: "the title task of CodeXGLUE"; whether there was any."""
    matter, words = _matter()
    some = False
    for match in _WORK.finditer(found.block.text, at, end):
        if is_subject(match.group(match.lastindex or 0)):
            some = True
            found.keep(*match.span(match.lastindex or 0))
    for match in _SOURCE.finditer(found.block.text, at, end):
        if match.group(1) in (words if match.group("of") else matter) and (parts or not match.group("of")) and is_subject(match.group(3)):
            some = True
            if not _series(found, match.start(3), end):
                found.add(*match.span(3))
    return some


def _series(found: Found, at: int, end: int) -> bool | None:
    """Keep the names joined by commas at ``at``, "SQuAD, Acme Reader and NewsQA"; None where there is no such series.

    All of them can name data and one surely does; else they are subjects and the like, "Tennis, Football and Rugby".
    """
    listed = _SERIES.match(found.block.text, at, end)
    if listed is None:
        return None
    parts = list(_PART_OF_SERIES.finditer(found.block.text, *listed.span()))
    names = [part.group(1) for part in parts]
    if not all(map(is_subject, names)) or not any(is_known(name) or _SURE.search(name) for name in names):
        return False
    for part in parts:
        found.add(*part.span(1))
    return True


def _is_model(text: str, start: int, end: int) -> bool:
    """Whether the object of a verb of training is a model: "LoRA weights trained on FLUX.1-dev"."""
    name = text[start:end]
    if (behind := _IN_BRACKETS.match(text, end)) and holds_model(behind.group()):
        return True
    return ("_" not in name or "/" in name) and holds_model(name) and not is_known(name) and not _DATA_BEHIND.match(text, end)


def _may_be_words(text: str, first: int, last: int, pointed: int) -> bool:
    """Whether a name in lower case is perhaps none: no word for data follows, and more than it stands behind the verb."""
    name = text[first:last]
    if not name.islower() or not name.replace(" ", "").isalpha() or name in _NO_WORDS or _DATA_BEHIND.match(text, last):
        return False
    return not 0 < pointed <= first or bool(_ARTICLES.sub("", text[pointed:first])) or not _CLAUSE_END.match(text, last)


def _known(found: Found, first: int, last: int, start: int, end: int, pointed: int) -> None:
    """A well-known name with the maker before it and the version behind it."""
    text = found.block.text
    if found.overlaps(first, last):
        return
    name = text[first:last]
    if _may_be_words(text, first, last, pointed):
        return
    if (name == "Wikipedia" and _ONE_OF.match(text, last)) or text.endswith(_LEFT_OUT, 0, first):
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
