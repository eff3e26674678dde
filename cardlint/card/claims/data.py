"""Datasets: what a card says its model was trained on, and what it was evaluated on."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import re2

from cardlint.card.claims.names import NAME
from cardlint.data import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Anchor, Body
    from cardlint.card.claims.claim import Claim
    from cardlint.card.outline import Block

_SENTENCE = re.compile(r"[.!?](?=\s)|\n\n|[。！？]")
_NAME = re.compile(NAME)
_WORD = r"(?:data ?-?sets?|datasets?|corpus|corpora|collections?|dumps?|数据集|語料庫|语料库|资料集|データセット|コーパス|데이터셋|말뭉치|데이터)"
_NAMED = re.compile(
    rf"({NAME}|[a-z][\w\-]{{2,40}})(?:\s*\([^()\n]{{1,40}}\))?[\"'`*”]?\s+(?:[a-z]+ ){{0,2}}?{_WORD}(?![A-Za-z])", re.IGNORECASE if False else 0
)
_DATA_PAGE = re.compile(r"^https?://(?:www\.)?(?:huggingface\.co/(?:datasets|nlp/viewer)|hf\.co/datasets|kaggle\.com|zenodo\.org|.*(?:dataset|corpus|corpora|openslr|commonvoice|opus\.nlpl|statmt|linguatools|tatoeba|wikipedia\.org|data\b))")
_NOT_PAGE = re.compile(r"arxiv\.org|aclanthology|doi\.org|/papers?/|\.pdf$|huggingface\.co/(?!datasets)[\w.-]+/[\w.-]+/?$|github\.com/(?:huggingface|pytorch|google-research|espnet|NVIDIA)")
_STOP_WORDS = re.compile(
    r"(?i)^(?:the|this|that|these|our|an?|its|their|same|following|training|train|test|dev|validation|evaluation|eval|large|small|custom|private|own|new|full|whole|entire|original|raw|"
    r"unlabell?ed|labell?ed|annotated|none|unknown|text|speech|image|images|audio|various|different|multiple|several|many|all|other|another|some|each|both|two|three|four|public|publicly|open|"
    r"domain|general|specific|parallel|monolingual|multilingual|bilingual|english|internal|in-house|proprietary|synthetic|generated|combined|mixed|available|target|downstream|source|sample|pre-?training|fine-?tuning|instruction|"
    r"web|used|using|of|on|and|or|from|for|with|in|to|is|was|are|high-quality|huge|massive|filtered|cleaned|balanced|existing|benchmark|standard|such|user|more|any|no|your|my|model|models|language|task|nlp|real|free|datasets?|data|corpus|corpora)$"
)
_LABEL_TRAIN = re.compile(
    r"^(?:(?:primary |main |training |train |fine-?tuning |fine-?tune |pre-?training |used |source |sft |dpo )*(?:data ?sets?|corpus|corpora|data sources?)(?: name| id|\(s\))?(?: used)?(?: (?:for|in) (?:training|fine-?tuning|pre-?training))?"
    r"|(?:pre-?|fine-?)?(?:training|tuning)[ -](?:data|corpus|set)(?: used)?(?: source)?|(?:fine-?tuned|finetuned|trained|pre-?trained)(?: (?:on|using|with))(?: (?:data ?sets?|data|corpus))?"
    r"|训练数据集?|训练集|訓練資料|数据集|資料集|語料|训练语料|学習データ(?:セット)?|データセット|訓練データ|학습 ?데이터(?:셋)?|데이터셋?|(?:обучающ\w+ )?(?:датасет|данные|корпус)|(?:conjunto de )?datos(?: de entrenamiento)?|données(?: d'entraînement)?|dados(?: de treinamento)?|trainingsdaten)(?: ?\(s\))?$"
)
_LABEL_EVAL = re.compile(r"^(?:evaluat\w+|test(?:ing)?|validation|dev|benchmark)[ -](?:data ?sets?|data|set|corpus)(?:s|\(s\))?$|^evaluated on$")
_SPLIT = re.compile(r"\s*(?:,|;|、|，|\s\+\s|\s&\s|\n|\band\b|\s/\s|と|와|및)\s*")
_LEAD_END = re.compile(r"\s[(（]|[:：]\s|\s[-–—]\s|\s?[—]\s?|[,;.](?:\s|$)|\n|（|，|。|$")
_LONGEST_NAME = 70
_LONGEST_LIST = 60
_EVAL_CUE = re.compile(r"(?i)evaluat|\btest(?:ed|ing)?\b|benchmark|accurac|score|result|achiev|perform|compar|outperform|metric|\bWER\b|\bF1\b|评测|評価")
_METRIC_HEAD = re.compile(r"(?i)accuracy|\bf1\b|score|\bwer\b|\bcer\b|bleu|rouge|precision|recall|\bem\b|perplexity|loss|epoch|learning|\blr\b|map\b|metric")
_DATA_HEAD = re.compile(r"(?i)^(?:training |source )?(?:data ?sets?|data|corpus|corpora|sources?|name|数据集|データセット|資料集)(?: name)?$")


@cache
def _cues() -> tuple[re2._Regexp[str], re.Pattern[str], frozenset[str]]:
    words = vocabulary("claims_datasets")
    known = sorted(words["names"], key=len, reverse=True)
    return (
        re2.compile(f"(?i){'|'.join(words['cues'])}"),
        re.compile(rf"(?<![\w/-])(?:{'|'.join(known)})(?![A-Za-z0-9])", re.IGNORECASE),
        frozenset(words["not_datasets"]),
    )


class _Data(NamedTuple):
    block: Block
    start: int
    end: int


def read_training_data(body: Body) -> tuple[Claim, ...]:
    """The datasets that the body names as training data, each once."""
    found: dict[str, Claim] = {}
    for block, _, start, end in body.find(_cues()[0]):
        if body.topic(block) != "eval":
            for item in _in_sentence(body, block, start, end):
                _keep(found, body, item)
    for field in body.fields:
        if _LABEL_TRAIN.match(field.label) and body.topic(field.block) not in ("eval", "license", "code"):
            for item in _in_list(body, field.block, field.start, field.end):
                _keep(found, body, item)
    if "train" in body.topics:
        for item in _under_heading(body):
            _keep(found, body, item)
    return tuple(sorted(_longest(found), key=lambda claim: claim.start))


def read_evaluation_data(body: Body) -> tuple[Claim, ...]:
    """The datasets that the body names as evaluation data, each once."""
    found: dict[str, Claim] = {}
    for field in body.fields:
        if _LABEL_EVAL.match(field.label):
            for item in _in_list(body, field.block, field.start, field.end):
                _keep(found, body, item)
    for block, low in body.passages:
        if block.kind != "table" and ("evaluat" in low or "tested on" in low or body.topic(block) == "eval"):
            for match in _EVALUATED.finditer(block.text):
                for item in _in_sentence(body, block, match.start(), match.end(), evaluation=True):
                    _keep(found, body, item)
    return tuple(sorted(_longest(found), key=lambda claim: claim.start))


_EVALUATED = re.compile(r"(?i)\b(?:evaluated|tested|evaluation|results?|performance|benchmarked)\b[^.\n]{0,40}?\bon\s")


def _keep(found: dict[str, Claim], body: Body, item: _Data) -> None:
    value = item.block.text[item.start : item.end]
    key = _key(value)
    if len(key) > 1 and key not in found and value.lower() not in _cues()[2]:
        found[key] = body.claim(item.block, item.start, item.end)


def _key(value: str) -> str:
    low = value.lower().rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"[\W_]+", "", re.sub(r"\b(?:the|dataset|corpus)\b", "", low))


def _longest(found: dict[str, Claim]) -> list[Claim]:
    """Without names that another one holds as its greater part."""
    return [
        claim
        for key, claim in found.items()
        if not any(key != other and key in other and len(key) >= 0.6 * len(other) and len(key) > 3 for other in found)
    ]


def _in_sentence(body: Body, block: Block, start: int, end: int, *, evaluation: bool = False) -> Iterator[_Data]:
    """The datasets in the rest of the sentence that a cue begins."""
    text = block.text
    begin = 0
    for match in _SENTENCE.finditer(text, max(0, start - 300), start):
        begin = match.end()
    stop = _SENTENCE.search(text, end)
    last = stop.start() if stop else len(text)
    if not evaluation:
        said = _EVAL_CUE.search(text, begin, start)
        if said and "train" not in text[begin : start + 12].lower()[said.start() - begin :]:
            return
        later = _EVAL_CUE.search(text, end, last)
        last = later.start() if later else last
    yield from _candidates(body, block, end, last)


def _candidates(body: Body, block: Block, start: int, end: int) -> Iterator[_Data]:
    """Links to data, names before a word for data, and well-known names, in a stretch of text."""
    text = block.text
    for anchor in body.anchors(block):
        if start <= anchor.start < end and _is_data(text, anchor, end):
            yield _Data(block, anchor.start, anchor.end)
    for match in _NAMED.finditer(text, start, end):
        item = _clean(text, *match.span(1))
        if item and not body.anchor_at(block, item[0]):
            yield _Data(block, *item)
    for match in _cues()[1].finditer(text, start, end):
        if not body.anchor_at(block, match.start()):
            yield _Data(block, *match.span())


def _is_data(text: str, anchor: Anchor, end: int) -> bool:
    label = text[anchor.start : anchor.end]
    if len(label) > _LONGEST_NAME or _LINK_LABEL.match(label):
        return False
    if _DATA_PAGE.match(anchor.url):
        return True
    follows = text[anchor.end : min(end, anchor.end + 30)].lower()
    if _DATA_WORD.search(label) or _DATA_WORD.match(follows.lstrip(" *`\"'")) or _cues()[1].search(label):
        return not _NOT_PAGE.search(anchor.url) or bool(_DATA_WORD.search(label) or _DATA_WORD.match(follows.strip()))
    return False


_DATA_WORD = re.compile(r"(?i)(?:\w+ )?(?:data ?-?sets?|corpus|corpora|数据集|データセット|コーパス|데이터)\b")
_LINK_LABEL = re.compile(r"(?i)^(?:here|this|link|paper|github|code|repo|the (?:data ?set|paper|link)|data ?sets?$|data$|hugging|🤗|website|download|model)")


def _clean(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A name without articles and adjectives at its front; None where nothing is left."""
    while True:
        value = text[start:end]
        head = re.match(r"\S+", value)
        if head is None:
            return None
        if not _STOP_WORDS.match(head.group().strip("\"'`*,")):
            break
        start += head.end()
        while start < end and text[start].isspace():
            start += 1
    value = text[start:end].rstrip()
    if len(value) < 2 or value.isdigit() or not (any(c.isupper() or c.isdigit() for c in value) or "_" in value or "-" in value or _LOWER_OK.match(text, max(0, start - 4))):
        return None
    return start, start + len(value)


_LOWER_OK = re.compile(r"the ")


def _in_list(body: Body, block: Block, start: int, end: int) -> Iterator[_Data]:
    """The datasets in a labelled value: its links to data, else the names between commas."""
    text = block.text
    anchors = [anchor for anchor in body.anchors(block) if start <= anchor.start < end and not _LINK_LABEL.match(text[anchor.start : anchor.end])]
    if anchors:
        yield from (_Data(block, anchor.start, anchor.end) for anchor in anchors[:_LONGEST_LIST] if anchor.end - anchor.start <= _LONGEST_NAME)
        return
    at = start
    while at < end:
        split = _SPLIT.search(text, at, end)
        stop = split.start() if split else end
        item = _lead(text, at, stop)
        if item:
            yield _Data(block, *item)
        if not split or split.end() <= at:
            break
        at = split.end()


def _lead(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name at the front of an item, up to a bracket, a colon, a dash or a comma."""
    while start < end and text[start] in " \"'`*\t":
        start += 1
    match = _LEAD_END.search(text, start, end)
    stop = match.start() if match else end
    value = text[start:stop].rstrip(" \"'`*.")
    if not 2 <= len(value) <= _LONGEST_NAME or len(value.split()) > 9 or _NO_LEAD.match(value):
        return None
    if value.isascii() and not any(c.isupper() or c.isdigit() or c in "_-/" for c in value):
        return None
    return start, start + len(value)


_NO_LEAD = re.compile(r"(?i)^(?:\[?more information|needed|none\b|unknown|n/?a\b|tbd|todo|see\b|the model|this|we\b|it\b|you\b|i\b|to\b|for\b|a\b|an\b|\d[\d.,%kKmMeE+-]*$|https?:|todo|~|please|train|test|val|dev|size|total|number|note|learning|batch|epoch|optimi|loss|max|split|language|license)")


def _under_heading(body: Body) -> Iterator[_Data]:
    """The items, tables and sentences under a heading on training data."""
    for block, low in body.passages:
        if body.topic(block) != "train":
            continue
        if block.kind == "item":
            yield from _item(body, block)
        elif block.kind == "table":
            yield from _table(block)
        elif block.kind == "paragraph" and not _EVAL_CUE.search(block.text[:200]) and len(low) < 1500:
            yield from _candidates(body, block, 0, len(block.text))


def _item(body: Body, block: Block) -> Iterator[_Data]:
    text = block.text
    anchors = body.anchors(block)
    if anchors and anchors[0].start <= 8 and not _LINK_LABEL.match(text[: anchors[0].end]) and anchors[0].end - anchors[0].start <= _LONGEST_NAME:
        yield _Data(block, anchors[0].start, anchors[0].end)
        return
    found = list(_candidates(body, block, 0, len(text)))
    if found:
        yield from found[:3]
        return
    if block.label and _METRIC_HEAD.search(block.label):
        return
    item = _lead(text, 0, len(text))
    if item and len(text[item[0] : item[1]].split()) <= 5:
        yield _Data(block, *item)


def _table(block: Block) -> Iterator[_Data]:
    if len(block.rows) < 2 or any(_METRIC_HEAD.search(cell) for cell in block.rows[0]):
        return
    column = next((i for i, cell in enumerate(block.rows[0]) if _DATA_HEAD.match(cell.strip(" *"))), -1)
    if column < 0:
        return
    begin = 0
    for number, row in enumerate(block.rows):
        if number and column < len(row):
            start = begin + sum(len(cell) + 3 for cell in row[:column])
            item = _lead(block.text, start, start + len(row[column]))
            if item:
                yield _Data(block, *item)
        begin += len(" | ".join(row)) + 1
