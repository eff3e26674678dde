"""Datasets in lists and tables: under headings on training data, and where a sentence on training data opens a list."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from cardlint.card.claims.columns import lists_files, lists_stages
from cardlint.card.claims.dataitems import SHAPED, Opening, indent, is_numbered, items_in
from cardlint.card.claims.datanames import Data, cleaned, is_known, is_subject, known_names, looks_named
from cardlint.card.claims.datapages import Page, hub_id, is_label, page_kind
from cardlint.card.claims.datatables import in_pipes, in_splits, in_table, lists_used, of_files, of_this_model, tells_sizes
from cardlint.card.claims.mentions import mentions
from cardlint.card.claims.sentences import sentence
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterable, Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

RESULTS = (
    "evaluat",
    "validated on",
    "validation is ",
    "validation was ",
    "tested",
    "test set",
    "benchmark",
    "achiev",
    "outperform",
    "compared",
    "unlike ",
    "评测",
    "評価",
)
"""Words that tell of results, in lower-case text."""
_NO_TRAINING = frozenset(("eval", "code", "license", "hyper"))
_REACH = 600
_LONGEST_PARAGRAPH = 6000
_COLONS = (":", "：")
_LEADING = (*_COLONS, "-", "–", "—")
_SHORTEST = len("more information needed") + 2
_LIST_LEAD = Pattern(
    r"(?:train|tun)ing\b[^.]* on\W*$|"
    r"(?:\btrain(?:ed|ing)?|fine-?tun(?:ed|ing))\b[^.]*\b(?:on|using|with|from|over)\b|\bsources?\b|data ?sets?|corpus|corpora|\bdata\b"
    r"|数据集|資料集|语料|データ(?:セット)?|コーパス|데이터|датасет|корпус|datos|données|dados"
)
_TABLE_LEAD = Pattern(
    r"(?:training (?:data|corpus|corpora)|trained (?:on|using|with))\b[^.:]*(?:\btable\b|\bbelow\b|\bfollowing\b)[^.:]*[.:]?\s*$"
)
_DATASETS = Pattern(r"(?i)\W*(?:training )?data ?sets?(?: used)?\W*")
_NO_DATA = Pattern(
    r"\b(?:test|validation|valid|dev|init(?:iali[sz]ed)?|format|template|style|like|instead|not|token|vocab)\b|pre-?trained (?:on|weights)"
)
_GOES_ON = Pattern(r"-\w| and subsets\b| (?:[A-Z]+ )?(?:classifier|detector|model|score|predictor|checkpoint|weights|encoder)\b")
_LABELLED_LINE = Pattern(r"[^:\n]{2,60}: \S")
_LABELLED_LINES = Pattern(r"(?<=\n)([^:\n(]{2,60}?)(?: \([^()\n]*\))?: ")
_LABELLED = Pattern(r"[^:\n]{2,60}: ")
_TRAINING = Pattern(r"train|tun(?:ed|ing)|学習|训练|訓練|학습|обуч|entren|entraîn|trein")
_ENDS_IN_SETS = Pattern(r"(?:data ?sets?|corpus|corpora)\W*$")
_NO_LIST = Pattern(
    r"evaluat(?:e|i)|test|benchmark|hyper|parameter|epoch|steps?\b|result|label|class(?:es)?\b|categor|metric|"
    r"command|column|format|split|licen|limit|bias|topic|follow(?:ing)? (?:setting|config|argument|options?|"
    r"procedure|feature|steps|tasks|languages|hardware)|optimi[sz]|preprocess|entit|task|language|loss|"
    r"token|future|refer to|请参考|more (?:details|information)|(?:filters?|stages?|checks?)\W*$|algorithm|"
    r"\brules?\b|performan|following models"
)
_REMARK = Pattern(r" ?\([^()\n]{20,100}\)(?=.)")
_FOLLOWING = Pattern(r"以下|次の|下記|如下|다음")
_FOLLOWS = Pattern(r"(?:trained|tuned) (?:on|using|with) (?:the|these) following (?!hyper|param|settin|config)")
_LONGEST_LEAD = 80
_FOLLOWING_SETS = Pattern(r"\bfollowing (?:data ?sets?|corpora|sources)\W*$")
_TESTING = Pattern(r"(?im)^(?:test(?:ing)?|eval(?:uation)?|dev|validation)(?: (?:data(?: ?set)?|set))?\s*:")
_ADDRESS = Pattern(r"https?://[^\s()<>\[\]]*[\w/]")
_LINE = Pattern(r"[^\s.](?:[^\n]*[^\s.])?")
_DESCRIBES = Pattern(
    r"\s*(?:The |Our )?([A-Z][\w./-]*(?: [A-Z\d][\w./-]*){0,4})(?: \([^()]*\))?(?: (?:data ?set|corpus))? "
    r"(?:is an?|was (?:built|created|derived|collected|curated|constructed|obtained|made)|combines|extends|builds)\b"
)
_ENDS_IN_DATA = Pattern(r"([A-Z]\S*(?: \S+)?) (?i:data ?set|corpus|corpora|treebank)$")


def in_lists(body: Body, places: Collection[int] | None = None) -> Iterator[Data]:
    """The items, tables and sentences under a heading on training data, and lists that a sentence on training data opens.

    With ``places``, only those of blocks that begin there, and of the lists that they are in.
    """
    blocks = body.prose
    kinds = [block.kind for block in blocks]
    topics = [*body.topics, ""]
    on_data = "data" in topics or "train" in topics
    if not on_data and "item" not in kinds and "table" not in kinds and ":\n" not in body.text:
        return
    stop = 0
    barred = False
    for index, block in enumerate(blocks):
        if index < stop:
            continue
        if kinds[index] == "item":
            stop = index + 1
            while stop < len(blocks) and kinds[stop] == "item" and blocks[stop].heading == block.heading:
                if is_numbered(body, block) and not is_numbered(body, blocks[stop]) and not indent(body, blocks[stop]):
                    break
                stop += 1
            before = blocks[index - 1] if index else None
            if before is None or before.kind != "item":
                barred = before is not None and before.heading == block.heading and _bars(before.text)
            items = blocks[index:stop]
            if places is None or any(item.start in places for item in items):
                yield from _list(body, items, topics[block.heading], before, barred=barred)
        elif places is not None and block.start not in places:
            continue
        elif (
            block.kind == "table"
            and topics[block.heading] not in _NO_TRAINING
            and (tells_sizes(block) or (index and _leads_to_table(blocks[index - 1].text)))
        ):
            yield from in_table(body, block, led=True)
        elif block.kind == "table" and topics[block.heading] not in _NO_TRAINING and lists_stages(block):
            yield from in_table(body, block)
        elif block.kind == "table" and topics[block.heading] not in _NO_TRAINING and (lists_files(block) or lists_used(block)):
            yield from of_files(body, block)
        elif block.kind == "paragraph" and "\n" in block.text and topics[block.heading] not in _NO_TRAINING and _opens_lines(block.text):
            yield from _in_lines(block)
        elif on_data and (topic := topics[block.heading]) in ("data", "train"):
            if topic == "data":
                yield from _under_data(body, block)
            else:
                yield from in_table(body, block) if block.kind == "table" else _linked(body, block)
        elif block.kind == "table" and topics[block.heading] not in _NO_TRAINING:
            yield from in_splits(body, block)
            yield from of_this_model(body, block)


def _opens_lines(text: str) -> bool:
    """Whether the first line of a paragraph leads to training data and the others have a label each: "Datasets used:", "Acme: 5 h"."""
    first, _, rest = text.partition("\n")
    if not first.rstrip().endswith(_COLONS) or not _opens(first.lower()):
        return False
    lines = rest.split("\n")
    return sum(bool(_LABELLED_LINE.match(line)) for line in lines) * 3 >= max(2, len(lines)) * 2


def _in_lines(block: Block) -> Iterator[Data]:
    """The labels of the lines below the first, where most of them have the shape of names."""
    labels = [match.span(1) for match in _LABELLED_LINES.finditer(block.text)]
    names = [span for span in labels if looks_named(block.text[slice(*span)])]
    shown = sum(is_known(block.text[slice(*span)]) or any(map(SHAPED.fullmatch, block.text[slice(*span)].split())) for span in names)
    if shown * 2 >= len(labels):
        yield from (Data(block, *span) for span in names)


def _leads_to_table(text: str) -> bool:
    """Whether a paragraph ends by pointing to a table of training data: "The training data used is shown in the table below."."""
    last = text[-160:].lower()
    if _DATASETS.fullmatch(text):
        return True
    return bool(_TABLE_LEAD.search(last)) and not any(stem in last for stem in RESULTS)


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
            yield from _linked(body, block) or _well_known(block)
        elif topic == "data" and "\n|" in block.text:
            yield from in_pipes(block)
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
        if topic in _NO_TRAINING and topic != "hyper":
            return
        opens = _labels_deeper if topic == "hyper" else _opens_deeper
        first = next((n for n, block in enumerate(items, 1) if opens(body, block, items[n : n + 1])), len(items))
        leading = items[first - 1].text.lower()
    run = [block for block in items[first:] if "|" not in block.text]
    if first and run:
        # The list that an item opens ends where the items stand further left again.
        level = indent(body, run[0])
        run = list(takewhile(lambda block: indent(body, block) >= level, run))
    if run:
        yield from items_in(body, run, _opening(leading))


def _opens_deeper(body: Body, block: Block, behind: list[Block]) -> bool:
    """Whether an item leads to a list of training data: "Trained on:", or a label for data."""
    if block.text.rstrip()[-1:] in _COLONS and _opens(block.text.lower()):
        return True
    return _labels_deeper(body, block, behind)


def _labels_deeper(body: Body, block: Block, behind: list[Block]) -> bool:
    """Whether an item is a label for data with items that stand further right."""
    labelled = bool(behind) and any(field.kind == "data" and field.block is block for field in body.fields)
    return labelled and indent(body, behind[0]) > indent(body, block)


def _opening(low: str) -> Opening:
    """What a sentence that leads to a list tells of it; "" where there is none. A label with its value tells no more than a heading."""
    if not low or (low.rstrip()[-1:] not in _COLONS and _LABELLED.match(low)):
        return Opening.HEADING
    return Opening.TRAINING if _TRAINING.search(low) or _ENDS_IN_SETS.search(low) else Opening.DATA


def _under_data(body: Body, block: Block) -> Iterable[Data]:
    """What a block under a heading on data names, which is no item of a list."""
    text = block.text
    if "\n|" in text:
        return in_pipes(block)
    if block.kind == "table":
        return in_table(body, block)
    if block.kind != "paragraph":
        return ()
    if len(text) <= _SHORTEST or ("/" in text and " " not in text and "://" not in text):
        return _only_name(body, block)
    low = text.lower()
    if _TESTING.match(text):
        return ()
    if any(stem in low for stem in RESULTS):
        return _before_results(body, block, low)
    if testing := _TESTING.search(text):
        return mentions(body, block, 0, testing.start(), pointed=0)
    return _without_described(block, mentions(body, block, 0, min(len(text), _LONGEST_PARAGRAPH), pointed=0)) or _address(block, low)


def _without_described(block: Block, found: list[Data]) -> list[Data]:
    """Without what a sentence names to describe a dataset: "AcmePajama is a cleaned version of RedPajama"."""
    kept = []
    for item in found:
        begin, end = sentence(block.text, item.start, item.end)
        told = _DESCRIBES.match(block.text, begin, end) if item.start > begin else None
        if not told or item.start < told.end() or not _is_told_of(block.text, told, found):
            kept.append(item)
    return kept


def _is_told_of(text: str, told: re.Match[str], found: list[Data]) -> bool:
    """Whether the subject of a sentence that describes is data: it is found there, or was named before."""
    return text.find(told.group(1), 0, told.start()) >= 0 or any(told.start(1) <= item.start < told.end(1) for item in found)


def _before_results(body: Body, block: Block, low: str) -> list[Data]:
    """What a paragraph on data names in the sentences before the first that speaks of results; the pages of "the benchmark dataset"."""
    first = min(at for stem in RESULTS if (at := low.find(stem)) >= 0)
    if low.startswith("benchmark data", first):
        return _linked(body, block)
    end = max(low.rfind(mark, 0, first) for mark in (". ", ".\n", "\n\n"))
    return mentions(body, block, 0, end + 1, pointed=0) if end > 0 else []


def _only_name(body: Body, block: Block) -> list[Data]:
    """The names that are all there is of a short paragraph on data: "Acme Corpus", a link, an id, one a line."""
    found = []
    for line in _LINE.finditer(block.text):
        text = line.group()
        begin = line.start()
        if (colon := text.find(": ")) > 0 and is_known(text[colon + 2 :]):
            begin += colon + 2
            text = text[colon + 2 :]
        titled = _ENDS_IN_DATA.match(text)
        anchor = body.anchor_at(block, begin)
        named = (
            (anchor and anchor.end >= line.end() and is_label(text))
            or (titled and is_subject(titled.group(1)))
            or (SHAPED.fullmatch(text) and "://" not in text)
            or is_known(text)
        )
        item = cleaned(block.text, begin, line.end()) if named and (anchor or looks_named(text)) else None
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


def _well_known(block: Block) -> Iterator[Data]:
    """The well-known names in an item of a list on training that speaks of no test: "2 epochs, SNLI train, batch size 8"."""
    low = block.text.lower()
    if any(stem in low for stem in RESULTS) or _NO_DATA.search(low):
        return
    for start, end in known_names(block.text):
        if not (block.text.endswith("of ", 0, start) or _GOES_ON.match(block.text, end)):
            yield Data(block, start, end)


def _address(block: Block, low: str) -> Iterator[Data]:
    """The address that a short paragraph on data gives instead of a name."""
    match = _ADDRESS.search(block.text, 0, _REACH) if "data" in low else None
    if match and page_kind(match.group()) is not Page.OTHER:
        yield Data(block, *match.span())


def _opens(low: str) -> bool:
    """Whether a paragraph leads to a list of training data."""
    low = _REMARK.sub("", low.replace("‑", "-"))
    end = low.rstrip()[-1:]
    if end == "。" and _FOLLOWING.search(low[-160:]) and _LIST_LEAD.search(low[-160:]) and not _NO_LIST.search(low[-100:]):
        return True
    if end in (".", "!", "?", "。", ")", ""):
        return end == "." and bool(_FOLLOWS.search(low, len(low) - 240))
    last = low[-160:]
    last = last[max(last.rfind(". "), last.rfind(".\n")) + 1 :]
    ends = end in ":：" or (len(last) < _LONGEST_LEAD and low.isascii()) or _FOLLOWING_SETS.search(last)
    return bool(ends and _LIST_LEAD.search(last)) and not _NO_LIST.search(last)
