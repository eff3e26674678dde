"""A group of commands that are imported when they are called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """``places`` maps the name of each command to ``module:attribute``, ``summaries`` to a line of help."""

    def __init__(self, *args: Any, places: dict[str, str], summaries: dict[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self._places, self._summaries = places, summaries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The names, sorted."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a name."""
        if name not in self._places:
            return None
        module, _, attribute = self._places[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        if ctx.resilient_parsing:  # a shell completes
            from cardlint.cli.completing import with_files

            return with_files(command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; the near miss of an unknown one is told."""
        if args and args[0] not in self._places and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], self._places, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(self._places))}"
            ctx.fail(f"no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """The list in the help, without importing the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(self._summaries.items()))
