"""Names in running text: where a name begins and ends, and whether it names a model."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import re2

from cardlint.data import vocabulary
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

PART = r"(?:[A-Z0-9À-Þ][A-Za-z0-9À-ÿ_.+/@‑-]*(?::\d[\w.-]*)?|[a-z][A-Za-z]*[-_/.0-9A-Z][A-Za-z0-9_.+/@-]*(?::\d[\w.-]*)?)"
_FOLLOW = rf"(?:{PART}|base|large|small|tiny|medium|mini|nano|xl|xxl|chat|instruct|uncased|cased|v\d)(?![A-Za-z])"
_NO_FOLLOW = r"(?!(?:The|This|It|In|For|With|On|A|An|We|And|Using|To)\b|(?:fine|instruction)-?tun|pre-?train)"
NAME = rf"{PART}(?:(?<![.,:;])(?:[ \n]|\(){_NO_FOLLOW}{_FOLLOW}\)?){{0,7}}"
LOWER = (
    r"(?<![\w/.-])(?:stable diffusion|waifu diffusion|sd(?= ?v?[12])|[a-z]{0,12}bert[a-z]{0,5}|"
    r"gpt|llama|mistral|whisper|bart|electra|resnet)(?![\w/-])"
    r"(?:[ -]?v?\d[\w.]*)?(?: (?:base|large|small|tiny|medium|mini|xl|multilingual|uncased|cased)(?![\w-]))*"
)
"""Families whose name in lower case is no ordinary word, with version and size."""
_NAME = Pattern(rf"{NAME}|{LOWER}")
_GAP = Pattern(r"\s")
_PHRASE = Pattern(r"(?i)\bfine-? ?tuned\b.* |\bfor\b")
_LONGEST_LABEL = 80
_REACH = 160
_SKIP = Pattern(
    r"(?i)(?:(?:the|an?|our|this|these|following|original|official|existing|publicly|available|publically|latest|same|new|"
    r"(?:imagenet[\s-])?pre-?trained|fine-?tuned|distilled|multilingual|monolingual|english|cased|uncased|base|foundation|backbone|"
    r"large|small|tiny|huge|powerful|popular|lightweight|"
    r"open-?source[d]?|state-of-the-art|language|model|models?:|checkpoints?|weights|version|variant|of|from|"
    r"[A-Za-z0-9]+['’]s|hugging ?face(?:['’]s)?|google|openai|microsoft|facebook(?: ai)?|meta(?: ai)?|"
    r"[a-z]+-(?:level|scale)|uses|using|frozen|"
    r"nvidia|ibm|alibaba(?: cloud)?|baidu|bytedance|moonshot(?: ai)?|モデル|模型|модел[ьия]|modelo|"
    r"modèle|del?|du|la|el|le|o|starts? (?:with|from)|starting (?:with|from)|mô hình|modello|encoder part of|"
    r"available (?:at|here)|(?:which )?can be found (?:at|here))[\s:]+"
    r"|[\s\"“”'‘*`:「『(]+)*"
)
_MODEL_PAGE = Pattern(
    r"^https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/|docs/|blog/|papers/|nlp/|learn/|join/|collections/|models?\?|tasks/)[\w.\-]+(?:/[\w.\-]+)?/?(?:[?#]|/tree|/blob|$)"
)
_PAGE = Pattern(r"https?://(?:huggingface\.co|hf\.co)/(?!datasets/|spaces/|docs/|blog/|papers/|nlp/|models)([\w.\-]+(?:/[\w.\-]*\w)?)")
_NO_ID = Pattern(r"^\.|\.(?:json|ya?ml|py|ipynb|txt|bin)$")
"""A folder or a file in the place of an id: "./checkpoint-500"."""
_SHAPE = Pattern(r"[/\d]|[a-z][A-Z]|\w-\w")
_HYPHENED = Pattern(r"[a-z]+-[a-z]+")
"""A word like "zero-shot", which has the shape of a name and is none where nothing marks it."""
_NOT_A_NAME = Pattern(
    r"model cards?\b|paper|approach\b|objective\b|\b(?:loss|scores?)$|repositor|licen[cs]e|method|data ?set|architec|corpus|framework|"
    r"library|-like\b|-style\b|\bdemo\b|webui|notebook|colab|gradio|llama\.?cpp|ollama"
)
_MAKERS = (
    " from Microsoft",
    " by Microsoft",
    " by Meta",
    " from Meta",
    " by Google",
    " from Google",
    " by OpenAI",
    " from OpenAI",
    " by Facebook",
)
_MAKERS_OWN = Pattern(r"(?:Google|OpenAI|Meta|Facebook|Microsoft|BigScience|EleutherAI|NVIDIA|Mistral AI|Stability AI)['’]s ")
_HERE = Pattern(
    r"(?i).*\bfine-? ?tun(?:e|ing)\b.* "
    r"|^(?:here|this|link|the |all |paper|code|model card|repo|github|hugging|his|🤗|base model|model$|download)"
)
_TRAIL = Pattern(
    r"[\s.,;:()\-/+]+$|(?i:[\s\n]+(?:models?|checkpoint|architecture|weights|and|the|LLM|LoRA|reranker|(?:bf|fp)(?:16|32))$)|(?i:-based)$"
)


class Name(NamedTuple):
    """``block.text[start:end]`` is a name; ``url`` is where it links to, ``marked`` whether it is a link or code."""

    start: int
    end: int
    url: str
    marked: bool
    by_url: bool = False
    """Whether the label of the link does not name the model, so that its address does."""


@cache
def _models() -> tuple[re2.Set, frozenset[str], Pattern]:
    words = vocabulary("claims_models")
    families = re2.Set.SearchSet()
    families.Add("|".join(words["families"]))  # which are asked of lower case
    families.Compile()
    return families, frozenset(words["not_models"]), Pattern(words["hardware"])


def name_at(body: Body, block: Block, at: int) -> Name | None:
    """The name that begins at ``block.text[at]``, after articles and the like: a link's label, a code span, or words."""
    text = block.text
    skipped = _SKIP.match(text, at, at + _REACH)
    start = skipped.end() if skipped else at
    if start >= len(text):
        return None
    anchor = body.anchor_at(block, start)
    if anchor and at <= anchor.start:
        return _linked(text, anchor.start, anchor.end, anchor.url)
    page = _PAGE.match(text, start)
    if page:
        return Name(*page.span(1), page.group(), marked=True)
    end = body.code_end(block, start)
    if end > start:
        return Name(start, end, "", marked=True)
    match = _NAME.match(text, start, start + _REACH)
    if not match:
        return None
    inside = body.anchors_in(block, start, match.end())
    if inside and text[start : inside[0].start].islower():
        return _linked(text, inside[0].start, inside[0].end, inside[0].url)
    gap = _GAP.search(text, start, match.end())
    if gap and text[start : gap.start()].islower() and (end := body.code_end(block, gap.end())) > gap.end():
        return Name(gap.end(), end, "", marked=True)
    return trimmed(text, Name(start, match.end(), "", marked=False))


def without_lead(text: str, start: int, end: int) -> int:
    """Where the name in ``text[start:end]`` begins after articles and the like."""
    skipped = _SKIP.match(text, start, end)
    return skipped.end() if skipped and skipped.end() < end else start


def without_maker(text: str, start: int, end: int) -> int:
    """Where the name in ``text[start:end]`` begins after "Google's" and the like."""
    maker = _MAKERS_OWN.match(text, start, end)
    return maker.end() if maker else start


def page_id(url: str) -> str:
    """The id of the model whose page an address is, else ""."""
    match = _PAGE.match(url)
    return match.group(1) if match else ""


def _linked(text: str, start: int, end: int, url: str) -> Name | None:
    label = text[start:end]
    words = label.count(" ")
    if len(label) > _LONGEST_LABEL or _HERE.match(label) or (words > 1 and not _is_family(label)) or _PHRASE.search(label):
        named = page_id(url) and not _NOT_A_NAME.search(label.lower())
        return Name(start, end, url, marked=True, by_url=True) if named else None
    if page_id(url).lower().startswith(f"{label.lower()}/") or (label == url and page_id(url)):
        return Name(start, end, url, marked=True, by_url=True)
    start = without_maker(text, start, end)
    if label.endswith(_MAKERS):
        end = text.rfind(" ", start, text.rfind(" ", start, end))
    return trimmed(text, Name(start, end, url, marked=True))


def trimmed(text: str, name: Name) -> Name:
    """The name without punctuation and words like "model" at its end."""
    end = name.end
    while match := _TRAIL.search(text, name.start, end):
        end = match.start()
    opened = text.count("(", name.start, end) - text.count(")", name.start, end)
    if opened > 0 and name.end > end and text[end : end + 1] == ")":
        end += 1
    return name._replace(end=end)


def holds_model(text: str) -> bool:
    """Whether a stretch of text holds the name of a family of models."""
    return bool(_models()[0].Match(text.lower()))


# The same names stand in thousands of cards.
@lru_cache(4096)
def _is_family(name: str) -> bool:
    return bool(_models()[0].Match(name.lower()))


@lru_cache(4096)
def _is_no_model(low: str) -> bool:
    _, others, hardware = _models()
    if low in others or low.endswith(" work") or low.startswith(("http", "//", "./", "$", "{", "<")):
        return True
    return bool(hardware.search(low) or _NOT_A_NAME.search(low))


def is_model(text: str, name: Name, *, sure: bool) -> bool:
    """Whether a name names a model: by its link, its shape or its family; ``sure`` where the sentence says that one stands there."""
    if name.by_url:
        return True
    value = text[name.start : name.end]
    if "/" in value and page_id(name.url) == value and not _NO_ID.search(value):
        return True
    if len(value) < 2 or _is_no_model(value.lower()):
        return False
    if name.url:
        if _MODEL_PAGE.match(name.url) and ("/" in page_id(name.url) or _is_family(value)):
            return True
        if "datasets" in name.url:
            return False
    if _is_family(value):
        return True
    return sure and (name.marked or (bool(_SHAPE.search(value)) and not _HYPHENED.fullmatch(value)))
