"""``cardlint gate log`` and ``cardlint gate allow``: what was decided, and exceptions with a reason and an end."""

from __future__ import annotations

import getpass
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.helping import Command
from cardlint.cli.options import Words
from cardlint.model import CardlintError

if TYPE_CHECKING:
    from cardlint.gate.log import Log

_LOG = click.option("--log", "log_file", default="gate.sqlite", show_default=True, metavar="FILE", help="The gate's log.")
_EVENTS = ("commit", "merge", "preupload", "validate", "push", "webhook", "outcome", "allowance", "start", "stop")
"""What the fronts log: the first four are the proxy's."""
_SPAN = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_REPO = re.compile(r"(?:datasets/|spaces/)?[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)?")


@click.command(
    cls=Command,
    examples=(
        "cardlint gate log --log gate.sqlite --repo acme/gull --action refuse --since 7d",
        "cardlint gate log --log gate.sqlite --verify",
    ),
)
@_LOG
@click.option("--repo", metavar="ID", help="Only of this repository (datasets/ID, spaces/ID for other kinds).")
@click.option("--who", metavar="NAME", help="Only of this account.")
@click.option("--action", type=Words(("allow", "warn", "refuse")), help="Only decisions that did this.")
@click.option("--event", type=Words(_EVENTS), metavar="EVENT", help=f"Only these: {', '.join(_EVENTS)}.")
@click.option("--code", metavar="CODE", help="Only decisions for this rule.")
@click.option("--since", metavar="WHEN", help="Only from then on: a date, a moment (ISO 8601, UTC), or 30m, 12h, 7d ago.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--format", "format_name", type=Words(("text", "jsonl")), default="text", show_default=True)
@click.option("--verify", is_flag=True, help="Verify that no entry was changed, taken out or put in; exit 1 where one was.")
@click.option("--head", metavar="HASH", help="With --verify: a hash that was noted earlier and must still be there.")
@click.pass_context
def log(ctx: click.Context, /, log_file: str, **options: Any) -> None:
    """Show what was decided, the newest last; or verify that nothing was changed since."""
    kept = _log(log_file)
    if options["head"] and not options["verify"]:
        raise CardlintError("--head goes with --verify")
    if options["verify"]:
        found = kept.verify(options["head"])
        state = f"broken: {found.fault}" if found.fault else "intact"
        sys.stdout.write(f"{found.entries} {'entry' if found.entries == 1 else 'entries'}, head {found.head}, {state}\n")
        ctx.exit(1 if found.fault else 0)
    conditions = {"repo": "repo = ? COLLATE NOCASE", "who": "who = ?", "action": "action = ?", "event": "event = ?"}
    given = [(clause, options[name]) for name, clause in conditions.items() if options[name]]
    if options["code"]:
        given.append(("EXISTS (SELECT 1 FROM json_each(body, '$.codes') WHERE value = ? COLLATE NOCASE)", options["code"]))
    if options["since"]:
        given.append(("at >= ?", _moment(options["since"], "--since", past=True)))
    found_entries = list(kept.entries(" AND ".join(clause for clause, _ in given), tuple(value for _, value in given), options["limit"]))
    for entry in reversed(found_entries):
        sys.stdout.write((json.dumps(entry, ensure_ascii=False) if options["format_name"] == "jsonl" else _line(entry)) + "\n")


@click.command(
    cls=Command, examples=("cardlint gate allow acme/gull --reason 'release day, agreed with legal' --until 12h --log gate.sqlite",)
)
@click.argument("repo", metavar="REPO")
@_LOG
@click.option("--reason", required=True, help="Why; it is logged, and told with each upload that it lets pass.")
@click.option(
    "--until", required=True, metavar="WHEN", help="When it ends: a date, a moment (ISO 8601, UTC), or 30m, 12h, 7d; now ends it."
)
@click.option("--owner", metavar="NAME", help="Who answers for it (default: you).")
def allow(repo: str, log_file: str, reason: str, until: str, owner: str | None) -> None:
    """Let REPO pass until a moment, whatever its findings. Running gates see it at once."""
    if not _REPO.fullmatch(repo):
        raise CardlintError(f"{repo!r} is no repository id such as acme/x or datasets/acme/x")
    if not reason.strip():
        raise CardlintError("--reason: say why")
    end = _moment(until, "--until", past=False)
    body = {"event": "allowance", "repo": repo.lower(), "reason": reason, "until": end, "who": owner or getpass.getuser()}
    _log(log_file).append([body])
    over = end <= _moment("now", "--until", past=False)
    sys.stdout.write(f"{repo} may no longer pass: {reason}\n" if over else f"{repo} may pass until {end}: {reason}\n")


def _log(file: str) -> Log:
    from cardlint.gate.log import Log

    if not Path(file).is_file():
        raise CardlintError(f"{file}: there is no log here; --log names the file that 'cardlint gate hub' writes")
    return Log(Path(file))


def _moment(text: str, option: str, *, past: bool) -> str:
    """A moment as the log writes it."""
    moment = datetime.now(UTC)
    if match := _SPAN.fullmatch(text):
        span = timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[match[2]]: int(match[1])})
        moment = moment - span if past else moment + span
    elif text != "now":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise CardlintError(f"{option}: {text!r} is no date, moment (ISO 8601) or span such as 12h") from None
        if len(text) == len("2026-01-01") and not past:
            moment += timedelta(days=1)  # the day itself still counts
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _line(entry: dict[str, Any]) -> str:
    """An entry for people."""
    if entry["event"] == "allowance":
        told = f"until {entry['until']}: {entry['reason']}"
    elif entry["event"] == "outcome":
        answer = entry.get("failure") or f"hub answered {entry['status']}"
        told = f"{entry['decision']} {answer}" + (f", commit {entry['commit']}" if entry.get("commit") else "")
    else:
        marks = [entry.get("revision"), ",".join(entry.get("codes") or ()), entry.get("failure"), entry.get("decision")]
        told = " ".join(str(mark) for mark in marks if mark)
    parts = (entry["seq"], entry["at"], entry["event"], entry.get("action"), entry.get("repo"), entry.get("who"), told)
    return " ".join(str(part) for part in parts if part)
