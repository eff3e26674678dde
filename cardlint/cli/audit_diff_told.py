"""What changed between two audits, for people: as text for a terminal, as Markdown for a pull request's comment or a step summary."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cardlint.model import SEVERITIES
from cardlint.report.markdown import escape, table
from cardlint.report.plain import counted
from cardlint.report.tabular import cell, text_table
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.audit.diff import Diff

_FOUND = ("", "rule", "repository", "line", "finding")


class _Table(NamedTuple):
    """Rows under a head; the title is empty for what needs none in a text."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    bounded: bool = True


def as_text(found: Diff, limit: int) -> str:
    """Counts with their reasons, then rules, licence drift and sections; at most ``limit`` rows of each (0: all)."""
    repos = found.repos()
    counts, reasons = _counted(found)
    out = [f"repositories: {repos['both']:,} in both, {repos['new']:,} new, {repos['gone']:,} gone\n"]
    out.append(f"findings: {counts['new']:,} new, {counts['fixed']:,} fixed, {counts['persisting']:,} persisting\n")
    out += [f"  {number:,} of the {state}: {because}\n" for (state, because), number in reasons]
    for each in _tables(found):
        title = f"{each.title}\n" if each.title != "rules" else ""
        out += ["\n", title, text_table(each.columns, each.rows, limit if each.bounded else 0)]
    return "".join(out)


def as_markdown(found: Diff, limit: int) -> str:
    """The same with the new findings told one by one, the most severe first, and the fixed ones folded. What cards say is escaped."""
    repos = found.repos()
    counts, reasons = _counted(found)
    severe = found.new_by_severity()
    brought = ", ".join(counted(severe[each], each) for each in SEVERITIES if severe[each])
    told = f"**{counts['new']:,}** new finding{'s' if counts['new'] != 1 else ''}{f' ({brought} brought by cards)' if brought else ''}"
    out = ["## cardlint: what changed", ""]
    out.append(f"{told}, **{counts['fixed']:,}** fixed, {counts['persisting']:,} persisting.")
    out += [f"Repositories: {repos['both']:,} in both audits, {repos['new']:,} new, {repos['gone']:,} gone.", ""]
    out += [f"- {number:,} of the {state}: {because}" for (state, because), number in reasons]
    for state, folded in (("new", False), ("fixed", True)):
        if counts[state]:
            rows = [(each.severity, f"{each.code} {each.name}", each.repo, each.line, each.message) for each in found.worst(state, limit)]
            out += _part(f"{state.capitalize()} findings", table(_FOUND, rows, counts[state]), folded=folded)
    for each in _tables(found):
        shown = each.rows[:limit] if limit and each.bounded else each.rows
        cells = [[cell(value) if isinstance(value, list) else value for value in row] for row in shown]
        out += _part(each.title.capitalize(), table(each.columns, cells, len(each.rows)), folded=True)
    return "\n".join(out) + "\n"


def _part(title: str, lines: list[str], *, folded: bool) -> list[str]:
    if folded:
        return ["", f"<details><summary>{escape(title)}</summary>", "", *lines, "", "</details>"]
    return ["", f"### {escape(title)}", "", *lines]


def _counted(found: Diff) -> tuple[Counter[str], list[tuple[tuple[str, str], int]]]:
    """Findings by state, and by state and reason."""
    counts, reasons = Counter[str](), Counter[tuple[str, str]]()
    for row in found.counts():
        counts[row["state"]] += row["findings"]
        if row["because"]:
            reasons[row["state"], row["because"]] += row["findings"]
    return counts, sorted(reasons.items())


def _tables(found: Diff) -> Iterator[_Table]:
    """The tables that both forms show."""
    if rules := found.rules():
        yield _Table("rules", ("rule", "name", "new", "fixed", "persisting"), [tuple(row.values()) for row in rules])
    if drift := found.licenses():
        title = f"licence drift: {len(drift):,} repositor{'y' if len(drift) == 1 else 'ies'}"
        rows = [(each.id or each.input, each.kind, each.before or "-", each.after or "-", each.effect) for each in drift]
        yield _Table(title, ("repository", "kind", "before", "after", "effect"), rows)
    changed = [
        (row["kind"], row["section"], _share(row, "before"), _share(row, "after"), row["gained"], row["lost"])
        for row in found.sections()
        if row["gained"] or row["lost"] or _share(row, "before") != _share(row, "after")
    ]
    if changed:
        yield _Table("sections documented", ("kind", "section", "before", "after", "gained", "lost"), changed, bounded=False)


def _share(row: dict[str, Any], side: str) -> str:
    repos = row[f"repos_{side}"]
    return f"{row[f'documented_{side}'] / repos:.1%}" if repos else "-"
