"""Options that say which findings are silent, and what they resolve to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cardlint.cli.options import Run
    from cardlint.config.baseline import Entry, Stale
    from cardlint.config.suppressions import Silencing
    from cardlint.engine.batch import Plan
    from cardlint.model import Kind
    from cardlint.sources.entry import Entry as Card

_MOST_SHOWN = 5

Command = TypeVar("Command", bound="Callable[..., Any]")


def waiver_option(command: Command) -> Command:
    """The option that names a waivers file."""
    return click.option("--waivers", metavar="FILE", help="Exceptions with owner, reason and last day.")(command)


def silence_options(command: Command) -> Command:
    """The options of waivers and baseline."""
    for option in reversed(
        (
            waiver_option,
            click.option("--baseline", metavar="FILE", help="Findings that were there before; see 'cardlint baseline create'."),
            click.option("--allow-stale-baseline", is_flag=True, help="Entries of the baseline whose finding is gone are no fault."),
            click.option("--show-suppressed", is_flag=True, help="Report silent findings too, with who silenced them and why."),
        )
    ):
        command = option(command)
    return command


def silencing_of(run: Run, options: dict[str, Any]) -> Silencing:
    """What a run keeps silent. Raises CardlintError for a faulty waivers file or baseline."""
    from cardlint.config.suppressions import silencing

    found = silencing(run.rules, run.profile)
    named = [file for file in (run.settings.waivers, options.get("waivers")) if file]
    if named:
        from datetime import UTC, datetime
        from pathlib import Path

        from cardlint.config.waivers import read_waivers

        waivers = tuple(each for file in dict.fromkeys(named) for each in read_waivers(Path(file), run.rules))
        found = found._replace(waivers=waivers, today=datetime.now(UTC).date().isoformat())
    if options.get("baseline"):
        from pathlib import Path

        from cardlint.config.baseline import read_baseline

        found = found._replace(baseline=read_baseline(Path(options["baseline"])))
    return found


def plan_of(run: Run, kind: Kind | None, options: dict[str, Any]) -> Plan:
    """What workers need, silence included."""
    return run.plan(kind)._replace(silence=silencing_of(run, options))


def named_by(plan: Plan, entries: Iterator[Card]) -> Iterator[Card]:
    """The cards, those that only the baseline knows the id of with it."""
    from cardlint.config.suppressions import Silencing

    known = plan.silence.baseline if isinstance(plan.silence, Silencing) else None
    return entries if known is None else map(known.named, entries)


def stale_of(plan: Plan, options: dict[str, Any]) -> Stale | None:
    """What finds the baseline's entries whose finding is gone; None where there is no baseline or they may be."""
    from cardlint.config.suppressions import Silencing

    if options["allow_stale_baseline"] or not isinstance(plan.silence, Silencing) or plan.silence.baseline is None:
        return None
    from cardlint.config.baseline import Stale

    return Stale(plan.silence.baseline, frozenset(each.rule.code for each in plan.selected))


def stale_lines(gone: list[Entry], file: str) -> list[str]:
    """What is told of stale entries: the first few, and the command that takes them out."""
    count = f"{len(gone)} entr{'ies' if len(gone) != 1 else 'y'} of {file} {'are' if len(gone) != 1 else 'is'} stale: the finding is gone"
    shown = [f"  {each.card}: {each.code} {each.message}" for each in gone[:_MOST_SHOWN]]
    more = [f"  and {len(gone) - _MOST_SHOWN} more"] if len(gone) > _MOST_SHOWN else []
    return [count, *shown, *more, f"'cardlint baseline prune --baseline {file} PATH…' takes them out; --allow-stale-baseline lets them be"]
