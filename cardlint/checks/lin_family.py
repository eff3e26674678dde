"""The family of models that a repository is named after, against the one it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.places import listed, quoted
from cardlint.model import Problem
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.facts.document import Facts

_FAMILIES = (
    *("distilbert", "deberta", "camembert", "roberta", "albert", "electra", "xlnet", "bart", "pegasus", "bert", "t5"),
    *("wav2vec2", "hubert", "whisper", "wavlm", "gpt2", "gpt-2", "gpt-neo", "llama", "mistral", "mixtral", "qwen", "gemma", "falcon"),
)
_FAMILY = Pattern(rf"(?:^|[^a-z0-9])(?:m|by|xlm-|flan-|distil(?=roberta|gpt|bart))?({'|'.join(_FAMILIES)})(?=v?[\d.]*(?:[^a-z0-9]|$))")
"""Families of models, each by the word that names have for it alone; its languages and sizes may stand before the word."""
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


def _families(name: str) -> set[str]:
    """The families that a name holds."""
    return {"gpt2" if found == "gpt-2" else found for found in _FAMILY.findall(name)}
