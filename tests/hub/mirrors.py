"""Mirrors of a few made-up repositories, and an audit of them in this process."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from cardlint.audit.among import judged
from cardlint.audit.part import NODES
from cardlint.audit.reduce import reduce
from cardlint.audit.scan import local, scan
from cardlint.audit.store import Store
from cardlint.config.suppressions import silencing
from cardlint.engine.batch import Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.pool import Limits
from cardlint.engine.select import Choice, choose
from cardlint.hub.world import World
from cardlint.sources.paths import from_path

if TYPE_CHECKING:
    from pathlib import Path

    from cardlint.hub.node import Node


def write_mirror(root: Path, repos: dict[str, str | dict[str, str]]) -> Path:
    """Write repositories by id; a text is the card, a mapping is all files."""
    for name, files in repos.items():
        for path, text in ({"README.md": files} if isinstance(files, str) else files).items():
            place = root / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    return root


def card(title: str = "Towns", **metadata: str) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in metadata.items())
    return f"---\n{lines}---\n# {title}\nIt sorts letters by town.\n"


def plan(*codes: str) -> Plan:
    rules = shipped()
    selected = choose(Choice(profile="audit", select=codes or ("LIN", "LIC", "DAT", "DOC", "EVA"), preview=True), rules)
    return Plan(tuple(each for each in selected if each.rule.scope == "hub"), {}, silence=silencing(rules, "audit"), later=True)


def audit(mirror: Path, out: Path, *codes: str, known: tuple[str, ...] = (), complete: tuple[str, ...] = (), jobs: int = 1) -> Store:
    """Audit a mirror by rules of hub scope."""
    chosen = plan(*codes)
    store = Store(out)
    identity = sha256(repr((chosen, known, complete)).encode()).hexdigest()
    with store.taken():
        done = scan(from_path(mirror), chosen, identity, store, partial(local, jobs=1, limits=Limits()), lambda _: None)
        reduce(store, done.keys, chosen, World(known, complete), identity, partial(judged, jobs=jobs, limits=Limits()))
    store.finish(done.keys, {}, {})
    return store


def written(folder: Path, nodes: list[Node], rows: int) -> list[Path]:
    """Nodes as the parts of a store, so many of them a part."""
    files = []
    for begin in range(0, len(nodes), rows):
        path = folder / f"{begin:06}.parquet"
        table = [
            {
                "input": each.input,
                "id": each.id,
                "name": each.key,
                "owner": each.owner,
                "licenses": [],
                "parents": each.parents(),
                "linked": bool(each.edges),
                "lines": each.lines,
                "sections": sorted(each.sections.values()),
                "judged": True,
                "document": each.dump(),
            }
            for each in nodes[begin : begin + rows]
        ]
        pq.write_table(pa.Table.from_pylist(table, NODES), path)
        files.append(path)
    return files


def rows(store: Store, query: str) -> list[tuple]:
    from cardlint.audit.summary import connect

    with connect(store.folder) as connection:
        return connection.execute(query).fetchall()
