"""The task that a card declares, against the head of the model beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint import data
from cardlint.checks.art_files import unread
from cardlint.checks.places import listed
from cardlint.model import NotChecked, Problem
from cardlint.vocab import architectures, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_AT = "/metadata/pipeline_tag"
_FOREIGN = frozenset({"nlp", "tabular", "rl"})
"""Modalities of tasks that no pipeline of diffusers serves."""
_CHAINED = frozenset({"modules.json", "gliner_config.json", "config_setfit.json", "adapter_config.json", "model_index.json"})
"""Files of libraries that put a task of their own on a transformer."""


def _tag(card: Card) -> str | None:
    tag = card.front_matter.metadata.get("pipeline_tag")
    return tag if isinstance(tag, str) and tasks.known(tag) else None


def against_architecture(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A task that the class in `config.json` cannot serve; heads that serve several stay silent."""
    tag = _tag(card)
    if tag is None or _CHAINED & repo.names:
        return
    config = repo.config.value
    if config is None:
        yield from unread(repo.config)
        return
    names = config.architectures
    if not names or any(architectures.agrees(name, tag) is not False for name in names):
        return
    served = architectures.get(names[0])
    what = f", a model of {listed(served.tasks)}" if served else ""
    yield Problem(_AT, f"pipeline_tag is '{tag}', but config.json has {names[0]}{what}", value=tag)


def against_adapter(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A task that the adapter's task type rules out."""
    tag = _tag(card)
    if tag is None or "adapter_config.json" not in repo.names:
        return
    adapter = repo.adapter.value
    if adapter is None:
        yield from unread(repo.adapter)
        return
    meant = data.vocabulary("artifact_words")["adapter_tasks"].get(adapter.task_type or "")
    if meant is not None and tag not in architectures.compatible(meant):
        yield Problem(_AT, f"pipeline_tag is '{tag}', but adapter_config.json has task_type {adapter.task_type}", value=tag)


def against_pipeline(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A task of text, tables or games on a pipeline of diffusers."""
    tag = _tag(card)
    task = tasks.get(tag) if tag else None
    if task is None or task.modality not in _FOREIGN or "model_index.json" not in repo.names:
        return
    pipeline = repo.diffusers.value
    if pipeline is None:
        yield from unread(repo.diffusers)
    elif pipeline.class_name:
        yield Problem(_AT, f"pipeline_tag is '{tag}', but model_index.json has {pipeline.class_name}", value=task.id)
