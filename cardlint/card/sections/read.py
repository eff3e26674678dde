"""The sections of a card: headings first, then what labels, tables, code and sentences say elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cardlint.card.sections.evidence import FULL, THIN, evidence, subjects
from cardlint.card.sections.headings import named, silent, topics
from cardlint.card.sections.metadata import answered
from cardlint.card.sections.types import SECTION_NAMES, Section
from cardlint.card.sections.words import count_words, is_boilerplate, is_filler

if TYPE_CHECKING:
    from cardlint.card.card import Card
    from cardlint.card.outline import Block, Outline
    from cardlint.card.sections.evidence import Subject
    from cardlint.model import Kind

PLACEHOLDER = 0
SILENT = -2
_STATUS = ("placeholder", "thin", "substantive")
_ENOUGH = 8
"""Meaningful words below which a section on topic is thin."""
_SHORT = {
    "license": 1,
    "contact_authors": 2,
    "contact": 2,
    "training_data": 3,
    "source_data": 3,
    "evaluation_data": 3,
    "citation": 5,
    "environmental_impact": 3,
}
_OWN_HEADING = frozenset(
    {"model_description", "evaluation_data", "intended_use", "limitations", "bias_risks", "out_of_scope_use"}
    | {"uses", "collection", "annotations", "bias_risks_limitations", "personal_data"}
)
"""Sections that stay a placeholder under their own unfilled heading, whatever a generated introduction says in passing."""
_CODE_SECTION = {"model": "how_to_use", "dataset": "structure", "space": "how_to_use"}
_DESCRIPTION = {"model": "model_description", "dataset": "description", "space": "description"}
_BIBTEX = re.compile(r"@\s*\w+\s*\{[^\n]*,?\s*\n|@(?:article|misc|inproceedings|software|book|techreport|phdthesis)\s*\{", re.IGNORECASE)
_USABLE = re.compile(
    r"\b(?:import|from_pretrained|pipeline|pip3? install|python3?|git clone|curl|docker|load|model|predict|generate|wget|ollama|run|tokenizer)\b|>>>"
)
_UNUSABLE = re.compile(r"""["']None["']|\{MODEL_NAME\}|\{MODEL\}|PATH_TO_THIS_REPO|sentence_transformers_model_id|TODO: add an example""")
_UNKNOWN = re.compile(r"\bon (?:the None|an unknown|the `?(?:imagefolder|json|csv|generator)`?) dataset")
_DATA_LANGUAGES = frozenset({"yaml", "yml", "json", "text", "txt", "bibtex", "xml", "csv"})
_TOOL_CITATION = re.compile(r"vonwerra2022trl|reimers-2019-sentence-bert|henderson2017efficient|tunstall2022|2020t5\b")
_COMMENT_ONLY = re.compile(r"\s*#[^\n]*\s*")
_LONGEST_COMMENT = 120
_TITLE_WORDS = 3
_LONGEST_DUMP = 1_500
_IN_CODE = frozenset({"training_procedure", "evaluation_results", "structure"})
_NUMBER = re.compile(r"[-+~*]*\d+\.\d+\s*%?\*{0,2}(?:\s*[±(/+].*)?|\d+\s*%")
_DIGIT = re.compile(r"\d")
_AUTHOR = re.compile(r"\bauthors?\s*=", re.IGNORECASE)


class _Found(NamedTuple):
    """The best evidence for a section so far."""

    rank: int
    heading: str
    start: int
    end: int
    words: int


class _Part:
    """What stands under one heading that opens sections."""

    __slots__ = ("blocks", "code", "digits", "end", "filler", "hits", "index", "table", "texts", "words")

    def __init__(self, index: int) -> None:
        self.index = index
        self.blocks = 0
        self.words = 0
        self.filler = 0
        self.texts = 0
        self.code = 0
        self.table = 0
        self.digits = False
        self.end = 0
        self.hits: dict[str, int] = {}


def read_sections(card: Card) -> dict[str, Section]:
    """Every section of the card's kind, by name. Never raises on a bad card."""
    found = _Reader(card.outline, card.kind).read()
    names = SECTION_NAMES[card.kind]
    metadata = card.front_matter.metadata
    sections: dict[str, Section] = {}
    for name in names:
        best = found.get(name)
        if best is not None and best.rank > PLACEHOLDER:
            sections[name] = Section(_STATUS[best.rank], "body", *best[1:])
        else:
            documented = "metadata" if metadata and answered(card.kind, name, metadata) else "none"
            sections[name] = Section("placeholder", documented, *best[1:]) if best is not None else Section("absent", documented)
    return sections


class _Reader:
    """One pass over headings and blocks."""

    def __init__(self, outline: Outline, kind: Kind) -> None:
        self.outline = outline
        self.kind = kind
        self.found: dict[str, _Found] = {}
        self.unfilled: dict[str, _Found] = {}
        self.opened: list[tuple[str, ...]] = []
        self.owner: list[int] = []
        self.parts: dict[int, _Part] = {}
        self.described = 0
        self.subjects = subjects(kind)
        self.open = dict(self.subjects)
        self.titles = {heading.text for heading in outline.headings}

    def read(self) -> dict[str, _Found]:
        self._headings()
        for block in self.outline.blocks:
            self._block(block)
        self._under_headings()
        self._description()
        for name, place in self.unfilled.items():
            if name not in self.found or (name in _OWN_HEADING and not self.found[name].heading):
                self.found[name] = place
        return self.found

    def _note(self, name: str, rank: int, heading: str, start: int, end: int, words: int) -> None:
        best = self.found.get(name)
        if best is None or rank > best.rank or (rank == best.rank and heading and not best.heading):
            self.found[name] = _Found(rank, heading, start, end, words)
            if rank == FULL:
                self.open.pop(name, None)

    def _headings(self) -> None:
        """Which sections each heading opens, and which heading each one belongs to."""
        kind = self.kind
        stack: list[tuple[int, int]] = []
        for index, heading in enumerate(self.outline.headings):
            title = index == 0 and heading.level < 3
            opens = named(kind, heading.text) if title else topics(kind, heading.text)
            self.opened.append(opens)
            level = heading.level
            while stack and stack[-1][0] >= level:
                stack.pop()
            if opens:
                owner = index
            elif silent(kind, heading.text):
                owner = SILENT
            elif stack:
                owner = stack[-1][1]
            else:
                owner = -1
            stack.append((level, owner))
            self.owner.append(owner)
            if opens:
                self.parts[index] = _Part(index)
            elif len(heading.text) > 25:
                for name, rank in evidence(kind, heading.text, tuple(self.open.values())):
                    self._note(name, rank, "", heading.start, heading.end, count_words(heading.text))

    def _block(self, block: Block) -> None:
        text = block.text
        owner = self.owner[block.heading] if block.heading >= 0 else -1
        if owner == SILENT or (block.kind == "item" and text.strip() in self.titles):
            return
        part = self.parts[owner] if owner >= 0 else None
        if part is not None:
            part.blocks += 1
            part.end = block.end
        if block.kind == "code":
            self._code(block, part)
            return
        if block.kind == "table":
            self._table(block, part)
            return
        if is_filler(text):
            if part is not None:
                part.filler += 1
            return
        label = block.label
        if label and self._label(block, label):
            if part is not None:
                part.filler += 1
            return
        words = count_words(text)
        boilerplate = is_boilerplate(text)
        if part is not None:
            part.texts += 1
            part.words += 0 if boilerplate else words
            if not part.digits and _DIGIT.search(text):
                part.digits = True
        elif not boilerplate and words > self.described:
            self.described = words
        if boilerplate:
            return
        unknown = _UNKNOWN.search(text) is not None
        for name, rank in evidence(self.kind, text, self._wanted(part)):
            if unknown and name == "training_data":
                continue
            if part is not None and rank > part.hits.get(name, 0):
                part.hits[name] = rank
            if words < _SHORT.get(name, 4) and rank == FULL:
                rank = THIN
            self._note(name, rank, "", block.start, block.end, words)

    def _wanted(self, part: _Part | None) -> list[Subject]:
        """The sections that nothing specific was found on yet, and those whose heading stands above."""
        wanted = list(self.open.values())
        if part is not None:
            wanted.extend(
                self.subjects[name]
                for name in self.opened[part.index]
                if name in self.subjects and name not in self.open and part.hits.get(name) != FULL
            )
        return wanted

    def _label(self, block: Block, label: str) -> bool:
        """Note a labelled line ("**License:** MIT"); whether its value is unfilled."""
        value = block.text.strip()[len(label) :].lstrip("*: ：\t")
        if not value:
            return False
        unfilled = is_filler(value)
        for name in named(self.kind, label):
            if unfilled:
                self.unfilled.setdefault(name, _Found(PLACEHOLDER, "", block.start, block.end, 0))
            else:
                words = count_words(value)
                self._note(name, FULL if words >= _SHORT.get(name, _ENOUGH) else THIN, "", block.start, block.end, words)
        return unfilled

    def _code(self, block: Block, part: _Part | None) -> None:
        text = block.text
        if not text.strip() or (len(text) < _LONGEST_COMMENT and _COMMENT_ONLY.fullmatch(text)) or "{...," in text:
            if part is not None:
                part.filler += 1
            return
        if part is not None:
            part.code += 1
        if "@" in text and _BIBTEX.search(text):
            tool = _TOOL_CITATION.search(text) is not None
            self._note("citation", THIN if tool else FULL, "", block.start, block.end, 10)
            if part is not None and tool:
                part.hits["tool"] = 1
            if not tool and _AUTHOR.search(text):
                self._note("contact_authors" if self.kind == "model" else "contact", THIN, "", block.start, block.end, 4)
            return
        if block.language in _DATA_LANGUAGES or not _USABLE.search(text):
            for name, rank in evidence(self.kind, text[:_LONGEST_DUMP], [self.open[name] for name in _IN_CODE if name in self.open]):
                if name in _IN_CODE:
                    self._note(name, rank, "", block.start, block.end, _ENOUGH)
            return
        name = _CODE_SECTION[self.kind]
        rank = THIN if _UNUSABLE.search(text) else FULL
        if part is not None and rank == THIN:
            part.hits["unusable"] = 1
        if part is None or name in self.opened[part.index] or "from_pretrained" in text or "pipeline(" in text:
            self._note(name, rank, "", block.start, block.end, 10)

    def _table(self, block: Block, part: _Part | None) -> None:
        if part is not None:
            part.table += 1
            part.digits = True
        for row in block.rows[:40]:
            if 1 < len(row) <= 3 and row[0] and row[1]:
                for name in named(self.kind, row[0]):
                    rank = FULL if count_words(row[1]) >= _SHORT.get(name, _ENOUGH) else THIN
                    self._note(name, rank, "", block.start, block.end, count_words(row[1]))
        if self.kind == "model" and len(block.rows) > 1:
            numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in block.rows[1])
            if numbers * 2 > len(block.rows[1]) - 1 and numbers:
                self._note("evaluation_results", FULL, "", block.start, block.end, _ENOUGH)
        for name, rank in evidence(self.kind, block.text[:800], self._wanted(part)):
            if part is not None and rank > part.hits.get(name, 0):
                part.hits[name] = rank
            self._note(name, rank, "", block.start, block.end, 8)

    def _under_headings(self) -> None:
        headings = self.outline.headings
        images = {link.heading for link in self.outline.links if link.image} if self.parts else set()
        for index, part in self.parts.items():
            heading = headings[index]
            nested = index + 1 < len(headings) and headings[index + 1].level > heading.level and heading.kind != "bold"
            end = part.end or heading.end
            if not part.texts and not part.code and not part.table:
                if part.blocks == part.filler and not (nested and not part.filler) and index not in images:
                    for name in self.opened[index]:
                        if not (heading.kind == "bold" and not part.filler):
                            self.unfilled.setdefault(name, _Found(PLACEHOLDER, heading.text, heading.start, end, 0))
                continue
            several = len(self.opened[index]) > 1
            for name in self.opened[index]:
                rank = self._rank(name, part, several=several)
                if rank:
                    self._note(name, rank, heading.text, heading.start, end, part.words)

    def _rank(self, name: str, part: _Part, *, several: bool) -> int:
        """How much the text under a heading says on a section that the heading opens."""
        words = part.words
        if name == "how_to_use":
            if part.code:
                return THIN if "unusable" in part.hits else FULL
            return FULL if words >= _ENOUGH else THIN
        if name == "citation":
            if "tool" in part.hits:
                return THIN
            return FULL if part.code or words >= _ENOUGH else THIN
        if name == "limitations" and name not in part.hits and "intended_use" in self.opened[part.index]:
            return 0
        if name == "evaluation_results":
            if (part.table or part.digits) and (words or part.table or part.code):
                return FULL
            return THIN
        if part.code or part.table:
            return FULL
        if name in _SHORT:
            return FULL if words >= _SHORT[name] else THIN
        if several and part.hits.get(name, 0) < FULL and words < 3 * _ENOUGH:
            return THIN
        return FULL if words >= _ENOUGH else THIN

    def _description(self) -> None:
        """What the card is about: its first paragraphs, where no heading claims them."""
        name = _DESCRIPTION[self.kind]
        if self.described:
            body = self.outline.blocks[0]
            self._note(name, FULL if self.described >= _ENOUGH else THIN, "", body.start, body.end, self.described)
        elif name not in self.found and self.outline.headings and count_words(self.outline.headings[0].text) > _TITLE_WORDS:
            title = self.outline.headings[0]
            self._note(name, THIN, "", title.start, title.end, count_words(title.text))
