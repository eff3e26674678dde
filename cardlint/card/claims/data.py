"""Datasets: what a card says its model was trained on, and what it was evaluated on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.card.claims.claim import Claim
from cardlint.card.claims.cues import find_cues
from cardlint.card.claims.datalinks import offered, whole_link
from cardlint.card.claims.datalists import in_lists
from cardlint.card.claims.datanames import Data, Found
from cardlint.card.claims.dataobjects import keep_mixed
from cardlint.card.claims.datapages import describes, hub_id
from cardlint.card.claims.datasentences import SIGNS, in_sentence
from cardlint.card.claims.datavalues import coded_ids, in_value, through, within_value
from cardlint.card.claims.mentions import mentions
from cardlint.card.claims.names import page_id
from cardlint.card.claims.sentences import sentence
from cardlint.card.outline import Block
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.claims.cues import Cue
    from cardlint.card.claims.fields import Field

_LONGEST_LIST = 60
_MOST_NAMES = 400


def read_training_data(body: Body) -> tuple[Claim, ...]:
    """The datasets that the body names as training data, each once."""
    found: dict[str, Claim] = {}
    ids: set[str] = set()
    for item in _training_data(body):
        key = _keep(found, body, item)
        if _FULL_ID.fullmatch(item.block.text, item.start, item.end):
            ids.add(key)
    return _settled(found, ids)


def training_data_in(body: Body, places: Collection[int]) -> Iterator[Data]:
    """All that `read_training_data` can take from the blocks that begin at ``places``, and more: only these are read."""
    return (item for item in _training_data(body, places) if item.block.start in places)


def _training_data(body: Body, places: Collection[int] | None = None) -> Iterator[Data]:
    """What is named as training data, in all blocks or at some places; with ``places``, some of other blocks too."""
    covered = (-1, 0)
    for block, group, start, end in sorted(find_cues(body, "claims_datasets", places), key=_place):
        pointed = end if group == "object" or (group == "train" and block.text.startswith("on", end - 3)) else -1
        if pointed < 0 and group != "recipe" and covered[0] == block.start and start < covered[1]:
            continue
        if (
            group == "recipe"
            or (body.topic(block) not in ("eval", "code", "license") and (group in ("train", "object") or body.topic(block) != "hyper"))
            or (group == "train" and body.topic(block) != "hyper" and _is_of_this_model(block.text, start, body.topic(block)))
        ):
            begin, last = sentence(block.text, start, end)
            covered = (block.start, last)
            yield from in_sentence(body, block, group, start, end, (begin, last), pointed)
    for field in body.fields if places is None else _fields(body, places):
        if field.kind == "data" and _tells_training(body, field):
            end = through(field.block.text, field.end)
            named = list(in_value(body, field.block, field.start, end))
            yield from named or within_value(body, field.block, field.start, end)
            if named and "/" in field.block.text[named[-1].end : end]:
                yield from coded_ids(body, field.block, named[-1].end, end)
        elif field.kind == "sources" and body.topic(field.block) == "data" and field.block.kind != "table":
            yield from in_value(body, field.block, field.start, field.end)
        elif field.kind == "sources" and field.block.kind == "table" and "spacy" in body.low:
            yield from _in_sources(body, field.block, field.start, field.end)
    yield from in_headings(body, places)
    yield from _mixed(body, places)
    if "/datasets/" in body.card.text:
        yield from (item for item in offered(body) if places is None or item.block.start in places)
    if places is None or any(block.start in places and _may_list(body, block) for block in body.prose):
        yield from in_lists(body, places)


def in_headings(body: Body, places: Collection[int] | None) -> Iterator[Data]:
    """What headings below the title name: "Fine-tuned on the Acme dataset", and links that are headings below one on data."""
    for index, heading in enumerate(body.outline.headings[1:], 1):
        if len(heading.text) > _LONGEST_HEADING or not (places is None or heading.start in places):
            continue
        block = Block("heading", heading.text, heading.start, heading.end, index)
        below_data = body.topics[index] == "data" or (heading.kind == "bold" and body.topics[index] == "train")
        linked = list(whole_link(body, block)) if below_data else []
        yield from linked
        if not linked and (match := _TUNED_ON.search(heading.text)):
            yield from in_sentence(body, block, "train", *match.span(), (match.start(), len(heading.text)), match.end())


def _mixed(body: Body, places: Collection[int] | None) -> Iterator[Data]:
    """The parts of mixtures that stand in brackets anywhere but under headings on results and use."""
    for block in {block.start: block for stem in _MIXTURES for block in body.holding(stem)}.values():
        if (places is None or block.start in places) and body.topic(block) not in ("eval", "code", "license"):
            found = Found(block)
            keep_mixed(found)
            yield from found.data


def _tells_training(body: Body, field: Field) -> bool:
    """Whether a label for data speaks of training: not under a heading on something else, but for a page of the hub."""
    topic = body.topic(field.block)
    if topic == "license" and "train" in field.label:
        return True
    head = field.block.rows[0][0].strip(" *").lower() if field.block.kind == "table" else ""
    if head.startswith(_TABLE_HEADS):
        return head.startswith("training")
    if topic not in ("eval", "license", "code") or hub_id(field.block.text[field.start : field.end]):
        return True
    return topic == "code" and any(hub_id(anchor.url) for anchor in body.anchors_in(field.block, field.start, field.end))


def _fields(body: Body, places: Collection[int]) -> list[Field]:
    """The labelled values of some blocks, if any has a label: to find those of a card costs a little."""
    may = any(block.kind == "table" or ":" in block.text or "：" in block.text for block in body.blocks if block.start in places)
    return [field for field in body.fields if field.block.start in places] if may else []


def _may_list(body: Body, block: Block) -> bool:
    """Whether `in_lists` can take something from a block."""
    return block.kind in ("item", "table") or body.topic(block) in ("data", "train")


def read_evaluation_data(body: Body) -> tuple[Claim, ...]:
    """The datasets that the body names as evaluation data, each once."""
    found: dict[str, Claim] = {}
    for field in body.fields:
        if field.kind == "evaluation":
            for item in in_value(body, field.block, field.start, field.end):
                _keep(found, body, item)
    for block in body.prose:
        low = block.text.lower()
        if block.kind != "table" and ("evaluat" in low or "tested on" in low or body.topic(block) == "eval"):
            for match in _EVALUATED.finditer(block.text):
                for item in mentions(body, block, match.end(), sentence(block.text, match.start(), match.end())[1]):
                    _keep(found, body, item)
    return _settled(found)


_EVALUATED = Pattern(r"(?i)\b(?:evaluated|tested|evaluation|results?|performance|benchmarked)\b[^.\n]{0,40}?\bon\s")


_AT_THE_START = Pattern(r"(?:Fine-?tuned|Trained) ")
_THIS_MODEL = Pattern(
    r"(?i)\b(?:(?:this|our|the) model|(?:the|these|our|all) (?:model )?(?:weights|checkpoints?)) "
    r"(?:is|was|has been|are|were|have been) (?:then |further |finally )?(?:pre-?|fine-?)?$"
)
_SUBJECT_LENGTH = 50


def _is_of_this_model(text: str, start: int, topic: str) -> bool:
    """Whether a verb of training under a heading on use, results or licences is of the card's own model: "the weights were trained"."""
    if start == 0:
        return topic in ("code", "eval") and bool(_AT_THE_START.match(text))
    return bool(_THIS_MODEL.search(text, max(0, start - _SUBJECT_LENGTH), start))


_GENERIC = Pattern(r"\b(?:the|datasets?|corpus)\b")


def _keep(found: dict[str, Claim], body: Body, item: Data) -> str:
    """Keep a name unless it was kept before; its key."""
    text = item.block.text
    start, end = item.start, item.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    value = hub_id(item.url) if item.url else text[start:end]
    key = _key(value)
    if len(key) > 1 and key not in found and len(found) < _MOST_NAMES:
        at = body.card.text.find(value, item.block.start, item.block.end) if item.url else -1
        found[key] = Claim(value, at, at + len(value)) if at >= 0 else body.claim(item.block, start, end)
    return key


def _key(value: str) -> str:
    low = value.lower().rstrip("/").rsplit("/", 1)[-1]
    short = SIGNS.sub("", _GENERIC.sub("", low))
    return short if len(short) > 1 else SIGNS.sub("", low)


def _settled(found: dict[str, Claim], ids: Collection[str] = ()) -> tuple[Claim, ...]:
    """Without names that a longer one holds, in the order of the text.

    ``ids`` are the keys of what is named by an id too: only a longer name that begins in the same place takes their place.
    """
    longest = [
        claim
        for key, claim in found.items()
        if not any(
            key != other and key in other and (key not in ids or found[other].start == claim.start) and not _is_apart(found, key, other)
            for other in found
        )
    ]
    return tuple(sorted(longest, key=lambda claim: claim.start))


_LONGEST_HEADING = 200
_TUNED_ON = Pattern(r"(?i)(?:trained|tuned) (?:by \S+ )?on (?:the )?")


def _is_apart(found: dict[str, Claim], key: str, other: str) -> bool:
    """Whether a longer name is the id of something that is called after a name: "LIHKG" and "acme/lihkg-scraper"."""
    return (
        "/" in found[other].value
        and found[other].start != found[key].start
        and other.startswith(key)
        and len(key) < _MOST_OF_NAME * len(other)
    )


_MOST_OF_NAME = 0.6
_TABLE_HEADS = ("training data", "training and evaluation data", "evaluation data", "test data", "testing data")
"""What heads a table of labelled values that tells of data, whatever heading it stands under."""
_MIXTURES = ("corpus (", "corpora (", "mix (", "mixture (", "blend (")
_FULL_ID = Pattern(r"[A-Za-z0-9][\w.-]+/[A-Za-z][\w.-]{3,}", re.ASCII)
_MODEL_LABEL = Pattern(r"(?i)\b(?:models?)\b")


def _place(cue: Cue) -> tuple[int, int]:
    return cue.block.start, cue.start


def _in_sources(body: Body, block: Block, start: int, end: int) -> Iterator[Data]:
    """The data in the row "Sources" of the table that spaCy writes: every link, else the value."""
    anchors = body.anchors_in(block, start, end)
    for anchor in anchors[:_LONGEST_LIST]:
        if page_id(anchor.url) or _MODEL_LABEL.search(block.text, anchor.start, anchor.end):
            continue
        if not describes(block.text[anchor.start : anchor.end]):
            yield Data(block, anchor.start, anchor.end)
        elif hub_id(anchor.url):
            yield Data(block, anchor.start, anchor.end, anchor.url)
    if not anchors:
        yield from in_value(body, block, start, end)
