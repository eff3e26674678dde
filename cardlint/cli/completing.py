"""What a shell completes: names of files where a parameter is one, names of rules where rules are named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_FILE = re.compile(r"FILE|DIR|PATH|MIRROR|AUDIT|REPORT")


def with_files(command: click.Command) -> click.Command:
    """The command, with parameters whose place-holder speaks of a file or a folder known to the shell as such."""
    for param in command.params:
        if param.metavar and _FILE.search(param.metavar) and param.type is click.STRING:
            param.type = click.Path()
    return command


def rule_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001  # click's signature
    """Codes, names and families that the last word of a list begins; codes only where nothing is typed yet."""
    from click.shell_completion import CompletionItem

    from cardlint.engine.catalogue import shipped
    from cardlint.engine.rule import FAMILIES

    before, comma, word = incomplete.rpartition(",")
    known = dict(FAMILIES)
    for rule in shipped():
        known |= {rule.code: rule.summary} | ({rule.name: rule.summary} if word else {})
    return [CompletionItem(f"{before}{comma}{name}", help=text) for name, text in known.items() if name.startswith((word, word.upper()))]
