"""A card: a README.md read from its text alone, each part built when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from cardlint.card.decode import Decoded, decode, without_surrogates
from cardlint.card.frontmatter import FrontMatter, read_front_matter
from cardlint.card.lines import Lines
from cardlint.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.card.claims import Claims
    from cardlint.card.outline import Outline
    from cardlint.card.sections import Answers, Placeholder, Section
    from cardlint.model import Kind, Placed, Span

T = TypeVar("T")


class Card:
    """The text of a card and what stands in it.

    ``text`` has no byte order mark and no lone surrogate; every offset and span speaks of it.
    ``decoded`` tells what was odd about the bytes.
    """

    def __init__(self, decoded: Decoded, kind: Kind = "model", path: str = "README.md") -> None:
        self.decoded = decoded
        self.text = decoded.text
        self.kind = kind
        self.path = path
        self._read: dict[Any, Any] = {}

    @classmethod
    def from_text(cls, text: str, kind: Kind = "model", path: str = "README.md") -> Card:
        """A card from text in memory."""
        bom = text.startswith("\ufeff")
        text = without_surrogates(text[1:] if bom else text)
        return cls(Decoded(text, "utf-8", bom, None, cut=False), kind, path)

    @classmethod
    def from_bytes(cls, data: bytes, kind: Kind = "model", path: str = "README.md") -> Card:
        """A card from the bytes of its file."""
        card = cls(decode(data), kind, path)
        if card.decoded.encoding == "utf-8" and not card.decoded.cut:
            card.__dict__["utf8"] = data[3:] if card.decoded.bom else data
        return card

    @lazy
    def lines(self) -> Lines:
        """The line table."""
        return Lines(self.text)

    @lazy
    def utf8(self) -> bytes:
        """The text as RE2 reads it."""
        return self.text.encode()

    @lazy
    def front_matter(self) -> FrontMatter:
        """The metadata block."""
        return read_front_matter(self.text)

    @lazy
    def outline(self) -> Outline:
        """Headings, blocks, links and comments of the body."""
        from cardlint.card.markdown import read_outline

        return read_outline(self.text, self.front_matter.end)

    @lazy
    def prose(self) -> str:
        """The text of all that is not code, a blank line between blocks."""
        return "\n\n".join([block.text for block in self.outline.blocks if block.kind != "code"])

    @lazy
    def code(self) -> str:
        """The text of all code blocks, a line break between."""
        return "\n".join([block.text for block in self.outline.blocks if block.kind == "code"])

    @lazy
    def answers(self) -> Answers:
        """What headings, labels, tables and code tell of sections: the first half of reading them, no sentence is searched yet."""
        from cardlint.card.sections import read_answers

        return read_answers(self)

    @lazy
    def sections(self) -> dict[str, Section]:
        """What the body documents, by section name; every name of the card's kind is there."""
        from cardlint.card.sections import read_sections

        return read_sections(self)

    @lazy
    def placeholders(self) -> tuple[Placeholder, ...]:
        """Template phrases, TODOs and unfilled values in the body."""
        from cardlint.card.sections import read_placeholders

        return read_placeholders(self)

    @lazy
    def claims(self) -> Claims:
        """What prose and code say of licence, base model, data and the like."""
        from cardlint.card.claims import Claims

        return Claims(self)

    @lazy
    def language(self) -> str | None:
        """The main language of the prose (ISO 639-1), None where there is too little of it."""
        from cardlint.card.language import read_language

        return read_language(self)

    @lazy
    def generator(self) -> str | None:
        """The tool whose untouched output the card looks like, else None."""
        from cardlint.card.generator import read_generator

        return read_generator(self)

    def once(self, read: Callable[[Card], T]) -> T:
        """What ``read`` makes of this card, made once: for what several rules share."""
        if read not in self._read:
            self._read[read] = read(self)
        found: T = self._read[read]
        return found

    def span(self, place: Placed) -> Span:
        """Lines and columns of a placed element."""
        return self.lines.span(place.start, place.end)


class BodyUnknown(Exception):
    """A check asked for the body of a card of which the metadata alone were given."""


class Head(Card):
    """A card of which the metadata alone were given: whoever asks for anything below them is told so, and can decide nothing."""

    def _unknown(self) -> Any:
        raise BodyUnknown

    outline = prose = code = answers = sections = placeholders = claims = language = generator = property(_unknown)
