"""``cardlint standard``: which standards there are, what they want, what cards make of them, and the beginning of one's own."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.arguments import entries, none_found
from cardlint.cli.helping import Command
from cardlint.cli.lazy import Group
from cardlint.cli.options import Words, rule_options, run_of, source_options
from cardlint.cli.silencing import plan_of, waiver_option
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.report.writer import Writer
    from cardlint.sources.entry import Entry
    from cardlint.standards.standard import Control, Demand, Standard

_FAILS = {"not-met": ("not-met",), "not-checked": ("not-met", "not-checked"), "nothing": ()}


@click.group(cls=Group)
def standard() -> None:
    """Judge cards by the controls of a standard: a paper, a regulation, an organisation's own policy."""


@standard.command(name="list")
@click.option("--format", "format_name", type=Words(("text", "json")), default="text", show_default=True)
def list_(format_name: str) -> None:
    """List the standards that ship."""
    from cardlint.engine.catalogue import shipped
    from cardlint.standards.load import find_standard, shipped_ids

    found = [find_standard(name, shipped()) for name in shipped_ids()]
    if format_name == "json":
        listed = [
            {
                "id": each.id,
                "title": each.title,
                "version": each.version,
                "date": each.date,
                "source": each.source,
                "claim": each.claim,
                "controls": len(each.controls),
                "manual": sum(bool(control.manual) for control in each.controls),
                "sha256": each.digest,
            }
            for each in found
        ]
        sys.stdout.write(json.dumps({"version": 1, "standards": listed}, ensure_ascii=False, indent=1) + "\n")
        return
    width = max(len(each.id) for each in found)
    for each in found:
        manual = sum(bool(control.manual) for control in each.controls)
        sys.stdout.write(f"{each.id:{width}}  {len(each.controls):3} controls, {manual:2} by hand  {each.title} ({each.version})\n")


@standard.command()
@click.argument("name", metavar="NAME|FILE")
@click.option("--rules", "rule_folders", multiple=True, metavar="DIR", help="An organisation's own rule files.")
@click.option("--format", "format_name", type=Words(("text", "json")), default="text", show_default=True)
def show(name: str, rule_folders: tuple[str, ...], format_name: str) -> None:
    """Tell what a standard wants: each control with its clause, its evidence and its rules. A file is found faulty here, too."""
    found = _named(name, rule_folders)
    if format_name == "json":
        value = asdict(found)
        del value["file"]
        sys.stdout.write(json.dumps({**value, "sha256": found.digest}, ensure_ascii=False, indent=1) + "\n")
        return
    out = [
        f"{found.id}: {found.title} ({', '.join(dict.fromkeys((found.version, found.date)))})",
        f"  {found.source}",
        *_wrapped(found.about),
    ]
    out += [f"  extends {', '.join(found.extends)}", ""] if found.extends else [""]
    for control in found.controls:
        out += [f"{control.id}  {control.clause}", *_wrapped(control.text), *(f"    {line}" for line in wants(control)), ""]
    sys.stdout.write("\n".join(out))


@standard.command(
    cls=Command,
    examples=(
        "cardlint standard check mitchell-2019 path/to/repo",
        "cardlint standard check acme.yaml models --evidence run.json --signed-off-by 'model risk'",
    ),
)
@click.argument("name", metavar="NAME|FILE[,…]")
@click.argument("paths", nargs=-1, metavar="[PATH…|-]")
@rule_options
@source_options
@waiver_option
@click.option("--format", "format_name", type=Words(("text", "json", "jsonl", "markdown", "html")), default="text", show_default=True)
@click.option("--evidence", metavar="FILE", help="Write what was judged by what, by hash, and what came of it.")
@click.option("--signed-off-by", metavar="NAME", help="Who answers for the evidence; stands in it.")
@click.option(
    "--fail-on", type=Words(tuple(_FAILS)), default="not-met", show_default=True, help="The states of a control that make exit 1."
)
@click.option("--jobs", default="auto", metavar="N", help="Processes; auto: one a core where there are cards enough.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever the controls say.")
@click.pass_context
def check(ctx: click.Context, /, name: str, paths: tuple[str, ...], **options: Any) -> None:
    """Judge cards by a standard, or several that commas part: the state of each control, with file and lines of the evidence."""
    from cardlint.cli.check import jobs_of
    from cardlint.engine.batch import run
    from cardlint.engine.digest import engine_digest
    from cardlint.report.evidence import Manifest
    from cardlint.report.records import RunInfo, Tally, scopes_of

    if options["signed_off_by"] and not options["evidence"]:
        raise CardlintError("--signed-off-by stands in the evidence: add --evidence FILE")
    this = run_of({**options, "standards": tuple(part for part in name.split(",") if part)})
    plan = plan_of(this, options["kind"], options)
    info = RunInfo(this.profile, scopes_of(this.selected), this.selected, engine_digest(), standards=this.heads)
    writer = _writer(options["format_name"])
    manifest = Manifest(info, plan, options["signed_off_by"]) if options["evidence"] else None
    kept: list[Entry] = []
    tally = Tally()
    failing = False
    for outcome in run(_kept(entries(paths, options, this.settings.exclude), kept if manifest else None), plan, jobs_of(options["jobs"])):
        if not tally.cards:
            writer.start(info)
        tally.add(outcome)
        writer.card(outcome, None)
        if manifest:
            manifest.add(kept.pop(0), outcome)
        failing = failing or any(each.state in _FAILS[options["fail_on"]] for each in outcome.controls)
    if not tally.cards:
        sys.stderr.write(none_found(paths, options["files_from"]))
        ctx.exit(3)
    writer.end(tally)
    if manifest:
        _write(options["evidence"], manifest.render())
    ctx.exit(4 if tally.failed else 1 if failing and not options["exit_zero"] else 0)


@standard.command()
@click.argument("file", metavar="FILE")
@click.option("--extends", multiple=True, metavar="NAME|FILE", help="A standard to begin with; may be repeated.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def init(file: str, extends: tuple[str, ...], *, force: bool) -> None:
    """Write the beginning of an organisation's own standard, with the controls that it may change as comments."""
    from cardlint.standards.starter import starter

    path = Path(file)
    if path.suffix not in (".yaml", ".yml"):
        raise CardlintError(f"{file}: a standard file ends in .yaml")
    if path.exists() and not force:
        raise CardlintError(f"{file} is there already: --force replaces it")
    _write(file, starter(path.stem, [(name, _named(name, (), path.parent)) for name in extends]))
    sys.stderr.write(
        f"cardlint: wrote {file}; 'cardlint standard show {file}' reads it, 'cardlint standard check {file} PATH' judges by it\n"
    )


def _named(name: str, rule_folders: tuple[str, ...], beside: Path | None = None) -> Standard:
    from cardlint.engine.catalogue import with_own
    from cardlint.engine.loader import load_rules
    from cardlint.standards.load import find_standard

    return find_standard(name, with_own([rule for folder in rule_folders for rule in load_rules(Path(folder))]), beside)


def _kept(given: Iterator[Entry], kept: list[Entry] | None) -> Iterator[Entry]:
    for entry in given:
        if kept is not None:
            kept.append(entry)
        yield entry


def _writer(name: str) -> Writer:
    if name == "text":
        from cardlint.report.matrix import MatrixWriter

        return MatrixWriter(sys.stdout)
    from cardlint.report.writer import writer

    return writer(name, sys.stdout)


def _write(file: str, text: str) -> None:
    try:
        Path(file).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CardlintError(f"{file}: {error.strerror}") from None


def wants(control: Control) -> Iterator[str]:
    """What a control wants, a line each."""
    if control.dropped:
        yield control.dropped
        return
    for condition in control.applies:
        yield f"only where {condition.words}"
    if control.manual:
        yield f"by hand: {control.manual}"
    for demand in control.evidence:
        yield f"{'see' if control.manual else 'evidence'}: {_demanded(demand)}"
    if control.rules:
        yield f"no finding of {', '.join(control.rules)}"
    if control.if_absent:
        yield f"else by hand: {control.if_absent}"
    if control.severity:
        yield f"not met: {control.severity}"


def _demanded(demand: Demand) -> str:
    if demand.any:
        return " or ".join(map(_demanded, demand.any))
    if demand.file:
        return f"a file {' or '.join(demand.file)}"
    if demand.text:
        return f"{demand.name} in {', '.join(demand.part)}"
    return demand.at + (f" of {demand.words} words" if demand.words else "")


def _wrapped(text: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, 118, initial_indent="    ", subsequent_indent="    ")
