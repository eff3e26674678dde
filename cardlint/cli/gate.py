"""``cardlint gate``: a group; each command is a module of its own."""

from __future__ import annotations

import click

from cardlint.cli.lazy import LazyGroup

_COMMANDS = {
    "allow": "cardlint.cli.gate_log:allow",
    "git": "cardlint.cli.gate_git:git",
    "hub": "cardlint.cli.gate_hub:hub",
    "log": "cardlint.cli.gate_log:log",
    "policy": "cardlint.cli.gate_policy:policy",
    "webhook": "cardlint.cli.gate_webhook:webhook",
}
_SUMMARIES = {
    "allow": "Let a repository pass until a moment, whatever its findings; logged.",
    "git": "Judge a push: the pre-receive hook of a git server.",
    "hub": "Stand in front of a hub and judge every upload.",
    "log": "Show what was decided, and verify that nothing was changed since.",
    "policy": "Show the policies of a file, and which one speaks of a repository.",
    "webhook": "Hear of changes by webhook, and answer in discussions.",
}


@click.group(cls=LazyGroup, places=_COMMANDS, summaries={"Commands": _SUMMARIES})
def gate() -> None:
    """Refuse changes to a hub's repositories whose card breaks its policy. See docs/gate.md."""
