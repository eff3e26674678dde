"""Lineage that the text of a card tells, and its front matter does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.places import listed, quoted
from cardlint.checks.values import addition, texts
from cardlint.hub.names import renamed
from cardlint.model import Problem, Range, Related
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.claims import Claim
    from cardlint.facts.document import Facts

_MOST_BASES = 8
"""Bases up to which they are advised by name; a longer list is an index of models rather than a merge."""
_WORD = Pattern(r"[^\W\d_]{3,}")
_COMMON = frozenset(
    (
        *("base", "large", "small", "medium", "mini", "tiny", "instruct", "chat", "model", "uncased", "cased"),
        *("hugging", "face", "huggingface", "org"),
    )
)
"""Words of ids that tell no model from another."""
_PARENT = Pattern(r"(?m)^[ \t-]*(?:base_)?model[ \t]*:[ \t]*[\"']?((?:\.{0,2}|~|[A-Za-z]:)[\\/][^\s\"'#][^\"'#\n]*)")
"""A model in the recipe of a merge that is a path from a root, a home or the folder one stands in."""
_ADVISED = Pattern(r"(?i)path|your|local|[<${]|xxx")
"""Words of paths that a reader is to fill in."""
_CACHED = Pattern(r"[\\/]models--([\w.-]+?)--([\w.-]+)")
"""The folder of a model in the hub client's cache."""
_MERGED = frozenset({"merge", "mergekit"})
_WHOLE = Pattern(r"([A-Za-z0-9][\w.-]{1,60})/([A-Za-z0-9][\w.-]{2,95})")
_TELLING = Pattern(r"[-_\d]")
"""What stands in a name that says which of its owner's models it is."""
_FOLDERS = frozenset(
    [
        *("checkpoint", "checkpoints", "ckpt", "ckpts", "model", "models", "output", "outputs", "out", "data", "src", "results", "runs"),
        *(
            "weights",
            "pretrained",
            "pretrained_models",
            "saved",
            "exp",
            "experiments",
            "content",
            "home",
            "mnt",
            "tmp",
            "workspace",
            "path",
        ),
    ]
)
"""What paths begin with that look like an owner and a name."""
_ADDRESS = 80
_SITE = Pattern(r"(?:https?://|www\.|github\.com/|\.com/)[^\s()<>]*$")
_HUB = Pattern(r"(?:huggingface\.co|hf\.co)/$")
_PAGE = Pattern(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([\w.-]+(?:/[\w.-]*\w)?)/?(?:[?#].*)?$")


def undeclared_base(card: Card, facts: Facts) -> Iterator[Problem]:
    """The models that the text says this one was made from, and links to, where ``base_model`` names none; one problem a card.

    The link tells that the name is an id on the hub, which needs no look at it.
    """
    if card.front_matter.metadata.get("base_model"):
        return
    bases = bases_told(card, str(facts["id"] or ""))
    if not bases:
        return
    ids, (first, *others) = list(bases), bases.values()
    named = listed([quoted(claim.value) for claim in bases.values()])
    message = f"made from {named} by the text, but base_model is not given"
    if len(ids) > _MOST_BASES:
        yield Problem(first, message, value=first.value, about="base_model")
        return
    advice, related = f"write `base_model: {ids[0]}`.", tuple(Related(claim, "and from this one") for claim in others)
    if others:
        advice = f"write those whose weights went into it: `base_model: [{', '.join(ids)}]`."
    yield Problem(
        first, message, help=advice, value=first.value, fix=addition(card, "base_model", ids), related=related, about="base_model"
    )


def bases_told(card: Card, own_id: str) -> dict[str, Claim]:
    """The ids of the models that the text says this one was made from, each with the claim that names it first.

    A link to the hub tells that a name is an id there; so does its shape, owner and all, where it is no link's to another place.
    """
    pages = [page.group(1) for link in card.outline.links if (page := _PAGE.match(link.url))]
    linked = {page.lower() for page in pages if "/" in page or renamed("model", page)}
    linked.discard(own_id.lower())
    bases: dict[str, Claim] = {}
    for claim in card.claims.base_models:
        if claim.value.lower() in linked or (_is_whole(claim.value, own_id) and not _leads_elsewhere(card, claim)):
            bases.setdefault(renamed("model", claim.value) or claim.value, claim)
    return bases


def _is_whole(value: str, own_id: str) -> bool:
    """Whether a name is surely an id of another model: with an owner that is no folder, and a name that says which of them."""
    match = _WHOLE.fullmatch(value)
    return match is not None and bool(_TELLING.search(match[2])) and match[1].lower() not in _FOLDERS and value.lower() != own_id.lower()


def _leads_elsewhere(card: Card, claim: Claim) -> bool:
    """Whether a name is the label of a link, which leads to another place than its page, or a part of an address on no hub."""
    before = card.text[max(0, claim.start - _ADDRESS) : claim.start].rpartition("\n")[2]
    if _SITE.search(before) and not _HUB.search(before):
        return True
    return any(link.start <= claim.start < link.end and link.url.startswith("http") for link in card.outline.links)


def other_base(card: Card, facts: Facts) -> Iterator[Problem]:
    """A base in the text that shares no word with the declared one, of which neither text nor name speak; one problem a card."""
    declared = card.front_matter.metadata.get("base_model")
    if isinstance(declared, list) and len(declared) == 1:
        declared = declared[0]
    if not isinstance(declared, str) or "/" not in declared:
        return
    bases = [claim for claim in card.claims.base_models if "/" in claim.value]
    words = set(_WORD.findall(declared.lower())) - _COMMON
    if not bases or not words:
        return
    spoken = f"{card.text[card.front_matter.end :]} {facts['id'] or ''}".lower()
    if any(word in spoken for word in words):
        return
    message = f"made from {quoted(bases[0].value)} by the text, but base_model is {quoted(declared)}"
    yield Problem(bases[0], message, value=bases[0].value, related=(Related("/metadata/base_model", "declared here"),))


def local_parent(card: Card) -> Iterator[Problem]:
    """Parents that the recipe of a merge names by a folder of its author's machine; one problem a card."""
    if _MERGED.isdisjoint(value.lower() for _, value in texts(card, "tags")):
        return
    found: dict[str, Range] = {}
    for block in card.outline.blocks:
        if block.kind == "code" and "merge_method" in block.text:
            for match in _PARENT.finditer(card.text, block.start, block.end):
                path = match[1].rstrip()
                if not _ADVISED.search(path):
                    found.setdefault(path, Range(match.start(1), match.start(1) + len(path)))
    if not found:
        return
    (path, place), *others = found.items()
    cached = [f"{folder[1]}/{folder[2]}" for each in found if (folder := _CACHED.search(each))]
    advice = f"one of them is {quoted(cached[0])}, by the name of its folder." if cached else None
    more = f" ({len(others)} more)" if others else ""
    message = f"a parent of the merge is a path on its author's machine: {quoted(path)}{more}"
    yield Problem(place, message, help=advice, value=path, related=tuple(Related(at, "and this one") for _, at in others[:9]))
