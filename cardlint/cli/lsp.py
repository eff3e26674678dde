"""``cardlint lsp``: the language server."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.options import rule_options, run_of
from cardlint.cli.silencing import plan_of, waiver_option
from cardlint.config.settings import discover
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from pathlib import Path

    from cardlint.editor.bench import Project


@click.command()
@rule_options
@waiver_option
@click.option("--stdio", is_flag=True, help="Speak over standard input and output; there is no other way.")
def lsp(**options: Any) -> None:
    """Serve an editor: findings as you type, fixes, hover, completion. Your editor starts this; see docs/editor.md.

    Each card is judged as check judges it in its folder: by the nearest cardlint.toml above it.
    """
    options.pop("stdio")
    try:
        from cardlint.editor.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise CardlintError("the language server needs pygls: pip install 'cardlint[lsp]'") from None
    run_of({**options, "isolated": not options["config_file"]})  # a wrong option is told at once, not in the editor
    serve(partial(project_of, options))


def project_of(options: dict[str, Any], folder: Path) -> Project:
    """What the options and the configuration above a folder ask for. Raises CardlintError where the configuration is wrong."""
    from pathlib import Path

    from cardlint.editor.bench import Project

    named = options["config_file"]
    if named is None and not options["isolated"] and options["profile"] in (None, "author"):
        named = discover(folder).source
    run = run_of({**options, "config_file": named, "isolated": named is None})
    return Project(plan_of(run, None, options), run.settings.exclude, Path(named).absolute().parent if named else None)
