"""Lineage that the text of a card tells, and its front matter does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.places import quoted
from cardlint.checks.values import addition
from cardlint.hub.names import renamed
from cardlint.model import Problem
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.facts.document import Facts

_MOST_BASES = 8
"""Bases up to which they are advised by name; a longer list is an index of models rather than a merge."""
_PAGE = Pattern(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([\w.-]+(?:/[\w.-]*\w)?)/?(?:[?#].*)?$")


def undeclared_base(card: Card, facts: Facts) -> Iterator[Problem]:
    """A model that the text says this one was made from, and links to, where ``base_model`` names none; one problem a card.

    The link tells that the name is an id on the hub, which needs no look at it.
    """
    if card.front_matter.metadata.get("base_model"):
        return
    pages = [page.group(1) for link in card.outline.links if (page := _PAGE.match(link.url))]
    linked = {page.lower() for page in pages if "/" in page or renamed("model", page)}
    linked.discard(str(facts["id"] or "").lower())
    if not linked:
        return
    named = [claim for claim in card.claims.base_models if claim.value.lower() in linked]
    if named:
        first, ids = named[0].value, list(dict.fromkeys(renamed("model", claim.value) or claim.value for claim in named))
        message = f"made from {quoted(first)} by the text, but base_model is not given"
        if len(ids) > _MOST_BASES:
            yield Problem(named[0], message, value=first)
            return
        listed = ids[0] if len(ids) == 1 else f"[{', '.join(ids)}]"
        yield Problem(named[0], message, help=f"write `base_model: {listed}`.", value=first, fix=addition(card, "base_model", ids))
