"""The sections of a card: headings first, then what labels, tables, code and sentences say elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.sections import code
from cardlint.card.sections.evidence import FULL, THIN, Evidence, patterns_of
from cardlint.card.sections.headings import named, opened, titled
from cardlint.card.sections.metadata import answered
from cardlint.card.sections.parts import Part, enough, said_here
from cardlint.card.sections.passage import Passage, passage
from cardlint.card.sections.types import SECTION_NAMES, Section
from cardlint.card.sections.words import BOILERPLATE, EMPTY_CELL, FILLER, count_words, is_filler, is_setting, is_unfilled, verdict
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.card import Card
    from cardlint.card.outline import Block, Outline
    from cardlint.model import Kind, Placed

PLACEHOLDER = 0
_STATUS = ("placeholder", "thin", "substantive")
_NOWHERE = Section()
_IN_METADATA = Section("absent", "metadata")
_NONE = -1
_SILENT = -2
_OWN_HEADING = frozenset(
    {
        *("model_description", "evaluation_data", "intended_use", "limitations", "bias_risks", "out_of_scope_use"),
        *("uses", "collection", "annotations", "personal_data", "bias_risks_limitations"),
    }
)
"""Sections that stay a placeholder under their own unfilled heading, whatever a generated introduction says in passing."""
_CODE_SECTION = {"model": "how_to_use", "dataset": "structure", "space": "how_to_use"}
_DESCRIPTION = {"model": "model_description", "dataset": "description", "space": "description"}
_AUTHORS = {"model": "contact_authors", "dataset": "contact", "space": "contact"}
_IN_DUMPS = frozenset({"training_procedure", "evaluation_results", "structure"})
"""Sections that code which is no usage may speak of: settings, reports, an instance."""
_NUMBER = Pattern(r"[-+~*]*\d+\.\d+\s*%?\*{0,2}(?:\s*[±(/+].*)?|\d+\s*%")
_ADDRESSES = Pattern(r"(?:https?://\S+\s*)+")
_MOST_ADDRESSES = 3
"""Addresses in a row that may be what a card is about; more of them are a list that says nothing."""
_LONGEST_DUMP = 700
_LONGEST_TABLE = 300
_MOST_ROWS = 40
_MOST_HEADS = 4
_LONG_HEADING = 25
_TITLE_WORDS = 3
_FEWEST_WORDS = 4
_PAIR = frozenset({"intended_use", "limitations"})
"""Sections of one usual heading, of which many cards answer one only."""
_WIDEST_LISTING = 3
"""Columns of a table that lists a card's properties one a row."""
_IN_LISTINGS = {("model", "sources"): ("training_data",)}
"""Sections that a word names in a table of properties alone (what a pipeline of spaCy was trained on); as a heading it means references."""
_DESCRIBED = enough("")
_new = tuple.__new__
"""Makes a named tuple of all its fields, at a third of what its own call costs."""


class _Found(NamedTuple):
    """The best answer for a section so far."""

    rank: int
    heading: str
    start: int
    end: int
    words: int


def read_sections(card: Card) -> dict[str, Section]:
    """Every section of the card's kind, by name. Never raises on a bad card."""
    kind = card.kind
    found = card.answers.searched()
    in_metadata = answered(kind, card.front_matter.metadata)
    sections = dict.fromkeys(SECTION_NAMES[kind], _NOWHERE)
    for name in in_metadata:
        sections[name] = _IN_METADATA
    for name, (rank, heading, start, end, words) in found.items():
        if name in sections:
            documented = "body" if rank > PLACEHOLDER else "metadata" if name in in_metadata else "none"
            sections[name] = _new(Section, (_STATUS[rank], documented, heading, start, end, words))
    return sections


def read_answers(card: Card) -> Answers:
    """What headings and blocks of a card tell of its sections. Never raises on a bad card."""
    return Answers(card.outline, card.kind)


class Answers:
    """What one pass over headings and blocks finds of sections; `searched` adds what the prose says.

    The two halves are apart so that many cards can be read by one and then by the other (see `Engine.judge_together`).
    """

    def __init__(self, outline: Outline, kind: Kind) -> None:
        self.outline = outline
        self.kind = kind
        self.found: dict[str, _Found] = {}
        self.unfilled: dict[str, _Found] = {}
        self.headed: set[str] = set()
        self.opened: list[tuple[str, ...]] = []
        self.owner: list[int] = []
        self.parts: dict[int, Part] = {}
        self.prose: list[tuple[Passage, Placed]] = []
        self.dumps: list[tuple[str, Placed]] = []
        self.described = 0
        self.listing: Block | None = None
        self._headings()
        self._blocks()
        self._under_headings()

    def searched(self) -> dict[str, _Found]:
        """The best answer for each section that has one."""
        self._prose()
        self._description()
        for name, unfilled in self.unfilled.items():
            best = self.found.get(name)
            if best is None or (name in _OWN_HEADING and not best.heading and name not in self.headed):
                self.found[name] = unfilled
        return self.found

    def _note(self, name: str, rank: int, at: Placed, words: int, heading: str = "") -> None:
        best = self.found.get(name)
        if best is None or rank > best.rank or (rank == best.rank and heading and not best.heading):
            self.found[name] = _new(_Found, (rank, heading, at.start, at.end, words))

    def _headings(self) -> None:
        """Which sections each heading opens, and to which heading what stands under it belongs."""
        kind = self.kind
        stack: list[tuple[int, int]] = []
        for index, heading in enumerate(self.outline.headings):
            level, text = heading.level, heading.text
            opens, silent = titled(kind, text) if index == 0 and level < 3 else opened(kind, text)
            while stack and stack[-1][0] >= level:
                stack.pop()
            if opens:
                owner = index
                self.parts[index] = Part()
            elif silent:
                owner = _SILENT
            else:
                owner = stack[-1][1] if stack else _NONE
                if len(text) > _LONG_HEADING and (said := passage(kind, text)).verdict != BOILERPLATE:
                    self.prose.append((said, heading))
            stack.append((level, owner))
            self.opened.append(opens)
            self.owner.append(owner)

    def _blocks(self) -> None:
        """What stands under each heading, and the prose to search."""
        entries = self.outline.entries()
        card_kind, owners, parts = self.kind, self.owner, self.parts
        say = self.prose.append
        described, before = 0, ""
        for block in self.outline.blocks:
            kind, text, heading = block.kind, block.text, block.heading
            above, before = before, text
            owner = owners[heading] if heading >= 0 else _NONE
            if owner == _SILENT or (kind == "item" and text in entries):
                continue
            part = None
            if owner >= 0:
                part = parts[owner]
                part.end = block.end
            if kind == "code":
                self._code(block, part, owner)
                continue
            if kind == "table":
                self._table(block, part)
                continue
            said = passage(card_kind, text)
            if said.verdict == FILLER or (block.label and self._label(block, above)):
                if part is not None:
                    part.fillers += 1
                continue
            if part is not None:
                part.said.append(said)
            if said.verdict != BOILERPLATE and not _is_list_of_addresses(text):
                say((said, block))
                if part is not None:
                    part.words += said.words
                elif said.words > described and described < _DESCRIBED:
                    described = said.words
        self.described = described

    def _label(self, block: Block, above: str) -> bool:
        """Note a labelled line ("**License:** MIT") below another one; whether its value is unfilled."""
        names = named(self.kind, block.label)
        value = block.text.strip()[len(block.label) :].lstrip("*: ：\t")
        if not value or (not names and value[0].isdigit()):
            return False
        what = verdict(value)
        if names and what != BOILERPLATE and not (what == FILLER and is_setting(names, above)):
            self._property(names, value, what, block)
        return what == FILLER

    def _property(self, names: tuple[str, ...], value: str, what: int, at: Block) -> None:
        """Note the value of a property that names sections."""
        if what == FILLER:
            for name in names:
                self.unfilled.setdefault(name, _Found(PLACEHOLDER, "", at.start, at.end, 0))
            return
        words = count_words(value)
        for name in names:
            self._note(name, FULL if words >= enough(name) else THIN, at, words)

    def _code(self, block: Block, part: Part | None, owner: int) -> None:
        text = block.text
        if code.unfilled(text):
            if part is not None:
                part.fillers += 1
            return
        if part is not None:
            part.code += 1
        if code.is_citation(text):
            tool = code.cites_tool(text)
            self._note("citation", THIN if tool else FULL, block, count_words(text))
            if part is not None and tool:
                part.hint = True
            if not tool and code.names_authors(text):
                self._note(_AUTHORS[self.kind], THIN, block, _FEWEST_WORDS)
            return
        if not code.is_usage(block.language, text):
            if not code.is_output(text):
                self.dumps.append((text, block))
            return
        name = _CODE_SECTION[self.kind]
        rank = THIN if code.is_unusable(text) else FULL
        if part is not None and rank == THIN:
            part.unusable = True
        if part is None or name in self.opened[owner] or code.loads_model(text):
            self._note(name, rank, block, count_words(text))

    def _table(self, block: Block, part: Part | None) -> None:
        rows, text, unfilled = block.rows, block.text, is_unfilled(block.rows)
        listing = bool(rows) and 1 < len(rows[0]) <= _WIDEST_LISTING
        if listing and self._listing(block):
            text = "\n".join(" | ".join(row) for row in rows if not any(map(is_filler, row)))
        if part is not None:
            part.fillers += unfilled
            part.table += not unfilled
        if unfilled:
            return
        self.listing = self.listing or (block if listing else None)
        if self.kind == "model" and len(rows) > 1:
            first = next((row for row in rows[1:_MOST_HEADS] if row and row[0].strip()), rows[1])  # above it are more heads
            numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in first)
            if numbers and numbers * 2 > len(first) - 1 - sum("://" in cell for cell in first):
                self._note("evaluation_results", FULL, block, len(rows) * len(rows[0]))
        self.prose.append((passage(self.kind, text[:_LONGEST_TABLE]), block))

    def _listing(self, block: Block) -> bool:
        """Note the properties that a table lists, one a row; whether one of them is unfilled."""
        unfilled = False
        for row in block.rows[:_MOST_ROWS]:
            if len(row) > 1 and row[0][:1].isalpha() and row[1].strip(EMPTY_CELL):
                what = verdict(row[1])
                unfilled |= what == FILLER
                names = named(self.kind, row[0]) or _IN_LISTINGS.get((self.kind, row[0].lower()))
                if names and not (what == FILLER and is_setting(names, block.text)):
                    self._property(names, row[1], what, block)
        return unfilled

    def _prose(self) -> None:
        """What the text of the card speaks of, sections that a heading answered aside."""
        kind, found = self.kind, self.found
        patterns = patterns_of(kind)
        among = -1
        for name, best in found.items():
            among &= patterns.beyond(name, best.rank)
        for name, unfilled in self.unfilled.items():
            if unfilled.heading and name in _OWN_HEADING and name not in found:
                among &= patterns.beyond(name, FULL)
        if self.dumps:
            in_dumps = patterns.of(_IN_DUMPS)
            for text, place in self.dumps:
                if among & in_dumps:
                    for name, level in passage(kind, text[:_LONGEST_DUMP]).evidence(among & in_dumps):
                        self._note(name, level, place, count_words(text))
                        among &= patterns.beyond(name, level)
        for said, place in self.prose:
            if said.candidates & among:
                for name, level in self._told(said, among):
                    rank = THIN if said.words < min(enough(name), _FEWEST_WORDS) else level
                    self._note(name, rank, place, said.words)
                    among &= patterns.beyond(name, rank)

    def _told(self, said: Passage, among: int) -> list[Evidence]:
        """What a passage speaks of; a sentence that sends its reader to another document touches a topic at most."""
        found = said.evidence(among)
        if not found or "refer" not in said.text:
            return found
        here = {name for name, level in passage(self.kind, said_here(said.text)).evidence(among) if level == FULL}
        return [Evidence(name, level if name in here else THIN) for name, level in found]

    def _under_headings(self) -> None:
        headings = self.outline.headings
        for index, part in self.parts.items():
            heading, opens = headings[index], self.opened[index]
            at = _new(_Found, (0, "", heading.start, part.end or heading.end, 0))
            if part.empty:
                nested = index + 1 < len(headings) and headings[index + 1].level > heading.level
                if (part.fillers or not (nested or heading.kind == "bold")) and not self._has_image(index):
                    for name in opens:
                        self.unfilled.setdefault(name, _Found(PLACEHOLDER, heading.text, at.start, at.end, 0))
                continue
            support = self._support(part.said, opens) if len(opens) > 1 else None
            for name in opens:
                if support is not None and _PAIR.issubset(opens) and _silent_half(name, support):
                    continue
                rank = part.rank(name, None if support is None else support.get(name, 0))
                self._note(name, rank, at, part.words, heading.text)
                self.headed.add(name)

    def _support(self, part: list[Passage], names: tuple[str, ...]) -> dict[str, int]:
        """How much some passages say on each of some sections."""
        best: dict[str, int] = {}
        among = patterns_of(self.kind).of(names)
        for said in part:
            for name, level in said.evidence(among):
                best[name] = max(level, best.get(name, 0))
        return best

    def _has_image(self, heading: int) -> bool:
        return any(link.image and link.heading == heading for link in self.outline.links)

    def _description(self) -> None:
        """What the card is about: its first paragraphs, where no heading claims them, else its title."""
        name = _DESCRIPTION[self.kind]
        headings = self.outline.headings
        if self.described:
            first = self.outline.blocks[0]
            self._note(name, FULL if self.described >= enough(name) else THIN, first, self.described)
        elif name not in self.found and headings and count_words(headings[0].text) > _TITLE_WORDS:
            self._note(name, THIN, headings[0], count_words(headings[0].text))
        elif name not in self.found and self.listing is not None:
            self._note(name, THIN, self.listing, _FEWEST_WORDS)


def _is_list_of_addresses(text: str) -> bool:
    return text[:4] == "http" and text.count("://") > _MOST_ADDRESSES and _ADDRESSES.fullmatch(text) is not None


def _silent_half(name: str, support: dict[str, int]) -> bool:
    """Whether the text under "intended uses and limitations" speaks of the other of the two only."""
    return name in _PAIR and name not in support and (name == "limitations" or "limitations" in support)
