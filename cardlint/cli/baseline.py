"""``cardlint baseline``: the findings that are there now, kept out of later reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.arguments import entries, none_found
from cardlint.cli.helping import Command
from cardlint.cli.lazy import Group
from cardlint.cli.options import rule_options, run_of, source_options
from cardlint.cli.silencing import named_by, plan_of, waiver_option
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.cli.options import Run
    from cardlint.engine.batch import Plan
    from cardlint.model import Outcome


@click.group(cls=Group)
def baseline() -> None:
    """Keep the findings that are there now out of later reports; new ones still count."""


@baseline.command(cls=Command, examples=("cardlint baseline create models --out baseline.json --reason 'uploaded before the rules'",))
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--out", "out", required=True, metavar="FILE", help="The baseline file; 'check --baseline FILE' reads it.")
@click.option("--reason", required=True, metavar="TEXT", help="Why these findings may stay for now.")
@click.option("--force", is_flag=True, help="Replace a baseline that is there.")
@rule_options
@waiver_option
@source_options
@click.pass_context
def create(ctx: click.Context, /, paths: tuple[str, ...], out: str, reason: str, *, force: bool, **options: Any) -> None:
    """Write every finding of the cards into FILE, with one reason for all."""
    from cardlint.config.baseline import entries_of, render
    from cardlint.report.plain import counted

    path = Path(out)
    if not reason.strip():
        raise CardlintError("--reason: say why these findings may stay")
    if path.exists() and not force:
        raise CardlintError(f"{out} is there already: 'cardlint baseline prune' takes out what is gone, --force replaces it")
    this = run_of(options)
    outcomes = list(_judged(ctx, this, plan_of(this, options["kind"], options), paths, options))
    found = entries_of(outcomes, str(path.absolute().parent))
    _write(path, render(reason.strip(), found))
    sys.stdout.write(f"{out} holds the findings of {counted(len(outcomes), 'card')}: {len(found)}\n")
    ctx.exit(4 if any(each.failure for each in outcomes) else 0)


@baseline.command(cls=Command, examples=("cardlint baseline prune models --baseline baseline.json",))
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--baseline", "file", required=True, metavar="FILE", help="The baseline file.")
@rule_options
@source_options
@click.pass_context
def prune(ctx: click.Context, /, paths: tuple[str, ...], file: str, **options: Any) -> None:
    """Take out of FILE what is gone from the cards; nothing is added, and cards that are not given are left alone."""
    from cardlint.config.baseline import Stale, read_baseline, render
    from cardlint.report.plain import counted

    known = read_baseline(Path(file))
    this = run_of(options)
    stale = Stale(known, frozenset(each.rule.code for each in this.selected))
    plan = plan_of(this, options["kind"], {**options, "baseline": file})
    failed = 0
    for outcome in _judged(ctx, this, plan, paths, options):
        failed += outcome.failure is not None
        stale.add(outcome)
    gone = {*stale.entries(), *known.without_card()}
    left = [entry for entry in known.entries if entry not in gone]
    if gone:
        _write(Path(file), render(known.reason, left))
    sys.stdout.write(f"taken out of {file}: {counted(len(gone), 'finding')}; left: {len(left)}\n")
    ctx.exit(4 if failed else 0)


def _judged(ctx: click.Context, this: Run, plan: Plan, paths: tuple[str, ...], options: dict[str, Any]) -> Iterator[Outcome]:
    """The outcomes of the cards; exit 3 where there are none."""
    from cardlint.engine.batch import run

    none = True
    for outcome in run(named_by(plan, entries(paths, options, this.settings.exclude)), plan):
        none = False
        if outcome.failure:
            sys.stderr.write(f"cardlint: {outcome.input}: {outcome.failure}\n")
        yield outcome
    if none:
        sys.stderr.write(none_found(paths, options["files_from"]))
        ctx.exit(3)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises CardlintError."""
    fresh = path.with_name(f".{path.name}.tmp")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise CardlintError(f"{path}: {error.strerror or error}") from None
