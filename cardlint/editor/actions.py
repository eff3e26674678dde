"""What the editor offers to do about findings: mend one, mend all that is safe, silence one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from cardlint.editor.bench import difference, shifted
from cardlint.editor.diagnostics import diagnostics
from cardlint.fixes.apply import Change, changes_of, line_end_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cardlint.editor.bench import Judged
    from cardlint.editor.positions import Positions
    from cardlint.model import Finding

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.cardlint"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)
MOST_SILENCED = 5
"""Findings at one place for which a comment is tried out."""


class Case:
    """A document as it was judged, and how its edits are sent."""

    def __init__(
        self, judged: Judged, positions: Positions, uri: str, write: Callable[[list[types.TextEdit]], types.WorkspaceEdit]
    ) -> None:
        self.positions = positions
        self.write = write
        self.findings: tuple[Finding, ...] = judged.outcome.findings if judged.outcome else ()
        self.diagnostics = diagnostics(judged, positions, uri)

    def under(self, place: types.Range) -> list[int]:
        """The indices of the findings that a range touches."""
        begin, end = self.positions.offset(place.start), self.positions.offset(place.end)
        found = []
        for index, finding in enumerate(self.findings):
            span = finding.span
            first, last = self.positions.of_card(span.line, span.column), self.positions.of_card(span.end_line, span.end_column)
            if first <= end and begin <= last:
                found.append(index)
        return found

    def fixes(self, indices: Sequence[int]) -> list[types.CodeAction]:
        """A quick fix for each finding that has an edit; a safe one is preferred."""
        actions = []
        for index in indices:
            fix = self.findings[index].fix
            if fix is None or fix.safety == "display":
                continue
            changes = [shifted(self.positions.text, each) for each in self._changes(self.findings[index])]
            if fix.strips_bom and self.positions.bom:
                changes.append(Change(0, 1, ""))
            word = "" if fix.safety == "safe" else " (may change what the card says)"
            title = f"{self.findings[index].code}: {_told(changes, self.positions.text)}{word}"
            actions.append(self._action(index, title, changes, preferred=fix.safety == "safe"))
        return actions

    def silencers(self, indices: Sequence[int], changes: Sequence[Change | None]) -> list[types.CodeAction]:
        """The action that silences each finding by a comment, where there is a place for one."""
        actions = []
        for index, change in zip(indices, changes, strict=True):
            if change is not None:
                title = f"{self.findings[index].code}: silence by a comment; give the reason in it"
                actions.append(self._action(index, title, [shifted(self.positions.text, change)]))
        return actions

    def fix_all(self, mended: str | None) -> list[types.CodeAction]:
        """The action that leaves the text as ``check --fix`` would; none where nothing changes."""
        if mended is None:
            return []
        start, end, text = difference(self.positions.text, mended)
        edit = types.TextEdit(self.positions.range(start, end), text)
        return [types.CodeAction("cardlint: mend all that is safe to mend", FIX_ALL, edit=self.write([edit]))]

    def _changes(self, finding: Finding) -> Sequence[Change]:
        text = self.positions.text.removeprefix("\ufeff")
        return changes_of(finding.fix, self.positions.card_lines, line_end_of(text)) if finding.fix else ()

    def _action(self, index: int, title: str, changes: Sequence[Change], *, preferred: bool = False) -> types.CodeAction:
        edits = [types.TextEdit(self.positions.range(each.start, each.end), each.text) for each in sorted(changes)]
        return types.CodeAction(
            title,
            types.CodeActionKind.QuickFix,
            diagnostics=[self.diagnostics[index]],
            is_preferred=True if preferred else None,
            edit=self.write(edits),
        )


def _told(changes: Sequence[Change], text: str) -> str:
    """What changes do, in a few words."""
    if len(changes) == 1:
        old, new = text[changes[0].start : changes[0].end].strip(), changes[0].text.strip()
        if len(old) <= 40 and len(new) <= 40 and "\n" not in old + new:
            if old and new:
                return f"replace “{old}” with “{new}”"
            if old or new:
                return f"remove “{old}”" if old else f"insert “{new}”"
    return "mend"
