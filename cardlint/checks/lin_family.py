"""The family of models that a repository is named after, against the one it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.contrasts import contrast, traits
from cardlint.checks.places import listed, quoted
from cardlint.model import Problem, Range
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.claims import Claim
    from cardlint.facts.document import Facts

_FAMILIES = (
    *("distilbert", "deberta", "camembert", "roberta", "albert", "electra", "xlnet", "bart", "pegasus", "bert", "t5"),
    *("wav2vec2", "hubert", "whisper", "wavlm", "gpt2", "gpt-2", "gpt-neo", "llama", "mistral", "mixtral", "qwen", "gemma", "falcon"),
)
_FAMILY = Pattern(rf"(?:^|[^a-z0-9])(?:m|by|xlm-|flan-|distil(?=roberta|gpt|bart))?({'|'.join(_FAMILIES)})(?=v?[\d.]*(?:[^a-z0-9]|$))")
"""Families of models, each by the word that names have for it alone; its languages and sizes may stand before the word."""
_SIZES = ("size", "parameters", "case")
_CHANGED = Pattern(r"(?i)distil|prun|slim|merge|slerp|moe(?![a-z])|draft|expan|from|-to-|upscal")
"""Words of names of models that have another size than what they were made from."""
_RESIZED = Pattern(
    r"(?i)distil|prun(?:ed|ing)|passthrough|mergekit|franken|(?:up|down)-?(?:scal|cycl|siz)|(?:depth|width)[- ]?(?:up|wise|scal)"
    r"|(?:drop|remov|duplicat|stack|repeat|cut|add)\w*(?: \w+){0,3} (?:layers|blocks|experts)|(?:layers|blocks|experts) (?:were|are|was) "
)
"""Words of cards on models that were made smaller or larger."""
_THIS = Pattern(r"(?i)[\W_]*(?:this|the) model (?:is|was|has been) ")
_LONGEST = 200
_FLAG = "--model_name_or_path"
_STARTS_FROM = Pattern(rf"{_FLAG}[ =]+[\"']?((?:[\w.-]+/)?[\w.-]+)")
_MADE_OF = ("tuned version of ", "tuned version of [", "tuned version of the ", "tuned version of the [", "tuned version of `")


def other_family(card: Card, facts: Facts) -> Iterator[Problem]:
    """A repository that is named after one family of models and was fine-tuned from one of another; one problem a card."""
    name = str(facts["id"] or "").rpartition("/")[2].lower()
    own = _families(name)
    if not own or own == {"bert"}:  # this word stands for all its descendants
        return
    for claim in card.claims.base_models:
        if not card.text.endswith(_MADE_OF, 0, claim.start):
            continue
        base = claim.value.rpartition("/")[2].lower()
        families = _families(base)
        if families and own.isdisjoint(families):
            message = f"the repository is named after {listed(sorted(own))}, but it was made from {quoted(claim.value)}"
            yield Problem(claim, message, help=f"This repository is '{facts['id']}'.", value=claim.value)
        return


def other_size(card: Card, facts: Facts) -> Iterator[Problem]:
    """A repository that is named after one size, casing or direction and was made from another; one problem of each a card."""
    name = str(facts["id"] or "").rpartition("/")[2]
    yield from _turned(card, facts, name)
    own = _families(name.lower())
    if not own or _CHANGED.search(name) or not any(traits(kind, name.lower()) for kind in _SIZES):
        return
    declared = card.front_matter.metadata.get("base_model")
    bases: list[tuple[str, Claim | None]] = [(claim.value, claim) for claim in card.claims.base_models if claim.detail == "finetuned"]
    if isinstance(declared, str):
        bases.append((declared, None))
    bases = [each for each in bases if own & _families(each[0].rpartition("/")[2].lower().replace(" ", "-"))]
    unlike = [contrast(name, value.rpartition("/")[2], _SIZES) for value, _ in bases]
    for (value, claim), words in zip(bases, unlike, strict=True):
        if words and (None not in unlike or (claim and _is_of_this(card, claim))) and not _RESIZED.search(card.text):
            message = f"the repository's name says '{words[0]}', but it was made from {quoted(value)}"
            yield Problem(claim or "/metadata/base_model", message, help=f"This repository is '{facts['id']}'.", value=value)
            return
    for match in _STARTS_FROM.finditer(card.text) if _FLAG in card.code else ():
        value = match[1].rpartition("/")[2]
        words = contrast(name, value, _SIZES) if own & _families(value.lower()) else None
        if words:
            message = f"the repository's name says '{words[0]}', but the training started from {quoted(match[1])}"
            yield Problem(Range(*match.span(1)), message, help=f"This repository is '{facts['id']}'.", value=match[1])
            return


def _turned(card: Card, facts: Facts, name: str) -> Iterator[Problem]:
    """A repository that is named after one direction of translation and was made from the other one."""
    if not traits("direction", name.lower()):
        return
    for claim in card.claims.base_models:
        words = contrast(name, claim.value.rpartition("/")[2], ("direction",)) if claim.detail == "finetuned" else None
        if words:
            message = f"the repository's name says '{words[0]}', but it was made from {quoted(claim.value)}"
            yield Problem(claim, message, help=f"This repository is '{facts['id']}'.", value=claim.value)
            return


def _is_of_this(card: Card, claim: Claim) -> bool:
    """Whether the sentence that names a base begins with this model: others may be those of its siblings."""
    line = card.text[max(0, claim.start - _LONGEST) : claim.start].rpartition("\n")[2]
    return _THIS.match(line.rpartition(". ")[2]) is not None


def _families(name: str) -> set[str]:
    """The families that a name holds."""
    return {"gpt2" if found == "gpt-2" else found for found in _FAMILY.findall(name)}
