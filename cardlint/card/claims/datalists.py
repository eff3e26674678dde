"""Datasets in lists and tables: under headings on training data, and where a sentence on training data opens a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.claims.datanames import (
    LONGEST_NAME,
    Data,
    Page,
    cleaned,
    hub_id,
    is_data_link,
    is_known,
    is_known_part,
    is_label,
    is_never,
    looks_named,
    page_kind,
    without_word,
)
from cardlint.card.claims.mentions import mentions
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

RESULTS = ("evaluat", "tested", "test set", "benchmark", "achiev", "outperform", "compared", "unlike ", "评测", "評価")
"""Words that tell of results, in lower-case text."""
_LEAD_END = Pattern(r"\s?[(（\[]|[:：](?:\s|$)|\s[-–—]+\s|—|[,;](?:\s|$)|[.](?:\s|$)|\n|，|。|\swhich\s|\s\+\s|$")
_NO_TRAINING = frozenset(("eval", "code", "license", "hyper"))
_LONGEST_LIST = 60
_REACH = 600
_LONGEST_PARAGRAPH = 6000
_COLONS = (":", "：")
_LEADING = (*_COLONS, "-", "–", "—")
_SHORTEST = len("more information needed") + 2
_METRIC_HEAD = Pattern(
    r"(?i)accuracy|\bf1\b|score|\bwer\b|\bcer\b|bleu|rouge|precision|recall|\bem\b|perplexity|loss|epoch|learning|\blr\b|\bmap\b|metric"
)
_DATA_HEAD = Pattern(
    r"(?i)^(?:training |source )?(?:data ?sets?|data|corpus|corpora|sources?|数据集|データセット|資料集|資料|데이터셋|데이터).{0,12}$"
)
_LIST_LEAD = Pattern(
    r"(?:\btrain(?:ed)?|fine-?tuned)\b[^.]*\b(?:on|using|with|from|over)\b|\bsources?\b|data ?sets?|corpus|corpora|\bdata\b"
    r"|数据集|資料集|语料|データ(?:セット)?|コーパス|데이터|датасет|корпус|datos|données|dados"
)
_TABLE_LEAD = Pattern(
    r"(?:training (?:data|corpus|corpora)|trained (?:on|using|with))\b[^.:]*(?:\btable\b|\bbelow\b|\bfollowing\b)[^.:]*[.:]?\s*$"
)
_NO_LIST = Pattern(
    r"evaluat|test|benchmark|hyper|parameter|epoch|steps?\b|result|label|class(?:es)?\b|categor|metric|"
    r"command|column|format|split|licen|limit|bias|topic|follow(?:ing)? (?:setting|config|argument|options?|"
    r"procedure|feature|steps|tasks|languages|hardware)|optimi[sz]|preprocess|entit|task|language|loss|"
    r"token|algorithm|\brules?\b"
)
_NUMBER = Pattern(r"[\s*~≈]*[\d.,]+\s*(?:[KMGTBkmgtb]?B?|million|billion|hours|h|%)?[\s*]*$|\s*-?\s*$")
_FOLLOWING = Pattern(r"以下|次の|下記|如下|다음")
_FOLLOWS = Pattern(r"(?:trained|tuned) (?:on|using|with) (?:the|these) following (?!hyper|param|settin|config)")
_REFERENCE = Pattern(
    r"[^\W\d_][\w'’-]+, [^\W\d_][\w'’.-]+(?:(?:,? and |; ?|, )[^\W\d_][\w'’-]+, [^\W\d_][\w'’.-]+)*[.,]? \(?(?:19|20)\d\d\b"
)
"""A work in a list of works: "Doe, Jane and Roe, Richard, 2013, …"."""
_SETTING = Pattern(r"[\"'`]?[a-z]+(?:_[a-z]+)+[\"'`]?\s*[:=(]|[A-Za-z ]{2,20}:\s*[\d.]+\s*$")
_PART_OF = Pattern(r"[\w \-]{0,40}\b(?:version|part|subset|portion|dump|split|section|half) of (?:the )?(?:[A-Z]\w+ )?")
_ADDRESS = Pattern(r"https?://[^\s()<>\[\]]*[\w/]")
_JOINED = " and "
_SHAPED = Pattern(r"[\w./-]*[A-Za-z](?:[A-Z\d]|[_/-]\w)[\w./-]*")
_SPLIT = Pattern(r"(?i) +[-–(]?(?:(dev|test|eval\w*|valid\w*)|train\w*)\)?$")


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


def first_of(text: str, start: int, end: int) -> int:
    """Where the first of the names ends that "and" joins in ``text[start:end]``: "SNLI and MNLI"."""
    at = text.find(_JOINED, start, end)
    front, back = text[start:at], text[at + len(_JOINED) : end]
    if at < 0 or not back[:1].isalnum() or back.islower():
        return end
    return at if is_known(front) or is_known(back) or (_SHAPED.fullmatch(front) and _SHAPED.fullmatch(back)) else end


def in_lists(body: Body) -> Iterator[Data]:
    """The items, tables and sentences under a heading on training data, and lists that a sentence on training data opens."""
    blocks = body.prose
    kinds = [block.kind for block in blocks]
    topics = [*body.topics, ""]
    on_data = "data" in topics or "train" in topics
    if not on_data and "item" not in kinds and "table" not in kinds:
        return
    stop = 0
    barred = False
    for index, block in enumerate(blocks):
        if index < stop:
            continue
        if kinds[index] == "item":
            stop = index + 1
            while stop < len(blocks) and kinds[stop] == "item" and blocks[stop].heading == block.heading:
                stop += 1
            before = blocks[index - 1] if index else None
            if before is None or before.kind != "item":
                barred = before is not None and _bars(before.text)
            yield from _list(body, blocks[index:stop], topics[block.heading], before, barred=barred)
        elif block.kind == "table" and index and topics[block.heading] not in _NO_TRAINING and _leads_to_table(blocks[index - 1].text):
            yield from _table(body, block)
        elif on_data:
            topic = topics[block.heading]
            if topic == "data":
                yield from _under_data(body, block)
            elif topic == "train":
                yield from _table(body, block) if block.kind == "table" else _linked(body, block)


def _leads_to_table(text: str) -> bool:
    """Whether a paragraph ends by pointing to a table of training data: "The training data used is shown in the table below."."""
    last = text[-160:].lower()
    return bool(_TABLE_LEAD.search(last)) and not any(stem in last for stem in RESULTS)


def _bars(text: str) -> bool:
    """Whether a sentence leads to a list of other things than data."""
    text = text.rstrip()
    return text[-1:] in _LEADING and bool(_NO_LIST.search(text[-160:].lower()))


def _list(body: Body, items: list[Block], topic: str, before: Block | None, *, barred: bool) -> Iterator[Data]:
    """The names in a list: all of it under a heading on data or behind a sentence on data, else from an item that says so."""
    for block in items:
        if topic == "train":
            yield from _linked(body, block)
        elif topic == "data" and "\n|" in block.text:
            yield from _pipes(block)
    opened = (
        before is not None
        and topic not in _NO_TRAINING
        and (before.kind == "paragraph" or (before.kind == "item" and before.text.rstrip()[-1:] in _COLONS))
        and _opens(before.text.lower())
    )
    first = 0
    if not (opened or (topic == "data" and not barred)):
        if topic in _NO_TRAINING:
            return
        first = next(
            (n for n, block in enumerate(items, 1) if block.text.rstrip()[-1:] in _COLONS and _opens(block.text.lower())), len(items)
        )
    run = [block for block in items[first:] if "|" not in block.text]
    if run:
        yield from _items(body, run)


def _under_data(body: Body, block: Block) -> Iterable[Data]:
    """What a block under a heading on data names, which is no item of a list."""
    text = block.text
    if "\n|" in text:
        return _pipes(block)
    if block.kind == "table":
        return _table(body, block)
    if block.kind != "paragraph" or len(text) <= _SHORTEST:
        return ()
    low = text.lower()
    if any(stem in low for stem in RESULTS):
        return ()
    return mentions(body, block, 0, min(len(text), _LONGEST_PARAGRAPH), pointed=0) or _address(block, low)


def _linked(body: Body, block: Block) -> list[Data]:
    """The links to datasets of the hub."""
    return [
        Data(block, anchor.start, anchor.end)
        for anchor in body.anchors(block)
        if hub_id(anchor.url) and is_label(block.text[anchor.start : anchor.end])
    ]


def _address(block: Block, low: str) -> Iterator[Data]:
    """The address that a short paragraph on data gives instead of a name."""
    match = _ADDRESS.search(block.text, 0, _REACH) if "data" in low else None
    if match and page_kind(match.group()) is not Page.OTHER:
        yield Data(block, *match.span())


def _opens(low: str) -> bool:
    """Whether a paragraph leads to a list of training data."""
    end = low.rstrip()[-1:]
    if end == "。" and _FOLLOWING.search(low[-100:]) and _LIST_LEAD.search(low[-100:]) and not _NO_LIST.search(low[-100:]):
        return True
    if end in (".", "!", "?", "。", ")", ""):
        return end == "." and bool(_FOLLOWS.search(low, len(low) - 240))
    last = low[-160:]
    last = last[last.rfind(". ") + 1 :]
    return (end in ":：" or (len(last) < 80 and low.isascii())) and bool(_LIST_LEAD.search(last)) and not _NO_LIST.search(last)


def _pipes(block: Block) -> Iterator[Data]:
    """The first cells of a table that is none: its rows stand in running text."""
    text = block.text
    at = text.find("\n|")
    body_began = False
    while at >= 0:
        end = text.find("\n", at + 2)
        end = len(text) if end < 0 else end
        if text[at + 2 : at + 6].strip().startswith(("-", ":-")):
            body_began = True
        elif body_began:
            stop = text.find("|", at + 2, end)
            item = lead(text, at + 2, stop if stop > 0 else end)
            if item and not is_never(text[item[0] : item[1]]):
                yield Data(block, *item)
        at = text.find("\n|", end)


_NESTED: list[Data] = []
"""Stands for an item of a deeper list."""


def _items(body: Body, run: list[Block]) -> Iterator[Data]:
    """The names in a list of datasets: what each item begins with, where most of the items begin with a name."""
    leads: list[list[Data]] = []
    level = _indent(body, run[0])
    for block in run[:_LONGEST_LIST]:
        text = block.text
        anchors = body.anchors(block)
        item = lead(text, 0, len(text))
        if _indent(body, block) > level + 1:
            leads.append(_NESTED)
        elif (
            anchors
            and (anchors[0].start <= 10 or _PART_OF.fullmatch(text, 0, anchors[0].start))
            and is_label(text[anchors[0].start : anchors[0].end])
        ):
            leads.append([Data(block, *without_word(text, anchors[0].start, anchors[0].end))])
        elif (
            item
            and (looks_named(text[item[0] : item[1]]) or is_known_part(text[item[0] : item[1]]))
            and not _METRIC_HEAD.search(block.label or "")
            and not _REFERENCE.match(text)
            and "=" not in text[: item[1]]
            and not _SETTING.match(text, item[0])
        ):
            leads.append([Data(block, *item)])
        else:
            leads.append([])
    top = [names for names in leads if names is not _NESTED]
    sure = sum(bool(names) for names in top) * 3 >= len(top) * 2
    for names, block in zip(leads, run, strict=False):
        if sure and names:
            yield from names
        elif block.text.isascii() or names is not _NESTED:
            yield from mentions(body, block, 0, len(block.text))


def _indent(body: Body, block: Block) -> int:
    start = body.outline.place(block, 0, 1).start
    return start - body.card.text.rfind("\n", 0, start)


def _table(body: Body, block: Block) -> Iterator[Data]:
    if len(block.rows) < 2 or any(_METRIC_HEAD.search(cell) for cell in block.rows[0]):
        return
    column = next((i for i, cell in enumerate(block.rows[0]) if _DATA_HEAD.match(cell.strip(" *"))), -1)
    if column < 0 and body.topic(block) == "data" and all(_NUMBER.match(cell) for row in block.rows[1:] for cell in row[1:]):
        column = 0
    if column < 0:
        return
    begin = 0
    for number, row in enumerate(block.rows):
        if number and column < len(row):
            start = begin + sum(len(cell) + 3 for cell in row[:column])
            anchor = body.anchor_at(block, start)
            if anchor and is_label(block.text[anchor.start : anchor.end]):
                yield Data(block, *without_word(block.text, anchor.start, anchor.end))
                for other in body.anchors_in(block, anchor.end, start + len(row[column])):
                    if is_data_link(block.text, other):
                        yield Data(block, other.start, other.end)
                begin += len(" | ".join(row)) + 1
                continue
            item = lead(block.text, start, start + len(row[column]))
            if item and (split := _SPLIT.search(block.text, *item)):
                item = None if split.group(1) else (item[0], split.start())
            if item and not is_never(block.text[item[0] : item[1]]):
                stop = first_of(block.text, *item)
                yield Data(block, item[0], stop)
                if stop < item[1]:
                    yield Data(block, stop + len(_JOINED), item[1])
        begin += len(" | ".join(row)) + 1
