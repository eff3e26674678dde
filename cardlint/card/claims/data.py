"""Datasets: what a card says its model was trained on, and what it was evaluated on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.card.claims.claim import Claim
from cardlint.card.claims.cues import find_cues
from cardlint.card.claims.datanames import (
    LONGEST_NAME,
    Data,
    candidates,
    cleaned,
    hub_id,
    is_data_link,
    is_label,
    looks_named,
    without_word,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.claims.cues import Cue
    from cardlint.card.outline import Block

_SENTENCE = re.compile(r"[.!?](?=\s)|\n\n|[。！？]")
_JOINT = re.compile(r"(?:\s*\([^()\n]{0,80}\))?\s*(?:,|;|、|，|\+|&|\band\b|\sと|와|및|\n)\s*")
_LEAD_END = re.compile(r"\s?[(（\[]|[:：](?:\s|$)|\s[-–—]+\s|—|[,;](?:\s|$)|[.](?:\s|$)|\n|，|。|\swhich\s|\s\+\s|$")
_NO_TRAINING = frozenset(("eval", "code", "license", "hyper"))
_LONGEST_LIST = 60
_REACH = 600
_SHORTEST = len("more information needed") + 2
_RESULTS = ("evaluat", "tested", "test set", "benchmark", "achiev", "outperform", "compared", "评测", "評価")
_METRIC_HEAD = re.compile(
    r"(?i)accuracy|\bf1\b|score|\bwer\b|\bcer\b|bleu|rouge|precision|recall|\bem\b|perplexity|loss|epoch|learning|\blr\b|\bmap\b|metric"
)
_DATA_HEAD = re.compile(
    r"(?i)^(?:training |source )?(?:data ?sets?|data|corpus|corpora|sources?|数据集|データセット|資料集|資料|데이터셋|데이터).{0,12}$"
)
_TITLE_TRAINED = re.compile(r"(?i)(?:fine-?tuned|trained|trained by \S+) on (?:the )?")
_TRAINING = re.compile(r"(?i)train|tun(?:ed|ing)|学習|训练|訓練|학습|обуч|entren|entraîn|trein")
_LIST_LEAD = re.compile(
    r"(?i)(?:\btrain(?:ed)?|fine-?tuned)\b[^.]*\b(?:on|using|with|from|over)\b|\bsources?\b|data ?sets?|corpus|corpora|\bdata\b"
    r"|数据集|資料集|语料|データ(?:セット)?\b|コーパス|데이터|датасет|корпус|datos|données|dados"
)
_NUMBER = re.compile(r"[\s*~≈]*[\d.,]+\s*(?:[KMGTBkmgtb]?B?|million|billion|hours|h|%)?[\s*]*$|\s*-?\s*$")
_FOLLOWING = re.compile(r"以下|次の|下記|如下|다음")
_SETTING = re.compile(r"[\"'`]?[a-z]+(?:_[a-z]+)+[\"'`]?\s*[:=(]|[A-Za-z ]{2,20}:\s*[\d.]+\s*$")
_NO_LIST = re.compile(
    r"(?i)evaluat|test|benchmark|hyper|parameter|epoch|steps?\b|result|label|class(?:es)?\b|metric|"
    r"command|column|format|split|licen|limit|bias|follow(?:ing)? (?:setting|config|argument|options?|"
    r"procedure|feature|steps|tasks|languages|hardware)|optimi[sz]|preprocess|entit|task|language|loss|"
    r"token|algorithm|\brules?\b"
)


def read_training_data(body: Body) -> tuple[Claim, ...]:
    """The datasets that the body names as training data, each once."""
    found: dict[str, Claim] = {}
    covered = (-1, 0)
    for block, group, start, end in sorted(find_cues(body, "claims_datasets"), key=_place):
        pointed = end if group == "train" and block.text.startswith("on", end - 3) else -1
        if pointed < 0 and group != "recipe" and covered[0] == block.start and start < covered[1]:
            continue
        if group == "recipe" or (
            body.topic(block) not in ("eval", "code", "license") and (group == "train" or body.topic(block) != "hyper")
        ):
            last = _sentence_end(block.text, end)
            covered = (block.start, last)
            for item in _in_sentence(body, block, group, start, end, last, pointed):
                _keep(found, body, item)
    for field in body.fields:
        if field.kind == "data" and body.topic(field.block) not in ("eval", "license", "code"):
            for item in _in_value(body, field.block, field.start, field.end):
                _keep(found, body, item)
    for item in _in_lists(body):
        _keep(found, body, item)
    return _settled(found)


def read_evaluation_data(body: Body) -> tuple[Claim, ...]:
    """The datasets that the body names as evaluation data, each once."""
    found: dict[str, Claim] = {}
    for field in body.fields:
        if field.kind == "evaluation":
            for item in _in_value(body, field.block, field.start, field.end):
                _keep(found, body, item)
    for block, low in body.passages:
        if block.kind != "table" and ("evaluat" in low or "tested on" in low or body.topic(block) == "eval"):
            for match in _EVALUATED.finditer(block.text):
                stop = _SENTENCE.search(block.text, match.end(), match.end() + _REACH)
                last = stop.start() if stop else min(len(block.text), match.end() + _REACH)
                for item in candidates(body, block, match.end(), last):
                    _keep(found, body, item)
    return _settled(found)


_EVALUATED = re.compile(r"(?i)\b(?:evaluated|tested|evaluation|results?|performance|benchmarked)\b[^.\n]{0,40}?\bon\s")


def _keep(found: dict[str, Claim], body: Body, item: Data) -> None:
    value = hub_id(item.url) if item.url else item.block.text[item.start : item.end]
    key = _key(value)
    if len(key) > 1 and key not in found:
        at = body.card.text.find(value, item.block.start, item.block.end) if item.url else -1
        found[key] = Claim(value, at, at + len(value)) if at >= 0 else body.claim(item.block, item.start, item.end)


def _key(value: str) -> str:
    low = value.lower().rstrip("/").rsplit("/", 1)[-1]
    short = re.sub(r"[\W_]+", "", re.sub(r"\b(?:the|datasets?|corpus)\b", "", low))
    return short if len(short) > 1 else re.sub(r"[\W_]+", "", low)


def _settled(found: dict[str, Claim]) -> tuple[Claim, ...]:
    """Without names that a longer one holds, in the order of the text."""
    longest = [claim for key, claim in found.items() if not any(key != other and key in other for other in found)]
    return tuple(sorted(longest, key=lambda claim: claim.start))


def _place(cue: Cue) -> tuple[int, int]:
    return cue.block.start, cue.start


def _sentence_end(text: str, at: int) -> int:
    stop = _SENTENCE.search(text, at, at + _REACH)
    return stop.start() if stop else min(len(text), at + _REACH)


def _in_sentence(body: Body, block: Block, group: str, start: int, end: int, last: int, pointed: int) -> Iterator[Data]:
    """The datasets in the rest of the sentence that a cue begins; in the whole sentence where the verb stands last."""
    text = block.text
    begin = max(0, start - 300)
    for end_of in _SENTENCE.finditer(text, begin, start):
        begin = end_of.end()
    last = _before_results(text, end, last)
    if group == "recipe":
        if match := _RECIPE.search(text, max(0, start - 60), start):
            yield Data(block, *match.span(1))
        return
    if pointed > 0 and (match := _TWEETS.match(text, pointed)):
        yield Data(block, *match.span())
    if (
        group == "loose"
        and not _DATA_WORDS.search(text, end, end + 90)
        and not (_TRAINING.search(text, begin, start) or body.topic(block) == "train")
    ):
        return
    if group != "last" and ("fine-tuned version of" in text[begin:end] or "finetuned from" in text[begin:end]):
        at = text.rfind(" on", begin, end)
        yield from _trainer_name(body, block, at + 1, last)
    elif (
        "data" in text[start:last] and (match := _ON_THE.search(text, start, last)) and body.code_end(block, match.start(1)) == match.end(1)
    ):
        yield Data(block, *match.span(1))
    if group == "dataset" and "fine-tuned" not in text[begin:start] and not _TRAINING.search(text, begin, start):
        return
    if group == "last":
        yield from (Data(block, *match.span(1)) for match in _CORPUS_NAME.finditer(text, begin, last))
    if "based on" in text[start:end]:
        pointed = -1
    yield from candidates(body, block, begin if group == "last" else start, last, pointed=pointed)


def _before_results(text: str, start: int, end: int) -> int:
    """Where a sentence turns from training to results."""
    low = text[start:end].lower()
    return min((start + at for stem in _RESULTS if (at := low.find(stem)) >= 0), default=end)


_CORPUS_NAME = re.compile(r"(?:corpus|dataset|conjunto de datos|корпус\w*|датасет\w*) (?:d[eou]s? )?([A-Z][\w-]*[A-Z_-][\w-]*)")
_TWEETS = re.compile(r"tweets from [^.,\n(]{2,60}(?<! )")
_RECIPE = re.compile(r"using ([^\s/]+)(?:/\S+)? $")
_DATA_WORDS = re.compile(r"[dD]ata ?[sS]et|[cC]orp(?:us|ora)")
_ON_THE = re.compile(r"on\s+(?:the\s+)?(\S+(?:\s\S+){0,3}?)\s+data ?set")


def _trainer_name(body: Body, block: Block, start: int, end: int) -> Iterator[Data]:
    """The name in "on the NAME dataset", which may be a plain word in sentences that tools write."""
    text = block.text
    match = _ON_THE.match(text, start, end)
    if match and not body.anchor_at(block, match.start(1)):
        item = cleaned(text, *match.span(1))
        if item:
            yield Data(block, *item)


def _in_value(body: Body, block: Block, start: int, end: int) -> Iterator[Data]:
    """The datasets in a labelled value: its links, else the names at its front joined by commas."""
    text = block.text
    anchors = [anchor for anchor in body.anchors_in(block, start, end) if is_label(text[anchor.start : anchor.end])]
    if anchors and anchors[0].start <= start + 12:
        for anchor in anchors[:_LONGEST_LIST]:
            if anchor.start <= start + 12 or is_data_link(text, anchor):
                yield Data(block, *without_word(text, anchor.start, anchor.end))
        return
    if text.startswith("http", start):
        stop = min((at for at in (text.find(" ", start, end), text.find("\n", start, end)) if at >= 0), default=end)
        hub = hub_id(text[start:stop])
        yield Data(block, text.find(hub, start) if hub else start, text.find(hub, start) + len(hub) if hub else stop)
        return
    at = start
    for _ in range(_LONGEST_LIST):
        item = lead(text, at, end)
        if item is None or (
            not looks_named(text[item[0] : item[1]]) and not (at == start and re.fullmatch(r"[a-z][a-z0-9]+", text[item[0] : item[1]]))
        ):
            return
        yield Data(block, *without_word(text, *item))
        joint = _JOINT.match(text, item[1], end)
        if not joint or joint.end() >= end:
            return
        at = joint.end()


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


def _in_lists(body: Body) -> Iterator[Data]:
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
        elif topic == "data" and block.kind == "paragraph" and len(low) > _SHORTEST and not any(stem in low for stem in _RESULTS):
            named = list(candidates(body, block, 0, len(block.text), pointed=0))
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


_ADDRESS = re.compile(r"https?://[^\s()<>\[\]]*[\w/]")


def _address(block: Block, low: str) -> Iterator[Data]:
    """The address that a short paragraph on data gives instead of a name."""
    match = _ADDRESS.search(block.text, 0, _REACH) if "data" in low else None
    if match and not words().other_page.search(match.group()):
        yield Data(block, *match.span())


def _opens(low: str) -> bool:
    """Whether a paragraph leads to a list of training data."""
    end = low.rstrip()[-1:]
    if end == "。" and _FOLLOWING.search(low[-100:]) and _LIST_LEAD.search(low[-100:]) and not _NO_LIST.search(low[-100:]):
        return True
    if end in (".", "!", "?", "。", ")", ""):
        return False
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
            if item and not words().never.match(text[item[0] : item[1]]):
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
            yield from candidates(body, block, 0, len(block.text))


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
            if item and not words().never.match(block.text[item[0] : item[1]]):
                yield Data(block, *item)
        begin += len(" | ".join(row)) + 1
