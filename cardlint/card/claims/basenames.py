"""Models named around a cue: the names that follow it, the name that stands before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.card.claims.names import LOWER, NAME, Name, holds_model, is_model, name_at, page_id, trimmed, without_lead, without_maker
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

_LISTED = Pattern(r"\s*(?:,|;|\+|&|\b(?:and|or)\b|,\s*(?:and|or)\b|\bon top of\b|と|和|、)\s*")
_NOT_AFTER = Pattern(
    r"(?i)[\s\"'`)*]*(?:data\b|data ?sets?|corpus|corpora|(?:[a-z]+ )?papers?|repositor|repo\b|framework|librar|method|technique|"
    r"algorithm|approach|toolkit|script|code|tokeniz|recipe|benchmark|model card|embedding|"
    r"(?:[\w-]+ ){0,3}architec|(?:(?!with |using )[\w-]+ ){0,3}(?:mechanism|strateg)|(?:text|image|vision) encoder|models? can be|"
    r"(?:models? )?on the same (?:data|corp|task)|and publicly available data|config|concept|environment|loss|objective|(?:\w+ )?generator|"
    r"(?:models? )?as (?:an? |the |our )?(?:[a-z-]+ )?(?:baseline|comparison|reference|judge|evaluator)\b|"
    r"train(?:ing)? (?:set|split|mix)|数据|データ|데이터|作为基础架构|(?:的|模型)?架构)"
)
_REMARK_BEHIND = r"(?:\s*\(([^()]{2,60})\))?"
_UP_TO_VERB = (
    r"[\"”’'»]?(?:,? (?:based|style|language|transformers?|base|large|small|pre-?trained|multilingual|causal|masked))*"
    r"(?: pairwise)?(?: (?:models?|checkpoint|LLM|reranker|encoder|weights|transformer|version|network|classifier))?"
    + _REMARK_BEHIND
    + r"(?:(?: created| developed| released| published)? (?:by|from) (?:[A-Z][\w.]*(?: AI| Research)?|hugging ?face))?"
    r"(?:,? (?:that|which|котор\w+))?(?: (?:was|is|has been|have been|were|был[аио]?))?"
    r"(?: [-–—](?= ))?(?: combined with [^.,;()\n]{2,30}(?= and ))?(?: pre-?trained and)?"
    r"(?:,? (?:further|then|later|and|first|been|is|was|specifically|additionally))*"
    r"(?:, (?:pre-?)?trained on [^.,\n]{2,60}| pre-?trained on (?:the )?ImageNet[\w-]*)?,?"
    r"\s*(?:\b[A-Za-z]+-)?$"
)
_BEFORE = Pattern(rf"({NAME}|{LOWER}){_REMARK_BEHIND}{_UP_TO_VERB}")
_BEHIND_LINK = Pattern(_REMARK_BEHIND + r"(?:(?: {1,2}[A-Za-z-]+){1,3} models?)?" + _UP_TO_VERB)
_TAIL_JA_KO = Pattern(rf"({NAME})[\s」』]*(?:모델)?(?:을|를|의|로|은|는|を|の|が)?[^\s。、,.]{{0,8}}\s*$")
_OWN = Pattern(r"(?i)fine-?tuned|finetuned|-lora\b|adapter|^quanti[sz]ed")
_OWN_TRAINING = ("pre", "pre-", "was ", "were ", "is ", "are ")
"""What stands before "trained on" where a model is spoken of that was made so from scratch."""
ID = Pattern(r"\s?(?:the )?[\w.-]+/(?=[\w.]*[\d-])[\w.-]*[A-Za-z][\w.-]*", re.ASCII)
_MARKED_ID = Pattern(r"\s?(?:the )?[\w.-]+/[\w.-]*[A-Za-z][\w.-]*", re.ASCII)
_NUMBERED_ID = Pattern(r"\s?(?:the )?[A-Za-z][\w.-]+/(?=[\w.-]*\d)[\w.-]*[A-Za-z][\w.-]*", re.ASCII)
_LONGEST_LIST = 12
_REACH = 400
_NEAR = 70
_NEXT_PAGE = Pattern(
    r"[^\n.:]{0,40}[ (:]https?://(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/|docs/|blog/|papers/)([\w.\-]+/[\w.\-]*\w)"
)
_REMARK = Pattern(r"(?: models?)?(?: ?\([^()\n]{0,80}\))?")
_TUNED = Pattern(r"(?i)distil|stable ?diffusion|dialogpt|[a-z0-9]+(?:-[a-z0-9.]+)+$")
_CALLED = Pattern(
    r"(?:(?!(?:this|our)\b)[\w-]+ ){1,6}(?:model|checkpoint)s?,? (?:called|named) |"
    r"on (?:the |an? )(?=[\w./-]+(?: [\w.-]+)? (?:model|checkpoint)\b)"
)
"""Between a cue and the name: "a Dutch model called X", "fine-tuned on the X model"."""
_IN_BRACKETS = Pattern(
    r"(?:(?!(?:from|with|using|by|on|for|of|to|and|in|classifier)\b)[\w'’-]+ ){1,6}\((?:[^()\n]{0,20}[\s\"'`])?([\w.-]+/[\w.-]*\w)[\"'`]?\)"
)
"""An id behind words that are no name: "the Turkish bert model (dbmdz/bert-base-turkish-cased)"."""
_HUB = Pattern(r"(?:huggingface|hf)\.co/(?=[\w.-]+/)")
_VERSIONED = Pattern(
    r"(?!(?i:[\w.-]*(?:chatgpt|gpt-?[34]|claude|gemini|alpaca|dolly|vicuna|hermes|orca)))(?=[\w./-]*\d)"
    r"[A-Za-z][\w./-]*\w(?=[.,;)\n]|$| (?:using|with|for|by|to)\b)"
)
"""A name with a number that ends the object of a verb, and not one that data are called after."""
_PAPER = Pattern(r"https?://(?:www\.)?(?:(?:arxiv|aclanthology|doi|aclweb)\.org/|\S+\.pdf\b)")
_SENTENCE = Pattern(r"[.!?]\s|\n\n|[。！？]")


def names_after(body: Body, block: Block, end: int, group: str, *, sure: bool) -> Iterator[Name]:
    """Names that follow a cue; behind "derived from" and the like (``made``, ``named``) an id is one whatever its family."""
    sure = sure or (group == "made" and bool(ID.match(block.text, end))) or (group == "named" and _is_id(body, block, end))
    near = block.text[end : end + _NEAR]
    if not sure and not holds_model(near) and "/huggingface.co/" not in near and not body.anchors_in(block, end, end + _NEAR):
        return
    stop = _SENTENCE.search(block.text, end, end + _REACH)
    last = stop.start() if stop else min(len(block.text), end + _REACH)
    if block.kind == "table":
        last = min(at for at in (last, block.text.find(" | ", end), block.text.find("\n", end)) if at >= 0)
    called = _CALLED.match(block.text, end, last)
    begin = called.end() if called else _on_page(body, block, end)
    some = False
    for name in listed_names(body, block, begin, last, sure=sure, many=group == "merge"):
        some = True
        if sure or not _PAPER.match(name.url):
            yield name
    if not some and (told := _IN_BRACKETS.match(block.text, begin, last)) and holds_model(told.group(1)):
        yield Name(*told.span(1), "", marked=True)


def _is_id(body: Body, block: Block, at: int) -> bool:
    """Whether an id stands at ``block.text[at]``: one that is marked as code or linked, or whose name holds a number."""
    marked = _MARKED_ID.match(block.text, at)
    if not marked:
        return False
    start = block.text.rfind(" ", at, marked.end()) + 1 or at
    return bool(_NUMBERED_ID.match(block.text, at)) or body.code_end(block, start) > start


def _on_page(body: Body, block: Block, at: int) -> int:
    """Past "on" where the page of a model or the name of one that ends the phrase follows: "fine-tuned on FLUX.1-dev using …"."""
    if not block.text.startswith("on ", at):
        return at
    anchor = body.anchor_at(block, at + 3)
    named = anchor is None and (name := _VERSIONED.match(block.text, at + 3)) and holds_model(name.group())
    return at + 3 if named or (anchor and "/" in page_id(anchor.url)) else at


def listed_names(body: Body, block: Block, start: int, end: int, *, sure: bool, many: bool = True) -> Iterator[Name]:
    """One name, or several joined by commas and "and"."""
    text = block.text
    at = start
    for _ in range(_LONGEST_LIST if many else 2):
        name = name_at(body, block, at)
        if name and name.start < end < name.end:
            name = trimmed(text, name._replace(end=end))
        if name is None or name.start >= end or not is_model(text, name, sure=sure):
            return
        if _NOT_AFTER.match(text, name.end, end) and not ("/" in page_id(name.url) and text.startswith(" repo", name.end)):
            return
        yield name
        if page := _NEXT_PAGE.match(text, name.end, end):
            yield Name(*page.span(1), "", marked=True)
        joint = _LISTED.match(text, _behind(text, name.end))
        if not joint:
            return
        at = joint.end()


def _behind(text: str, at: int) -> int:
    """Past "model" and a remark in brackets."""
    match = _REMARK.match(text, at)
    return match.end() if match else at


_POINTERS = (" by ", " check ", " check out ", " see ", " try ")
"""What stands before a name that is no base: its maker, or where a reader is sent for another model."""
_LONGEST_POINTER = 11


def names_before(body: Body, block: Block, start: int, group: str) -> Iterator[Name]:
    """The name that stands before a cue: "a T5 model fine-tuned on …"."""
    text = block.text
    begin = max(0, start - 120)
    linked = bool(body.anchors_in(block, begin, start))
    linked_only = text[start : start + 7].lower() == "trained"
    own = linked_only and text[max(0, start - 5) : start].lower().endswith(_OWN_TRAINING)
    if not linked and (own or not holds_model(text[begin:start])):
        return
    for match in _SENTENCE.finditer(text, begin, start):
        begin = match.end()
    if "example" in text[begin:start]:
        return
    said = (_TAIL_JA_KO if group == "cjk" else _BEFORE).search(text, begin, start)
    if said is None:
        yield from _link_before(body, block, begin, start, trained=linked_only)
        return
    for remark in (2, 3) if group != "cjk" and not linked_only else ():
        if said.group(remark) and (inner := _inside(body, block, said.start(remark), said.end(remark))):
            yield inner
            return
    anchor = body.anchor_at(block, said.start(1))
    if anchor:
        name = Name(without_maker(text, anchor.start, anchor.end), anchor.end, anchor.url, marked=True)
    else:
        name = Name(*said.span(1), "", marked=False)
        page = _HUB.match(text, name.start, name.end)
        name = name._replace(start=page.end() if page else without_lead(text, name.start, name.end), marked=bool(page))
    name = trimmed(text, name)
    value = text[name.start : name.end]
    if linked_only and "huggingface.co/" not in name.url and (own or not _TUNED.match(value)):
        return
    if text[max(0, name.start - _LONGEST_POINTER) : name.start].lower().endswith(_POINTERS) or value.startswith("github.com/"):
        return
    if is_model(text, name, sure=False) and not _OWN.search(value) and not _introduces(body, value):
        yield name


def _link_before(body: Body, block: Block, begin: int, start: int, *, trained: bool) -> Iterator[Name]:
    """The link that stands before a cue and whose label has no shape of a name: "a [kobart](…) fine-tuned on …".

    Before ``trained`` it takes "This", for most models that were trained were not made from others.
    """
    anchors = body.anchors_in(block, begin, start)
    if not anchors or not page_id(anchors[-1].url) or not _BEHIND_LINK.match(block.text, anchors[-1].end, start):
        return
    if trained and not block.text.endswith(("This ", "this "), 0, anchors[-1].start):
        return
    name = name_at(body, block, anchors[-1].start)
    value = "" if name is None else page_id(name.url) if name.by_url else block.text[name.start : name.end]
    if name and " " not in value and is_model(block.text, name, sure=False) and not _OWN.search(value):
        yield name


def _introduces(body: Body, value: str) -> bool:
    """Whether the title begins with the name and tells what it is: "TagBERT: a tagger"."""
    headings = body.outline.headings
    return bool(headings) and headings[0].text.startswith(f"{value}: a")


def _inside(body: Body, block: Block, start: int, end: int) -> Name | None:
    name = name_at(body, block, start)
    return name if name and name.end <= end and is_model(block.text, name, sure=False) else None
