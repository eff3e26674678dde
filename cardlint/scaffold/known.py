"""What a repository says of itself: metadata, rows of facts, results; each with the file that told it, and what nobody told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardlint.data import vocabulary
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.model import Kind

Value = str | tuple[str, ...]

_LONGEST = 1_000


class Row(NamedTuple):
    """A line of the card's list of facts; ``open`` tells that its text is a question."""

    label: str
    text: str
    open: bool = False


class Question(NamedTuple):
    """A heading, the sections of the facts that it answers, and the question that is asked under it."""

    sections: tuple[str, ...]
    heading: str
    text: str


@dataclass(slots=True)
class Known:
    """All that is known of a repository while its files are read.

    ``metadata`` holds keys in their order; ``told`` says of each thing in words where it comes from.
    """

    kind: Kind
    name: str
    id: str | None = None
    metadata: dict[str, Value] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    training: list[str] = field(default_factory=list)
    results: list[tuple[str, str]] = field(default_factory=list)
    snippet: str | None = None
    told: list[str] = field(default_factory=list)

    def say(self, key: str, value: Value, source: str) -> None:
        """Note a value of the metadata."""
        self.metadata[key] = plain(value) if isinstance(value, str) else tuple(plain(item) for item in value)
        shown = value if isinstance(value, str) else ", ".join(value)
        self.told.append(plain(f"{key} {shown} ({source})"))

    def row(self, label: str, text: str, source: str | None = None) -> None:
        """Note a fact; without a source, one that was told of with the metadata."""
        self.rows.append(Row(plain(label), plain(text)))
        if source is not None:
            self.told.append(plain(f"{label.lower()} {text} ({source})"))

    def ask(self, name: str, **words: str) -> None:
        """Note a fact that no file tells, as a question."""
        self.rows.append(question_row(name, **words))


def plain(text: str) -> str:
    """What a file says, on one line of the card: no line ends, control characters or halves of characters, and not endless."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:_LONGEST]


def question_row(name: str, **words: str) -> Row:
    """The row of the vocabulary's question on a single fact."""
    asked = vocabulary("questions")
    label, text = asked["rows"][name]
    return Row(label, f"{asked['mark']} {text.format(**{name: plain(said) for name, said in words.items()})}", open=True)


def questions(kind: Kind) -> tuple[Question, ...]:
    """The questions of a kind of card, in the order of their sections."""
    return tuple(Question(tuple(names), heading, text) for names, heading, text in vocabulary("questions")["sections"][kind])


def mark() -> str:
    """How an open question begins."""
    found: str = vocabulary("questions")["mark"]
    return found
