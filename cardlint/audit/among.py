"""Repositories judged among the others: the rules of hub scope over what an audit keeps, in as many processes as it has."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from cardlint.audit.part import FINDINGS
from cardlint.audit.rows import finding_rows, row_of
from cardlint.engine.pool import Limits, Pool
from cardlint.engine.stored import StoredJudge
from cardlint.hub.hub import Hub
from cardlint.hub.index import FileIndex
from cardlint.hub.lineage import walk
from cardlint.hub.node import Node
from cardlint.report.records import Families
from cardlint.report.writer import encode
from cardlint.sources.entry import Entry
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from cardlint.engine.batch import Plan
    from cardlint.engine.note import Note
    from cardlint.hub.world import World

LINEAGE = pa.schema(
    [
        *((name, pa.string()) for name in ("input", "id", "ancestor")),
        ("hops", pa.int32()),
        *((name, pa.list_(pa.string())) for name in ("path", "licenses")),
        ("state", pa.string()),
    ]
)
COPIES = pa.schema([*((name, pa.string()) for name in ("input", "id", "copy")), ("likeness", pa.float64()), ("base", pa.bool_())])
COUNTS = pa.schema(
    [
        ("input", pa.string()),
        *((name, pa.int32()) for name in ("errors", "warnings", "notes", "not_checked", "waived")),
        ("failure", pa.string()),
    ]
)


class Among(NamedTuple):
    """Nodes that are looked at together: a group of rows of a file, and what is around them.

    ``around``: by number in the group, those that share a section or a text, with the keys of what has a text like theirs.
    """

    path: Path
    group: int
    around: dict[int, list[str]]


class Told(NamedTuple):
    """What is known of a batch then: rows of lineage, copies, findings and counts, and the lines of what is added to the report."""

    lineage: pa.Table
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

    def __call__(self, among: Among) -> Told:
        """What is told of those of some nodes that have an edge or something in common with others.

        It is put into its lasting form here, so that other processes only pass it on.
        """
        lineage: list[dict[str, Any]] = []
        copies: list[dict[str, Any]] = []
        findings: list[dict[str, Any]] = []
        counts: list[dict[str, Any]] = []
        lines: list[str] = []
        for document, like, judged in _due(among):
            node = Node.load(document)
            facts = self._facts(node, like)
            who = {"input": node.input, "id": node.id or None}
            lineage += [{**who, **each} for each in _lineage(facts["ancestors"])]
            if not judged:
                continue
            copies += [{**who, "copy": each["id"], "likeness": each["likeness"], "base": each["base"]} for each in facts["copies"]]
            outcome = self._judge(node, facts)
            if outcome.findings or outcome.suppressed or outcome.not_checked or outcome.failure:
                row = row_of(Entry(node.input, None, node.path, node.id or None), outcome, self._families)
                findings.extend(finding_rows(row, None))
                counts.append({name: row.repo[name] for name in COUNTS.names})
                lines.append(encode({name: row.record[name] for name in ("input", "failure", "findings", "not_checked")}) + "\n")
        return Told(
            pa.Table.from_pylist(lineage, LINEAGE),
            pa.Table.from_pylist(copies, COPIES),
            pa.Table.from_pylist(findings, FINDINGS),
            pa.Table.from_pylist(counts, COUNTS),
            "".join(lines),
        )

    def _facts(self, node: Node, like: list[str]) -> dict[str, Any]:
        """What is known of the others around a node."""
        index = self._hub.index
        return self._hub.assemble(node, walk(node, index.find), like, index.shared(node.sections.values()))


def _due(among: Among) -> Iterator[tuple[str, list[str], bool]]:
    """Nodes that have an edge or something in common with others: the document, keys of what is alike, whether rules are asked."""
    with pq.ParquetFile(among.path) as file:
        rows = file.read_row_group(among.group, columns=["document", "linked", "judged"], use_threads=False)
    linked, judged = rows.column("linked").to_pylist(), rows.column("judged").to_pylist()
    for number, document in enumerate(rows.column("document")):
        if linked[number] or (judged[number] and number in among.around):
            yield document.as_py(), among.around.get(number, []), judged[number]


def _lineage(ancestors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of lineage: the nearest first, those of equal distance in the order of their paths."""
    rows = [
        {
            "ancestor": each["path"][-1],
            "hops": each["hops"],
            "path": each["path"],
            "licenses": each["path_licenses"],
            "state": each["state"],
        }
        for each in ancestors
    ]
    return sorted(rows, key=lambda row: (row["hops"], row["path"]))


def judged(make: Callable[[], AmongOthers], nodes: Iterable[Among], notes: Path, *, jobs: int, limits: Limits) -> Iterator[Told]:
    """What is told of all nodes, in their order, by processes of this machine; one group of nodes, or one job, stays in this one."""
    stream = iter(nodes)
    head = list(islice(stream, 2))
    if jobs == 1 or len(head) < 2:
        yield from map(make(), chain(head, stream))
        return
    yield from Pool(make, tell, jobs, notes, limits).in_order(chain(head, stream), ahead=jobs * 4)


def tell(judge: AmongOthers, among: Among, note: Note) -> Told:
    """One task, in a worker."""
    told = judge(among)
    note.between()
    return told
