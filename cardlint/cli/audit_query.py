"""``cardlint audit query``: SQL, and questions that are asked often."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.options import Words
from cardlint.hub.licenses import USES
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb

    from cardlint.audit.uses import Use

_SHOWN = 100


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("sql", required=False, metavar="[SQL]")
@click.option("--use", type=Words(USES), help="What may be used for this purpose, by the licences of all that it is built on.")
@click.option("--answer", type=Words(("yes", "no", "unknown", "all")), default="yes", show_default=True, help="With --use: which answers.")
@click.option("--gaps", is_flag=True, help="Cards to mend first: what is not documented, weighted by downloads or dependents.")
@click.option("--format", "format_name", type=Words(("text", "json", "csv")), default="text", show_default=True)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Rows of the text (100), and of --gaps (50); 0: all.")
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=120.0, show_default=True, metavar="SECONDS", help="The longest a query may take."
)
@click.option("--memory", default="2GB", show_default=True, metavar="SIZE", help="The most memory that a query may take.")
def query(folder: str, sql: str | None, **options: Any) -> None:
    """Ask the audit in DIR: one SELECT over its views, or a question by option.

    'show tables' lists the views, 'describe repos' their columns. SQL reads the audit and nothing else: no other file, no
    network; it changes nothing.
    """
    from cardlint.audit.ask import locked, select

    if (sql is not None) + options["gaps"] + (options["use"] is not None) != 1:
        raise CardlintError("ask one thing: SQL, --use or --gaps; 'show tables' lists what SQL can read")
    limit, format_name = options["limit"], options["format_name"]
    with locked(Path(folder), options["memory"]) as connection:
        if options["gaps"]:
            from cardlint.audit.gaps import Gap, gaps

            _write(format_name, Gap._fields, gaps(connection, 50 if limit is None else limit), 0)
        elif options["use"]:
            _uses(connection, options, _SHOWN if limit is None else limit)
        else:
            columns, rows = select(connection, sql or "", options["timeout"])
            _write(format_name, columns, rows, _SHOWN if limit is None else limit)


def _uses(connection: duckdb.DuckDBPyConnection, options: dict[str, Any], shown: int) -> None:
    from cardlint.audit.uses import Use, uses

    counts = Counter[str]()

    def chosen() -> Iterator[Use]:
        for each in uses(connection, options["use"]):
            counts[each.answer] += 1
            if options["answer"] in (each.answer, "all"):
                yield each

    _write(options["format_name"], Use._fields, chosen(), shown)
    if options["format_name"] == "text":
        told = ", ".join(f"{counts[answer]:,} {answer}" for answer in ("yes", "no", "unknown"))
        sys.stdout.write(f"\n{options['use']} use: {told}; duties are to be kept. Not legal advice.\n")


def _write(format_name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], shown: int) -> None:
    from cardlint.report.tabular import write_table

    write_table(sys.stdout, format_name, columns, rows, shown)
