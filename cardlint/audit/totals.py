"""What an audit says at its end: counts and the tables of its summary, worked out once for the same results."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from cardlint.audit.apart import apart
from cardlint.audit.memory import in_bounded_memory
from cardlint.audit.part import replace
from cardlint.audit.reduce import mark_of
from cardlint.audit.store import REDUCED
from cardlint.audit.summary import add_views, summary
from cardlint.report.records import Tally
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from cardlint.audit.store import Store

FILE = "totals.json"
_TALLY = """
select count(*), count(failure), sum(errors), sum(warnings), sum(notes), count(*) filter (errors + warnings + notes > 0),
       sum(waived), sum(suppressed), sum(unhonoured)
from repos
"""


class Totals(NamedTuple):
    """Counts of all results, and the tables of `summary`."""

    tally: Tally
    tables: dict[str, list[dict[str, Any]]]


def totals(store: Store) -> Totals:
    """The totals of a store, after its reduce phase; kept beside that phase's results, and read where those have not changed."""
    folder = store.folder / REDUCED
    mark = mark_of(store)
    found = _kept(folder / FILE, mark)
    if found is None:
        work = partial(in_bounded_memory, folder, partial(_asked, store.folder))
        found = work() if store.small(store.parts()) else apart(work)
        text = json.dumps({"of": mark, "tally": vars(found.tally), "tables": found.tables})
        replace(folder / FILE, lambda path: path.write_text(text, encoding="utf-8"))
    return found


def _kept(path: Path, mark: str | None) -> Totals | None:
    """The totals of results of this mark; None where others or none are kept."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if mark is None or kept["of"] != mark:
            return None
        tally = Tally()
        for name in vars(tally):
            value = kept["tally"][name]
            setattr(tally, name, Counter(value) if isinstance(value, dict) else value)
        return Totals(tally, kept["tables"])
    except (OSError, ValueError, TypeError, LookupError):
        return None


def _asked(folder: Path, connection: duckdb.DuckDBPyConnection) -> Totals:
    add_views(connection, folder)
    return Totals(_tally(connection), summary(connection))


def _tally(connection: duckdb.DuckDBPyConnection) -> Tally:
    tally = Tally()
    row = connection.execute(_TALLY).fetchone()
    if row is not None:
        tally.cards, tally.failed, tally.flagged = row[0], row[1], row[5]
        tally.suppressed.update({"waiver": int(row[6] or 0), "inline": int(row[7] or 0)})
        tally.unhonoured = int(row[8] or 0)
        tally.findings.update({"error": int(row[2] or 0), "warning": int(row[3] or 0), "note": int(row[4] or 0)})
    return tally
