"""``cardlint convert``: a saved report in other formats."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from cardlint.cli.helping import Command
from cardlint.cli.outputs import into_file, on_stream
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from cardlint.engine.rule import Rule
    from cardlint.model import Outcome
    from cardlint.report.writer import Writer


@click.command(cls=Command, examples=("cardlint convert cards.json --to sarif=cards.sarif --to csv=cards.csv",))
@click.argument("report", metavar="REPORT|-")
@click.option("--to", "targets", multiple=True, required=True, metavar="FORMAT[=FILE]", help="What to write; may be repeated, with files.")
@click.option("--rules", "rule_folders", multiple=True, metavar="DIR", help="An organisation's own rule files, to tell what they demand.")
def convert(report: str, targets: tuple[str, ...], rule_folders: tuple[str, ...]) -> None:
    """Write a saved report (JSON or JSON Lines) in other formats: nothing is judged again.

    Lines of cards are shown where the cards still lie below this folder as they were judged.
    """
    from cardlint.report.read import SavedReport

    bare = [target for target in targets if "=" not in target]
    if len(bare) > 1:
        raise CardlintError(f"--to {bare[1]}: only one report goes to standard output; write --to {bare[1]}=FILE")
    with ExitStack() as stack:
        saved = SavedReport(_opened(report, stack), "<stdin>" if report == "-" else report, _rules(rule_folders))
        writers = [_standard(target) if "=" not in target else into_file("--to", target, stack, (report,)) for target in targets]
        wants_text = any(getattr(writer, "shows_text", False) for writer in writers)
        for writer in writers:
            writer.start(saved.info)
        for outcome in saved.outcomes():
            text = _text(outcome) if wants_text else None
            for writer in writers:
                writer.card(outcome, text)
        for writer in writers:
            writer.end(saved.tally)


def _standard(target: str) -> Writer:
    from cardlint.report.writer import FORMATS

    if target not in FORMATS:
        from difflib import get_close_matches

        near = get_close_matches(target, FORMATS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; formats are {', '.join(FORMATS)}"
        raise CardlintError(f"--to {target!r}: no such format{hint}")
    return on_stream(target, sys.stdout, "auto")


def _opened(report: str, stack: ExitStack) -> IO[bytes]:
    if report == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(report).open("rb"))
    except OSError as error:
        raise CardlintError(f"{report}: {error.strerror}") from None


def _rules(folders: tuple[str, ...]) -> list[Rule]:
    from cardlint.engine.catalogue import shipped, with_own
    from cardlint.engine.loader import load_rules

    own = [rule for folder in folders for rule in load_rules(Path(folder))]
    return with_own(own) if own else shipped()


def _text(outcome: Outcome) -> str | None:
    """The text of a card that lies below this folder and is what was judged; a report may name any file, and shows no other."""
    from cardlint.card.decode import decode
    from cardlint.facts.subject import read_bytes
    from cardlint.sources.entry import Entry

    if outcome.sha256 is None or not (outcome.findings or outcome.suppressed):
        return None
    try:
        path = Path(outcome.input).resolve()
        if not path.is_relative_to(Path.cwd()):
            return None
        data = read_bytes(Entry(outcome.input, str(path)))
    except (OSError, ValueError, CardlintError):
        return None
    return decode(data).text if sha256(data).hexdigest() == outcome.sha256 else None
