"""``cardlint audit MIRROR``, and the questions that are asked of a finished audit: ``audit diff``, ``query``, ``repo``."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec

import click

from cardlint.cli.completing import with_files
from cardlint.model import CardlintError

_QUESTIONS = {
    "diff": ("cardlint.cli.audit_diff:diff", "What changed between two audits."),
    "query": ("cardlint.cli.audit_query:query", "Ask in SQL, what may be used for a purpose, or which cards to mend first."),
    "repo": ("cardlint.cli.audit_repo:repo", "Everything that is known of one repository."),
}
_RUN = "cardlint.cli.audit:audit"


class _Audit(click.Group):
    """A group that takes what is no question for the audit of a mirror."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks = bool(args) and (args[0] in _QUESTIONS or args[0] in ctx.help_option_names)
        runs = any(each == "--out" or each.startswith("--out=") for each in args)
        if args and not asks and not runs and (near := get_close_matches(args[0], _QUESTIONS, n=1)):
            ctx.fail(f"no question {args[0]!r}; did you mean {near[0]!r}? The audit of a mirror needs --out DIR")
        return super().parse_args(ctx, args if asks and not runs else ["", *args])

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return sorted(_QUESTIONS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command:
        if find_spec("duckdb") is None or find_spec("pyarrow") is None:
            raise CardlintError("audits need duckdb and pyarrow: pip install 'cardlint[audit]'")
        return with_files(_command(name)) if ctx.resilient_parsing else _command(name)

    def get_help(self, ctx: click.Context) -> str:
        """The help of the audit itself, and the questions below."""
        run = _command("")
        formatter = ctx.make_formatter()
        with click.Context(run, info_name=ctx.info_name, parent=ctx.parent, help_option_names=ctx.help_option_names) as inner:
            run.format_help(inner, formatter)
        with formatter.section("Questions to a finished audit"):
            formatter.write_dl([(f"audit {name}", summary) for name, (_, summary) in _QUESTIONS.items()])
        return formatter.getvalue().rstrip("\n")


def _command(name: str) -> click.Command:
    module, _, attribute = (_QUESTIONS[name][0] if name in _QUESTIONS else _RUN).partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    return command


@click.group(cls=_Audit)
def audit() -> None:
    """Judge every repository of a mirror and keep the results; ask questions of what was kept."""
