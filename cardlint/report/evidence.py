"""A run's evidence: what was judged by what, by hash, and what came of it, so that another can repeat it and compare the bytes.

The same inputs, rules, standards and engine give the same bytes; nothing of the machine and no time is in it.
"""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cardlint import __version__
from cardlint.model import CONTROL_STATES, SEVERITIES
from cardlint.repo.repo import MAX_TEXT, Repo
from cardlint.report.matrix import counts

if TYPE_CHECKING:
    from cardlint.engine.batch import Plan
    from cardlint.model import ControlResult, Outcome
    from cardlint.report.records import RunInfo
    from cardlint.sources.entry import Entry

VERSION = 1


class Manifest:
    """Grows while the outcomes go by."""

    def __init__(self, info: RunInfo, plan: Plan, signed_off_by: str | None = None) -> None:
        self._head = {
            "version": VERSION,
            "tool": {"name": "cardlint", "version": __version__, "engine": info.engine},
            "profile": info.profile,
            "rules": {"count": len(plan.selected), "sha256": rules_digest(plan)},
            "standards": [each._asdict() for each in info.standards],
            "signed_off_by": signed_off_by,
        }
        self._cards: list[dict[str, Any]] = []
        self._controls: dict[str, Counter[str]] = {each.id: Counter() for each in info.standards}
        self._not_checked: Counter[str] = Counter()

    def add(self, entry: Entry, outcome: Outcome) -> None:
        """Take one card, by its hash and those of the files that gave evidence."""
        by_standard: dict[str, list[ControlResult]] = {}
        for each in outcome.controls:
            by_standard.setdefault(each.standard, []).append(each)
            self._controls[each.standard][each.state] += 1
        not_checked = {reason: len(codes) for reason, codes in sorted(outcome.not_checked.items())}
        self._not_checked.update(not_checked)
        self._cards.append(
            {
                "input": outcome.input,
                "repo": outcome.repo,
                "kind": outcome.kind,
                "path": outcome.path,
                "sha256": outcome.sha256,
                **_files(entry, outcome),
                "failure": outcome.failure,
                "findings": {severity: sum(each.severity == severity for each in outcome.findings) for severity in SEVERITIES},
                "standards": {
                    name: {"counts": counts(own), "controls": {each.control: _result(each) for each in own}}
                    for name, own in by_standard.items()
                },
                "rules_not_checked": not_checked,
            }
        )

    def render(self) -> str:
        """The manifest's text; ``sha256`` at its end is of all that stands before, as JSON with sorted keys and no blanks."""
        value = {
            **self._head,
            "cards": self._cards,
            "summary": {
                "cards": len(self._cards),
                "failed": sum(each["failure"] is not None for each in self._cards),
                "controls": {name: {state: found[state] for state in CONTROL_STATES} for name, found in self._controls.items()},
                "rules_not_checked": dict(sorted(self._not_checked.items())),
            },
        }
        return json.dumps({**value, "sha256": _digest(value)}, ensure_ascii=False, indent=1) + "\n"


def rules_digest(plan: Plan) -> str:
    """The hash of the rules that ran: their definitions, severities and options."""
    rules = []
    for rule, severity in plan.selected:
        definition = rule._asdict()
        del definition["folder"]
        rules.append([definition, severity])
    return _digest([rules, plan.options])


def _result(result: ControlResult) -> dict[str, Any]:
    lines = [[place.path, *(place.lines or ())] for place in result.evidence]
    return {"state": result.state, **({"reason": result.reason} if result.reason else {}), **({"evidence": lines} if lines else {})}


def _files(entry: Entry, outcome: Outcome) -> dict[str, Any]:
    """The listing's hash, and those of the files that gave evidence; null where only the card was given.

    The listing is hashed as a line a file: path, size and, where the listing has it, SHA-256, parted by NUL.
    """
    if entry.files is None:
        return {"files": None, "evidence": {}}
    repo = Repo(entry.files, entry.root, entry.contents)
    listing = "".join(f"{file.path}\0{file.size}\0{file.sha256 or ''}\n" for file in sorted(entry.files, key=lambda file: file.path))
    paths = sorted({place.path for each in outcome.controls for place in each.evidence} & repo.names - {outcome.path})
    return {
        "files": {"count": len(entry.files), "sha256": sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()},
        "evidence": {path: _hash(repo, path) for path in paths},
    }


def _hash(repo: Repo, path: str) -> str | None:
    """A file's SHA-256: as listed, else of its content where that is small enough to be read; else null."""
    listed = repo.sha256(path)
    size = repo.size(path)
    if listed or size is None or size > MAX_TEXT:
        return listed
    data = repo.read(path)
    return None if data is None else sha256(data).hexdigest()


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
