"""What a card says in words, against the configuration beside it: context, adapters, length of training, exports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.checks.art_files import TOP, unread
from cardlint.checks.eva_read import decimal
from cardlint.checks.places import listed, quoted
from cardlint.model import NotChecked, Problem
from cardlint.repo.jsonfile import mapping, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Piece
    from cardlint.repo.config import Config
    from cardlint.repo.repo import Repo

_SLACK = 1.06
"""32k is 32,768 for one author and 32,000 for another."""
_STRETCHED = re.compile(r"(?i)exten[ds]|extrapol|interpol|scal(?:ed|ing)|yarn|ntk|rope|扩展|外推|up to")
"""Words of a length that the model reaches by a setting of the reader."""
_AROUND = 120
_LENGTH = re.compile(r"(\d[\d,.]*)\s*([kKmM]?)")
_UNITS = {"": 1, "k": 1024, "m": 1024 * 1024}
_LORA = {
    "r": re.compile(
        r"(?i)(?:^|[\s(*`\"'{,|])(?:lora[ _-]?r(?:ank)?|lora_r|rank(?: \(r\))?|r)[\"'*` ]{0,4}(?:[:=|]|is|of)[*` ]{0,4}(\d{1,4})(?!\d|\.\d)"
    ),
    "lora_alpha": re.compile(
        r"(?i)(?:^|[\s(*`\"'{,|])(?:lora[ _-]?)?alpha(?: \(α\))?[\"'*` ]{0,4}(?:[:=|]|is|of)[*` ]{0,4}(\d{1,4})(?!\d|\.\d)"
    ),
}
_EPOCHS = re.compile(r"num_epochs:[ \t]*([0-9.]{1,8})")


def context_length(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A context length that is longer than the configuration allows."""
    claims = card.claims.context_length
    stated = [(claim, number) for claim in claims if (number := _tokens(claim.value)) is not None and number >= 1024]
    if not stated:
        return
    config = repo.config.value
    if config is None:
        yield from unread(repo.config)
        return
    most = _positions(config)
    if most is None or len({number for _, number in stated}) != 1 or repo.weights.gguf:
        return
    tokenizer = repo.tokenizer.value
    if tokenizer is not None and tokenizer.max_length is not None and tokenizer.max_length > most:
        most = tokenizer.max_length
    claim, number = stated[0]
    if number > most * _SLACK and not _STRETCHED.search(card.text, max(0, claim.start - _AROUND), claim.end + _AROUND):
        yield Problem(claim, f"the card says {quoted(claim.value)} tokens of context, config.json allows {most:,}", value=claim.value)


def _tokens(text: str) -> int | None:
    found = _LENGTH.search(text)
    number = decimal(found[1].rstrip(".,")) if found else None
    return None if found is None or number is None else int(number * _UNITS[found[2].lower()])


def _positions(config: Config) -> int | None:
    """The positions with the factor of scaled rotary embeddings; None where the model has relative ones."""
    most = config.max_positions
    scaling: dict[str, Any] = mapping(config.data.get("rope_scaling")) or mapping(config.data.get("rope_parameters"))
    factor = scaling.get("factor")
    if most is None or config.data.get("alibi") or "relative" in str(config.data.get("position_embedding_type")):
        return None
    return int(most * factor) if isinstance(factor, int | float) and 1 < factor < 1024 else most


def lora_settings(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Rank or alpha of an adapter that differ from its configuration."""
    if "adapter_config.json" not in repo.names:
        return
    adapter = repo.adapter.value
    if adapter is None:
        yield from unread(repo.adapter)
        return
    for key, pattern in _LORA.items():
        real = whole_number(adapter.data.get(key))
        stated = list(_stated(card, pattern)) if real else []
        if stated and all(number != real for number, _ in stated):
            number, place = stated[0]
            yield Problem(place, f"{key} is {number} here, {real} in adapter_config.json", value=key)


def _stated(card: Card, pattern: re.Pattern[str]) -> Iterator[tuple[int, Piece]]:
    for block in card.outline.blocks:
        if "lora" in block.text.lower() or block.kind in ("item", "table"):
            for match in pattern.finditer(block.text):
                yield int(match[1]), card.outline.place(block, *match.span(1))


def training_length(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A number of epochs below that of the training's own log."""
    block, match = next(
        ((block, match) for block in card.outline.blocks if block.kind == "item" and (match := _EPOCHS.fullmatch(block.text.strip()))),
        (None, None),
    )
    if block is None or match is None or "trainer_state.json" not in repo.names:
        return
    training = repo.results.training
    if training is None:
        yield from unread(*(answer for answer in repo.results.unread if answer.path == "trainer_state.json"))
        return
    stated = decimal(match[1])
    if stated and training.epochs and training.epochs > stated * 1.05 + 0.05:
        place = card.outline.place(block, 0, len(block.text))
        yield Problem(place, f"num_epochs is {match[1]} here, trainer_state.json goes to epoch {training.epochs:g}", value="num_epochs")


def exports(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Formats beside the main weights that the card never mentions."""
    words = data.vocabulary("artifact_words")["exports"]
    found = [name for name in repo.weights.formats if name in words]
    if not found:
        return
    low = card.text.lower()
    silent = [name for name in found if not any(word in low for word in words[name])]
    if silent:
        files = [next(file.path for file in repo.weights.files if file.format == name and file.role == "weights") for name in silent]
        shown = listed([f"{name} ({path})" for name, path in zip(silent, files, strict=True)])
        yield Problem(TOP, f"the card does not mention the weights in {shown}", value=",".join(silent))
