"""Whether what a control wants is there, and where: three-valued, for what was not read is not absent."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from cardlint.card.sections.words import is_boilerplate
from cardlint.checks.places import Areas
from cardlint.engine.assertion import find, with_vocabularies
from cardlint.engine.run import REASONS, metadata_read
from cardlint.engine.textual import pieces
from cardlint.facts.document import DECLARED_KEYS
from cardlint.model import Evidence
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.card.outline import Block
    from cardlint.facts.subject import Subject
    from cardlint.standards.standard import Condition, Demand

_FILES = {
    "config": "config.json",
    "generation_config": "generation_config.json",
    "processor": "preprocessor_config.json",
    "tokenizer": "tokenizer_config.json",
    "adapter": "adapter_config.json",
    "diffusers": "model_index.json",
    "sentence_transformers": "modules.json",
    "spacy": "meta.json",
}
_MOST_PLACES = 3
_LONGEST_PART = 400_000
"""Characters of a part of the body that patterns are tried on; the longest real card has as many in all."""
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_OF_FRONT_MATTER = ("metadata", "declared", "places")


class Answer(NamedTuple):
    """Whether a demand holds (None: that cannot be told), why not, and where it does."""

    holds: bool | None
    why: str = ""
    places: tuple[Evidence, ...] = ()


class _Piece(NamedTuple):
    """A text that is searched, its place, and the block by which a place inside it is found."""

    text: str
    start: int
    end: int
    block: Block | None = None


def _found_at(*places: Evidence) -> Answer:
    """The answer where it is there."""
    return Answer(holds=True, places=places)


def absent(why: str) -> Answer:
    """The answer where it is not there."""
    return Answer(holds=False, why=why)


def untold(why: str) -> Answer:
    """The answer where that cannot be told."""
    return Answer(holds=None, why=why)


class Resolver:
    """Answers demands on one subject."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.facts = subject.facts
        self.path = subject.entry.path
        self._parts: dict[str, tuple[str, list[_Piece]]] = {}
        self._said: dict[tuple[Any, ...], Answer] = {}
        self._cut = False

    def __call__(self, demand: Demand) -> Answer:
        """Whether a demand holds."""
        if demand.any:
            return self._any(demand)
        if demand.file:
            return self._file(demand)
        if demand.text:
            key = (demand.name, demand.text, demand.unless, demand.part)
            if key not in self._said:  # several standards share their evidence
                self._said[key] = self._text(demand)
            return self._said[key]
        if demand.at.startswith("/sections/"):
            return self._section(demand)
        return self._pointer(demand)

    def applies(self, condition: Condition) -> bool | None:
        """Whether a condition holds; None where a part of the facts that it reads was not read."""
        parts = condition.schema.get("properties", {}).keys()
        if ("repo" in parts and self.subject.repo is None) or ("hub" in parts and self.facts["hub"] is None):
            return None
        if not self._metadata_read and parts & set(_OF_FRONT_MATTER):
            return None
        return bool(_validator(json.dumps(condition.schema, sort_keys=True)).is_valid({part: self.facts[part] for part in parts}))

    def _any(self, demand: Demand) -> Answer:
        answers = []
        for each in demand.any:
            answer = self(each)
            if answer.holds:
                return answer
            answers.append(answer)
        holds = None if any(each.holds is None for each in answers) else False
        told = [each.why for each in answers if each.holds is holds]
        if holds is None:
            return untold(told[0])
        nothing = f"no {demand.name}"
        more = [why for each, why in zip(demand.any, told, strict=True) if each.at.startswith("/sections/") and ":" in why]
        return absent("; ".join((nothing, *more)))

    def _section(self, demand: Demand) -> Answer:
        name = demand.at.split("/")[2]
        section = self.facts["sections"].get(name)
        if section is None:
            return absent(f"{self.facts['card']['kind']} cards have no section on {demand.name}")
        status, lines = section["status"], section["lines"]
        if status == "absent":
            return self._unless_cut(f"nothing on {demand.name}")
        place = Evidence(self.path, (lines[0], lines[1]), demand.at)
        line = f"line {lines[0]}"
        if status == "placeholder":
            return absent(f"{demand.name}: a placeholder ({line})")
        if status == "thin":
            return absent(f"{demand.name}: too little is said ({line})")
        if section["words"] < demand.words:
            return absent(f"{demand.name}: {section['words']} words of {demand.words} ({line})")
        return _found_at(place)

    def _pointer(self, demand: Demand) -> Answer:
        part, *rest = demand.at.split("/")[1:]
        if part == "repo" and self.subject.repo is None:
            return untold(REASONS["files"])
        if part == "hub" and self.facts["hub"] is None:
            return untold(REASONS["hub"])
        if part in _OF_FRONT_MATTER and not self._metadata_read:
            return untold(REASONS["metadata"])
        value = find({part: self.facts[part]}, demand.at)
        if value in _NOTHING:
            return self._unless_cut(f"no {demand.name}") if part == "claims" else absent(f"no {demand.name}")
        if isinstance(value, dict) and "unread" in value and part == "repo" and rest[-1:] != ["tokenizer"]:
            return untold(f"{demand.name}: {value['unread']}")
        places = tuple(self._places(part, rest, value))
        if demand.where is not None and not _validator(json.dumps(demand.where, sort_keys=True)).is_valid(value):
            return absent(f"{demand.name}: not as it should be{_at(places)}")
        if part in _OF_FRONT_MATTER and places and all(each.lines is not None and each.lines[0] in self._unfilled for each in places):
            return absent(f"{demand.name}: a placeholder{_at(places)}")
        return _found_at(*places)

    def _places(self, part: str, rest: list[str], value: Any) -> Iterator[Evidence]:
        at = "/".join(("", part, *rest))
        if part == "claims" and isinstance(value, list):
            yield from (Evidence(self.path, (each["line"], each["line"]), at) for each in value[:_MOST_PLACES])
            return
        if part == "repo":
            yield Evidence(self._file_of(rest, value), None, at)
            return
        if part == "hub":  # other repositories: no place in this one
            return
        key = DECLARED_KEYS.get(rest[0], rest[0]) if part == "declared" and rest else "/".join(rest)
        place = self.facts["places"].get(f"/{key}") if part in _OF_FRONT_MATTER else None
        yield Evidence(self.path, (place[0], place[2]) if place else None, at)

    def _file_of(self, rest: list[str], value: Any) -> str:
        """The file that a part of the repository's facts was read from."""
        name = rest[0] if rest else ""
        if name == "license_files" and isinstance(value, list):
            return str(value[0]["path"])
        if name == "weights":
            weights = self.facts["repo"]["weights"]
            return str(weights["main"] or next((each["path"] for each in weights["checkpoints"]), ""))
        return _FILES.get(name, "")

    def _file(self, demand: Demand) -> Answer:
        if self.subject.repo is None:
            return untold(REASONS["files"])
        names = [name for name in sorted(self.subject.repo.names) if any(fnmatchcase(name.lower(), glob.lower()) for glob in demand.file)]
        if not names:
            return absent(f"no {demand.name}")
        return _found_at(*(Evidence(name, None, "file") for name in names[:_MOST_PLACES]))

    def _text(self, demand: Demand) -> Answer:
        pattern = _pattern(demand.text)
        unless = _pattern(demand.unless) if demand.unless else None
        for part in demand.part:
            whole, found = self._pieces(part)
            if not _by_line(demand.text).search(whole):
                continue
            for piece in found:
                if unless is not None and unless.search(piece.text):
                    continue
                for match in pattern.finditer(piece.text):
                    lines = self._lines(piece, match.start(), match.end())
                    if lines[0] not in self._unfilled:
                        return _found_at(Evidence(self.path, lines, demand.name))
        return self._unless_cut(f"no word of {demand.name}")

    def _pieces(self, part: str) -> tuple[str, list[_Piece]]:
        """The texts of a part of the body, joined and one by one; lines of a paragraph are one line."""
        if part not in self._parts:
            outline = self.subject.card.outline
            if part == "section":
                first: dict[int, int] = {}
                for index, block in enumerate(outline.blocks):
                    first.setdefault(block.heading, index)
                found = [
                    _Piece(
                        f"{outline.headings[heading].text}: {_flat(outline.blocks[index])}",
                        outline.blocks[index].start,
                        outline.blocks[index].end,
                    )
                    for heading, index in first.items()
                    if heading >= 0
                ]
            elif part == "prose":
                found = [_Piece(_flat(block), block.start, block.end, block) for block in outline.blocks if block.kind != "code"]
            else:
                found = [_Piece(each.text, each.start, each.end) for each in pieces(self.subject.card, part)]
            found = [piece for piece in found if piece.start not in self._boilerplate]
            found = list(self._bounded(found))
            self._parts[part] = ("\n\n".join([piece.text for piece in found]), found)
        return self._parts[part]

    def _bounded(self, found: list[_Piece]) -> Iterator[_Piece]:
        """The pieces up to the bound, the last one cut; that there was more is remembered."""
        left = _LONGEST_PART
        for piece in found:
            if len(piece.text) > left:
                self._cut = True
                yield piece._replace(text=piece.text[:left])
                return
            left -= len(piece.text)
            yield piece

    def _lines(self, piece: _Piece, start: int, end: int) -> tuple[int, int]:
        """First and last line of what was found in a piece."""
        card = self.subject.card
        begin, stop = piece.start, piece.end
        if piece.block is not None:
            begin, stop = card.outline.place(piece.block, start, max(start + 1, end))
        return card.lines.line(begin), card.lines.line(max(begin, stop - 1))

    def _unless_cut(self, why: str) -> Answer:
        """An absence, which nobody can tell of a card that was not read to its end."""
        card = self.subject.card
        if card.decoded.cut or card.outline.spent or self._cut:
            return untold("the card was not read to its end")
        return absent(why)

    @cached_property
    def _boilerplate(self) -> Areas:
        """Where a template's own sentences stand: they are no card's evidence."""
        blocks = self.subject.card.outline.blocks
        return Areas((block.start, block.end) for block in blocks if block.kind != "code" and is_boilerplate(block.text))

    @cached_property
    def _unfilled(self) -> frozenset[int]:
        return frozenset(each["line"] for each in self.facts["placeholders"])

    @cached_property
    def _metadata_read(self) -> bool:
        return not self.subject.has_card or metadata_read(self.subject)


def _flat(block: Block) -> str:
    """A block's text, of the same length, in one line; a table keeps its rows."""
    return block.text if block.kind == "table" else block.text.replace("\n", " ")


def _at(places: Iterable[Evidence]) -> str:
    line = next((each.lines[0] for each in places if each.lines), None)
    return f" (line {line})" if line else ""


@lru_cache(maxsize=1024)
def _pattern(text: str) -> Any:
    import re2

    return re2.compile(text)


@lru_cache(maxsize=1024)
def _by_line(text: str) -> Any:
    """The pattern for a look at all pieces at once, in which each begins a line."""
    import re2

    return re2.compile(f"(?m){text}")


@lru_cache(maxsize=1024)
def _validator(text: str) -> Any:
    import jsonschema_rs

    return jsonschema_rs.validator_for(with_vocabularies(json.loads(text)))
