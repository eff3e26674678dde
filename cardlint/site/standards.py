"""How many repositories meet each control of the standards that an audit judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.audit.ask import fetch
from cardlint.engine.catalogue import shipped
from cardlint.model import CONTROL_STATES
from cardlint.standards.load import find_standard, shipped_ids

if TYPE_CHECKING:
    import duckdb

_COUNTS = "select standard, control, state, count(*) as repos from site.control group by all order by standard, control, state"


def standards(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Each standard with its title and its controls: clause, text, and repositories by state. An organisation's own have ids only."""
    counted: dict[str, dict[str, dict[str, int]]] = {}
    for row in fetch(connection, _COUNTS):
        counted.setdefault(row["standard"], {}).setdefault(row["control"], {})[row["state"]] = row["repos"]
    found = []
    for name, counts in counted.items():
        known = find_standard(name, shipped()) if name in shipped_ids() else None
        words = {control.id: control for control in known.controls} if known else {}
        order = list(dict.fromkeys([*(each for each in words if each in counts), *counts]))
        found.append(
            {
                "standard": name,
                "title": known.head.title if known else name,
                "controls": [
                    {
                        "control": each,
                        "clause": words[each].clause if each in words else "",
                        "text": words[each].text if each in words else "",
                        **{state: counts[each].get(state, 0) for state in CONTROL_STATES},
                    }
                    for each in order
                ],
            }
        )
    return found
