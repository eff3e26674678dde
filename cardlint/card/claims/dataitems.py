"""The items of lists of datasets: what each begins with, and which of them name data."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from cardlint.card.claims.datanames import LONGEST_NAME, Data, cleaned, is_known, is_known_part, is_never, looks_named, tells_no_more
from cardlint.card.claims.dataobjects import SUCH_AS
from cardlint.card.claims.datapages import Page, in_label, is_label, page_kind
from cardlint.card.claims.datawords import not_data_of
from cardlint.card.claims.mentions import mentions
from cardlint.card.claims.names import page_id
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Anchor, Body
    from cardlint.card.outline import Block

METRIC_HEAD = Pattern(
    r"(?i)accuracy|\bf1\b|score|\bwer\b|\bcer\b|bleu|rouge|precision|recall|\bem\b|perplexity|loss|epoch|learning|\blr\b|\bmap\b|metric"
)
"""The head of a column of results."""
JOINED = " and "
JOINT = Pattern(r"(?:\s*\([^()\n]{0,80}\))?\s*(?:,|;|、|，|·|\+|&|\band\b|\sと|와|및|\n)\s*")
"""Between two names that stand side by side."""
_CONFIG = Pattern(r" [a-z]+(?:_[a-z]+)+$")
_SPLIT = Pattern(r"(?i) +[-–(]?(?:(dev|test|eval\w*|valid\w*)|train[\w+]*(?: (?:set|split|data|corpus))?)\)?$")
SHAPED = Pattern(r"[\w./-]*[A-Za-z](?:[A-Z\d]|[_/-]\w)[\w./-]*")
"""One word that has the shape of a name: a capital within, a digit, an underscore, a slash."""
_LONGEST_LIST = 60
_MARKER = 12
_LONGEST_UNSURE = 12
_LEAD_END = Pattern(r"\s?[(（\[]|[:：](?:\s|$)|\s[-–—]+\s|—|[,;](?:\s|$)|[.](?:\s|$)|\n|，|、|。|\swhich\s|\s[+·]\s|$")
_REFERENCE = Pattern(
    r"[^\W\d_][\w'’-]+, [^\W\d_][\w'’.-]+(?:(?:,? and |; ?|, )[^\W\d_][\w'’-]+, [^\W\d_][\w'’.-]+)*[.,]? \(?(?:19|20)\d\d\b"
)
"""A work in a list of works: "Doe, Jane and Roe, Richard, 2013, …"."""
_OF_TESTS = Pattern(r"(?i)(?:test(?:ing)?|eval(?:uation)?|validation|dev)\b[^:\n]{0,30}:")
_SETTING = Pattern(r"[\"'`]?[a-z]+(?:_[a-z]+)+[\"'`]?\s*[:=(]|[A-Za-z ]{2,20}:\s*[\d.]+\s*$")
_PART_OF = Pattern(r"[\w \-]{0,40}\b(?:version|part|subset|portion|dump|split|section|half) of (?:the )?(?:[A-Z]\w+ )?")
_USED_FOR = Pattern(r"(?i)data(?: ?sets?)? (?:\w+ ){0,2}used ")
_WORDS = Pattern(r"[A-Z]?[a-z]+(?:[ /-][a-z]+)+:?")
_NESTED: list[Data] = []
"""Stands for an item of a deeper list."""
_TASK: list[Data] = []
"""Stands for an item that tells a task and has datasets beneath it."""
_DATA_WORD = Pattern(
    r"(?i)corpus|corpora|korp(?:us|ora)|data ?(?:set|base)|\bdata$|treebank|wiki|말뭉치|데이터|データ|コーパス|语料|語料|数据|資料"
)


_IN_BRACKETS = Pattern(r" \([\w.-]+/(?=[\w.]*[\d_-])[\w.-]+\)", re.ASCII)
"""The id behind a title: "Acme Talks (acme/talks-2024)"."""


_WORDED = Pattern(r" (?!(?:of|and|the|for|in|from|train|subset|v\d)\b)[a-z]+$")
"""A name that ends in a plain word tells a kind of things: "FP16 rounding", "GEMM variants"."""


class Opening(Enum):
    """What makes a list one of datasets: a sentence on training, another sentence on data, a heading alone."""

    TRAINING = "training"
    DATA = "data"
    HEADING = "heading"


def lead(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The front of an item, up to a bracket, a colon, a dash or a comma."""
    while start < end and text[start] in " \"'`*\t《":
        start += 1
    match = _LEAD_END.search(text, start, end)
    stop = match.start() if match else end
    value = text[start:stop].rstrip(" \"'`*.》")
    if not 2 <= len(value) <= LONGEST_NAME or value[0] in "[<{":
        return None
    return cleaned(text, start, start + len(value))


def without_split(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A name without the part that was trained on: "SNLI" of "SNLI train"; None where another part is named."""
    if (config := _CONFIG.search(text, start, end)) and is_known(text[start : config.start()]):
        return start, config.start()
    split = _SPLIT.search(text, start, end)
    if split is None:
        return start, end
    return None if split.group(1) else (start, split.start())


def first_of(text: str, start: int, end: int) -> int:
    """Where the first of the names ends that "and" joins in ``text[start:end]``: "SNLI and MNLI"."""
    at = text.find(JOINED, start, end)
    front, back = text[start:at], text[at + len(JOINED) : end]
    if at < 0 or not back[:1].isalnum() or back.islower():
        return end
    return at if is_known(front) or is_known(back) or (SHAPED.fullmatch(front) and SHAPED.fullmatch(back)) else end


def items_in(body: Body, run: list[Block], opening: Opening) -> Iterator[Data]:
    """The names in a list of datasets: what each item begins with, where most of the items begin with a name.

    ``opening`` is what makes it a list of datasets; the less it says, the more of the items have to show that they name data.
    """
    leads: list[list[Data]] = []
    run = run[:_LONGEST_LIST]
    indents = [indent(body, block) for block in run]
    level = min(indents) + 1
    for number, block in enumerate(run):
        text = block.text
        anchors = body.anchors(block)
        item = _front(text, anchors)
        item = without_split(text, *item) if item else None
        if item and (part := _PART_OF.match(text, *item)) and is_known(text[part.end() : item[1]]):
            item = part.end(), item[1]
        if _OF_TESTS.match(text):
            leads.append([])
        elif indents[number] > level:
            leads.append(_NESTED)
        elif (anchors and anchors[0].start == 0 and page_id(anchors[0].url)) or (item and page_id(text[item[0] : item[1]])):
            leads.append([])
        elif number + 1 < len(run) and indents[number + 1] > level and (_is_task(text) or _is_category(body, block, run[number + 1])):
            leads.append(_TASK)
        elif (
            anchors
            and (anchors[0].start <= 10 or _PART_OF.fullmatch(text, 0, anchors[0].start))
            and is_label(text[anchors[0].start : anchors[0].end])
        ):
            leads.append([Data(block, *in_label(text, anchors[0]))])
        elif (
            item
            and (looks_named(text[item[0] : item[1]]) or is_known_part(text[item[0] : item[1]]))
            and not METRIC_HEAD.search(block.label or "")
            and not _REFERENCE.match(text)
            and "=" not in text[: item[1]]
            and not _SETTING.match(text, item[0])
            and not _USED_FOR.match(text)
            and not SUCH_AS.search(text, item[0], item[1])
            and not tells_no_more(text[item[0] : item[1]])
        ):
            leads.append([Data(block, *item)])
        else:
            leads.append([])
    if any(names is _TASK for names in leads):
        yield from _under_tasks(body, run, leads, opening)
        return
    top = [names for names in leads if names is not _NESTED]
    named = [names[0] for names in top if names]
    sure = len(named) * 3 >= len(top) * 2 and _earned(body, named, opening)
    for names, block in zip(leads, run, strict=False):
        if _OF_TESTS.match(block.text):
            continue
        if names and (sure or _IN_BRACKETS.match(block.text, names[0].end)):
            yield from names
        elif block.text.isascii() or names is not _NESTED:
            yield from mentions(body, block, 0, len(block.text), training=True)


def _earned(body: Body, named: list[Data], opening: Opening) -> bool:
    """Whether enough of the items show that they name data, so that a list tells no styles, classes or subjects."""
    shown = sum(_shows(body, item) for item in named)
    if opening is Opening.HEADING:
        return shown * 2 >= len(named)
    if shown or opening is not Opening.TRAINING or len(named) > _LONGEST_UNSURE:
        return shown > 0
    return sum(bool(_WORDED.search(item.block.text[item.start : item.end])) for item in named) * 2 < len(named)


def _shows(body: Body, item: Data) -> bool:
    """Whether an item is surely a name: a known one, one of that shape, one with a word for data, a link to no paper or model."""
    name = item.block.text[item.start : item.end]
    if tells_no_more(name):
        return False
    anchor = body.anchor_at(item.block, item.start)
    return (
        is_known(name)
        or (any(SHAPED.fullmatch(word) and word not in not_data_of() for word in name.split()) and not _WORDED.search(name))
        or bool(_DATA_WORD.search(name) or _IN_BRACKETS.match(item.block.text, item.end))
        or (anchor is not None and page_kind(anchor.url) is not Page.OTHER)
    )


def _under_tasks(body: Body, run: list[Block], leads: list[list[Data]], opening: Opening) -> Iterator[Data]:
    """The names in a list of tasks with datasets beneath each, and those of the items that have none beneath them."""
    start = 0
    while start < len(leads):
        nested = leads[start] is _NESTED
        stop = start + 1
        while stop < len(leads) and (leads[stop] is _NESTED) == nested:
            stop += 1
        if nested:
            yield from items_in(body, run[start:stop], opening)
        else:
            named = [name for names in leads[start:stop] for name in names]
            yield from named if _earned(body, named, opening) else ()
        start = stop


def _front(text: str, anchors: tuple[Anchor, ...]) -> tuple[int, int] | None:
    """What an item begins with, up to the link to a work: "AcmeQA [Doe et al., 2018](…)"."""
    cited = anchors and anchors[0].start > 1 and is_never(text[anchors[0].start : anchors[0].end])
    return lead(text, 0, anchors[0].start if cited else len(text))


def _is_task(text: str) -> bool:
    """Whether an item tells a task in words: "Natural language inference"."""
    return bool(_WORDS.fullmatch(text.strip())) and not is_known(text)


def _is_category(body: Body, block: Block, below: Block) -> bool:
    """Whether an item of several words tells a kind of sources that are named beneath it: "CC0 photos", "Flickr"."""
    text = block.text.strip()
    if " " not in text or ":" in text.rstrip(":") or is_known(text) or body.anchors(block) or not text.rstrip(":").isprintable():
        return False
    item = _front(below.text, body.anchors(below))
    return item is not None and looks_named(below.text[item[0] : item[1]])


def indent(body: Body, block: Block) -> int:
    """How many blanks stand before an item."""
    text = body.card.text
    begin = text.rfind("\n", 0, body.outline.place(block, 0, 1).start) + 1
    at = begin
    while text[at] in " \t":
        at += 1
    return at - begin


def is_numbered(body: Body, block: Block) -> bool:
    """Whether an item stands in a numbered list."""
    text = body.card.text
    begin = text.rfind("\n", 0, body.outline.place(block, 0, 1).start) + 1
    return text[begin : begin + _MARKER].lstrip()[:1].isdigit()
