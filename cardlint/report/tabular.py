"""Tables of an audit's answers as text, JSON and CSV: safe on a terminal and in a spreadsheet, whatever cards hold."""

from __future__ import annotations

import csv
import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

from cardlint.report.csv import cell as csv_cell
from cardlint.report.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WIDEST = 60
_UNPRINTABLE = re.compile(r"[^ -~\n]")


def write_table(out: TextIO, format_name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], shown: int = 0) -> None:
    """Write a table; ``shown`` bounds the rows of the text format (0: all), the others always hold every row."""
    if format_name == "csv":
        write_csv(out, columns, rows)
    elif format_name == "json":
        _write_json(out, columns, rows)
    else:
        out.write(text_table(columns, rows, shown))


def text_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], shown: int = 0) -> str:
    """Aligned columns under a head; longer cells are cut, except in the last column. Rows left off are counted."""
    rest = iter(rows)
    kept = list(islice(rest, shown)) if shown else list(rest)
    left = sum(1 for _ in rest)
    numbers = [bool(kept) and all(isinstance(row[at], (int, float)) for row in kept) for at in range(len(columns))]
    cells = [list(columns), *([cell(value) for value in row] for row in kept)]
    last = len(columns) - 1
    for row in cells:
        row[:last] = [each if len(each) <= _WIDEST else each[: _WIDEST - 1] + "…" for each in row[:last]]
    widths = [max(len(row[at]) for row in cells) for at in range(len(columns))]
    lines = []
    for row in cells:
        padded = (each.rjust(width) if number else each.ljust(width) for each, width, number in zip(row, widths, numbers, strict=True))
        lines.append("  ".join(padded).rstrip())
    if left:
        lines.append(f"… and {left:,} more: --limit 0, --format csv or --format json give all")
    return "\n".join(lines) + "\n"


def write_csv(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """RFC 4180 with a head; text that a spreadsheet would take for a formula begins with an apostrophe."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])


def cell(value: Any) -> str:
    """A value as one line of text: nothing for None, lists by comma, no control or direction characters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(each) for each in value)
    return plain(_text(value))


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON whose characters are all printable: others, lone surrogates too, are escaped."""
    return _printable(json.dumps(value, ensure_ascii=False, indent=indent, default=str))


def _csv_cell(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float)) else csv_cell(_text(value))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _write_json(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    begin = "["
    for row in rows:
        out.write(f"{begin}\n {json_text(dict(zip(columns, row, strict=True)))}")
        begin = ","
    out.write("\n]\n" if begin == "," else "[]\n")


def _printable(text: str) -> str:
    return text if text.isascii() else _UNPRINTABLE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    if char.isprintable():
        return char
    code = ord(char)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
