"""``cardlint test``: rule files judged by their own examples."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cardlint.model import CardlintError
from cardlint.textfile import read_text


@click.command()
@click.argument("places", nargs=-1, metavar="[DIR|FILE…]")
@click.option("--verbose", is_flag=True, help="Name every example, not only the faulty ones.")
@click.pass_context
def test(ctx: click.Context, /, places: tuple[str, ...], *, verbose: bool) -> None:
    """Run the examples of rule files and of those below folders; without any, of the rules that ship."""
    from cardlint.engine.loader import files_below, load, shipped_files
    from cardlint.engine.testing import judge_examples
    from cardlint.report.plain import counted

    files = [file for place in places for file in files_below(Path(place))] if places else list(shipped_files())
    examples = faults = 0
    missing: list[str] = []
    refused: list[str] = []
    for file in files:
        shown = str(file) if places else file.name
        try:
            data = load(read_text(file), shown)
        except CardlintError as error:
            refused.append(str(error))
            continue
        for verdict in judge_examples(data):
            examples += 1
            faults += bool(verdict.fault)
            missing += [verdict.missing] if verdict.missing else []
            if verdict.fault or verbose:
                sys.stdout.write(f"{shown}: {verdict.example}: {verdict.fault or verdict.missing or 'ok'}\n")
    if refused:
        raise CardlintError("\n".join(refused))
    sys.stdout.write(f"{counted(len(files), 'rule')}, {counted(examples, 'example')}, {counted(faults, 'fault')}{_not_run(missing)}\n")
    ctx.exit(1 if faults else 0)


def _not_run(missing: list[str]) -> str:
    """How many examples could not run, and for want of what."""
    return f"; {len(missing)} not run: {', '.join(sorted(set(missing)))}" if missing else ""
