"""``cardlint config show``: the configuration in force, and where each value comes from."""

from __future__ import annotations

import sys
from typing import Any

import click

from cardlint.cli.lazy import Group
from cardlint.cli.options import rule_options, run_of


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
    for name, value in zip(settings._fields, settings, strict=True):
        if name not in ("source", "profile", "reasons") and value:
            sys.stdout.write(f"{name.replace('_', '-')}: {value}  ({settings.source})\n")
    on = {selected.rule.code: selected.severity for selected in run.selected}
    for rule in run.rules:
        if rule.code in on:
            sys.stdout.write(f"{rule.code} {rule.name}: {on[rule.code]}\n")
            continue
        sys.stdout.write(f"{rule.code} {rule.name}: off, {_reason(rule, run)}\n")


def _reason(rule: Any, run: Any) -> str:
    for selector in run.settings.ignore:
        if selector in (rule.code, rule.name, rule.family, *rule.tags):
            return f"ignored by the configuration: {run.settings.reasons.get(selector, 'no reason given')}"
    if rule.status == "preview":
        return "preview (--preview runs it)"
    if rule.severity[run.profile] == "off":
        return f"off in the profile {run.profile!r}"
    return "not selected"
