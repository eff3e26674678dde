"""Repositories judged among the others: the rules of hub scope over what an audit keeps, in as many processes as it has."""

from __future__ import annotations

from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cardlint.audit.rows import finding_rows, row_of
from cardlint.engine.pool import Limits, Pool
from cardlint.engine.stored import StoredJudge
from cardlint.hub.hub import Hub
from cardlint.hub.index import FileIndex
from cardlint.hub.lineage import Lineage, Step
from cardlint.hub.node import Node
from cardlint.report.records import Families
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cardlint.engine.batch import Plan
    from cardlint.engine.note import Note
    from cardlint.hub.world import World

BATCH = 500
"""Repositories a task."""


class Among(NamedTuple):
    """A node's JSON and its place among the others: the keys of each way to an ancestor, of a circle that it is in, whether
    its lineage was cut, and the keys of those whose text is like its own.
    """

    document: str
    chains: list[list[str]] | None
    circle: list[str] | None
    cut: bool
    like: list[str] | None


class Told(NamedTuple):
    """What is known of a repository then: rows of copies; rows of findings, counts and what is added to the report, if any."""

    copies: list[dict[str, Any]]
    findings: list[dict[str, Any]] = []  # noqa: RUF012  # never changed
    counts: dict[str, Any] | None = None
    record: dict[str, Any] | None = None


class AmongOthers:
    """Judges nodes by the index of an audit, which it opens for itself."""

    def __init__(self, plan: Plan, index: Path, world: World) -> None:
        self._hub = Hub(FileIndex(index), world)
        self._judge = StoredJudge(plan)
        self._families = Families(each.rule.code for each in plan.selected)

    def __call__(self, among: Among) -> Told:
        """What is told of one node."""
        node = Node.load(among.document)
        lineage = Lineage(tuple(Step(keys[-1], tuple(keys)) for keys in among.chains or ()), tuple(among.circle or ()), among.cut)
        facts = self._hub.assemble(node, lineage, among.like or (), self._hub.index.shared(node.sections.values()))
        copies = [
            {"input": node.input, "id": node.id or None, "copy": each["id"], "likeness": each["likeness"], "base": each["base"]}
            for each in facts["copies"]
        ]
        outcome = self._judge(node, facts)
        if not (outcome.findings or outcome.suppressed or outcome.not_checked or outcome.failure):
            return Told(copies)
        row = row_of(Entry(node.input, None, node.path, node.id or None), outcome, self._families)
        record = {name: row.record[name] for name in ("input", "failure", "findings", "not_checked")}
        return Told(copies, list(finding_rows(row, None)), row.repo, record)


def judged(nodes: Iterable[Among], plan: Plan, index: Path, world: World, *, jobs: int, notes: Path, limits: Limits) -> Iterator[Told]:
    """What is told of each node, in their order; a few of them, or a single job, stay in this process."""
    make = partial(AmongOthers, plan, index, world)
    stream = iter(nodes)
    head = list(islice(stream, BATCH + 1))
    if jobs == 1 or len(head) <= BATCH:
        yield from map(make(), chain(head, stream))
        return
    rest = chain(head, stream)
    pool = Pool(make, _batch, jobs, notes, limits)
    for told in pool.in_order(iter(lambda: list(islice(rest, BATCH)), []), ahead=jobs * 4):
        yield from told


def _batch(judge: AmongOthers, batch: list[Among], note: Note) -> list[Told]:
    found = [judge(among) for among in batch]
    note.between()
    return found
