"""Code of a card that trusts code of the repository: said why, and needed at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.model import Problem
from cardlint.patterns import Cue, Pattern
from cardlint.repo.jsonfile import mapping
from cardlint.vocab import architectures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block, Piece
    from cardlint.repo.repo import Repo

_REMOTE = Pattern(r"trust_remote_code\s{0,3}=\s{0,3}True|--trust[-_]remote[-_]code")
_SAID = Cue(
    r"(?i)trust[_ ]remote[_ ]code|remote code|custom[\pL\pN_-]* (?:code|model|pipeline|architecture|class|module)"
    r"|modeling_[\pL\pN_]|自定义|远程代码"
)
_WHY = Cue(
    r"(?i)(?:#|//)[^\n]*\b(?:custom[\pL\pN_-]* (?:code|model|pipeline|architecture|class|module)|modeling_[\pL\pN_]"
    r"|(?:requires?|required|needs?|needed|necessary|because)\b[^\n]*\b(?:trust_remote_code|remote code|custom|own code)"
    r"|trust_remote_code\b[^\n]*\b(?:required|needed|necessary|because|for|since|loads|runs)\b)"
)
"""A comment in code that says why."""
_FILE = Cue(r"\bmodeling_[\pL\pN_]+\.py\b")
"""The file of code by its usual name, as a listing of the repository has it."""
_TOKENIZER = "tokenizer_config.json"
_OTHERS = frozenset({"modules.json", "model_index.json"})


def unexplained(card: Card, repo: Repo | None, facts: dict[str, Any]) -> Iterator[Problem]:
    """Code that trusts remote code, in a card that says no word about it, in comments neither; without such code, `needless` speaks."""
    first = next(_trusting(card), None)
    if first is None or _SAID.occurs(card.prose) or _FILE.occurs(card.text):
        return
    if any(_WHY.occurs(block.text) for block, _ in _trusting(card)):
        return
    if repo is None or next(needless(card, repo, facts), None) is None:
        yield Problem(first[1], "code runs remote code and the card does not say which or why")


def needless(card: Card, repo: Repo, facts: dict[str, Any]) -> Iterator[Problem]:
    """Code that trusts code of this repository, which names none and is of a kind that transformers knows."""
    own = str(facts["id"] or "").lower()
    if not own or not _without_code(repo):
        return
    for block, place in _trusting(card):
        loads = [load.value.lower() for load in card.claims.code_loads if block.start <= load.start < block.end]
        if own in block.text.lower() and "load_dataset" not in block.text and set(loads) <= {own}:
            yield Problem(place, "the code trusts remote code, but no configuration of the repository names any", value="trust_remote_code")
            return


def _trusting(card: Card) -> Iterator[tuple[Block, Piece]]:
    for block in card.outline.blocks:
        if block.kind == "code" and (found := _REMOTE.search(block.text)):
            yield block, card.outline.place(block, *found.span())


def _without_code(repo: Repo) -> bool:
    """Whether loading runs nothing of a repository: no ``auto_map``, no modules of other libraries, no base that brings its own."""
    config, tokenizer, processor = repo.config.value, repo.tokenizer.value, repo.processor.value
    return (
        config is not None
        and config.model_type is not None
        and architectures.known_model_type(config.model_type)
        and not config.custom_code
        and (tokenizer is None or not (tokenizer.custom_code or any(answer.path == _TOKENIZER for answer in tokenizer.unread)))
        and (processor is None or not mapping(processor.data.get("auto_map")))
        and repo.adapter.state == "absent"
        and _OTHERS.isdisjoint(repo.names)
    )
