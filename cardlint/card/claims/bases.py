"""Base models: what a card says its model was fine-tuned, adapted, merged, quantised or distilled from."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cardlint.card.claims.basecode import coded_bases
from cardlint.card.claims.baselists import can_list, merged_cells, merged_items, own_cells
from cardlint.card.claims.basenames import ID, listed_names, names_after, names_before
from cardlint.card.claims.claim import Claim
from cardlint.card.claims.cues import find_cues
from cardlint.card.claims.names import Name, page_id
from cardlint.card.claims.recipes import recipe_models
from cardlint.card.outline import Block
from cardlint.data import vocabulary
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.claims.cues import Cue

_ADVICE = (
    "recommend ",
    "support ",
    "supports ",
    "example of a ",
    "will include ",
    " can ",
    " may ",
    " could ",
    " might ",
    " can be ",
    "could be ",
    "should be ",
    " to be ",
    " for ",
    "before ",
    "when ",
    " you ",
    " your ",
    " to ",
    " not ",
    "without ",
    " than ",
    " like ",
)
_ELSEWHERE = Pattern(
    r"\b(?:recommend (?:using|to use)|in addition to|if you (?:want|need|prefer)|you can (?:check|find|see|also|try)|"
    r"any (?:[\w-]+ ){0,2}models?|other models|projects|such as|similar to|as good as|compared (?:to|with)|unlike|"
    r"an? (?:upgraded|newer|larger|bigger) (?:version|model))\b(?:[^.\n]|\.\d)*$|"
    r"\b(?:(?:an?|the) community|results of) $|(?:^|\s)like (?:[\w-]+ ){1,2}$"
)
"""What opens a clause on other models: "can be adapted to any model based on SDXL"."""
_ELSEWHERE_WORDS = (
    *("if you ", "you can ", "any ", "recommend ", "in addition", "other models", "projects", "such as", "similar to", "as good as"),
    *("compared", "unlike", "upgraded", "newer", "larger", "bigger", "community", "results of ", "like "),
)
"""One of them stands in every such clause."""
_BUILDING = ("based", "built")
# "The architecture of the model is based on BERT", "this project is based on …": not what the weights were made from.
_OF_PARTS = Pattern(
    r"(?i)\b(?:architecture|codes?|codebase|script|project|repo\w*|tokeni[sz]er|notebook|procedure|method|approach|design|"
    r"data ?set|card|tutorial|work|recipe|config\w*|demo|app|pipeline)\b(?: \([^()\n]*\))?(?: [\w'`-]+){0,5}"
    r" (?:is|was|are|were|been)(?: \w+ly)? ?$|\bcode(?:base)? $|\bcard (?:is|was) [^.\n]* and (?:is|was) $"
)
_VERSIONS = ("version of", "version from", "versions of", "variant")
_LINKED_ONLY = Pattern(r"coder$|repo(?:sitory)?$")
"""Labels whose value is a base only where it leads to the page of a model."""
_SEE = Pattern(r"(?i)see (?:the )?(?:hugging ?face )?(?:model )?")
_OF_PART = Pattern(r"\b(?:backbone|language model|llm|encoder|decoder|tower)$")
"""Labels of a part, which may be new: "Backbone: FNO2d", "Language model: 4-gram"."""
_HEADED = Pattern(r"(?i)(?:the )?base model(?: used)?\s*[-–:]\s*(?=\S)")
_ORIGINAL = Pattern(r"(?i)(?:the )?(?:original|upstream|foundation|teacher|backbone|underlying) model[: ]*")
_MOST_SEEN = 2000
_IS_A = Pattern(r"\b(?:is|are) (?:an? |the )?(?:[\w-]+ )?$")
_NEAR = 8
_DATED = Pattern(r"\W*\d{4}[./-]\d{1,2}(?:[./-]\d{1,2})?\b")
_DATA_VERSION = Pattern(r"tuned on (?:\S+ ){1,4}$")
# What a model that was "trained on data" was made from stands further on: "using X", "from the X checkpoint".
_MEANS = Pattern(
    r"(?<=trained on)[^.\n]{0,100}? (?:using|with) |(?:(?<=tuned)|(?<=tuned ))[^.\n]{0,100}?,? from (?:the )?"
    r"(?=[^.\n]{2,60} checkpoint|(?!gpt-[34])[a-z]\w*(?:-[a-z\d.]+)+|[\w-]+/[\w.-]*\w)"
)
# "trained by … with the v1-5 base model", as the training Space for DreamBooth writes it.
_SPACES_BASE = Pattern(r"\bwith the (v\d(?:-\d+)+) base model\b")


@cache
def _version_of() -> re.Pattern[str]:
    return re.compile(vocabulary("claims_models")["version_of"], re.IGNORECASE)


def read_bases(body: Body) -> tuple[Claim, ...]:
    """The base models that the body names, each once, with the relation as detail."""
    found: dict[str, _Found] = {}
    weak = _sure(found, body)
    _labelled(found, body)
    if all(item.rank < _SURE for item in found.values()):
        _weak(found, body, weak)
    if not found:
        _last(found, body)
    return _settled(found)


def _sure(found: dict[str, _Found], body: Body) -> list[Cue]:
    """Keep what stands around sure cues and before others; the cues that say less."""
    weak: list[Cue] = []
    for cue in find_cues(body, "claims_models"):
        block, group, start, end = cue
        lead = block.text[max(0, start - 28) : start]
        if (
            not (_speaks(block, lead, group, start) or _is_version(body, block, lead, start, end))
            or _is_news(block)
            or _titles(body, block, start, end)
        ):
            continue
        if group in _BACKWARD:
            for name in names_before(body, block, start, group):
                _keep(found, body, block, name, _relation(lead, cue), _BEFORE_RANK)
        if group in _RANKS or (group == "back" and lead.endswith("by ")):
            rank = _RANKS.get(group, _SURE)
            for name in names_after(body, block, end, group, sure=rank == _SURE or block.text.startswith(_OF_MERGES, end - 3)):
                _keep(found, body, block, name, _relation(lead, cue), rank)
        elif group not in _ONLY_BEFORE:
            weak.append(cue)
    return weak


def _labelled(found: dict[str, _Found], body: Body) -> None:
    """Keep the values of labels and what lists, recipes and headings on bases and merges hold."""
    for field in body.fields:
        if field.kind == "base":
            linked = bool(_LINKED_ONLY.search(field.label))
            for name in listed_names(
                body,
                field.block,
                _begin(field.block, field.start),
                field.end,
                sure=not _OF_PART.search(field.label) or bool(ID.match(field.block.text, field.start, field.end)),
            ):
                if not linked or page_id(name.url):
                    _keep(found, body, field.block, name, _told(field.label), _LABELLED)
    for heading in body.outline.headings[1:]:
        if "ase" in heading.text and (headed := _HEADED.match(heading.text)):
            block = Block("heading", heading.text, heading.start, heading.end, 0)
            for name in listed_names(body, block, headed.end(), len(heading.text), sure=True):
                _keep(found, body, block, name, "finetuned", _LABELLED)
        elif "odel" in heading.text and _ORIGINAL.fullmatch(heading.text):
            for block in body.prose[:_MOST_SEEN]:
                if block.start > heading.end:
                    for name in listed_names(body, block, 0, len(block.text), sure=False):
                        _keep(found, body, block, name, _told(heading.text), _LABELLED)
                    break
    for block, start, end, head in own_cells(body):
        for name in listed_names(body, block, start, end, sure=True):
            _keep(found, body, block, name, _told(head), _LABELLED)
    if can_list(body):
        for block, start, end in (*merged_items(body), *merged_cells(body)):
            for name in listed_names(body, block, _begin(block, start), end, sure=True, many=False):
                _keep(found, body, block, name, "merge", _LABELLED)
        for block, start, end in recipe_models(body):
            _keep(found, body, block, Name(start, end, "", marked=True), "merge", _LABELLED)
    if "base" in body.topics:
        below = list(_below_heading(body))
        relation = "merge" if len(below) > 1 or "merg" in body.low else "finetuned"
        for block, name in below:
            _keep(found, body, block, name, relation, _LABELLED)


def _below_heading(body: Body) -> Iterator[tuple[Block, Name]]:
    """The names below headings like "Base models" and "Models merged"."""
    for block in body.under("base"):
        if block.kind in ("item", "paragraph"):
            see = _SEE.match(block.text)
            for name in listed_names(body, block, see.end() if see else 0, len(block.text), sure=block.kind == "item"):
                yield block, name


def _begin(block: Block, at: int) -> int:
    """Past a bracket at ``block.text[at]`` that makes no link."""
    return at + block.text.startswith("[", at)


def _weak(found: dict[str, _Found], body: Body, cues: list[Cue]) -> None:
    """Keep the known families that follow cues like "based on"."""
    for cue in cues:
        block = cue.block
        names = list(names_after(body, block, cue.end, cue.group, sure=False))
        scratch = block.text[max(0, cue.start - 4) : cue.start].lower().endswith(("pre", "pre-"))
        if not names and not scratch and (means := _MEANS.match(block.text, cue.end)):
            names = list(names_after(body, block, means.end(), cue.group, sure=False))
        for name in names:
            _keep(found, body, block, name, _relation(block.text[max(0, cue.start - 12) : cue.start], cue), _WEAK)


def _last(found: dict[str, _Found], body: Body) -> None:
    """Keep what the training Space for DreamBooth calls the base, else what code does."""
    if "with the v" in body.text and (said := _SPACES_BASE.search(body.text)):
        block, begin = body.at(said.start(1))
        _keep(found, body, block, Name(said.start(1) - begin, said.end(1) - begin, "", marked=True), "finetuned", _WEAK)
    if not found:
        for block, start, end in coded_bases(body):
            _keep(found, body, block, Name(start, end, "", marked=True), "finetuned", _WEAK)


def _speaks(block: Block, lead: str, group: str, start: int) -> bool:
    """Whether a cue speaks of what was done to this model, by the words before it."""
    if lead.endswith(_ADVICE) and group != "before":
        return False
    around = block.text[max(0, start - 60) : start].lower()
    if any(word in around for word in _ELSEWHERE_WORDS) and _ELSEWHERE.search(around):
        return False
    if block.text.startswith(("base model", "Base model"), start) and lead.strip(" -*").lower() not in ("", "the", "our"):
        return group == "sure"
    if lead.endswith(("-", "_", "/")) and block.text[start : start + 3].lower() == "fin":
        return False
    if block.text[start : start + 5].lower() in _BUILDING and _OF_PARTS.search(block.text, max(0, start - 160), start):
        return False
    if not block.text.startswith(_VERSIONS, start):
        return True
    return bool(_version_of().search(lead)) or bool(_DATA_VERSION.search(block.text, max(0, start - 90), start))


def _is_version(body: Body, block: Block, lead: str, start: int, end: int) -> bool:
    """Whether "is a version of", with one word more or none, leads to the page of a model."""
    if not block.text.startswith("version of", start) or not _IS_A.search(lead):
        return False
    anchors = body.anchors_in(block, end, end + _NEAR)
    return bool(anchors) and anchors[0].start <= end + 1 and "/" in page_id(anchors[0].url)


def _is_news(block: Block) -> bool:
    """Whether an item of a list begins with a date, so that it tells of what was released some day."""
    return block.kind == "item" and bool(_DATED.match(block.text))


def _titles(body: Body, block: Block, start: int, end: int) -> bool:
    """Whether a cue is part of what a link to no model is called: "[How to fine-tune a T5 model](…)"."""
    anchor = body.anchor_at(block, start) if block.kind != "heading" else None
    return anchor is not None and end < anchor.end and not page_id(anchor.url)


class _Found(NamedTuple):
    claim: Claim
    target: str
    rank: int


def _settled(found: dict[str, _Found]) -> tuple[Claim, ...]:
    """What stays: the surest statements, and of two names of which one holds the other the id, else the longer one."""
    kept = {key: item for key, item in found.items() if item.target not in found}
    stays = [item.claim for key, item in kept.items() if not any(_outdoes(kept[other], item) for other in kept if other != key)]
    return tuple(sorted(stays, key=lambda claim: claim.start))


def _outdoes(one: _Found, other: _Found) -> bool:
    """Whether one name says what another one does, and better."""
    first, second = _key(one.claim.value), _key(other.claim.value)
    return _is_id(one, other) if first in second else second in first and not _is_id(other, one)


def _is_id(one: _Found, other: _Found) -> bool:
    """Whether one is an id that a label or a sure sentence names, and the other the same name with words before it."""
    return (
        "/" in one.claim.value
        and one.rank >= _SURE
        and "/" not in other.claim.value
        and _key(other.claim.value).endswith(_key(one.claim.value))
    )


_WEAK, _BEFORE_RANK, _SURE, _LABELLED = 1, 2, 3, 4
_OF_MERGES = ("of ", "en ")
"""How cues of merges end that only names of models follow: "merge of", "merged between"."""
_RANKS = {"sure": _SURE, "merge": _BEFORE_RANK}
_ONLY_BEFORE = frozenset(("cjk", "before", "merged"))
_BACKWARD = frozenset(("back", "cjk", "before", "merged"))


def _keep(found: dict[str, _Found], body: Body, block: Block, name: Name, relation: str, rank: int) -> None:
    value = page_id(name.url) if name.by_url else block.text[name.start : name.end]
    key = _key(value)
    if not key or ((rank < _SURE or "/" not in value) and _is_title(body, value)):
        return
    known = found.get(key)
    if known is None or known.rank < rank:
        target = _key(name.url)
        claim = body.claim(block, name.start, name.end, relation)
        if name.by_url:
            at = body.card.text.find(value, claim.start, claim.end + len(name.url) + 8)
            claim = Claim(value, at, at + len(value), relation) if at >= 0 else claim._replace(value=value)
        found[key] = _Found(claim, target if target != key else "", rank)


def _key(name: str) -> str:
    """Letters and digits of a name without its owner."""
    return re.sub(r"[\W_]+", "", name.lower().rstrip("/").rsplit("/", 1)[-1])


def _relation(lead: str, cue: Cue) -> str:
    """The relation that a cue and the words right before it tell."""
    return "merge" if cue.group in ("merge", "merged") else _told(lead[-12:] + cue.block.text[cue.start : cue.end])


def _told(said: str) -> str:
    """The relation that words like "quantised from" tell."""
    low = said.lower()
    if "merg" in low:
        return "merge"
    for stem, relation in (
        ("quant", "quantized"),
        ("gguf", "quantized"),
        ("gptq", "quantized"),
        ("awq", "quantized"),
        ("distil", "distilled"),
        ("lora", "adapter"),
        ("adapter", "adapter"),
        ("peft", "adapter"),
    ):
        if stem in low:
            return relation
    return "finetuned"


def _is_title(body: Body, value: str) -> bool:
    """Whether a name is the card's own title."""
    headings = body.outline.headings
    return bool(headings) and headings[0].text.strip().lower() == value.lower()
