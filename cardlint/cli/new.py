"""``cardlint new``: a card from what the repository already says, or an old card brought up to date."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.helping import Command
from cardlint.cli.options import Words, repo_id, rule_options, run_of
from cardlint.model import KINDS, CardlintError
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.engine.batch import Plan
    from cardlint.scaffold.known import Known


@click.command(
    cls=Command,
    examples=(
        "cardlint new path/to/repo",
        "cardlint new --from README.md --force",
    ),
)
@click.argument("path", required=False, default=".", metavar="[PATH]")
@click.option("--kind", type=Words(KINDS), help="What kind of repository it is.")
@click.option("--repo-id", metavar="ID", callback=repo_id, help="The repository's id on its hub; else the one that its git remote tells.")
@click.option("--from", "old", metavar="CARD", help="Bring an old card's metadata up to date; its body stays as it is, byte for byte.")
@click.option("--out", metavar="FILE", help="Where to write; - is standard output. Default: PATH/README.md.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@rule_options
def new(path: str, old: str | None, out: str | None, *, force: bool, **options: Any) -> None:
    """Write a card for the repository at PATH: what its files tell, and a question for each thing that they do not.

    A question is a line that begins with "TODO:"; 'cardlint check' finds it until it is answered. Nothing is made up.
    """
    from cardlint.scaffold.new import entry_of, known_of
    from cardlint.sources.worktree import author

    folder = Path(path)
    if not folder.is_dir():
        raise CardlintError(f"{path}: {'a file, not a folder' if folder.exists() else 'no such folder'}")
    target = _target(out, folder, old, force=force)
    plan = run_of(options).plan(options["kind"])
    entry = entry_of(folder, options["kind"], options["repo_id"])
    known = known_of(entry, author(folder))
    data, told = _upgraded(old, known, entry, plan) if old else _drafted(known, entry, plan)
    if old and target is not None and _holds(target, data):
        done = f"{target} stays as it is"
    else:
        _write(target, data, None if out else folder)
        done = f"wrote {target or 'standard output'}"
    sys.stderr.write("".join(f"cardlint: {line}\n" for line in (*told, done)))
    if target is not None:
        kind = f" --kind {options['kind']}" if options["kind"] else ""
        sys.stderr.write(f"cardlint: 'cardlint check {path if out is None else target}{kind}' tells what is open\n")


def _drafted(known: Known, entry: Entry, plan: Plan) -> tuple[bytes, Sequence[str]]:
    from cardlint.report.plain import counted
    from cardlint.scaffold.new import draft

    done = draft(known, entry, plan)
    left = f"{counted(done.open, 'question')} to answer, each marked TODO"
    return done.text.encode(), (*(f"known: {said}" for said in done.told), left)


def _upgraded(old: str, known: Known, entry: Entry, plan: Plan) -> tuple[bytes, Sequence[str]]:
    from cardlint.facts.subject import MAX_READ, read_bytes
    from cardlint.scaffold.upgrade import upgrade

    try:
        data = read_bytes(Entry(old, old))
    except OSError as error:
        raise CardlintError(f"--from {old}: {error.strerror}") from None
    if len(data) == MAX_READ:
        raise CardlintError(f"--from {old}: larger than {MAX_READ // 1_000_000} MB")
    done = upgrade(data, known, entry, plan)
    return done.data, done.told or ("nothing to bring up to date",)


def _target(out: str | None, folder: Path, old: str | None, *, force: bool) -> Path | None:
    """The file to write, None for standard output. Raises CardlintError where one is there already."""
    if out == "-":
        return None
    target = Path(out) if out else folder / "README.md"
    if os.path.lexists(target) and not force:
        more = f"--from {target} --force brings it up to date, " if not old and target.name == "README.md" else ""
        raise CardlintError(f"{target} is there already: {more}--force replaces it, --out FILE writes elsewhere")
    return target


def _holds(target: Path, data: bytes) -> bool:
    """Whether a file holds this and nothing else."""
    try:
        return target.is_file() and target.read_bytes() == data
    except OSError:
        return False


def _write(target: Path | None, data: bytes, inside: Path | None) -> None:
    """Write the card, through no link that leads out of the folder that it is to stay ``inside``."""
    from cardlint.fixes.files import writable_place

    if target is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        (writable_place(target, inside) if inside else target).write_bytes(data)
    except OSError as error:
        raise CardlintError(f"{target}: {error.strerror or error}") from None
