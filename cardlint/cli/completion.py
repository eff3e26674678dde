"""``cardlint completion``: the shell code that completes commands and options."""

from __future__ import annotations

import sys

import click
from click.shell_completion import get_completion_class

from cardlint.cli.options import Words


@click.command()
@click.argument("shell", type=Words(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print completion code: eval "$(cardlint completion bash)"."""
    from cardlint.cli.main import cli

    found = get_completion_class(shell)
    if found is not None:
        sys.stdout.write(found(cli, {}, "cardlint", "_CARDLINT_COMPLETE").source() + "\n")
