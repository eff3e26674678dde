"""``cardlint rules`` and ``cardlint rule``: what is demanded and why."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from cardlint.cli.completing import rule_names
from cardlint.cli.options import Words, rule_options, run_of, split
from cardlint.model import CardlintError


@click.command()
@click.argument("named", nargs=-1, metavar="[RULES…]", shell_complete=rule_names)
@rule_options
@click.option("--format", "format_name", type=Words(("text", "json")), default="text", show_default=True)
def rules(named: tuple[str, ...], **options: Any) -> None:
    """List every rule, or those that codes, names, families or tags name, and whether each runs with these options."""
    from cardlint.engine.select import resolve
    from cardlint.report.plain import counted

    run = run_of(options)
    wanted = {rule.code for word in split(named) for rule in resolve(word, run.rules)}
    shown = [rule for rule in run.rules if rule.code in wanted] if named else run.rules
    on = {selected.rule.code: selected.severity for selected in run.selected}
    if options["format_name"] == "json":
        listed = [
            {
                "code": rule.code,
                "name": rule.name,
                "family": rule.family,
                "scope": rule.scope,
                "status": rule.status,
                "severity": rule.severity,
                "confidence": rule.confidence,
                "applies_to": list(rule.applies_to),
                "tags": list(rule.tags),
                "autofix": rule.autofix,
                "since": rule.since,
                "summary": rule.summary,
                "on": rule.code in on,
            }
            for rule in shown
        ]
        sys.stdout.write(json.dumps({"version": 1, "rules": listed}, ensure_ascii=False, indent=1) + "\n")
        return
    for rule in shown:
        state = on.get(rule.code, "preview" if rule.status == "preview" else "off")
        sys.stdout.write(f"{rule.code:6}  {state:8} {rule.scope:5} {rule.name:44} {rule.summary}\n")
    sys.stdout.write(f"{counted(len(shown), 'rule')}, {sum(rule.code in on for rule in shown)} of them on in the profile {run.profile!r}\n")


@click.command()
@click.argument("name", metavar="CODE|NAME|FAMILY", shell_complete=rule_names)
@click.option("--rules", "rule_folders", multiple=True, metavar="DIR", help="An organisation's own rule files.")
@click.option("--format", "format_name", type=Words(("text", "json")), default="text", show_default=True)
def rule(name: str, rule_folders: tuple[str, ...], format_name: str) -> None:
    """Explain one rule: what is demanded, why, how to mend it, a bad and a good card. Of a family (LIC), list the rules."""
    from pathlib import Path

    from cardlint.engine.loader import files_below, load, shipped_files
    from cardlint.textfile import read_text

    codes = []
    family = []
    for file in (*shipped_files(), *(path for folder in rule_folders for path in files_below(Path(folder)))):
        stem = file.name.removesuffix(".yaml")
        code, _, rest = stem.partition("-")
        codes += [code, rest]
        if code.rstrip("0123456789") == name.upper():
            family.append(file)
        if name in (rest, stem) or name.upper() == code:
            data = load(read_text(file), file.name)
            from cardlint.report.rule_text import explain

            sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n" if format_name == "json" else explain(data))
            return
    if family and format_name == "text":
        for file in family:
            data = load(read_text(file), file.name)
            sys.stdout.write(f"{data['code']}  {data['name']:44} {data['summary']}\n")
        return
    from cardlint.engine.select import nearest

    near = nearest(name, codes) or nearest(name.upper(), codes)
    raise CardlintError(f"no rule {name!r}" + (f"; did you mean {near!r}?" if near else "; 'cardlint rules' lists them"))
