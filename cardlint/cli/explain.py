"""``cardlint explain``: why a line of a card has findings, and what to do."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.helping import Command
from cardlint.cli.options import Words, rule_options, run_of
from cardlint.cli.silencing import plan_of, silence_options
from cardlint.model import KINDS, CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardlint.model import Finding
    from cardlint.sources.entry import Entry

_CODE = re.compile(r"[A-Za-z]{2,3}\d{3}")
_PLACE = re.compile(r"(.+?):(\d{1,9})(?::(\d{1,9}))?:?", re.DOTALL)
_SHOWN = 20


@click.command(cls=Command, examples=("cardlint explain README.md:12",))
@click.argument("place", metavar="PATH:LINE[:COLUMN]")
@rule_options
@silence_options
@click.option("--kind", type=Words(KINDS), help="What kind of repository it is.")
@click.pass_context
def explain(ctx: click.Context, /, place: str, **options: Any) -> None:
    """Tell each finding on a line of a card: what is wrong, why it matters, what to do, the fix, how to silence it.

    The card is judged with the files beside it. A place is written as 'cardlint check' prints it. Exit 3 where nothing is found there.
    """
    from cardlint.engine.batch import Judge
    from cardlint.facts.subject import Subject

    path, line, column = _parse(place)
    entry = _entry(path)
    run = run_of(options)
    plan = plan_of(run, options["kind"], options)
    outcome = Judge(plan)(entry)
    if outcome.failure:
        raise CardlintError(f"{path}: {outcome.failure}")
    text = Subject(entry).card.text.splitlines()
    silent = outcome.suppressed if options["show_suppressed"] else ()
    findings = sorted((*outcome.findings, *silent), key=lambda each: (each.span, each.code))
    here = [each for each in findings if _covers(each, line, column)]
    if here:
        texts = _rule_files([Path(folder) for folder in (*run.settings.rules, *options["rule_folders"])])
        sys.stdout.write("\n".join(_told(each, text, texts) for each in here))
        return
    told = sorted({each.span.line for each in findings})
    where = (
        f"; there are on line{'s' if len(told) != 1 else ''} {', '.join(map(str, told[:_SHOWN]))}" if told else " nor anywhere else in it"
    )
    if line > len(text):
        where = f": it has {len(text)} lines"
    sys.stderr.write(f"cardlint: no finding on line {line} of {path}{where}\n")
    ctx.exit(3)


def _parse(place: str) -> tuple[Path, int, int | None]:
    """Path, line and column. Raises CardlintError."""
    match = _PLACE.fullmatch(place)
    if match is None:
        hint = f"; 'cardlint rule {place}' explains a rule" if _CODE.fullmatch(place) else ""
        raise CardlintError(f"{place!r}: PATH:LINE or PATH:LINE:COLUMN is wanted, as 'cardlint check' prints it{hint}")
    path, line, column = match.groups()
    return Path(path), int(line), int(column) if column else None


def _entry(path: Path) -> Entry:
    """The card at a path, with the files beside it where it is the card of its folder. Raises CardlintError."""
    from cardlint.sources.layout import Identity
    from cardlint.sources.paths import CARD, from_path, repository
    from cardlint.sources.remote import by_remote

    if path.is_dir() or path.name == CARD:
        folder = path if path.is_dir() else path.parent
        if (folder / CARD).is_file():
            entry = repository(folder, str(folder), by_remote(folder) or Identity(None, None, "default"))
            return entry._replace(input=str(path if path.name == CARD else folder / CARD))
        if path.is_dir():
            raise CardlintError(f"{path}: there is no {CARD} in this folder")
    return next(iter(from_path(path)))


def _covers(finding: Finding, line: int, column: int | None) -> bool:
    """Whether a finding stands on a line, and where a column is given, whether it holds that column."""
    span = finding.span
    if not span.line <= line <= max(span.line, span.end_line - (span.end_column == 1)):
        return False
    if column is None:
        return True
    return (span.line, span.column) <= (line, column) <= (span.end_line, max(span.end_column - 1, span.column))


def _rule_files(folders: Iterable[Path]) -> dict[str, Path]:
    """The files of an organisation's rules by code."""
    from cardlint.engine.loader import files_below

    return {file.name.partition("-")[0]: file for folder in folders for file in files_below(folder)}


def _told(finding: Finding, text: Sequence[str], own: dict[str, Path]) -> str:
    """One finding, for a terminal."""
    from cardlint.engine.loader import load, shipped_files
    from cardlint.report.rule_text import indented
    from cardlint.textfile import read_text

    file: Any = own.get(finding.code) or next(each for each in shipped_files() if each.name.startswith(f"{finding.code}-"))
    rule = load(read_text(file), file.name)
    span = finding.span
    shown = [text[span.line - 1]] if span.line <= len(text) and text[span.line - 1].strip() else []
    out = [f"{finding.severity}[{finding.code} {finding.name}] {finding.message}", *(f"  {span.line} | {line}" for line in _visible(shown))]
    if finding.suppressed:
        out.append(f"  silent: {finding.suppressed.by}, {finding.suppressed.reason}")
    out += ["", "Demanded", f"    {rule['summary']}", "", "Why", *indented(rule["why"]), "", "What to do"]
    out += indented(finding.help or rule["help"])
    if finding.fix is not None:
        option = {"safe": "--fix", "unsafe": "--fix --unsafe-fixes"}.get(finding.fix.safety)
        out += ["", f"Fix ({finding.fix.safety}{f': cardlint check {option}' if option else ', shown only'})"]
        for edit in finding.fix.edits:
            at = edit.span
            gone = _between(text, at.line, at.column, at.end_line, at.end_column)
            out += [
                f"    {at.line}:{at.column}",
                *(f"    - {each}" for each in _visible(gone)),
                *(f"    + {each}" for each in _visible(edit.text.splitlines())),
            ]
    for each in finding.related:
        out += ["", f"See also line {each.span.line}: {each.message}"]
    comment = (
        f"# cardlint: ignore[{finding.code}] reason"
        if finding.at.startswith("/metadata")
        else f"<!-- cardlint: ignore[{finding.code}] reason -->"
    )
    out += ["", f"To silence it here, with a reason: {comment}"]
    return "\n".join(out) + "\n"


def _between(text: Sequence[str], line: int, column: int, end_line: int, end_column: int) -> list[str]:
    """The lines of a span's text; none where it is empty."""
    if (line, column) == (end_line, end_column) or line > len(text):
        return []
    lines = list(text[line - 1 : end_line])
    if end_line <= len(text):
        lines[-1] = lines[-1][: end_column - 1]
    lines[0] = lines[0][column - 1 :]
    return lines if lines[-1] or len(lines) == 1 else lines[:-1]


def _visible(lines: Iterable[str]) -> list[str]:
    """Lines without control characters, cut to a screen."""
    return ["".join(char if char.isprintable() else " " for char in line)[:200] for line in lines]
