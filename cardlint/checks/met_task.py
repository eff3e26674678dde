"""A model card without a task, and the one that the card or its files tell."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.checks.absence import is_no_model
from cardlint.checks.task_told import task_told
from cardlint.checks.values import addition
from cardlint.model import Problem
from cardlint.vocab import fields, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo


def no_task(card: Card, repo: Repo | None, facts: dict[str, object]) -> Iterator[Problem]:
    """Neither a pipeline tag nor a task among the tags, and no tokenizer; the fix adds the task that all other hints agree on."""
    metadata = card.front_matter.metadata
    if not metadata or metadata.get("pipeline_tag") or is_no_model(card):
        return
    tags = metadata.get("tags")
    words = _task_words()
    if any(isinstance(tag, str) and tag in words for tag in (tags if isinstance(tags, list) else (tags,))):
        return
    hub, its_keys = fields.elsewhere(metadata)
    message = "no task is given: neither pipeline_tag nor a task among the tags"
    if "tasks" in its_keys and metadata.get("tasks"):
        message = f"the task stands under 'tasks', which {hub} reads and other hubs do not"
    told = task_told(card, str(facts["id"] or ""), repo)
    help_text = f"write `pipeline_tag: {told.task}`, {told.words}." if told else None
    fix = addition(card, "pipeline_tag", [told.task]) if told else None
    yield Problem("/metadata/pipeline_tag", message, help=help_text, fix=fix, about="pipeline_tag")


@cache
def _task_words() -> frozenset[str]:
    """The tasks, and those that the hub gave up."""
    return tasks.ids() | frozenset(data.vocabulary("pipeline_tags")["retired"])
