"""``cardlint check``: judge cards."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TextIO

import click

from cardlint.cli.arguments import entries, none_found
from cardlint.cli.fixing import fix_options, fixer_of, told
from cardlint.cli.helping import RULES, Command
from cardlint.cli.options import Words, hub_of, hub_options, rule_options, run_of, source_options, standard_options
from cardlint.cli.outputs import into_file, on_stream
from cardlint.cli.silencing import named_by, plan_of, silence_options, stale_lines, stale_of
from cardlint.model import SEVERITIES, CardlintError
from cardlint.report.writer import FOR_PEOPLE, FORMATS, FindingsAlone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.model import Outcome
    from cardlint.report.writer import Writer
    from cardlint.sources.entry import Entry


@click.command(
    cls=Command,
    sections={
        "What is judged": ("files_from", "stdin_filename", "repo_id", "kind", "only_cards", "rev", "since", "changed"),
        "Rules": RULES,
        "Other repositories": ("hub", "known_ids", "complete"),
        "Mending": ("fix", "unsafe_fixes", "diff"),
        "Silencing": ("waivers", "baseline", "allow_stale_baseline", "show_suppressed"),
        "Reports": ("format_name", "outputs", "statistics", "quiet", "watch", "color", "fail_on", "exit_zero"),
    },
    examples=(
        "cardlint check README.md",
        "cardlint check path/to/repo --fix",
        "cardlint check models --select LIC,missing-license --format concise",
        "cardlint check . --changed=main --output sarif=cards.sarif",
        "cardlint check - --stdin-filename README.md < README.md",
    ),
)
@click.argument("paths", nargs=-1, metavar="[PATH…|-]")
@rule_options
@standard_options
@source_options
@hub_options
@fix_options
@silence_options
@click.option("--since", metavar="REV|DIR", help="What changed since a git revision, or since a snapshot in a folder.")
@click.option(
    "--changed",
    is_flag=False,
    flag_value="HEAD",
    metavar="[REF]",
    help="Only cards that changed against a git revision (HEAD), new ones included; also where a file beside them did.",
)
@click.option("--format", "format_name", type=Words(FORMATS), default="text", show_default=True)
@click.option("--output", "outputs", multiple=True, metavar="FORMAT=FILE", help="A report into a file besides; may be repeated.")
@click.option("--statistics", is_flag=True, help="Count findings by rule instead of telling each; with --format json, as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Tell findings, and nothing of the run: no counts, no progress, not what was mended.")
@click.option("--watch", is_flag=True, help="Judge again whenever a file changes; Ctrl-C ends it.")
@click.option("--fail-on", type=Words((*SEVERITIES, "nothing")), help="The least severity that makes exit 1 (default: error).")
@click.option("--jobs", default="auto", metavar="N", help="Processes; auto: one a core where there are cards enough.")
@click.option("--no-cache", is_flag=True, help="Judge every card anew (check keeps no results between runs).")
@click.option("--color", type=Words(("auto", "always", "never")), default="auto", show_default=True)
@click.option("--exit-zero", is_flag=True, help="Exit 0 where there are findings.")
@click.pass_context
def check(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Judge cards: files, repository folders, whole mirrors, or - for standard input. Without a path: this folder."""
    if options["changed"]:
        from cardlint.cli.changes import changed_reference

        paths, options["changed"] = changed_reference(paths, options["changed"])
    if options["watch"]:
        from cardlint.cli.watching import watch

        watch(lambda: _run(paths, options), paths, options)
    ctx.exit(_run(paths, options))


def _run(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """One run over what the arguments name: its report is written, its exit code returned. Raises CardlintError."""
    from cardlint.engine.batch import run
    from cardlint.engine.digest import engine_digest
    from cardlint.report.records import RunInfo, Tally, scopes_of

    this = run_of(options)
    fail_on = options["fail_on"] or this.settings.fail_on or "error"
    tally = Tally()
    info = RunInfo(this.profile, scopes_of(this.selected), this.selected, engine_digest(), standards=this.heads)
    with ExitStack() as stack:
        plan = plan_of(this, options["kind"], options)._replace(hub=hub_of(options, this.settings))
        kept: dict[str, Entry] = {}
        fixer = fixer_of(options, plan, kept)
        writers = _writers(paths, options, stack, aside=fixer is not None and "-" in paths, silent=options["diff"])
        jobs = jobs_of(options["jobs"])
        wants_text = any(getattr(writer, "shows_text", False) for writer in writers)
        given = _remembering(named_by(plan, _judged(paths, options, this.settings.exclude)), kept if wants_text else None)
        stale = stale_of(plan, options)
        progress = _progress(quiet=options["quiet"])
        started = False
        for outcome in fixer.outcomes(given) if fixer else run(given, plan, jobs):
            if not started:
                _each(writers, "start", info)
                started = True
            text = _text_of(kept.pop(outcome.input, None), outcome) if wants_text else None
            tally.add(outcome)
            if stale:
                stale.add(outcome)
            if outcome.suppressed and not options["show_suppressed"]:
                outcome = outcome._replace(suppressed=())
            for writer in writers:
                writer.card(outcome, text)
            progress(tally.cards)
        if not started:
            progress(0, done=True)
            which = f"model cards changed since {options['changed']}" if options["changed"] else "model cards (README.md) found"
            sys.stderr.write(none_found(paths, options["files_from"], which))
            return 0 if options["only_cards"] or options["changed"] else 3
        progress(tally.cards, done=True)
        _each(writers, "end", tally)
    if fixer and not options["quiet"] and (mended := told(fixer)):
        sys.stderr.write(f"cardlint: {mended}\n")
    code = exit_code(tally.findings, tally.failed, "nothing" if options["diff"] else fail_on, exit_zero=options["exit_zero"])
    gone = stale.entries() if stale and not options["diff"] else []
    if gone:
        sys.stderr.write("".join(f"cardlint: {line}\n" for line in stale_lines(gone, options["baseline"])))
    if (gone or (fixer and fixer.diff and fixer.cards)) and not options["exit_zero"]:
        code = max(code, 1)
    return code


def exit_code(findings: dict[str, int], failed: int, fail_on: str, *, exit_zero: bool) -> int:
    """The exit of a run that judged something: 4 over 1 over 0."""
    if failed:
        return 4
    if fail_on == "nothing" or exit_zero:
        return 0
    counted = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return 1 if any(findings[severity] for severity in counted) else 0


def _judged(paths: tuple[str, ...], options: dict[str, Any], exclude: Sequence[str]) -> Iterator[Entry]:
    """What the arguments name: only what changed for ``--changed``, with its earlier state for ``--since``. Raises CardlintError."""
    found = entries(paths, options, exclude)
    if options["rev"] and (options["fix"] or options["diff"]):
        raise CardlintError("--rev reads a commit, which cannot be mended: leave out --fix and --diff")
    if options["changed"]:
        from cardlint.cli.changes import only_changed

        found = only_changed(found, paths, options["changed"])
    if not options["since"]:
        return found
    from cardlint.sources.revisions import with_earlier

    return with_earlier(found, options["since"], paths or (".",))


def _each(writers: list[Writer], method: str, value: object) -> None:
    for writer in writers:
        getattr(writer, method)(value)


def _remembering(given: Iterator[Entry], kept: dict[str, Entry] | None) -> Iterator[Entry]:
    for entry in given:
        if kept is not None:
            kept[entry.input] = entry
        yield entry


def _text_of(entry: Entry | None, outcome: Outcome) -> str | None:
    """The card's text for code frames, read again where a worker read it first."""
    if entry is None or not outcome.findings:
        return None
    from cardlint.facts.subject import Subject

    try:
        return Subject(entry).card.text
    except OSError:
        return None


def jobs_of(value: str) -> int:
    """The number of processes that ``--jobs`` asks for, 0 for auto. Raises CardlintError."""
    if value == "auto":
        return 0
    if not re.fullmatch(r"[1-9][0-9]{0,5}", value):
        raise CardlintError(f"--jobs {value!r}: a number of processes, or auto")
    return int(value)


def _writers(paths: tuple[str, ...], options: dict[str, Any], stack: ExitStack, *, aside: bool, silent: bool) -> list[Writer]:
    """The writer of the terminal and of each ``--output``. Raises CardlintError.

    ``aside``: standard output takes a card, so the report goes to standard error; ``silent``: there is no report but in files.
    """
    out = sys.stderr if aside else sys.stdout
    found: list[Writer] = []
    if options["statistics"]:
        found.append(_statistics(options["format_name"], out))
    elif not silent:
        shown = on_stream(options["format_name"], out, options["color"])
        found.append(FindingsAlone(shown) if options["quiet"] and options["format_name"] in FOR_PEOPLE else shown)
    return found + [into_file("--output", output, stack, paths) for output in options["outputs"]]


def _statistics(format_name: str, out: TextIO) -> Writer:
    """The counts by rule in place of a report. Raises CardlintError."""
    from cardlint.report.statistics import StatisticsWriter

    if format_name not in ("text", "json"):
        raise CardlintError(f"--statistics comes as text or json, not as {format_name}")
    return StatisticsWriter(out, as_json=format_name == "json")


def _progress(*, quiet: bool) -> Any:
    """Progress on standard error, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        return lambda count, done=False: None  # noqa: ARG005

    def show(count: int, done: bool = False) -> None:
        if done:
            sys.stderr.write("\r\x1b[K")
        elif count % 100 == 0:
            sys.stderr.write(f"\r{count:,} cards")
        sys.stderr.flush()

    return show
