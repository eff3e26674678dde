"""A command whose help ends with examples, and parts its options under headings where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RULES = (
    "profile",
    "select",
    "extend_select",
    "ignore",
    "preview",
    "min_severity",
    "min_confidence",
    "rule_folders",
    "standards",
    "card_schema",
)


class Command(click.Command):
    """``sections`` maps headings to names of parameters; the others stand under "Options". ``examples`` are lines of a shell."""

    def __init__(self, *args: Any, examples: Sequence[str], sections: Mapping[str, Sequence[str]] | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.sections, self.examples = sections or {}, examples

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, heading by heading."""
        records = {
            param.name: record
            for param in self.get_params(ctx)
            if isinstance(param, click.Option) and (record := param.get_help_record(ctx))
        }
        placed = {name for names in self.sections.values() for name in names}
        sections = {**self.sections, "Options": [name for name in records if name not in placed]}
        for heading, names in sections.items():
            with formatter.section(heading):
                formatter.write_dl([records[name] for name in names if name in records])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """The examples, each on a line of its own."""
        with formatter.section("Examples"):
            for line in self.examples:
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")
