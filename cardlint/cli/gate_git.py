"""``cardlint gate git``: the pre-receive hook of a git server."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cardlint.cli.helping import Command
from cardlint.cli.options import Words
from cardlint.model import KINDS, CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cardlint.gate.decision import Decision
    from cardlint.gate.policy import Policies
    from cardlint.gate.push import Repository, Update
    from cardlint.sources.layout import Identity

_FORGES = {
    "gitea": ("GITEA_REPO_USER_NAME", "GITEA_REPO_NAME", "GITEA_PUSHER_NAME"),
    "gitlab": ("", "GL_PROJECT_PATH", "GL_USERNAME"),
    "gitolite": ("", "GL_REPO", "GL_USER"),
}
"""Which variables of a forge's hooks name the owner, the repository and who pushes. Forgejo has Gitea's."""


@click.command(
    cls=Command, examples=("cardlint gate git --update-hook /srv/git/acme/gull.git --root /srv/git --policy gate.yaml --log gate.sqlite",)
)
@click.option("--policy", metavar="FILE", help="The policy (TOML or YAML); without: the gate profile on what a push brings.")
@click.option("--repo-id", metavar="ID", help="The repository's id on its hub (default: by --forge, or its place below --root).")
@click.option("--root", metavar="DIR", help="The folder below which repositories lie as ORG/NAME.git, datasets/ORG/NAME.git.")
@click.option("--kind", type=Words(KINDS), help="What kind of repository it is (default: by its place, then its card).")
@click.option("--forge", type=Words(tuple(_FORGES)), help="Whose hook calls: its variables tell the id and who pushes.")
@click.option("--refs", multiple=True, metavar="GLOB", help="Judge these references only (default: all); may be repeated.")
@click.option("--max-refs", type=click.IntRange(1), default=1000, show_default=True, help="References of one push that are judged.")
@click.option("--log", "log_file", metavar="FILE", help="The append-only log of decisions; allowances are read from it.")
@click.option("--update-hook", metavar="REPO", help="Write or replace the pre-receive hook of REPO, with these options, and stop.")
@click.pass_context
def git(ctx: click.Context, /, **options: Any) -> None:
    """Judge a push: git calls this as the pre-receive hook of a repository on a server.

    One refused reference refuses the push. Exit 0: it may pass; 1: it is refused; 2: wrong options or policy, and git refuses it too.
    """
    from cardlint.cli.gate_hub import policies_of
    from cardlint.gate.push import read_updates, repository_at
    from cardlint.gate.terminal import lines

    policies = policies_of(options["policy"])
    if options["update_hook"]:
        from cardlint.gate.hook_file import update_hook

        identity = _identity({**options, "forge": None}, Path(options["update_hook"]))  # a forge tells it when it calls
        file = update_hook(Path(options["update_hook"]), _arguments(options))
        sys.stdout.write(f"{file} calls cardlint; a push that breaks the policy is refused from now on\n")
        if identity.id is None and not options["forge"]:
            _say(["cardlint: the hook does not know the repository's id: --root, --repo-id or --forge tells it"])
        return
    here = Path(os.environ.get("GIT_DIR", "."))
    repository = repository_at(here, _identity(options, here), _who(options))
    updates = [each for each in read_updates(sys.stdin.buffer) if _is_judged(each.ref, options["refs"])]
    decisions = list(_decisions(updates, repository, policies, options))
    for decision in decisions:
        _say(lines(decision))
    refused = any(decision.action == "refuse" for decision in decisions)
    others = sum(decision.action != "refuse" for decision in decisions)
    if refused and others:
        also = f"{others} more of its references {'is' if others == 1 else 'are'} not taken"
        _say([f"cardlint: git takes a push whole or not at all, so {also}"])
    ctx.exit(1 if refused else 0)


def _decisions(updates: Sequence[Update], repository: Repository, policies: Policies, options: dict[str, Any]) -> Iterator[Decision]:
    """The decision on each reference, logged where there is a log before anything is told."""
    from cardlint.gate.change import Change
    from cardlint.gate.decision import Gate
    from cardlint.gate.guarded import decide_all
    from cardlint.gate.paths import CARD
    from cardlint.gate.push import change_of
    from cardlint.sources.entry import Entry

    gate = Gate(policies)
    log = _Log(options["log_file"], gate) if options["log_file"] else None
    name = repository.identity.id
    leave = log.allowance(repository) if log else None
    judged = list(dict.fromkeys(updates))[: options["max_refs"]]
    today = datetime.now(UTC).date().isoformat()
    answers = decide_all(judged, lambda update: change_of(update, repository), policies, today, lambda: leave)

    def undecided(ref: str, why: str) -> Decision:
        entry = Entry(CARD, None, id=name, kind=repository.identity.kind, text=b"")
        return gate.undecided(Change(entry, revision=ref, who=repository.who), why, leave)

    found = [
        undecided(update.ref, answer) if isinstance(answer, str) else answer
        for update, answer in zip(judged, answers, strict=True)
        if answer is not None
    ]
    if len(updates) > len(judged):
        found.append(undecided(updates[len(judged)].ref, f"more than {options['max_refs']} references in one push"))
    if log:
        log.append(found, repository.who)
    yield from found


class _Log:
    """The log of decisions, and what it allows."""

    def __init__(self, file: str, gate: Any) -> None:
        from cardlint.gate.log import Log

        self._log, self._gate = Log(Path(file)), gate

    def allowance(self, repository: Repository) -> Any:
        """The leave to pass that the repository has now."""
        from cardlint.gate.change import repo_name
        from cardlint.gate.log import now

        name, kind, *_ = repository.identity
        return self._log.allowance(repo_name(kind or "model", name), now()) if name else None

    def append(self, decisions: Sequence[Decision], who: str) -> None:
        """Keep decisions, durably. Raises CardlintError where that is not possible."""
        from cardlint.gate.log import decision_body

        bodies = [decision_body("push", each, who, self._gate.rules_digest, self._gate.policies.digest) for each in decisions]
        if any(each.action == "refuse" for each in decisions):  # git takes a push whole or not at all
            bodies += [
                {"event": "outcome", "decision": each.id, "repo": each.name, "status": None, "failure": "refused with the rest of its push"}
                for each in decisions
                if each.action != "refuse"
            ]
        if bodies:
            self._log.append(bodies)


def _identity(options: dict[str, Any], here: Path) -> Identity:
    """Which repository is pushed to: as the options say, as the forge says, or by where it lies. Raises CardlintError."""
    from cardlint.sources.layout import Identity, identify

    found = Identity(None, None, "default")
    if options["forge"]:
        owner, name, _ = (os.environ.get(variable, "") for variable in _FORGES[options["forge"]])
        path = f"{owner}/{name}" if owner else name
        found = identify(path.removesuffix(".git").split("/")) or found
    elif options["root"]:
        try:
            below = here.resolve().relative_to(Path(options["root"]).resolve())
        except ValueError:
            raise CardlintError(f"--root {options['root']}: {here.resolve()} does not lie below it") from None
        found = identify(below.as_posix().removesuffix("/.git").removesuffix(".git").split("/")) or found
    if options["repo_id"]:
        found = found._replace(id=options["repo_id"])
    return found._replace(kind=options["kind"], kind_from="option") if options["kind"] else found


def _who(options: dict[str, Any]) -> str:
    variable = _FORGES[options["forge"]][2] if options["forge"] else "REMOTE_USER"
    return os.environ.get(variable, "")


def _is_judged(ref: str, globs: Sequence[str]) -> bool:
    return not globs or any(fnmatchcase(ref, glob) for glob in globs)


def _say(lines: Iterable[str]) -> None:
    with suppress(BrokenPipeError):  # who pushed may have gone; the decision stands
        sys.stderr.write("".join(f"{line}\n" for line in lines))
        sys.stderr.flush()


def _arguments(options: dict[str, Any]) -> list[str]:
    """The options of a hook, its paths absolute: git calls it in another folder."""
    found = []
    for name in ("policy", "root", "log_file"):
        if options[name]:
            found += [f"--{name.removesuffix('_file')}", str(Path(options[name]).resolve())]
    for name in ("repo_id", "kind", "forge"):
        if options[name]:
            found += [f"--{name.replace('_', '-')}", options[name]]
    found += [part for glob in options["refs"] for part in ("--refs", glob)]
    return [*found, *(["--max-refs", str(options["max_refs"])] if options["max_refs"] != 1000 else [])]
