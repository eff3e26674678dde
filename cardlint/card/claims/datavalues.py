"""Labelled values that name data: "Dataset: SNLI and AcmeQA", "Data: 10k pairs (`acme/pairs`)", "Data: 40 h from CV 25 + FLEURS"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.card.claims.dataitems import JOINT, first_of, lead, without_split
from cardlint.card.claims.datanames import Data, is_kind, is_known, looks_named, without_word
from cardlint.card.claims.datapages import hub_id, is_data_link, is_label
from cardlint.card.claims.mentions import mentions
from cardlint.card.claims.names import holds_model
from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

_LONGEST_LIST = 60
_CARRIED_ON = (",", "+", "&", " and")
_WORD = Pattern(r"[a-z][a-z0-9]+(?:\+[a-z]+)?")
_ID = Pattern(r"(?<![\w/.:@-])[A-Za-z0-9][\w.-]*/(?=[\w.]*[-_\d])[A-Za-z][\w.-]*\w(?![\w/-])", re.ASCII)
_MADE_BY = Pattern(r"\b(?:by|with|using|via|from)[\W_]*$")
_REACH = 20
_TAKEN = Pattern(r"([\w.+-]+)(?: \([^()\n]{1,20}\))? from (?:the )?")
"""What was taken from a larger whole: "AcmeTree++ from the [Acme Treebanks](…)"."""
_SENTENCE = Pattern(r"(?:The|This|Our) (?:[a-z-]+ ){0,2}data ?set (?:is|was|contains|consists|comprises|has)\b")
_CLAUSE = Pattern(r"[A-Z][a-z]+ [a-z]+ed (?:for|by|in|on|with|from|to|until)\b")
"""What tells something instead of naming it: "Compatibility maintained for a year"."""
_SHAPED = Pattern(r"[A-Za-z][\w.-]*(?:[A-Z\d]|_\w)[\w.-]*\+*")
_AMOUNT_FROM = Pattern(r"[~≈]?\d[\d.,]*[^\n:;.]{0,80}? (?:from|of) (?:the )?")


def through(text: str, end: int) -> int:
    """Where a labelled value ends that a sign between names carries on to the next line: "CV 25 +"."""
    while 0 < end < len(text) and text[:end].rstrip(" ").endswith(_CARRIED_ON):
        line = text.find("\n", end + 1)
        end = line if line > 0 else len(text)
    return end


def in_value(body: Body, block: Block, start: int, end: int) -> Iterator[Data]:
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
    if _AMOUNT_FROM.match(text, start, end) or _SENTENCE.match(text, start, end):
        return
    if (taken := _TAKEN.match(text, start, end)) and (_SHAPED.fullmatch(taken.group(1)) or is_known(taken.group(1))):
        yield Data(block, *taken.span(1))
        yield from mentions(body, block, taken.end(), end, training=True)
    else:
        yield from _joined(block, start, end)


def _joined(block: Block, start: int, end: int) -> list[Data]:
    """The names at the front of a stretch that commas and the like join."""
    text = block.text
    found: list[Data] = []
    at = start
    while len(found) < _LONGEST_LIST and (item := lead(text, at, end)):
        first, behind = without_split(text, *item) or item
        stop = first_of(text, first, behind)
        behind = item[1] if stop == behind else stop
        if not _is_value(text[first:stop], first=at == start and text[start:first] in ("", "the ")):
            break
        found.append(Data(block, *without_word(text, first, stop)))
        joint = JOINT.match(text, behind, end)
        if not joint or joint.end() >= end:
            break
        at = joint.end()
    return found


def _is_value(value: str, *, first: bool) -> bool:
    """Whether a part of a labelled value is a name; the first one may be a plain word: "emotion"."""
    return (looks_named(value) and not is_kind(value) and not _CLAUSE.match(value)) or (
        first and bool(_WORD.fullmatch(value)) and value not in vocabulary("claims_datasets")["matter"]
    )


def within_value(body: Body, block: Block, start: int, end: int) -> list[Data]:
    """The datasets further on in a labelled value that begins with an amount or another description."""
    text = block.text
    if ids := coded_ids(body, block, start, end):
        return ids
    if (amount := _AMOUNT_FROM.match(text, start, end)) and (listed := _joined(block, amount.end(), end)):
        return listed
    return mentions(body, block, start, end, training=True)


def coded_ids(body: Body, block: Block, start: int, end: int) -> list[Data]:
    """The ids in code spans of a stretch, but for the models that made the data: "(by `acme/llama-3-8b`)"."""
    return [
        Data(block, *match.span())
        for match in _ID.finditer(block.text, start, end)
        if body.code_end(block, match.start()) == match.end()
        and not (holds_model(match.group()) and _MADE_BY.search(block.text, max(0, match.start() - _REACH), match.start()))
    ]
