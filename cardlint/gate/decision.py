"""The one decision of the gate: what becomes of a change, and why. Every front asks it; it reads nothing but the index of an audit.

The same change, policies and day give the same decision, the time it took apart.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cardlint.config.suppressions import silencing
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.case import MOST_FINDINGS
from cardlint.engine.digest import engine_digest
from cardlint.gate.change import Change, Reason, card_in_lfs, has_card, repo_name
from cardlint.gate.paths import CARD, resembles_card
from cardlint.hub.index import FILE
from cardlint.model import SEVERITIES
from cardlint.repo.pointer import MAX_POINTER, read_pointer
from cardlint.sources.entry import Entry
from cardlint.standards.assess import Assess

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cardlint.gate.change import Allowance
    from cardlint.gate.policy import Mode, Policies, Policy
    from cardlint.hub.hub import HubSource
    from cardlint.model import Finding, Kind, Outcome

Stamp = tuple[int, int, int] | None
Action = Literal["allow", "warn", "refuse"]

MISSING = "FM001"
"""The rule that a change without a card breaks; its severity is the policy's ``missing-card``."""
_MORE_THAN_A_CARD = frozenset({".gitattributes", ".gitignore"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a change.

    ``action`` is what to do, ``verdict`` what it would be without observation and allowances. ``reasons`` are what refuses;
    ``findings`` all findings of the state after, ``brought`` the fingerprints of those that the change brings.
    ``not_checked`` maps reasons to codes. ``took`` is in seconds and no part of a decision's identity.
    """

    id: str
    action: Action
    verdict: Action
    repo: str | None
    kind: Kind
    revision: str
    policy: str
    mode: Mode
    reasons: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()
    brought: frozenset[str] = frozenset()
    not_checked: Mapping[str, list[str]] = field(default_factory=dict)
    card_sha256: str | None = None
    allowance: Allowance | None = None
    failure: str | None = None
    took: float = field(default=0.0, compare=False)

    @property
    def name(self) -> str | None:
        """How logs call the repository."""
        return None if self.repo is None else repo_name(self.kind, self.repo)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the change brings and is no reason to refuse, notes apart."""
        refusing = {(reason.code, reason.message) for reason in self.reasons}
        return tuple(
            each
            for each in self.findings
            if each.fingerprint in self.brought and each.severity != "note" and (each.code, each.message) not in refusing
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that logs keep: of the reasons, else of the warnings."""
        return tuple(dict.fromkeys(each.code for each in self.reasons or self.warnings))


class Gate:
    """Decides on changes by the same policies. Rules are compiled once a policy; not shared between threads."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self._judges: dict[tuple[str, str, Stamp], Judge] = {}

    @cached_property
    def rules_digest(self) -> str:
        """The digest of engine and rules, as reports and logs carry it."""
        own = sha256(repr([rule for rule in self.policies.rules if rule.folder]).encode()).hexdigest()
        return f"sha256:{sha256(f'{engine_digest()} {own}'.encode()).hexdigest()[:32]}"

    def decide(self, change: Change, today: str, allowance: Allowance | None = None, policy: Policy | None = None) -> Decision:
        """The decision on a change.

        Args:
            change: what is to become of the repository.
            today: the day for which waivers hold (ISO 8601).
            allowance: leave to pass that the repository was given; what would be refused is told as a warning.
            policy: this policy, whichever speaks of the repository.
        """
        started = time.perf_counter()
        policy = policy or self.policies.of(change.kind, change.id, new=change.is_new)
        judge = self._judge(policy, today)
        after = change.after._replace(before=change.before) if policy.compares else change.after
        outcome = judge(after) if has_card(after) else None
        reasons = [*_objections(change), *_missing(change, policy)]
        brought: frozenset[str] = frozenset()
        if outcome is not None:
            old = judge(change.before) if change.before is not None and has_card(change.before) and outcome.findings else None
            brought = _brought(outcome, old)
            reasons += _refusing(outcome.findings if policy.judge == "whole" else _among(outcome.findings, brought), change, policy)
            if outcome.failure and self.policies.on_failure == "refuse":
                reasons.append(undecided(outcome.failure))
        return _decision(change, policy, self._identity(change, policy), reasons, outcome, brought, allowance, started)

    def undecided(self, change: Change, why: str, allowance: Allowance | None = None) -> Decision:
        """The decision where judging failed as a whole (it took too long, its process died): as ``on-failure`` says."""
        policy = self.policies.of(change.kind, change.id, new=change.is_new)
        reasons = [*_objections(change), *_missing(change, policy)]
        if self.policies.on_failure == "refuse":
            reasons.append(undecided(why))
        decided = _decision(change, policy, self._identity(change, policy), reasons, None, frozenset(), allowance, time.perf_counter())
        return replace(decided, failure=why, action="warn" if decided.action == "allow" else decided.action)

    def refused(self, change: Change) -> Decision:
        """The refusal of a change that a front cannot read, for its own reasons; no policy and no allowance lets it pass."""
        policy = self.policies.of(change.kind, change.id, new=change.is_new)
        identity = self._identity(change, policy)
        decided = _decision(change, policy, identity, change.objections, None, frozenset(), None, time.perf_counter())
        return replace(decided, action="refuse")

    def refuses_everywhere(self, card: bytes, kind: Kind, today: str) -> Decision | None:
        """The refusal that a card alone meets under every policy that may speak of it; None where one may let it pass.

        A policy certainly refuses where it refuses whatever the repository held before, and no waiver speaks of the rule.
        """
        entry = Entry(CARD, None, kind=kind, text=card)
        waived = {code for waiver in self.policies.waivers for code in waiver.codes}
        first: Decision | None = None
        for policy in self.policies.possible(kind):
            if policy.mode == "observe" or not (policy.judge == "whole" or policy.new):
                return None
            decided = self.decide(Change(entry), today, policy=policy)
            if decided.verdict != "refuse" or waived.issuperset(reason.code for reason in decided.reasons):
                return None
            first = first or decided
        return first

    def _judge(self, policy: Policy, today: str) -> Judge:
        """The judge of a policy on a day: the one place where rules, silence and the hub's index meet.

        A newer audit is seen at once: its index is another file.
        """
        key = (policy.name, today, _stamp(self.policies.hub))
        if key not in self._judges:
            for old in [each for each in self._judges if each[1:] != key[1:]]:
                del self._judges[old]
            silence = silencing(self.policies.rules, "gate")._replace(waivers=self.policies.waivers, today=today)
            assess = Assess(policy.standards) if policy.standards else None
            self._judges[key] = Judge(Plan(policy.selected, policy.options, silence=silence, hub=self.policies.hub, assess=assess))
        return self._judges[key]

    def _identity(self, change: Change, policy: Policy) -> str:
        """A name for the decision that its inputs give: the same question asked again has the same."""
        states = [_state(each) for each in (change.before, change.after)]
        parts = (change.kind, change.id, change.revision, *states, change.in_parts, change.promised, change.touched, change.objections)
        index = _stamp(self.policies.hub)
        return sha256(f"{parts} {index} {policy.name} {self.policies.digest} {self.rules_digest}".encode("utf-8", "replace")).hexdigest()[
            :16
        ]


def undecided(why: str) -> Reason:
    """The reason where a card could not be judged."""
    return Reason("not-judged", f"this change could not be judged: {why}")


def _stamp(hub: HubSource | None) -> Stamp:
    """What tells an audit's index from an older one: its file's number, size and time of change."""
    if hub is None:
        return None
    try:
        status = (Path(hub.path) / FILE).stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def _state(entry: Entry | None) -> tuple[Any, ...]:
    if entry is None:
        return ()
    return (sha256(entry.text or b"").hexdigest(), has_card(entry), entry.revision, entry.files)


def _objections(change: Change) -> list[Reason]:
    """What is refused whatever the card says: a card that cannot be read, and files that somebody may take for the card."""
    found = list(change.objections)
    text = change.after.text
    if text is not None and len(text) <= MAX_POINTER and read_pointer(text) is not None:
        found.append(card_in_lfs("a pointer to a large file"))
    there = {file.path for file in change.before.files or ()} if change.before is not None else set()
    for path in change.touched:
        if path not in there and resembles_card(path):
            found.append(Reason("card-misspelt", f"{path[:80]!r} looks like the card and is none", help=f"name it {CARD}"))
    return found


def _missing(change: Change, policy: Policy) -> list[Reason]:
    """Whether the card is missing where it must not be."""
    if has_card(change.after) or any(reason.code.startswith("card-") for reason in change.objections):
        return []
    repo = change.id or "the repository"
    empty = change.after.text is not None
    if has_card(change.before):
        does = f"empties the card ({CARD}) of" if empty else f"takes the card ({CARD}) away from"
        return [Reason(MISSING, f"this change {does} {repo}", help=f"leave {CARD} in place")]
    if policy.missing_card == "deny" or (policy.missing_card == "first-commit" and not _has_files(change.before)):
        brings = "an empty one" if empty else "none"
        message = f"{repo} has no card ({CARD}), and this change brings {brings}"
        return [Reason(MISSING, message, help=f"push {CARD} first, or with these files")]
    return []


def _has_files(entry: Entry | None) -> bool:
    """Whether a repository held files; a listing that is not known counts as some."""
    if entry is None:
        return False
    return entry.files is None or any(file.path not in _MORE_THAN_A_CARD for file in entry.files)


def _brought(outcome: Outcome, old: Outcome | None) -> frozenset[str]:
    """The fingerprints of the findings that a change brings. Of a rule that had more than are kept, none is known to be new."""
    if old is None:
        return frozenset(each.fingerprint for each in outcome.findings)
    before = (*old.findings, *old.suppressed)
    known = {each.fingerprint for each in before}
    counts: dict[str, int] = {}
    for each in before:
        counts[each.code] = counts.get(each.code, 0) + 1
    return frozenset(
        each.fingerprint for each in outcome.findings if each.fingerprint not in known and counts.get(each.code, 0) < MOST_FINDINGS
    )


def _among(findings: Iterable[Finding], fingerprints: frozenset[str]) -> list[Finding]:
    return [each for each in findings if each.fingerprint in fingerprints]


def _refusing(findings: Iterable[Finding], change: Change, policy: Policy) -> list[Reason]:
    """The findings that refuse. While files are still to come, what rules say of files does not."""
    if policy.refuse_at == "nothing":
        return []
    counted = SEVERITIES[: SEVERITIES.index(policy.refuse_at) + 1]
    of_files = {selected.rule.code for selected in policy.selected if selected.rule.scope == "repo"} if change.in_parts else frozenset()
    return [
        Reason(each.code, each.message, each.span.line, each.help)
        for each in findings
        if each.severity in counted and each.code not in of_files
    ]


def _decision(
    change: Change,
    policy: Policy,
    identity: str,
    reasons: Sequence[Reason],
    outcome: Outcome | None,
    brought: frozenset[str],
    allowance: Allowance | None,
    started: float,
) -> Decision:
    decided = Decision(
        identity,
        "allow",
        "allow",
        change.id,
        change.kind,
        change.revision,
        policy.name,
        policy.mode,
        tuple(reasons),
        outcome.findings if outcome else (),
        brought,
        outcome.not_checked if outcome else {},
        outcome.sha256 if outcome else None,
        allowance,
        outcome.failure if outcome else None,
    )
    verdict: Action = "refuse" if reasons else "warn" if decided.warnings or decided.failure else "allow"
    lenient = policy.mode == "observe" or allowance is not None
    action: Action = "warn" if verdict == "refuse" and lenient else verdict
    return replace(decided, verdict=verdict, action=action, took=time.perf_counter() - started)
