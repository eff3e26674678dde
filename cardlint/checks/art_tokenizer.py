"""The tokenizer and the processor beside a model: there, whole, and of the model's own vocabulary."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.card.claims.repoids import is_repo_id
from cardlint.checks.art_files import TOP, has_weights, unread
from cardlint.checks.places import lacking, quoted
from cardlint.model import NotChecked, Problem
from cardlint.vocab import architectures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.config import Config
    from cardlint.repo.repo import Repo

_BYTES = frozenset({"byt5", "canine", "perceiver", "charformer", "bytelm"})
"""Model types that read bytes or characters without a vocabulary file."""
_WHOLE = "tokenizer.json"
_VOCABULARIES = frozenset(
    {
        "vocab.txt",
        "spiece.model",
        "sentencepiece.bpe.model",
        "sentencepiece.model",
        "tokenizer.model",
        "spm.model",
        "bpe.codes",
        "tekken.json",
        "vocab.json",
    }
)
_ALMOST_NONE = 0.6
"""Part of the embedding below which a tokenizer is another model's: padding, ids kept free and sharded rows take far less."""
_HELPER = re.compile(r"(?i)tokeni[sz]er|processor|extractor")
_BY_VARIABLE = re.compile(r"(?:[Tt]okeni[sz]er|[Pp]rocessor|[Ee]xtractor)\w{0,10}\.from_pretrained\(\s{0,20}([A-Za-z_]\w{0,40})")
_SPOKEN = re.compile(r"(?i)tokeni[sz](?:er|ation)(?!s?[ :]{1,3}\d)")
"""Prose that speaks of the tokenizer, and not of a version of the library Tokenizers."""
_MASKS = re.compile(r"\[MASK\]|<mask>|<\|mask\|>")


def _config(repo: Repo) -> Config | None:
    """The configuration of a model of transformers that has its weights here."""
    config = repo.config.value
    return config if config and config.architectures and config.model_type and "model_index.json" not in repo.names else None


def _tasks(config: Config) -> set[str]:
    """The tasks of the classes that are listed by name, not concluded from a suffix."""
    found = [architectures.get(name) for name in config.architectures]
    return {task for each in found if each and (each.listed or not each.ambiguous) for task in each.tasks}


def _loads_other(card: Card, repo_id: object) -> bool:
    """Whether the card's code loads a tokenizer or processor of another repository, or of one that a variable names."""
    own = str(repo_id or "").lower()
    for load in card.claims.code_loads:
        before = card.text[max(0, load.start - 90) : load.start].rpartition("\n")[2]
        if load.value.lower() != own and is_repo_id(load.value, single=True) and _HELPER.search(before):
            return True
    return any(
        not re.search(rf"(?i)\b{match[1]}\s*=\s*[\"']{re.escape(own)}[\"']", block.text)
        for block in card.outline.blocks
        if block.kind == "code"
        for match in islice(_BY_VARIABLE.finditer(block.text), 20)
    )


def missing(card: Card, repo: Repo, facts: dict[str, object]) -> Iterator[Problem | NotChecked]:
    """A model of text with weights and without a tokenizer."""
    if repo.tokenizer.state != "absent" or not has_weights(repo):
        return
    config = _config(repo)
    if config is None:
        yield from unread(repo.config)
        return
    kinds = _tasks(config) & data.words("artifact_words", "text_tokenizers")
    folders = {name.rpartition("/")[2] for name in repo.names if "/" in name}
    if not kinds or config.model_type in _BYTES or folders & {"tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json"}:
        return
    if any("token" in name.lower() or name.endswith((".model", ".vocab", ".tiktoken")) for name in repo.names):
        return
    told = any(block.kind != "code" and _SPOKEN.search(block.text) for block in card.outline.blocks)
    if not told and not _loads_other(card, facts["id"]):
        yield Problem(TOP, f"there is a {config.architectures[0]}, but no tokenizer", value="tokenizer")


def incomplete(card: Card, repo: Repo, facts: dict[str, object]) -> Iterator[Problem | NotChecked]:
    """A tokenizer whose class needs a file that is not there."""
    tokenizer = repo.tokenizer.value
    if tokenizer is None or tokenizer.complete is not False or tokenizer.custom_code or not has_weights(repo):
        return
    if "adapter_config.json" in repo.names or "model_index.json" in repo.names or _loads_other(card, facts["id"]):
        return
    if tokenizer.class_name is None and any(answer.path.endswith("tokenizer_config.json") for answer in tokenizer.unread):
        yield from unread(*tokenizer.unread)
        return
    held = {name.rpartition("/")[2] for name in tokenizer.files} & _VOCABULARIES
    if tokenizer.class_name is None and (held - set(tokenizer.missing)) - {"vocab.json"}:
        return  # the vocabulary of another class, which the configuration or the card may name
    name = tokenizer.class_name or "the tokenizer"
    instead = None if _WHOLE in tokenizer.missing else f"{_WHOLE} alone would do too."
    yield Problem(TOP, f"{name} needs {lacking(tokenizer.missing)}", help=instead, value="tokenizer")


def other_size(repo: Repo) -> Iterator[Problem | NotChecked]:
    """A tokenizer with more words than the embedding has rows, or with so few that it is another model's."""
    tokenizer, config = repo.tokenizer.value, repo.config.value
    if tokenizer is None or "adapter_config.json" in repo.names:
        return
    if config is None or tokenizer.size is None:
        yield from unread(repo.config, *tokenizer.unread)
        return
    rows = config.vocab_size
    if rows is None or not config.architectures or tokenizer.files[0].startswith("chat_template"):
        return
    if tokenizer.size > rows:
        yield Problem(TOP, f"the tokenizer has {tokenizer.size:,} words, config.json has vocab_size {rows:,}", value="vocab_size")
    elif tokenizer.size < rows * _ALMOST_NONE and rows > 1_000:
        message = f"the tokenizer has only {tokenizer.size:,} words, config.json has vocab_size {rows:,}"
        yield Problem(TOP, message, value="vocab_size")


def other_mask(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Widget examples with a mask that is not the tokenizer's."""
    widget = card.front_matter.metadata.get("widget")
    examples = [
        (f"/metadata/widget/{index}/text", item.get("text"))
        for index, item in enumerate(widget if isinstance(widget, list) else ())
        if isinstance(item, dict)
    ]
    masked = [(at, found[0]) for at, text in examples if isinstance(text, str) and (found := _MASKS.findall(text))]
    if not masked:
        return
    tokenizer = repo.tokenizer.value
    mask = tokenizer.special.get("mask_token") if tokenizer else None
    if tokenizer is None or mask is None:
        yield from unread(*(tokenizer.unread if tokenizer else ()))
        return
    for at, given in masked:
        if given != mask:
            yield Problem(at, f"the widget's text masks with {quoted(given)}, the tokenizer with {quoted(mask)}", value=given)
            return


def no_processor(card: Card, repo: Repo, facts: dict[str, object]) -> Iterator[Problem | NotChecked]:
    """A model of images or sound without the configuration of its processor."""
    if repo.processor.state != "absent" or not has_weights(repo):
        return
    config = _config(repo)
    if config is None:
        yield from unread(repo.config)
        return
    found = _tasks(config)
    if not found or not found <= data.words("artifact_words", "processors") | {"feature-extraction", "image-feature-extraction"}:
        return
    if not found & data.words("artifact_words", "processors") or any(
        "processor_config.json" in name or "feature_extractor" in name for name in repo.names
    ):
        return
    if not _loads_other(card, facts["id"]):
        yield Problem(TOP, f"there is a {config.architectures[0]}, but no preprocessor_config.json", value="processor")
