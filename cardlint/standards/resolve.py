"""Whether what a control wants is there, and where: three-valued, for what was not read is not absent."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cardlint.checks.places import prose
from cardlint.engine.assertion import find, with_vocabularies
from cardlint.engine.run import REASONS, metadata_read
from cardlint.engine.textual import pieces
from cardlint.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.facts.subject import Subject
    from cardlint.standards.standard import Condition, Demand

_KEYS = {"licenses": "license", "languages": "language", "datasets": "datasets", "base_models": "base_model", "tags": "tags"}
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
_NOTHING: tuple[Any, ...] = (None, "", [], {})
_OF_FRONT_MATTER = ("metadata", "declared", "places")


class Answer(NamedTuple):
    """Whether a demand holds (None: that cannot be told), why not, and where it does."""

    holds: bool | None
    why: str = ""
    places: tuple[Evidence, ...] = ()


def found(*places: Evidence) -> Answer:
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

    def __call__(self, demand: Demand) -> Answer:
        """Whether a demand holds."""
        if demand.any:
            return self._any(demand)
        if demand.file:
            return self._file(demand)
        if demand.text:
            return self._text(demand)
        if demand.at.startswith("/sections/"):
            return self._section(demand)
        return self._pointer(demand)

    def applies(self, condition: Condition) -> bool | None:
        """Whether a condition holds; None where a part of the facts that it reads was not read."""
        parts = condition.schema.get("properties", {}).keys()
        if "repo" in parts and self.subject.repo is None:
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
        return found(place)

    def _pointer(self, demand: Demand) -> Answer:
        part, *rest = demand.at.split("/")[1:]
        if part == "repo" and self.subject.repo is None:
            return untold(REASONS["files"])
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
        return found(*places)

    def _places(self, part: str, rest: list[str], value: Any) -> Iterator[Evidence]:
        at = "/".join(("", part, *rest))
        if part == "claims" and isinstance(value, list):
            yield from (Evidence(self.path, (each["line"], each["line"]), at) for each in value[:_MOST_PLACES])
            return
        if part == "repo":
            yield Evidence(self._file_of(rest, value), None, at)
            return
        key = _KEYS.get(rest[0], rest[0]) if part == "declared" and rest else "/".join(rest)
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
        return found(*(Evidence(name, None, "file") for name in names[:_MOST_PLACES]))

    def _text(self, demand: Demand) -> Answer:
        card = self.subject.card
        pattern = _pattern(demand.text)
        for part in demand.part:
            if part == "prose" and not pattern.search(card.once(prose)):
                continue
            for piece in pieces(card, part):
                for match in pattern.finditer(piece.text):
                    start, end = piece.start, piece.end
                    if piece.block >= 0:
                        start, end = card.outline.place(
                            card.outline.blocks[piece.block], match.start(), max(match.start() + 1, match.end())
                        )
                    lines = (card.lines.line(start), card.lines.line(max(start, end - 1)))
                    if lines[0] not in self._unfilled:
                        return found(Evidence(self.path, lines, demand.name))
        return self._unless_cut(f"no word of {demand.name}")

    def _unless_cut(self, why: str) -> Answer:
        """An absence, which nobody can tell of a card that was not read to its end."""
        card = self.subject.card
        if card.decoded.cut or card.outline.spent:
            return untold("the card was not read to its end")
        return absent(why)

    @cached_property
    def _unfilled(self) -> frozenset[int]:
        return frozenset(each["line"] for each in self.facts["placeholders"])

    @cached_property
    def _metadata_read(self) -> bool:
        return not self.subject.has_card or metadata_read(self.subject)


def _at(places: Iterable[Evidence]) -> str:
    line = next((each.lines[0] for each in places if each.lines), None)
    return f" (line {line})" if line else ""


@lru_cache(maxsize=1024)
def _pattern(text: str) -> Any:
    import re2

    return re2.compile(text)


@lru_cache(maxsize=1024)
def _validator(text: str) -> Any:
    import jsonschema_rs

    return jsonschema_rs.validator_for(with_vocabularies(json.loads(text)))
