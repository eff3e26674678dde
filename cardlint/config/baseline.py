"""A baseline: the findings that were there when checking began, by fingerprints that know no line. One reason a file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.model import KINDS, CardlintError, Suppressed
from cardlint.textfile import read_text
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cardlint.model import Outcome
    from cardlint.sources.entry import Entry as Card

VERSION = 1
_WANTED = ("card", "fingerprint", "code", "message")


class Entry(NamedTuple):
    """One finding: its card (repository id, or path from the baseline's folder), fingerprint, and words for people.

    ``path`` is where a card lies that is known by its id.
    """

    card: str
    fingerprint: str
    code: str
    message: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The content of a baseline file; ``folder`` is the absolute folder that its paths start from."""

    folder: str
    reason: str
    entries: tuple[Entry, ...] = ()
    _by_card: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _lying: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the fingerprints by card."""
        by_card: dict[str, set[str]] = {}
        for entry in self.entries:
            by_card.setdefault(entry.card, set()).add(entry.fingerprint)
        self._by_card.update((card, frozenset(each)) for card, each in by_card.items())
        self._lying.update((entry.path, entry.card) for entry in self.entries if entry.path)

    @property
    def suppressed(self) -> Suppressed:
        """What reports say of a finding that it keeps silent."""
        return Suppressed("baseline", self.reason)

    def without_card(self) -> list[Entry]:
        """The entries whose card is told by its path and is no longer there."""
        return [each for each in self.entries if each.card.endswith(".md") and not Path(self.folder, each.card).exists()]

    def named(self, entry: Card) -> Card:
        """The card with the id under which it is known here, where a run over a part does not know it, or only its end."""
        known = self._lying.get(_path_of(entry.input, self.folder)) if self._lying else None
        if known is None or not (entry.id is None or known.endswith(f"/{entry.id}")):
            return entry
        kind = next((each for each in KINDS if each != "model" and known.startswith(f"{each}s/")), None)
        return entry._replace(id=known.partition("/")[2] if kind else known, kind=entry.kind or kind)

    def of(self, outcome: Outcome) -> frozenset[str]:
        """The fingerprints that it holds of a card."""
        return self._by_card.get(card_of(outcome, self.folder), frozenset())


@dataclass(slots=True)
class Stale:
    """Finds entries whose finding is gone, while the outcomes go by; what did not run or was not judged is left alone."""

    baseline: Baseline
    codes: frozenset[str]
    judged: dict[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Remember what a card was found to have, and what could not be decided on it."""
        if outcome.failure is None and (known := self.baseline.of(outcome)):
            have = frozenset(each.fingerprint for each in (*outcome.findings, *outcome.suppressed))
            missed = frozenset(code for codes in outcome.not_checked.values() for code in codes)
            self.judged[card_of(outcome, self.baseline.folder)] = (have & known, missed)

    def entries(self) -> list[Entry]:
        """The entries whose findings are gone."""
        found = []
        for entry in self.baseline.entries:
            have, missed = self.judged.get(entry.card, (None, frozenset()))
            if have is not None and entry.fingerprint not in have and entry.code in self.codes - missed:
                found.append(entry)
        return found


def card_of(outcome: Outcome, folder: str) -> str:
    """What a baseline calls a card: its repository's id, else its path from the baseline's folder."""
    if outcome.repo is not None:
        return outcome.repo if outcome.kind == "model" else f"{outcome.kind}s/{outcome.repo}"
    return _path_of(outcome.input, folder)


def _path_of(name: str, folder: str) -> str:
    path = Path(name).absolute()
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def entries_of(outcomes: Iterable[Outcome], folder: str) -> list[Entry]:
    """The findings of outcomes as entries, in an order that depends on nothing but them."""
    found: set[Entry] = set()
    for outcome in outcomes:
        card = card_of(outcome, folder)
        path = _path_of(outcome.input, folder) if outcome.repo is not None and Path(outcome.input).exists() else ""
        found.update(Entry(card, each.fingerprint, each.code, each.message, path) for each in outcome.findings)
    return sorted(found)


def render(reason: str, entries: Iterable[Entry]) -> str:
    """The text of a baseline file: one entry a line, so that a change shows in a diff."""
    lines = ",\n".join(f"  {json.dumps(_written(entry), ensure_ascii=False)}" for entry in sorted(entries))
    return f'{{\n "version": {VERSION},\n "reason": {json.dumps(reason, ensure_ascii=False)},\n "findings": [\n{lines}\n ]\n}}\n'


def _written(entry: Entry) -> dict[str, str]:
    return {key: value for key, value in entry._asdict().items() if key != "path" or value}


def read_baseline(path: Path) -> Baseline:
    """The baseline of a file. Raises CardlintError where it is none."""
    try:
        data: Any = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise CardlintError(f"{path}: not JSON: {error}") from None
    if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(data.get("findings"), list):
        raise CardlintError(f"{path}: no baseline; 'cardlint baseline create' makes one")
    reason = data.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise CardlintError(f"{path}: a baseline gives its reason")
    entries = []
    for number, each in enumerate(data["findings"], 1):
        if not isinstance(each, dict) or any(not isinstance(each.get(key), str) for key in _WANTED):
            raise CardlintError(f"{path}: finding {number}: {', '.join(_WANTED)} are wanted, each a text")
        entries.append(Entry._make([*(each[key] for key in _WANTED), str(each.get("path", ""))]))
    return Baseline(str(path.absolute().parent), reason, tuple(entries))
