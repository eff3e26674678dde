"""The reduce phase of an audit: what only shows when everything is known. Joins in SQL, then the rules of hub scope.

``AUDIT/hub/`` holds what it writes: the index for point look-ups, ``lineage`` and ``copies`` as Parquet, and what it adds to
the report; its findings are the part ``findings/hub.parquet``. Everything is computed anew whenever a part has changed. Nothing is
ever whole in memory: the joins spill to disk, and the rest are streams in the order of the report.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from cardlint.audit.additions import LineFile, RowFile
from cardlint.audit.among import COPIES, COUNTS, LINEAGE, Among, AmongOthers, judged
from cardlint.audit.joined import joined
from cardlint.audit.part import FINDINGS
from cardlint.audit.store import REDUCED
from cardlint.engine.pool import Limits
from cardlint.hub.index import FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from cardlint.audit.among import Told
    from cardlint.audit.joined import Around
    from cardlint.audit.store import Store
    from cardlint.engine.batch import Plan
    from cardlint.hub.world import World

    Engine = Callable[[Callable[[], AmongOthers], Iterator[Among], Path], Iterator[Told]]

_DONE = "done"


def reduce(store: Store, keys: Sequence[str], plan: Plan, world: World, identity: str, engine: Engine | None = None) -> None:
    """Join the nodes of all parts and judge every repository that has an edge, or something in common with others.

    ``identity`` covers rules, options, engine and what is known of the world; with the same parts nothing is done again. ``engine`` runs
    the tasks, this process where there is none.
    """
    folder = store.folder / REDUCED
    folder.mkdir(exist_ok=True)
    stamp = folder / _DONE
    mark = sha256("\n".join((identity, *keys)).encode()).hexdigest()
    if mark_of(store) == mark:
        return
    stamp.unlink(missing_ok=True)
    files = [store.folder / "nodes" / f"{key}.parquet" for key in keys]
    index = store.folder / FILE
    make = partial(AmongOthers, plan, index, world)
    engine = engine or partial(judged, jobs=1, limits=Limits())
    with joined(folder, files, index, small=store.small(keys)) as around:
        _write(store, engine(make, _among(files, around), store.notes))
    stamp.write_text(mark, encoding="utf-8")


def mark_of(store: Store) -> str | None:
    """What names the results that the store's last reduce phase was made of; None where none was finished."""
    try:
        return (store.folder / REDUCED / _DONE).read_text(encoding="utf-8")
    except OSError:
        return None


def _among(files: Iterable[Path], around: Iterator[Around]) -> Iterator[Among]:
    """All nodes, a group of rows after the other, with what is around them."""
    begin = 0
    following = next(around, None)
    for path in files:
        found = pq.read_metadata(path)
        for group in range(found.num_row_groups):
            end = begin + found.row_group(group).num_rows
            alike = {}
            while following is not None and following[0] < end:
                alike[following[0] - begin] = following[1]
                following = next(around, None)
            yield Among(path, group, alike)
            begin = end


def _write(store: Store, told: Iterable[Told]) -> None:
    """Write what is told, in the order of the report."""
    folder = store.folder / REDUCED
    with (
        RowFile(store.folder / "findings" / f"{REDUCED}.parquet", FINDINGS) as findings,
        RowFile(folder / "lineage.parquet", LINEAGE) as lineage,
        RowFile(folder / "copies.parquet", COPIES) as copies,
        RowFile(folder / "counts.parquet", COUNTS) as counts,
        LineFile(folder / "cards.jsonl") as cards,
    ):
        for each in told:
            lineage.add(each.lineage)
            copies.add(each.copies)
            findings.add(each.findings)
            counts.add(each.counts)
            cards.add(each.lines)
