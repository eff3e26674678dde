"""Datasets in lists and tables: under headings on training data, and where a sentence on training data opens a list."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from cardlint.card.claims.dataitems import JOINED, METRIC_HEAD, SHAPED, Opening, first_of, indent, items_in, lead
from cardlint.card.claims.datanames import Data, cleaned, is_known, is_never, is_subject, looks_named, without_word
from cardlint.card.claims.datapages import Page, hub_id, is_data_link, is_label, page_kind
from cardlint.card.claims.mentions import mentions
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

RESULTS = ("evaluat", "tested", "test set", "benchmark", "achiev", "outperform", "compared", "unlike ", "评测", "評価")
"""Words that tell of results, in lower-case text."""
_NO_TRAINING = frozenset(("eval", "code", "license", "hyper"))
_LONGEST_LIST = 60
_REACH = 600
_LONGEST_PARAGRAPH = 6000
_COLONS = (":", "：")
_LEADING = (*_COLONS, "-", "–", "—")
_SHORTEST = len("more information needed") + 2
_DATA_HEAD = Pattern(
    r"(?i)^(?:training |source )?(?:data ?sets?|data|corpus|corpora|sources?|数据集|データセット|資料集|資料|데이터셋|데이터).{0,12}$"
)
_LIST_LEAD = Pattern(
    r"(?:\btrain(?:ed)?|fine-?tuned)\b[^.]*\b(?:on|using|with|from|over)\b|\bsources?\b|data ?sets?|corpus|corpora|\bdata\b"
    r"|数据集|資料集|语料|データ(?:セット)?|コーパス|데이터|датасет|корпус|datos|données|dados"
)
_TRAINING = Pattern(r"train|tun(?:ed|ing)|学習|训练|訓練|학습|обуч|entren|entraîn|trein")
_ENDS_IN_SETS = Pattern(r"(?:data ?sets?|corpus|corpora)\W*$")
_TABLE_LEAD = Pattern(
    r"(?:training (?:data|corpus|corpora)|trained (?:on|using|with))\b[^.:]*(?:\btable\b|\bbelow\b|\bfollowing\b)[^.:]*[.:]?\s*$"
)
_NO_LIST = Pattern(
    r"evaluat|test|benchmark|hyper|parameter|epoch|steps?\b|result|label|class(?:es)?\b|categor|metric|"
    r"command|column|format|split|licen|limit|bias|topic|follow(?:ing)? (?:setting|config|argument|options?|"
    r"procedure|feature|steps|tasks|languages|hardware)|optimi[sz]|preprocess|entit|task|language|loss|"
    r"token|future|algorithm|\brules?\b|perform|following models"
)
_CLASS = Pattern(r"[A-Z]+(?:[_-][A-Z]+)*")
"""What entities and classes are called: "PERSON", "NAT_REL_POL"."""
_CORPUS_HEAD = Pattern(r"(?i)(?:training )?(?:corpus|corpora|data ?sets?|data sources?)(?: names?)?")
_SIZE_HEAD = Pattern(
    r"(?i)(?:#|no\. of |number of |total |corpus )?(?:size|tokens|words|sentences|hours|documents|pairs|examples)(?: \(?\w+\)?)?"
)
_NUMBER = Pattern(r"[\s*~≈]*[\d.,]+\s*(?:[KMGTBkmgtb]?B?|million|billion|hours|h|%)?[\s*]*$|\s*-?\s*$")
_FOLLOWING = Pattern(r"以下|次の|下記|如下|다음")
_FOLLOWS = Pattern(r"(?:trained|tuned) (?:on|using|with) (?:the|these) following (?!hyper|param|settin|config)")
_TESTING = Pattern(r"(?im)^(?:test(?:ing)?|eval(?:uation)?|dev|validation)(?: (?:data(?: ?set)?|set))?\s*:")
_ADDRESS = Pattern(r"https?://[^\s()<>\[\]]*[\w/]")
_LINE = Pattern(r"[^\s.](?:[^\n]*[^\s.])?")
_ENDS_IN_DATA = Pattern(r"([A-Z]\S*(?: \S+)?) (?i:data ?set|corpus|corpora|treebank)$")
_SPLIT = Pattern(r"(?i) +[-–(]?(?:(dev|test|eval\w*|valid\w*)|train\w*)\)?$")


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
        elif (
            block.kind == "table"
            and topics[block.heading] not in _NO_TRAINING
            and (_tells_sizes(block) or (index and _leads_to_table(blocks[index - 1].text)))
        ):
            yield from _table(body, block, led=True)
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


def _tells_sizes(block: Block) -> bool:
    """Whether a table lists corpora with what they hold: its head is "Corpus | Tokens"."""
    head = block.rows[0]
    return bool(_CORPUS_HEAD.fullmatch(head[0].strip(" *"))) and any(_SIZE_HEAD.fullmatch(cell.strip(" *")) for cell in head[1:])


def _bars(text: str) -> bool:
    """Whether a sentence leads to a list of other things than data: "recipes for the following styles:"."""
    text = text.rstrip()
    if text[-1:] not in _LEADING:
        return False
    last = text[-160:].lower()
    return bool(_NO_LIST.search(last)) or ("following" in last and not _LIST_LEAD.search(last[last.rfind(". ") + 1 :]))


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
        and (before.heading == items[0].heading or before.text.rstrip()[-1:] in _COLONS)
        and (before.kind == "paragraph" or (before.kind == "item" and before.text.rstrip()[-1:] in _COLONS))
        and _opens(before.text.lower())
    )
    first = 0
    leading = before.text.lower() if opened and before is not None else ""
    if not (opened or (topic == "data" and not barred)):
        if topic in _NO_TRAINING:
            return
        first = next(
            (n for n, block in enumerate(items, 1) if block.text.rstrip()[-1:] in _COLONS and _opens(block.text.lower())), len(items)
        )
        leading = items[first - 1].text.lower()
    run = [block for block in items[first:] if "|" not in block.text]
    if first and run:
        # The list that an item opens ends where the items stand further left again.
        level = indent(body, run[0])
        run = list(takewhile(lambda block: indent(body, block) >= level, run))
    if run:
        yield from items_in(body, run, _opening(leading))


def _opening(low: str) -> Opening:
    """What a sentence that leads to a list tells of it; "" where there is none."""
    if not low:
        return Opening.HEADING
    return Opening.TRAINING if _TRAINING.search(low) or _ENDS_IN_SETS.search(low) else Opening.DATA


def _under_data(body: Body, block: Block) -> Iterable[Data]:
    """What a block under a heading on data names, which is no item of a list."""
    text = block.text
    if "\n|" in text:
        return _pipes(block)
    if block.kind == "table":
        return _table(body, block)
    if block.kind != "paragraph":
        return ()
    if len(text) <= _SHORTEST:
        return _only_name(body, block)
    low = text.lower()
    if any(stem in low for stem in RESULTS) or _TESTING.match(text):
        return ()
    if testing := _TESTING.search(text):
        return mentions(body, block, 0, testing.start(), pointed=0)
    return mentions(body, block, 0, min(len(text), _LONGEST_PARAGRAPH), pointed=0) or _address(block, low)


def _only_name(body: Body, block: Block) -> list[Data]:
    """The names that are all there is of a short paragraph on data: "Acme Corpus", a link, an id, one a line."""
    found = []
    for line in _LINE.finditer(block.text):
        text = line.group()
        titled = _ENDS_IN_DATA.match(text)
        anchor = body.anchor_at(block, line.start())
        named = (
            (anchor and anchor.end >= line.end() and is_label(text))
            or (titled and is_subject(titled.group(1)))
            or (SHAPED.fullmatch(text) and "://" not in text)
            or is_known(text)
        )
        item = cleaned(block.text, *line.span()) if named and looks_named(text) else None
        if item and is_label(block.text[item[0] : item[1]]):
            found.append(Data(block, *item))
    return found


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
    if end == "。" and _FOLLOWING.search(low[-160:]) and _LIST_LEAD.search(low[-160:]) and not _NO_LIST.search(low[-100:]):
        return True
    if end in (".", "!", "?", "。", ")", ""):
        return end == "." and bool(_FOLLOWS.search(low, len(low) - 240))
    last = low[-160:]
    last = last[max(last.rfind(". "), last.rfind(".\n")) + 1 :]
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


def _names_data(body: Body, block: Block) -> bool:
    """Whether the first cells of a table are names rather than the classes that were counted: links, known ones, shaped ones."""
    cells = [row[0].strip(" \t*`") for row in block.rows[1:] if row]
    named = sum(is_known(cell) or (bool(SHAPED.fullmatch(cell.split(" ")[0])) and not _CLASS.fullmatch(cell)) for cell in cells)
    return bool(body.anchors(block)) or named * 2 >= len(cells)


def _table(body: Body, block: Block, *, led: bool = False) -> Iterator[Data]:
    """The names in the column of data; in the first one of a table that a sentence leads to, or that counts, where they show it."""
    if len(block.rows) < 2 or any(METRIC_HEAD.search(cell) for cell in block.rows[0]):
        return
    column = next((i for i, cell in enumerate(block.rows[0]) if _DATA_HEAD.match(cell.strip(" *"))), -1)
    if column < 0 and (led or (body.topic(block) == "data" and all(_NUMBER.match(cell) for row in block.rows[1:] for cell in row[1:]))):
        column = 0 if _names_data(body, block) else -1
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
                    yield Data(block, stop + len(JOINED), item[1])
        begin += len(" | ".join(row)) + 1
