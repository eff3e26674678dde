"""``cardlint audit query``: SQL, and questions that are asked often."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.options import Words
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHOWN = 100


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("sql", required=False, metavar="[SQL]")
@click.option("--gaps", is_flag=True, help="Cards to mend first: what is not documented, weighted by downloads or dependents.")
@click.option("--format", "format_name", type=Words(("text", "json", "csv")), default="text", show_default=True)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Rows of the text (100), and of --gaps (50); 0: all.")
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=120.0, show_default=True, metavar="SECONDS", help="The longest a query may take."
)
@click.option("--memory", default="2GB", show_default=True, metavar="SIZE", help="The most memory that a query may take.")
def query(folder: str, sql: str | None, *, gaps: bool, format_name: str, limit: int | None, timeout: float, memory: str) -> None:
    """Ask the audit in DIR: one SELECT over its views, or a question by option.

    'show tables' lists the views, 'describe repos' their columns. SQL reads the audit and nothing else: no other file, no
    network; it changes nothing.
    """
    from cardlint.audit.ask import locked, select

    if (sql is not None) + gaps != 1:
        raise CardlintError("ask one thing: SQL or --gaps; try 'show tables'")
    with locked(Path(folder), memory) as connection:
        if gaps:
            from cardlint.audit.gaps import Gap
            from cardlint.audit.gaps import gaps as found

            _write(format_name, Gap._fields, found(connection, 50 if limit is None else limit), 0)
        else:
            columns, rows = select(connection, sql or "", timeout)
            _write(format_name, columns, rows, _SHOWN if limit is None else limit)


def _write(format_name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], shown: int) -> None:
    from cardlint.report.tabular import write_table

    write_table(sys.stdout, format_name, columns, rows, shown)
