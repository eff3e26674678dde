"""Datasets in lists and tables: under headings on training data, and where a sentence on training data opens a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.claims.datanames import (
    LONGEST_NAME,
    Data,
    cleaned,
    hub_id,
    is_data_link,
    is_label,
    is_never,
    is_other_page,
    looks_named,
    without_word,
)
from cardlint.card.claims.mentions import mentions
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

RESULTS = ("evaluat", "tested", "test set", "benchmark", "achiev", "outperform", "compared", "评测", "評価")
"""Words that tell of results, in lower-case text."""
_LEAD_END = Pattern(r"\s?[(（\[]|[:：](?:\s|$)|\s[-–—]+\s|—|[,;](?:\s|$)|[.](?:\s|$)|\n|，|。|\swhich\s|\s\+\s|$")
_NO_TRAINING = frozenset(("eval", "code", "license", "hyper"))
_LONGEST_LIST = 60
_REACH = 600
_SHORTEST = len("more information needed") + 2
_METRIC_HEAD = Pattern(
    r"(?i)accuracy|\bf1\b|score|\bwer\b|\bcer\b|bleu|rouge|precision|recall|\bem\b|perplexity|loss|epoch|learning|\blr\b|\bmap\b|metric"
)
_DATA_HEAD = Pattern(
    r"(?i)^(?:training |source )?(?:data ?sets?|data|corpus|corpora|sources?|数据集|データセット|資料集|資料|데이터셋|데이터).{0,12}$"
)
_LIST_LEAD = Pattern(
    r"(?:\btrain(?:ed)?|fine-?tuned)\b[^.]*\b(?:on|using|with|from|over)\b|\bsources?\b|data ?sets?|corpus|corpora|\bdata\b"
    r"|数据集|資料集|语料|データ(?:セット)?\b|コーパス|데이터|датасет|корпус|datos|données|dados"
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
_SETTING = Pattern(r"[\"'`]?[a-z]+(?:_[a-z]+)+[\"'`]?\s*[:=(]|[A-Za-z ]{2,20}:\s*[\d.]+\s*$")
_ADDRESS = Pattern(r"https?://[^\s()<>\[\]]*[\w/]")
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


def in_lists(body: Body) -> Iterator[Data]:
    """The items, tables and sentences under a heading on training data, and lists that a sentence on training data opens."""
    run: list[tuple[Block, str]] = []
    opened = barred = False
    passages = body.passages
    topics = [*body.topics, ""]
    listed = [block.kind == "item" for block, _ in passages] + [False]
    for index, passage in enumerate(passages):
        block, low = passage
        topic = topics[block.heading]
        item = listed[index]
        if not (item or topic or listed[index + 1] or run):
            opened = False
            continue
        if run and not (item and block.heading == run[-1][0].heading):
            yield from _items(body, run)
            run = []
        if item and (run or opened or (topic == "data" and not barred)) and "|" not in low:
            run.append(passage)
        elif topic == "data" and "\n|" in block.text:
            yield from _pipes(block)
        elif topic == "train" and block.kind != "table":
            yield from (
                Data(block, anchor.start, anchor.end)
                for anchor in body.anchors(block)
                if hub_id(anchor.url) and is_label(block.text[anchor.start : anchor.end])
            )
        elif block.kind == "table" and topic in ("data", "train"):
            yield from _table(body, block)
        elif topic == "data" and block.kind == "paragraph" and len(low) > _SHORTEST and not any(stem in low for stem in RESULTS):
            named = list(mentions(body, block, 0, len(block.text), pointed=0))
            yield from named or _address(block, low)
        if not listed[index + 1]:
            opened = barred = False
            continue
        leads = low.rstrip()[-1:] in (":", "：")
        if not item:
            barred = leads and bool(_NO_LIST.search(low[-160:]))
        opened = (block.kind == "paragraph" or (item and leads)) and topic not in _NO_TRAINING and _opens(low)
    if run:
        yield from _items(body, run)


def _address(block: Block, low: str) -> Iterator[Data]:
    """The address that a short paragraph on data gives instead of a name."""
    match = _ADDRESS.search(block.text, 0, _REACH) if "data" in low else None
    if match and not is_other_page(match.group()):
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


def _items(body: Body, run: list[tuple[Block, str]]) -> Iterator[Data]:
    """The names in a list of datasets: what each item begins with, where most of the items begin with a name."""
    leads: list[list[Data]] = []
    level = _indent(body, run[0][0])
    for block, _ in run[:_LONGEST_LIST]:
        text = block.text
        anchors = body.anchors(block)
        item = lead(text, 0, len(text))
        if _indent(body, block) > level + 1:
            leads.append(_NESTED)
        elif anchors and anchors[0].start <= 10 and is_label(text[anchors[0].start : anchors[0].end]):
            leads.append([Data(block, *without_word(text, anchors[0].start, anchors[0].end))])
        elif (
            item
            and looks_named(text[item[0] : item[1]])
            and not _METRIC_HEAD.search(block.label or "")
            and "=" not in text[: item[1]]
            and not _SETTING.match(text, item[0])
        ):
            leads.append([Data(block, *item)])
        else:
            leads.append([])
    top = [names for names in leads if names is not _NESTED]
    sure = sum(bool(names) for names in top) * 3 >= len(top) * 2
    for names, (block, _) in zip(leads, run, strict=False):
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
                yield Data(block, *item)
        begin += len(" | ".join(row)) + 1
