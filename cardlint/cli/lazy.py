"""Groups of commands: the near miss of an unknown one is told, and commands are imported when they are called."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class Group(click.Group):
    """``words`` are what others call a command, ``for_paths`` is the command that takes a path."""

    def __init__(self, *args: Any, words: Mapping[str, str] | None = None, for_paths: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self._words, self._for_paths = words or {}, for_paths

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; the near miss of an unknown one is told."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            ctx.fail(f"no command {args[0]!r}; {self._hint(args[0], known)}")
        return super().resolve_command(ctx, args)

    def _hint(self, word: str, known: list[str]) -> str:
        from difflib import get_close_matches

        if self._for_paths and (os.path.lexists(word) or word.endswith(".md")):
            return f"did you mean '{self._for_paths} {word}'?"
        near = [self._words[word]] if word in self._words else get_close_matches(word, known, n=1)
        return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, each with its first sentence, however long."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(limit=1_000)) for name, command in commands if command])


class LazyGroup(Group):
    """``places`` maps the name of each command to ``module:attribute``, ``summaries`` to a line of help, by heading."""

    def __init__(self, *args: Any, places: dict[str, str], summaries: dict[str, dict[str, str]], **more: Any) -> None:
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """The lists in the help, without importing the commands."""
        for heading, summaries in self._summaries.items():
            with formatter.section(heading):
                formatter.write_dl(list(summaries.items()))
