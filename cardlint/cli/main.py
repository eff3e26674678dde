"""The command line: one module a command, each imported when it is called."""

from __future__ import annotations

import os
import sys

import click

from cardlint import __version__
from cardlint.cli.lazy import LazyGroup
from cardlint.model import CardlintError

_COMMANDS = {
    "audit": "cardlint.cli.audits:audit",
    "baseline": "cardlint.cli.baseline:baseline",
    "check": "cardlint.cli.check:check",
    "completion": "cardlint.cli.completion:completion",
    "config": "cardlint.cli.config:config",
    "convert": "cardlint.cli.convert:convert",
    "explain": "cardlint.cli.explain:explain",
    "export": "cardlint.cli.export:export",
    "gate": "cardlint.cli.gate:gate",
    "lsp": "cardlint.cli.lsp:lsp",
    "new": "cardlint.cli.new:new",
    "rule": "cardlint.cli.rules:rule",
    "rules": "cardlint.cli.rules:rules",
    "serve": "cardlint.cli.serve:serve",
    "show": "cardlint.cli.show:show",
    "site": "cardlint.cli.site:site",
    "standard": "cardlint.cli.standard:standard",
    "test": "cardlint.cli.test:test",
}
_SUMMARIES = {
    "For authors": {
        "new": "Write a card from what the repository already says.",
        "check": "Judge cards and tell what is missing, wrong or inconsistent.",
        "explain": "Tell why a line of a card has findings, and what to do.",
        "show": "Print the facts that were read of a card.",
        "baseline": "Keep the findings that are there now out of later reports.",
        "lsp": "Serve an editor: findings as you type, fixes, hover, completion.",
    },
    "For operators": {
        "gate": "Refuse changes to a hub's repositories whose card breaks its policy.",
    },
    "For governance": {
        "audit": "Judge every repository of a mirror and keep the results.",
        "site": "Write the results of an audit as pages.",
        "serve": "Serve the results of an audit as pages over HTTP.",
        "standard": "Judge cards by the controls of a standard.",
        "export": "Write cards as SPDX, CycloneDX, Croissant or a documentation form.",
        "convert": "Write a saved report in other formats.",
    },
    "Rules and configuration": {
        "rules": "List the rules.",
        "rule": "Explain one rule.",
        "test": "Run the examples of rule files.",
        "config": "Show the configuration in force.",
        "completion": "Print the shell code that completes commands and options.",
    },
}
_WORDS = {
    "lint": "check",
    "fix": "check --fix",
    "scan": "check",
    "init": "new",
    "help": "--help",
    "version": "--version",
    "diff": "audit diff",
}
"""What other tools call it."""

_STOPPED_IN_DUCKDB = "Query interrupted"
"""What DuckDB raises as a RuntimeError where Ctrl-C comes in the middle of a query."""


@click.group(
    cls=LazyGroup,
    places=_COMMANDS,
    summaries=_SUMMARIES,
    words=_WORDS,
    for_paths="check",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="cardlint")
def cli() -> None:
    """Lint, gate and audit the model cards of a hub of model weights.

    Exit: 0 clean; 1 findings at or above --fail-on; 2 wrong usage, configuration or path; 3 nothing to check;
    4 cardlint failed on at least one card.
    """


def main() -> None:
    """Run the command line; every expected fault is one message and an exit code, never a traceback."""
    try:
        code = cli.main(standalone_mode=False)
    except CardlintError as error:
        _say(str(error))
        code = 2
    except click.exceptions.NoSuchOption as error:
        hint = f"; did you mean {error.possibilities[0]}?" if error.possibilities else ""
        _say(f"no option {error.option_name}{hint}")
        code = 2
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(f"{error.format_message()}\n")
        code = 2
    except click.MissingParameter as error:
        told = error.format_message()
        about = "" if "Choose from" in told else getattr(error.param, "help", None) or ""
        _say(" ".join(f"{told} {about}".split()))
        code = 2
    except click.ClickException as error:
        _say(error.format_message())
        code = 2
    except click.exceptions.Abort:
        _say("stopped")
        code = 130
    except BrokenPipeError:
        _silence_stdout()
        code = 0
    except Exception as error:  # our own fault: told as such, in one line
        if isinstance(error, OSError) and error.strerror and isinstance(error.filename, str | bytes):  # a file's or a folder's fault
            _say(f"{os.fsdecode(error.filename)}: {error.strerror}")
            code = 2
        elif str(error) == _STOPPED_IN_DUCKDB:
            _say("stopped")
            code = 130
        elif os.environ.get("CARDLINT_TRACEBACK"):
            raise
        else:
            _say(f"cardlint itself failed: {type(error).__name__}: {error} (CARDLINT_TRACEBACK=1 shows where)")
            code = 4
    except KeyboardInterrupt:
        _say("stopped")
        code = 130
    _leave(code if isinstance(code, int) else 0)


def _say(message: str) -> None:
    for line in message.splitlines():
        sys.stderr.write(f"cardlint: {line}\n")


def _silence_stdout() -> None:
    """Let the interpreter flush into nothing where the reader of our output has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _leave(code: int) -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
    sys.exit(code)
