"""``check --fix`` and ``--diff``: cards mended while they are judged."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cardlint.engine.batch import Judge, Plan
    from cardlint.fixes.run import Mended
    from cardlint.model import Outcome
    from cardlint.sources.entry import Entry

Command = TypeVar("Command", bound="Callable[..., Any]")


def fix_options(command: Command) -> Command:
    """The options that mend."""
    for option in reversed(
        (
            click.option("--fix", is_flag=True, help="Mend what can be mended without changing what the card says; report the rest."),
            click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also edits that may change what the card says."),
            click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing; exit 1 where it would."),
        )
    ):
        command = option(command)
    return command


class Fixer:
    """Mends cards one by one; ``cards`` and ``findings`` count what was, or with ``diff`` would be, mended.

    Standard input's card is written to standard output. ``kept`` takes each card's text after its fixes.
    """

    def __init__(self, plan: Plan, kept: dict[str, Entry] | None = None, *, unsafe: bool, diff: bool) -> None:
        self.plan, self.kept, self.unsafe, self.diff = plan, kept, unsafe, diff
        self.cards = self.findings = 0

    def outcomes(self, entries: Iterable[Entry]) -> Iterator[Outcome]:
        """The outcome of each card after its fixes, in order."""
        from cardlint.engine.batch import Judge

        judge = Judge(self.plan)
        for entry in entries:
            yield self._one(entry, judge)

    def _one(self, entry: Entry, judge: Judge) -> Outcome:
        from cardlint.facts.subject import read_bytes
        from cardlint.fixes.run import mend

        if entry.text is None and entry.location is None:
            return judge(entry)
        try:
            data = entry.text if entry.text is not None else read_bytes(entry)
        except OSError:
            return judge(entry)
        done = mend(data, lambda text: judge(entry._replace(text=text)), unsafe=self.unsafe)
        try:
            self._write(entry, data, done)
        except OSError as error:
            return judge(entry)._replace(failure=f"cannot be mended: {error.strerror or error}")
        if done.data != data:
            self.cards += 1
            self.findings += len(done.applied)
        if self.kept is not None:
            self.kept[entry.input] = entry._replace(text=done.data)
        return done.outcome

    def _write(self, entry: Entry, data: bytes, done: Mended) -> None:
        """Show the change, print the card, or replace the file. Raises OSError."""
        from pathlib import Path

        from cardlint.fixes.files import replace_file, writable_place

        if self.diff:
            from cardlint.fixes.diff import diff

            _put(diff(data, done.data, entry.input))
        elif entry.text is not None:
            _put(done.data)
        elif done.data != data and entry.location is not None:
            replace_file(writable_place(Path(entry.location), entry.root), data, done.data)


def fixer_of(options: dict[str, Any], plan: Plan, kept: dict[str, Entry] | None) -> Fixer | None:
    """The fixer that the options ask for. Raises CardlintError."""
    if not (options["fix"] or options["diff"]):
        if options["unsafe_fixes"]:
            raise CardlintError("--unsafe-fixes goes with --fix or --diff")
        return None
    return Fixer(plan, kept, unsafe=options["unsafe_fixes"], diff=options["diff"])


def told(fixer: Fixer) -> str:
    """What was mended, in one line; nothing where nothing was and the report tells the rest."""
    if not fixer.cards:
        return "nothing to mend" if fixer.diff else ""
    from cardlint.report.plain import counted

    findings, cards = counted(fixer.findings, "finding"), counted(fixer.cards, "card")
    return f"{'would mend' if fixer.diff else 'mended'} {findings} in {cards}"


def _put(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
