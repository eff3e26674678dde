"""``cardlint gate policy``: what a policy file demands."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cardlint.cli.options import Words
from cardlint.model import KINDS, Kind


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--repo", metavar="ID", help="The policy that speaks of this repository, with its rules.")
@click.option("--kind", type=Words(KINDS), default="model", show_default=True)
@click.option("--new", is_flag=True, help="The repository has no card so far.")
def policy(file: str, repo: str | None, kind: Kind, new: bool) -> None:
    """Show the policies of FILE in the order they are tried, or the one that speaks of a repository."""
    from cardlint.gate.policy_file import read_policies

    policies = read_policies(Path(file))
    shown = policies.policies if repo is None else (policies.of(kind, repo, new=new),)
    for each in shown:
        which = "" if each.new is None else ", new ones" if each.new else ", old ones"
        sys.stdout.write(
            f"{each.name}: {' '.join(each.repos)} ({', '.join(each.kinds)}{which}): judge {each.judge}, refuse at {each.refuse_at},"
            f" missing card {each.missing_card}, {each.mode}, {len(each.selected)} rules\n"
        )
        if repo is not None:
            for rule, severity in each.selected:
                sys.stdout.write(f"  {rule.code}  {severity:8} {rule.name:44} {rule.summary}\n")
    sys.stdout.write(f"on failure {policies.on_failure}, {len(policies.waivers)} waivers, digest {policies.digest}\n")
