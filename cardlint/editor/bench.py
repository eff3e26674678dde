"""Where documents are judged and mended: in a process of its own, so that no card can keep the editor waiting.

Nothing here knows the protocol. What goes in and out can be pickled.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.card.lines import Lines
from cardlint.editor import silencing
from cardlint.editor.place import Document, Listings, entry_of
from cardlint.editor.symbols import Symbol, symbols
from cardlint.engine.batch import Judge, Plan
from cardlint.fixes.run import mend
from cardlint.model import CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.fixes.apply import Change
    from cardlint.model import Finding, Kind, Outcome
    from cardlint.sources.entry import Entry

_MOST_PROJECTS = 8


class Project(NamedTuple):
    """What the configuration of a folder asks for. ``folder``: where its paths start from; None without a configuration."""

    plan: Plan
    exclude: tuple[str, ...]
    folder: Path | None


class Judged(NamedTuple):
    """What was found in a document. ``outcome`` is None for one that is no card, is excluded, or whose configuration is wrong.

    ``complaint`` says what is wrong there; ``pages`` has the file that explains each rule found, by code.
    """

    outcome: Outcome | None
    kind: Kind = "model"
    symbols: tuple[Symbol, ...] = ()
    pages: dict[str, str] = {}  # noqa: RUF012  # never changed
    complaint: str | None = None


class Bench:
    """Judges documents; ``project_of`` reads the configuration that holds for a folder and raises CardlintError where it is wrong."""

    def __init__(self, project_of: Callable[[Path], Project]) -> None:
        self.project_of = project_of
        self.listings = Listings()
        self._judges: dict[Path, Judge] = {}

    def judge(self, document: Document) -> Judged:
        """The findings and sections of a document."""
        try:
            entry, judge = self._open(document)
        except CardlintError as error:
            return Judged(None, complaint=str(error))
        if entry is None:
            return Judged(None)
        outcome, found = judge.with_facts(entry, lambda subject: symbols(subject.card))
        pages = {each.code: page for each in outcome.findings if (page := self._page(each, judge)) is not None}
        return Judged(outcome, outcome.kind, found or (), pages)

    def mend(self, document: Document) -> str | None:
        """The text of a document after all its safe fixes, as ``check --fix`` would write it; None where nothing changes."""
        entry, judge = self._open(document)
        if entry is None or entry.text is None:
            return None
        done = mend(entry.text, lambda text: judge(entry._replace(text=text)))
        return done.data.decode("utf-8") if done.data != entry.text else None

    def silence(self, document: Document, findings: tuple[Finding, ...]) -> list[Change | None]:
        """For each finding the comment that silences it and nothing else, None where there is no place for one."""
        entry, judge = self._open(document)
        if entry is None:
            return [None] * len(findings)
        return [silencing.comment(entry, each, judge) for each in findings]

    def forget(self) -> None:
        """List files anew, for some are known to have changed."""
        self.listings.forget()

    def _open(self, document: Document) -> tuple[Entry | None, Judge]:
        folder = document.path.parent if document.path else next(iter(document.roots), Path())
        project = self.project_of(folder)
        start = project.folder or next((root for root in document.roots if folder.is_relative_to(root)), None)
        entry = entry_of(document, self.listings, start)
        if entry is not None and entry.is_any_of(project.exclude):
            entry = None
        judge = self._judges.get(folder)
        if judge is None or judge.plan != project.plan:
            if len(self._judges) >= _MOST_PROJECTS:
                self._judges.clear()
            judge = next((each for each in self._judges.values() if each.plan == project.plan), None) or Judge(project.plan)
            self._judges[folder] = judge
        return entry, judge

    def _page(self, finding: Finding, judge: Judge) -> str | None:
        """The file that explains a rule: its page in a checkout, else its rule file; None where it stands in no folder."""
        rule = next((each.rule for each in judge.plan.selected if each.rule.code == finding.code), None)
        if rule is None:
            return None
        if rule.folder:
            return str(Path(rule.folder).absolute())
        rules = data.folder("rules")
        if not isinstance(rules, Path):
            return None
        page = rules.parent / "docs" / "rules" / f"{rule.code}.md"
        file = page if page.is_file() else rules / rule.family / f"{rule.code}-{rule.name}.yaml"
        return str(file.resolve()) if file.is_file() else None


def shifted(text: str, change: Change) -> Change:
    """A change of a card as a change of its document, in which a byte order mark counts."""
    return change._replace(start=change.start + 1, end=change.end + 1) if text.startswith("\ufeff") else change


def difference(before: str, after: str) -> tuple[int, int, str]:
    """The one change that makes a text into another: where it starts and ends, whole lines, and what stands there then."""
    start = 0
    old, new = Lines(before).starts, Lines(after).starts
    for mine, other in zip(old, new, strict=False):
        if before[start:mine] != after[start:other]:
            break
        start = mine
    end = 0
    longest = min(len(before), len(after)) - start
    for mine in reversed(old):
        tail = len(before) - mine
        if tail > longest or before[mine : len(before) - end] != after[len(after) - tail : len(after) - end]:
            break
        end = tail
    return start, len(before) - end, after[start : len(after) - end]
