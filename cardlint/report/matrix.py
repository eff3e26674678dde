"""The matrix of controls of one card, as records and as lines of text, Markdown and HTML."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TextIO

from cardlint.engine.place import clean
from cardlint.model import CONTROL_STATES
from cardlint.report.plain import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cardlint.model import ControlResult, Evidence, Outcome
    from cardlint.report.records import RunInfo, Tally
    from cardlint.standards.standard import Head

_WORDS = {"met": "met", "not-met": "not met", "not-checked": "not checked", "manual": "manual", "not-applicable": "not applicable"}
_MAPS_TO = {**_WORDS, "met": "evidence", "not-met": "no evidence"}
"""Words for a standard that a card bears on and cannot meet."""
_MOST_PLACES = 3


def word(state: str, claim: str = "meets") -> str:
    """What a state is called where people read it."""
    return (_MAPS_TO if claim == "maps-to" else _WORDS)[state]


def control_records(results: Iterable[ControlResult]) -> list[dict[str, Any]]:
    """The results of one card by standard, in the order of the standards, with their counts."""
    found: dict[str, list[ControlResult]] = {}
    for each in results:
        found.setdefault(each.standard, []).append(each)
    return [
        {
            "standard": name,
            "counts": counts(own),
            "controls": [
                {
                    "id": each.control,
                    "clause": each.clause,
                    "state": each.state,
                    "reason": each.reason,
                    "evidence": [_place(place) for place in each.evidence],
                }
                for each in own
            ],
        }
        for name, own in found.items()
    ]


def counts(results: Iterable[ControlResult]) -> dict[str, int]:
    """How many controls have each state; every state is there."""
    found = Counter(each.state for each in results)
    return {state: found[state] for state in CONTROL_STATES}


def text_lines(outcome: Outcome, standards: Sequence[Head]) -> Iterator[str]:
    """The matrix for a terminal: a standard's counts, then a line a control."""
    for standard, own in _by_standard(outcome, standards):
        yield f"{standard.id}: {clean(outcome.input)}: {_summary(own, standard)}"
        width = max(len(each.control) for each in own)
        wide = min(72, max(len(each.clause) for each in own))
        for each in own:
            state = word(each.state, standard.claim)
            yield f"  {state:14} {each.control:{width}}  {each.clause:{wide}}  {_told(each)}".rstrip()
        yield ""


def markdown_lines(outcome: Outcome, standards: Sequence[Head]) -> Iterator[str]:
    """The matrix as a table of Markdown a standard; what a card says is escaped."""
    from cardlint.report.markdown import escape

    for standard, own in _by_standard(outcome, standards):
        yield f"#### {escape(standard.title)}"
        yield ""
        yield f"{_summary(own, standard)}. Source: {escape(standard.source)}"
        yield ""
        yield "| control | clause | state | evidence or reason |"
        yield "|---|---|---|---|"
        for each in own:
            cells = (each.control, each.clause, word(each.state, standard.claim), _told(each))
            yield f"| {' | '.join(map(escape, cells))} |"
        yield ""


def html_lines(outcome: Outcome, standards: Sequence[Head]) -> Iterator[str]:
    """The matrix as a table of HTML a standard; everything is escaped."""
    from html import escape as html_escape

    for standard, own in _by_standard(outcome, standards):
        yield f"<h3>{html_escape(standard.title)}</h3>"
        yield f"<p>{html_escape(_summary(own, standard))}. Source: {html_escape(standard.source)}</p>"
        yield "<table><thead><tr><th>control</th><th>clause</th><th>state</th><th>evidence or reason</th></tr></thead><tbody>"
        for each in own:
            cells = (each.control, each.clause, word(each.state, standard.claim), _told(each))
            yield "<tr>" + "".join(f"<td>{html_escape(cell)}</td>" for cell in cells) + "</tr>"
        yield "</tbody></table>"


def _by_standard(outcome: Outcome, standards: Sequence[Head]) -> Iterator[tuple[Head, list[ControlResult]]]:
    for standard in standards:
        own = [each for each in outcome.controls if each.standard == standard.id]
        if own:
            yield standard, own


def _summary(results: Sequence[ControlResult], standard: Head) -> str:
    parts = [f"{count} {word(state, standard.claim)}" for state, count in counts(results).items() if count]
    return f"{', '.join(parts)} of {len(results)} controls"


def _told(result: ControlResult) -> str:
    """Where the evidence stands, and why a control is not simply met."""
    places = ", ".join(dict.fromkeys(shown(each) for each in result.evidence[:_MOST_PLACES] if each.path))
    if result.state == "met":
        return places
    if result.state == "manual" and places:
        return f"{result.reason} (see {places})"
    return result.reason


def shown(place: Evidence) -> str:
    """A place of evidence: file and lines."""
    if place.lines is None:
        return clean(place.path)
    first, last = place.lines
    return f"{clean(place.path)}:{first}" + (f"-{last}" if last > first else "")


def _place(place: Evidence) -> dict[str, Any]:
    return {"path": place.path, "lines": list(place.lines) if place.lines else None, "at": place.at}


class MatrixWriter:
    """The matrices of all cards and their sum, without the findings."""

    shows_text = False

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self._standards: tuple[Head, ...] = ()
        self._sum: dict[str, list[ControlResult]] = {}

    def start(self, info: RunInfo) -> None:
        """Remember the standards."""
        self._standards = info.standards

    def card(self, outcome: Outcome, text: str | None) -> None:  # noqa: ARG002  # the protocol's shape
        """Write one card's matrix."""
        if outcome.failure:
            self.out.write(f"{clean(outcome.input)}: cardlint failed on this card: {clean(outcome.failure)}\n")
        self.out.writelines(f"{line}\n" for line in text_lines(outcome, self._standards))
        for each in outcome.controls:
            self._sum.setdefault(each.standard, []).append(each)

    def end(self, tally: Tally) -> None:
        """Write the sum."""
        for standard in self._standards:
            cards = counted(tally.cards, "card")
            self.out.write(f"{standard.id}, {cards}: {_summary(self._sum.get(standard.id, []), standard)}\n")
