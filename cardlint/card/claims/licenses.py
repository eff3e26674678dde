"""Licences that the body names, by label, under a licence heading, or in a sentence on licensing."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import re2

from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.claims.claim import Claim
    from cardlint.card.outline import Block

_CUES = ("licen", "openrail", "lizenz", "lisans", "lisensi")
_FOREIGN_CUES = ("ライセンス", "許諾", "许可", "許可", "授权", "授權", "协议", "라이선스", "라이센스", "лицензи")
_LONGEST_VALUE = 60
_LONGEST_LABEL = 90
_STOP = Pattern(r"\.(?!\d)|[;,。，；(（\n|]| - | – | — | for | which | with | available | see ")
_NO_VALUE = Pattern(
    r"(?i)^(?:\W*$|https?:|\[?more information|none|unknown|other|n/?a\b|tbd|todo|same as|see\b|this |data ?sets? |"
    r"the (?!mit|\w+ licen)|please|no licen)"
)
_LABEL = Pattern(r"(?i)licen[cs]e: ")
_ARTICLE = Pattern(r"(?i)(?:the|a|an) ")
_TAIL = Pattern(r"(?i)^(?:(?:the |modified )?(?:apache|mit|bsd|[al]?gpl|cc|mpl)\b.*?)([ -]licen[cs]e(?: agreement)?)$")
_UNDER = r"(?:published|released|available|licen[cs]ed|provided|distributed)(?:,? under)?"
_OF_OTHERS = Pattern(
    rf"(?i)data ?sets? \({_UNDER} (?:the |an? )?$"
    rf"|(?:^|[^\w-])(?:data(?: ?sets?| sources?)?|corpus|corpora|labels|annotations)(?: (?:is|are|was|were)(?: all| both| each)?)?"
    rf"(?: {_UNDER}| under)? (?:the |an? )?$"
    r"|\b(?:data(?: ?sets?)?|corpus|dependenc(?:y|ies)|third[- ]party|tokeni[sz]er|library) licen[cs]e(?:s|\(s\))?(?::[^\n]*| \()$"
    rf"|\b(?:using|with) (?:[\w.-]+ ){{0,2}}[\w.-]+, which (?:is|are) (?:itself )?{_UNDER} (?:the |an? )?$"
    r"|\b(?:built|based) (?:up)?on (?:top of )?(?:the )?[\w./-]+(?: [\w.-]+){0,2} \($"
    r"|上游[^。；\n]{0,40}$|\bunderlying [^;\n]{0,80}\($"
)
"""Before the licence of what the model was trained on, with or from: "training data under", "built on Acme-7B ("."""
_WITH_MODEL = Pattern(
    r"(?i)\b(?:models?|weights|checkpoints?)(?: weights)?,? (?:and|&) (?:(?:its|the|all|their) )?(?:associated |corresponding |training )*$"
)
"""Before "data are released under": what is said of the model and its data holds for the model."""
_OTHERS = Pattern(
    r"(?i)\b(?:dependenc(?:y|ies)|third[- ]party|data(?: ?sets?)?|corpus)\b[^\n]{0,20} licen[cs]"
    r"|\blicen[cs]es? (?:of|for) (?:the )?(?:training )?(?:data|dependenc|third)"
    r"|\bmodels? (?:fine-?)?tuned (?:off|from|on) |\b(?:related|derived|derivative|other) models?\b"
)
"""A heading on what is not this model: "Third-party licenses", "Models fine-tuned off Acme-7B"."""
_OF_DATA = Pattern(r"(?i)\bdata ?sets? licen[cs]e")
_OF_CODE = Pattern(r"[ -]licen[cs]ed (?:\w+ ){0,2}(?:code|scripts?|tool\w*|software|library)\b")
_REACH_BACK = 140
_IN_BRACKETS = Pattern(r" ?[(（]")
_GENERIC = Pattern(
    r"(?:(?:The|This|These|A|An|Which|What|Each|Any|No|Your|See|"
    r"Code|Model|Data|Dataset|Full|Licen[cs]e|Open|Source|Please|Under|For|Of|Original|Same|All|Our)[ -])+"
)
_SHORT = (
    ("creative commons", "cc"),
    ("attribution", "by"),
    ("noncommercial", "nc"),
    ("non-commercial", "nc"),
    ("sharealike", "sa"),
    ("noderivatives", "nd"),
    ("international", ""),
    ("licence", ""),
    ("license", ""),
    ("agreement", ""),
    ("version", ""),
    ("public", ""),
    ("the ", ""),
    ("gnu ", ""),
    ("rail-m", "rail"),
    ("rail m", "rail"),
    ("creative ml", "creativeml"),
)


@cache
def _names() -> tuple[re2._Regexp[str], re2._Regexp[str]]:
    words = vocabulary("claims_licenses")
    known = "|".join(words["known"])
    return (
        re2.compile(rf"(?i)(?:^|[^A-Za-z0-9_/-])({known})(?:[^A-Za-z0-9_]|$)"),
        re2.compile(words["named"]),
    )


def _cued(low: str) -> bool:
    return any(cue in low for cue in _CUES) or (not low.isascii() and any(cue in low for cue in _FOREIGN_CUES))


def read_licenses(body: Body) -> tuple[Claim, ...]:
    """The licences that the body names; each spelling once, where it stands first."""
    if not _cued(body.low) and "license" not in body.topics:
        return ()
    found: dict[str, Claim] = {}
    labelled: set[int] = set()
    of_data = body.card.kind == "dataset"
    for field in body.fields:
        if field.kind == "license":
            labelled.add(field.block.start)
        if field.kind == "license" and (of_data or (body.topic(field.block) != "data" and not _on_others(body, field.block))):
            for start, end in _values(field.block, field.start, field.end):
                _keep(found, body, field.block, start, end)
    for block, under in _on_licences(body):
        if block.start not in labelled and (of_data or not _on_others(body, block)):
            for start, end in _sentence_names(body, block, under=under, of_data=of_data):
                _keep(found, body, block, start, end)
    return tuple(sorted(found.values(), key=lambda claim: claim.start))


def _on_others(body: Body, block: Block) -> bool:
    """Whether a block stands under a heading on what is not this model."""
    return block.heading >= 0 and bool(_OTHERS.search(body.outline.headings[block.heading].text))


def _on_licences(body: Body) -> list[tuple[Block, bool]]:
    """The blocks that speak of licences, in order, and whether they stand under a heading on them."""
    low = body.low
    found = {}
    for stem in _CUES if low.isascii() else (*_CUES, *_FOREIGN_CUES):
        found.update({block.start: block for block in body.holding(stem) if block.kind not in ("table", "heading")})
    under = {block.start: block for block in body.under("license")}
    found.update(under)
    return [(found[start], start in under) for start in sorted(found)]


def _keep(found: dict[str, Claim], body: Body, block: Block, start: int, end: int) -> None:
    """Keep a name unless another spelling of it was kept; a link's label is the name where it says no more."""
    start, end = _trimmed(block.text, start, end)
    anchor = body.anchor_at(block, start)
    if anchor and anchor.end - anchor.start <= _LONGEST_LABEL and anchor.end >= end:
        if " about " in block.text[anchor.start : start]:
            return
        label = _LABEL.match(block.text, anchor.start, anchor.end)
        start, end = label.end() if label else anchor.start, anchor.end
    key = _canonical(block.text[start:end])
    if key and not any(key in other or (len(other) > 4 and other in key) for other in found):
        found[key] = body.claim(block, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without an article before and the bare word licence after a known short name."""
    name = text[start:end]
    lead = _ARTICLE.match(name)
    tail = _TAIL.match(name)
    return start + (lead.end() if lead else 0), end - (len(tail.group(1)) if tail else 0)


def _canonical(name: str) -> str:
    low = name.lower()
    for word, short in _SHORT:
        low = low.replace(word, short)
    return re.sub(r"[\W_]+|v(?=\d)", "", low).removesuffix("0").removesuffix("2") + ("2" if "apache" in low else "")


def _values(block: Block, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The licences in the value of a label: known names, else the short value itself."""
    text = block.text[start:end]
    names = _names_in(text)
    if names:
        yield from ((start + a, start + b) for a, b in names)
        return
    stop = _STOP.search(text)
    value = text[: stop.start() if stop else len(text)].rstrip(" *_.")
    if value and len(value) <= _LONGEST_VALUE and not _NO_VALUE.match(value):
        yield start, start + len(value)


def _names_in(text: str) -> list[tuple[int, int]]:
    """Known names and names that end in the word licence, without overlap, in order."""
    known, named = _names()
    spans: list[tuple[int, int]] = []
    at = 0
    while match := known.search(text, at):
        spans.append(match.span(1))
        at = match.end(1)
    for match in named.finditer(text):
        start, end = match.span(1)
        generic = _GENERIC.match(text, start, end)
        start = generic.end() if generic else start
        if text[start].isdigit() and text[start - 1 : start].isalpha():
            continue
        new = " " in text[start:end].strip() and not any(a < end and start < b for a, b in spans)
        if (new and not _OF_DATA.search(text, start, end)) or not text[start:end].isascii():
            spans.append((start, end))
    return sorted(spans)


def _sentence_names(body: Body, block: Block, *, under: bool, of_data: bool) -> Iterator[tuple[int, int]]:
    """The licences that a block names; ``of_data`` where the card is one of data, so that a licence of data is its own."""
    text = block.text
    names = _names_in(text)
    for start, end in names:
        if _IN_BRACKETS.match(text, end) and any(end < a < end + 4 for a, _ in names):
            continue
        if _OF_CODE.match(text, end) or (not of_data and _of_others(body, block, start)):
            continue
        around = text[max(0, start - 90) : end + 25].lower()
        if under or ((_cued(around) and text.count(" ", start, end) != 1) or _names()[0].search(text[start:end])):
            yield start, end


def _of_others(body: Body, block: Block, start: int) -> bool:
    """Whether the licence at ``block.text[start]`` is one of data or of what the model was made from."""
    text = block.text
    others = _OF_OTHERS.search(text, max(0, start - _REACH_BACK), start)
    if others:
        return not _WITH_MODEL.search(text, max(0, others.start() - _REACH_BACK), others.start() + 1)
    if not text.endswith("(", 0, start):
        return False
    anchors = body.anchors_in(block, max(0, start - _REACH_BACK), start)
    return bool(anchors) and 0 <= start - anchors[-1].end <= len(" (") and "/datasets/" in anchors[-1].url
