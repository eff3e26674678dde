"""Datasets in tables: the column of data, a cell with several names, splits and their sizes, what files and models were trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.claims.columns import cells, head_of
from cardlint.card.claims.dataitems import JOINED, JOINT, METRIC_HEAD, SHAPED, first_of, lead, without_split
from cardlint.card.claims.datanames import Data, is_known, is_never, looks_named, without_word
from cardlint.card.claims.datapages import DATA_FILE, is_data_link, is_label
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

_MOST_IN_CELL = 20
_DATA_HEAD = Pattern(
    r"(?i)^(?:training |source )?(?:data ?sets?|data|corpus|corpora|sources?|数据集|データセット|資料集|資料|데이터셋|데이터).{0,12}$"
)
_CLASS = Pattern(r"[A-Z]+(?:[_-][A-Z]+)*")
"""What entities and classes are called: "PERSON", "NAT_REL_POL"."""
_CORPUS_HEAD = Pattern(r"(?i)(?:training )?(?:corpus|corpora|data ?sets?|data sources?)(?: names?)?")
_SIZE_HEAD = Pattern(
    r"(?i)(?:#|no\. of |number of |total |corpus )?(?:size|tokens|words|sentences|hours|documents|pairs|examples)(?: \(?\w+\)?)?"
)
_NUMBER = Pattern(r"[\s*~≈]*[\d.,]+\s*(?:[KMGTBkmgtb]?B?|million|billion|hours|h|%)?[\s*]*$|\s*-?\s*$")
_NAME_HEAD = Pattern(r"(?i)(?:data ?set |corpus )?names?")
_FOR_TESTS = Pattern(r"(?i)\b(?:evaluation|testing|validation|downstream|held-?out|planned)\b")
_EPOCHS = Pattern(r"(?i)\W*(?:no\. of |number of |# ?)?epochs?\W*")
"""How often a corpus was gone through is no result."""
_TRAINED_ON = Pattern(
    r"(?i)train(?:ing)? (?:data(?: ?sets?)?|corp(?:us|ora)|sets?)|(?:fine-?)?(?:trained|tuned) on|data ?sets? used"
    r"|(?:instruction|fine-?tuning|sft) data(?: ?sets?)?"
)
_USED = Pattern(r"(?i)data ?sets? used")
_IN_SPLITS = Pattern(r"(?i)(?:training |source )?(?:data ?sets?|corpus|corpora)(?: names?)?")
_SPLIT_HEAD = Pattern(r"(?i)splits?")
_TRAIN_HEAD = Pattern(
    r"(?i)(?:#|no\. of |number of )?\s*train(?:ing)?(?: ?set| split| data| samples?| examples?| hours| size)?(?: \([^()]*\))?"
)
_AMOUNT = Pattern(r"[~≈*]*(?:\d[\d,.]*\s?(?:[kKMGB]|hours?|h|hrs?|million)\*?|\d{1,3}(?:[, ]\d{3})+\*?|\d{3,}\*?)")
"""What a split holds; a share or a score is no amount."""
_TRAIN_PART = Pattern(r"(?i)train(?:ing)?\b.*")
_NAMED_SPLIT = Pattern(r"(?i)[ _-]\(?(train(?:ing)?|dev|valid(?:ation)?|test|eval(?:uation)?)(?: set| split)?\)?\W*$")
_SIGNS = Pattern(r"[\W_]+")
_TITLED = Pattern(r"[A-Z]\w+ (?:Corpus|Dataset|Treebank)$")
_ALL = ("total", "all", "overall", "sum")
_HOLDS_TRAINING = Pattern(r"(?i)(?:sft |dpo |fine-?tuning )?train(?:ing)? (?:data|set|corpus|split|samples)\b")


def tells_sizes(block: Block) -> bool:
    """Whether a table lists corpora with what they hold: its head is "Corpus | Tokens"."""
    head = block.rows[0]
    return bool(_CORPUS_HEAD.fullmatch(head[0].strip(" *"))) and any(_SIZE_HEAD.fullmatch(cell.strip(" *")) for cell in head[1:])


def in_table(body: Body, block: Block, *, led: bool = False) -> Iterator[Data]:
    """The names in the column of data; in the first one of a table that a sentence leads to, or that counts, where they show it."""
    if len(block.rows) < 2 or any(METRIC_HEAD.search(cell) and not _EPOCHS.fullmatch(cell) for cell in block.rows[0]):
        return
    column = next((i for i, cell in enumerate(block.rows[0]) if _DATA_HEAD.match(cell.strip(" *"))), -1)
    if column < 0 and body.topic(block) == "data" and _NAME_HEAD.fullmatch(block.rows[0][0].strip(" *")):
        column = 0
    if column < 0 and (led or (body.topic(block) == "data" and all(_NUMBER.match(cell) for row in block.rows[1:] for cell in row[1:]))):
        column = 0 if _names_data(body, block) else -1
    if column >= 0:
        rows = [row for row in block.rows[1:] if column < len(row)]
        for row, (start, end) in zip(rows, cells(block, column), strict=False):
            others = " ".join(cell for number, cell in enumerate(row) if number != column)
            if not _FOR_TESTS.search(others) or "train" in others.lower():
                yield from _in_cell(body, block, start, end)


def in_splits(body: Body, block: Block) -> Iterator[Data]:
    """The names in a table of datasets and what their splits hold: those of which a part is for training."""
    head = head_of(block)
    column = next((i for i, cell in enumerate(head) if _IN_SPLITS.fullmatch(cell)), -1)
    if column < 0 or any(METRIC_HEAD.search(cell) for cell in head):
        return
    split = next((i for i, cell in enumerate(head) if _SPLIT_HEAD.fullmatch(cell)), -1)
    amount = next((i for i, cell in enumerate(head) if i != column and _TRAIN_HEAD.fullmatch(cell)), -1)
    for row, (start, end) in zip([row for row in block.rows[1:] if column < len(row)], cells(block, column), strict=False):
        named = _NAMED_SPLIT.search(row[column])
        if (
            (0 <= split < len(row) and _TRAIN_PART.match(row[split].strip(" *`")))
            or (0 <= amount < len(row) and _AMOUNT.fullmatch(row[amount].strip()) and row[column].strip(" *").lower() not in _ALL)
            or (named and named.group(1).lower().startswith("train"))
        ):
            names = _in_cell(body, block, start, end - len(named.group()) if named else end)
            yield from (item for item in names if body.anchor_at(block, item.start) or _shows_name(block.text[item.start : item.end]))


def of_this_model(body: Body, block: Block) -> Iterator[Data]:
    """What a table of models says that the card's own was trained on: its only row, or the one with a name from title or code."""
    head = head_of(block)
    column = next((i for i, cell in enumerate(head) if i and _TRAINED_ON.fullmatch(cell)), -1)
    if column < 0 or any(METRIC_HEAD.search(cell) for cell in head):
        return
    rows = [row for row in block.rows[1:] if column < len(row)]
    if len(rows) > 1:
        named = {_squeezed(claim.value) for claim in body.card.claims.repo_ids} | {_squeezed(body.blocks[0].text)}
        here = [_squeezed(row[0]) in named for row in rows]
    else:
        here = [True]
    if sum(here) == 1:
        for own, (start, end) in zip(here, cells(block, column), strict=False):
            if own:
                yield from (item for item in _in_cell(body, block, start, end) if _shows_name(block.text[item.start : item.end]))


def _squeezed(name: str) -> str:
    """The letters and digits of a name without its owner, in lower case."""
    return _SIGNS.sub("", name.rsplit("/", 1)[-1].lower())


def _shows_name(name: str) -> bool:
    """Whether a name is well known or has the shape of one in a word: no "US contracts"."""
    return is_known(name) or any(map(SHAPED.fullmatch, name.split())) or bool(_TITLED.search(name))


def lists_used(block: Block) -> bool:
    """Whether a table has a column of the datasets that were used."""
    return any(_USED.fullmatch(cell) for cell in head_of(block))


def of_files(body: Body, block: Block) -> Iterator[Data]:
    """What a table of the repository's files says that they were trained on, and the files that it calls training data."""
    head = head_of(block)
    if any(METRIC_HEAD.search(cell) for cell in head):
        return
    for column, cell in enumerate(head):
        if _TRAINED_ON.fullmatch(cell):
            for start, end in cells(block, column):
                yield from _in_cell(body, block, start, end)
    text = block.text
    for start, end in cells(block, 0):
        if DATA_FILE.search(text[start:end].strip(" `")) and _HOLDS_TRAINING.match(text, end + len(" | ")):
            yield Data(block, start, end)


def _in_cell(body: Body, block: Block, start: int, end: int) -> Iterator[Data]:
    """The names in a cell: its links, else the name at its front, those joined to it where one shows that it is one, links in brackets."""
    text = block.text
    if text.startswith(("Same as ", "same as "), start):
        return
    anchor = body.anchor_at(block, start)
    if anchor and is_label(text[anchor.start : anchor.end]):
        yield Data(block, *without_word(text, anchor.start, anchor.end))
        before = anchor
        for other in body.anchors_in(block, anchor.end, end):
            joined = JOINT.fullmatch(text, before.end, other.start) and is_label(text[other.start : other.end])
            before = other
            if joined or is_data_link(text, other):
                yield Data(block, other.start, other.end)
        return
    names: list[tuple[int, int]] = []
    at = start
    while len(names) < _MOST_IN_CELL and (item := lead(text, at, end)):
        kept = without_split(text, *item)
        stop = first_of(text, *kept) if kept else end
        if kept is None or is_never(text[kept[0] : kept[1]]) or (names and not looks_named(text[kept[0] : stop])):
            break
        names += [(kept[0], stop), (stop + len(JOINED), kept[1])] if stop < kept[1] else [kept]
        joint = JOINT.match(text, item[1], end)
        if joint is None or joint.end() >= end:
            break
        at = joint.end()
    if start < (opened := text.find("(", start, end)):
        yield from (Data(block, *other[:2]) for other in body.anchors_in(block, opened, end) if is_data_link(text, other))
    if not any(is_known(text[first:last]) or any(map(SHAPED.fullmatch, text[first:last].split())) for first, last in names):
        names = names[:1]
    yield from (Data(block, first, last) for first, last in names)


def _names_data(body: Body, block: Block) -> bool:
    """Whether the first cells of a table are names rather than the classes that were counted: links, known ones, shaped ones."""
    cells = [row[0].strip(" \t*`") for row in block.rows[1:] if row]
    if all(cell.strip(" *").endswith("%") for row in block.rows[1:] for cell in row[1:]) and not any(map(is_known, cells)):
        return False
    named = sum(is_known(cell) or (bool(SHAPED.fullmatch(cell.split(" ")[0])) and not _CLASS.fullmatch(cell)) for cell in cells)
    below = len(" | ".join(block.rows[0]))
    return any(anchor.start > below for anchor in body.anchors(block)) or named * 2 >= len(cells)


def in_pipes(block: Block) -> Iterator[Data]:
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
