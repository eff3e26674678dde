"""A card's text, from what is known and the sections that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.scaffold.known import Known, Question, Row, mark, question_row, questions
from cardlint.scaffold.yaml import lines_of

if TYPE_CHECKING:
    from collections.abc import Collection

_TRAINING = "training_procedure"
_RESULTS = "evaluation_results"
_USAGE = "how_to_use"
_NOTHING = "# Answers that belong into the metadata go here, a key a line."
_DETAILS = {"model": "Model details", "dataset": "Files", "space": "Details"}
_AUTHORS = frozenset({"contact_authors", "contact"})
_LICENSE = "license"


def render(known: Known, asked: Collection[str] = ()) -> str:
    """The whole card; ``asked`` are the sections, by their names in the facts, that it must answer."""
    head = lines_of(known.metadata) or [_NOTHING]
    return "\n".join(["---", *head, "---", "", body(known, asked)])


def body(known: Known, asked: Collection[str] = ()) -> str:
    """The text below the front matter: title, rows of facts, sections with what is known or a question."""
    parts = [f"# {known.name}"]
    for question in questions(known.kind):
        if not question.heading:
            parts.append(f"{mark()} {question.text}")
            if known.rows:
                parts += [f"## {_DETAILS[known.kind]}", "\n".join(_line(row) for row in known.rows)]
            continue
        content = _content(known, question, asked)
        if content:
            parts += [f"## {question.heading}", *content]
    return "\n\n".join(parts) + "\n"


def open_questions(known: Known, asked: Collection[str]) -> int:
    """How many questions the card leaves open."""
    return body(known, asked).count(mark())


def _content(known: Known, question: Question, asked: Collection[str]) -> list[str]:
    """What stands under a heading; nothing where it is not asked for and nothing is known."""
    found: list[str] = []
    if _USAGE in question.sections and known.snippet:
        return [f"```python\n{known.snippet}\n```"]
    if _RESULTS in question.sections and known.results:
        table = ["| Metric | Value |", "|---|---|", *(f"| {name} | {value} |" for name, value in known.results)]
        return [_line(question_row("measured")), "\n".join(table)]
    if _TRAINING in question.sections and known.training:
        found.append("\n".join(f"- {said}" for said in known.training))
    covered = (_LICENSE in question.sections and _has(known, "License")) or (
        not _AUTHORS.isdisjoint(question.sections) and _has(known, "Developed by")
    )
    if not set(asked).isdisjoint(question.sections) and not covered:
        found.append(f"{mark()} {question.text}")
    return found


def _has(known: Known, label: str) -> bool:
    return any(row.label == label for row in known.rows)


def _line(row: Row) -> str:
    return f"- **{row.label}:** {row.text}"
