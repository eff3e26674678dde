"""Repositories judged among the others: the rules of hub scope over what an audit keeps, in as many processes as it has."""

from __future__ import annotations

from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cardlint.audit.part import FINDINGS
from cardlint.audit.rows import finding_rows, row_of
from cardlint.engine.pool import Limits, Pool
from cardlint.engine.stored import StoredJudge
from cardlint.hub.hub import Hub
from cardlint.hub.index import FileIndex
from cardlint.hub.lineage import Lineage, Step
from cardlint.hub.node import Node
from cardlint.report.records import Families
from cardlint.report.writer import encode
from cardlint.sources.entry import Entry
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cardlint.engine.batch import Plan
    from cardlint.engine.note import Note
    from cardlint.hub.world import World

COPIES = pa.schema([*((name, pa.string()) for name in ("input", "id", "copy")), ("likeness", pa.float64()), ("base", pa.bool_())])
COUNTS = pa.schema(
    [
        ("input", pa.string()),
        *((name, pa.int32()) for name in ("errors", "warnings", "notes", "not_checked", "waived")),
        ("failure", pa.string()),
    ]
)
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
    """What is known of a batch then: rows of copies, findings and counts, and the lines of what is added to the report."""

    copies: pa.Table
    findings: pa.Table
    counts: pa.Table
    lines: str


class AmongOthers:
    """Judges nodes by the index of an audit, which it opens for itself."""

    def __init__(self, plan: Plan, index: Path, world: World) -> None:
        found = FileIndex(index)
        self._hub = Hub(found, world.within(found.kinds()))
        self._judge = StoredJudge(plan)
        self._families = Families(each.rule.code for each in plan.selected)

    def __call__(self, batch: Iterable[Among]) -> Told:
        """What is told of some nodes. It is put into its lasting form here, so that other processes only pass it on."""
        copies: list[dict[str, Any]] = []
        findings: list[dict[str, Any]] = []
        counts: list[dict[str, Any]] = []
        lines: list[str] = []
        for among in batch:
            node, facts = self._facts(among)
            for each in facts["copies"]:
                copies.append(
                    {"input": node.input, "id": node.id or None, "copy": each["id"], "likeness": each["likeness"], "base": each["base"]}
                )
            outcome = self._judge(node, facts)
            if outcome.findings or outcome.suppressed or outcome.not_checked or outcome.failure:
                row = row_of(Entry(node.input, None, node.path, node.id or None), outcome, self._families)
                findings.extend(finding_rows(row, None))
                counts.append({name: row.repo[name] for name in COUNTS.names})
                lines.append(encode({name: row.record[name] for name in ("input", "failure", "findings", "not_checked")}) + "\n")
        return Told(
            pa.Table.from_pylist(copies, COPIES),
            pa.Table.from_pylist(findings, FINDINGS),
            pa.Table.from_pylist(counts, COUNTS),
            "".join(lines),
        )

    def _facts(self, among: Among) -> tuple[Node, dict[str, Any]]:
        """A node, and what is known of the others around it."""
        node = Node.load(among.document)
        lineage = Lineage(tuple(Step(keys[-1], tuple(keys)) for keys in among.chains or ()), tuple(among.circle or ()), among.cut)
        return node, self._hub.assemble(node, lineage, among.like or (), self._hub.index.shared(node.sections.values()))


def judged(nodes: Iterable[Among], plan: Plan, index: Path, world: World, *, jobs: int, notes: Path, limits: Limits) -> Iterator[Told]:
    """What is told of all nodes, batch by batch in their order; a single batch, or a single job, stays in this process."""
    make = partial(AmongOthers, plan, index, world)
    batches = _batches(nodes)
    head = list(islice(batches, 2))
    if jobs == 1 or len(head) < 2:
        yield from map(make(), chain(head, batches))
        return
    yield from Pool(make, _work, jobs, notes, limits).in_order(chain(head, batches), ahead=jobs * 4)


def _batches(nodes: Iterable[Among]) -> Iterator[list[Among]]:
    stream = iter(nodes)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _work(judge: AmongOthers, batch: list[Among], note: Note) -> Told:
    told = judge(batch)
    note.between()
    return told
