"""``cardlint audit diff``: what changed between two audits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.options import Words
from cardlint.model import SEVERITIES

if TYPE_CHECKING:
    from cardlint.audit.diff import Diff


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--format", "format_name", type=Words(("text", "json", "csv", "markdown")), default="text", show_default=True)
@click.option("--persisting", is_flag=True, help="With json and csv: also the findings that are in both.")
@click.option("--limit", default=20, show_default=True, metavar="N", help="Rows of each table of text and Markdown; 0: all.")
@click.option(
    "--fail-on", type=Words((*SEVERITIES, "nothing")), default="nothing", show_default=True, help="New findings that make exit 1."
)
@click.pass_context
def diff(ctx: click.Context, /, before: str, after: str, **options: Any) -> None:
    """Compare the audits in the folders A and B: findings by fingerprint, declared licences, documented sections.

    Text sums up, markdown is for a comment or a step summary, csv holds the new and fixed findings, json all of it.
    """
    from cardlint.audit.diff import CHANGE_COLUMNS, compare
    from cardlint.cli.audit_diff_told import as_markdown, as_text
    from cardlint.cli.check import exit_code
    from cardlint.report.tabular import write_csv

    with compare(Path(before), Path(after)) as found:
        if options["format_name"] == "csv":
            write_csv(sys.stdout, CHANGE_COLUMNS, found.changes(persisting=options["persisting"]))
        elif options["format_name"] == "json":
            _json(found, persisting=options["persisting"])
        else:
            form = as_markdown if options["format_name"] == "markdown" else as_text
            sys.stdout.write(form(found, options["limit"]))
        ctx.exit(exit_code(found.new_by_severity(), 0, options["fail_on"], exit_zero=False))


def _json(found: Diff, *, persisting: bool) -> None:
    """One object; the list of changes comes last and is written as it is read."""
    from cardlint.audit.diff import CHANGE_COLUMNS
    from cardlint.report.tabular import json_text

    head = {
        "version": 1,
        "repos": found.repos(),
        "findings": found.counts(),
        "rules": found.rules(),
        "licenses": [each._asdict() for each in found.licenses()],
        "sections": found.sections(),
    }
    sys.stdout.write(json_text(head, indent=1).removesuffix("\n}") + ',\n "changes": [')
    begin = ""
    for row in found.changes(persisting=persisting):
        sys.stdout.write(f"{begin}\n  {json_text(dict(zip(CHANGE_COLUMNS, row, strict=True)))}")
        begin = ","
    sys.stdout.write("\n ]\n}\n" if begin else "]\n}\n")
