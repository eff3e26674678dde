"""Models of several parts: components of diffusers, modules of sentence-transformers, and whether they fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.art_files import TOP, unread
from cardlint.checks.places import lacking, listed, quoted
from cardlint.model import NotChecked, Problem
from cardlint.repo.jsonfile import read_object, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.repo.repo import Repo


def components(repo: Repo) -> Iterator[Problem | NotChecked]:
    """Components that `model_index.json` lists and that have no folder."""
    if "model_index.json" not in repo.names:
        return
    pipeline = repo.diffusers.value
    if pipeline is None:
        yield from unread(repo.diffusers)
        return
    lost = [quoted(name) for name in pipeline.missing]
    if lost:
        verb = "which has no folder" if len(lost) == 1 else "which have no folder"
        yield Problem(TOP, f"model_index.json lists {listed(lost)}, {verb} here", value="model_index.json")


def modules(repo: Repo) -> Iterator[Problem | NotChecked]:
    """Modules that `modules.json` lists and that have no folder."""
    if "modules.json" not in repo.names:
        return
    chain = repo.sentence_transformers.value
    if chain is None:
        yield from unread(repo.sentence_transformers)
        return
    if chain.missing:
        lost = lacking([quoted(path) for path in chain.missing])
        yield Problem(TOP, f"modules.json lists {lost}", value="modules.json")


def pooling(repo: Repo) -> Iterator[Problem | NotChecked]:
    """A pooling of another width than the model in front of it."""
    chain = repo.sentence_transformers.value
    if chain is None:
        return
    path = next((f"{path.strip('/')}/config.json" for path, kind in chain.modules if kind.endswith(".Pooling")), None)
    if path is None:
        return
    answer = read_object(repo, path, dict)
    config = repo.config.value
    if answer.value is None or config is None:
        yield from unread(answer, repo.config)
        return
    width, hidden = whole_number(answer.value.get("word_embedding_dimension")), whole_number(config.data.get("hidden_size"))
    if width and hidden and width != hidden and len(chain.modules) >= 2 and chain.modules[1][1].endswith(".Pooling"):
        yield Problem(TOP, f"{path} has {width} dimensions, config.json has hidden_size {hidden}", value="pooling")


def sequence(repo: Repo) -> Iterator[Problem | NotChecked]:
    """A sequence length of sentence-transformers that the model has no positions for."""
    chain = repo.sentence_transformers.value
    if chain is None or chain.max_seq_length is None:
        return
    config = repo.config.value
    if config is None:
        yield from unread(repo.config)
        return
    most = config.max_positions
    if most is not None and chain.max_seq_length > most and not config.data.get("rope_scaling"):
        message = f"max_seq_length is {chain.max_seq_length:,}, but config.json has only {most:,} positions"
        yield Problem(TOP, message, value="max_seq_length")
