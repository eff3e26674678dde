"""``cardlint config show``: the configuration in force, and where each value comes from."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.lazy import Group
from cardlint.cli.options import rule_options, run_of, split
from cardlint.config.settings import Override
from cardlint.engine.select import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.cli.options import Run
    from cardlint.engine.rule import Rule


@click.group(cls=Group)
def config() -> None:
    """Show the configuration in force."""


@config.command()
@rule_options
def show(**options: Any) -> None:
    """Print the settings, where they come from, and which rules are on or off and why."""
    run = run_of(options)
    settings = run.settings
    sys.stdout.write(f"configuration: {settings.source or 'none (defaults)'}\nprofile: {run.profile}\n")
    for name, value in settings._asdict().items():
        if name not in ("source", "profile", "reasons") and value:
            sys.stdout.write(f"{name.replace('_', '-')}: {_words(value)}\n")
    ignored = split(options["ignore"])
    for rule, severity, reason in chosen(run.choice, run.rules):
        state = severity or f"off, {_ignored(rule, run, ignored) or reason}"
        sys.stdout.write(f"{rule.code} {rule.name}: {state}\n")


def _words(value: Any) -> str:
    """A setting as it may be read: lists by comma, tables as ``key = value``."""
    if isinstance(value, Override):
        return f"{_words(value.paths)} without {_words(value.ignore)}{f' ({value.reason})' if value.reason else ''}"
    if isinstance(value, (tuple, list)):
        return ("; " if isinstance(value[0], Override) else ", ").join(map(_words, value)) if value else "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_words(each)}" for key, each in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ignored(rule: Rule, run: Run, ignored: Sequence[str]) -> str | None:
    """By whom a rule is ignored, and why; None where it is not."""
    names = (rule.code, rule.name, rule.family, *rule.tags)
    for selector in run.settings.ignore:
        if selector in names:
            return f"ignored by the configuration: {run.settings.reasons.get(selector, 'no reason given')}"
    return None if set(ignored).isdisjoint(names) else "ignored (--ignore)"
