"""Rows as CSV that a spreadsheet may open: no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from cardlint.engine.place import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"\s*[=+\-@|%]")
"""What Excel, LibreOffice and Sheets take for the beginning of a formula (OWASP, CSV injection)."""


def lines(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as lines of CSV, ended as RFC 4180 says."""
    out = io.StringIO()
    csv.writer(out).writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    text = clean(value)
    return f"'{text}" if _FORMULA.match(text) else text
