"""One task of the map phase: a shard judged where it is read, its part written there; a few numbers go back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.audit.part import Part
from cardlint.audit.stored import stored_rows
from cardlint.model import OUT_OF_MEMORY
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from cardlint.audit.reuse import Kept
    from cardlint.audit.rows import Auditor, Row
    from cardlint.audit.shards import Shard
    from cardlint.engine.note import Note


class Task(NamedTuple):
    """A shard, which of its repositories have results in earlier parts, and the folder of the store."""

    shard: Shard
    kept: Kept
    folder: Path


class Done(NamedTuple):
    """What a task did: cards that were opened, results that were reused, cards on which cardlint failed."""

    key: str
    opened: int
    reused: int
    failed: int


def judge_task(auditor: Auditor, task: Task, note: Note) -> Done:
    """Judge a shard and write its part. Raises OSError where it cannot be written."""
    shard = task.shard
    kept = _kept_rows(task)
    opened = failed = 0
    with Part(task.folder, shard.key) as part:
        for number, (entry, key) in enumerate(zip(shard.entries, shard.keys, strict=True)):
            row = kept.pop(number, None)
            if row is None:
                opened += 1
                if number in note.lost:
                    row = auditor.lost(entry, note.lost[number], key)
                else:
                    note.at(number)
                    row = auditor.row(entry, key)
                    if row.record["failure"] == OUT_OF_MEMORY:
                        note.leave()
            failed += row.record["failure"] is not None
            part.add(row)
        note.between()
    return Done(shard.key, opened, len(shard.entries) - opened, failed)


def _kept_rows(task: Task) -> dict[int, Row]:
    """The results that earlier parts hold, by number in the shard."""
    wanted: dict[str, dict[int, int]] = {}
    for number, (part, row) in task.kept.items():
        wanted.setdefault(part, {})[row] = number
    found = {}
    for part, numbers in wanted.items():
        for row, kept in stored_rows(task.folder, part, sorted(numbers)):
            found[numbers[row]] = kept
    return found
