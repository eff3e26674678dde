"""Markdown to `Outline` in one pass over pyromark's events (CommonMark with the hub's tables, tasks, footnotes)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyromark import Options, events_with_range

from cardlint.card.cuts import Cut, cut_tables, whole
from cardlint.card.elements import Elements
from cardlint.card.rawhtml import add_html
from cardlint.card.running import Running
from cardlint.card.tables import read_table
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from cardlint.card.outline import Outline

_OPTIONS = Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS
_TABLE_ENDS = {"End": "Table"}
_RULED = Pattern(r"(?m)^ {0,3}[|:-][-:| \t]*\|[-:| \t]*\r?$")
"""The line below the head of a table."""


def read_outline(text: str, body: int) -> Outline:
    """The outline of the body that begins at offset ``body`` of the card. Never raises on a bad card."""
    source = text[body:] if body else text
    cut = cut_tables(source, body)
    return _Reader(text, cut).read() or _Reader(text, whole(source, body)).read() or Elements().outline()


def _without_tabs(source: str) -> str:
    """A body without tabs in the line below the head of a table: this parser makes no table of it, GitHub's does."""
    if "\t" not in source or "--" not in source:
        return source
    return _RULED.sub(lambda line: line.group().replace("\t", " "), source)


class _Reader:
    """Reads the events of a body, and takes from the stream of them what it goes through at a time."""

    def __init__(self, text: str, cut: Cut) -> None:
        self.text = text
        self.offset = cut.offset
        self.tables = cut.tables
        self.met = 0
        self.stream: Any = iter(events_with_range(_without_tabs(cut.source), options=_OPTIONS))
        self.found = Elements()
        self.running = Running(text, cut.offset, self.found)

    def read(self) -> Outline | None:
        """The outline; None where a table that was cut turned out to be none."""
        running = self.running
        begins = {
            "Paragraph": running.begin_paragraph,
            "Item": running.begin_item,
            "Strong": running.begin_strong,
            "Link": running.begin_link,
            "Image": running.begin_link,
            "Heading": running.begin_heading,
            "List": running.begin_block,
            "FootnoteDefinition": running.begin_block,
            "BlockQuote": running.begin_quote,
            "CodeBlock": self._code,
            "HtmlBlock": self._html,
            "Table": self._table,
        }
        ends = {
            "Paragraph": running.end_paragraph,
            "Item": running.end_item,
            "Strong": running.end_strong,
            "Link": running.end_link,
            "Image": running.end_image,
            "Heading": running.end_heading,
            "BlockQuote": running.end_quote,
        }
        add, mark = running.pieces.append, running.places.append
        for event, place in self.stream:
            if type(event) is str:
                if event == "SoftBreak" or event == "HardBreak":
                    add("\n")
                    mark(place["start"])
                continue
            kind, value = event.popitem()
            if kind == "Text":
                add(value)
                mark(place["start"])
            elif kind == "Start":
                name, detail = (value, None) if type(value) is str else value.popitem()
                begin = begins.get(name)
                if begin is not None:
                    begin(place, detail)
            elif kind == "End":
                end = ends.get(value if type(value) is str else next(iter(value)))
                if end is not None:
                    end(place)
            elif kind == "Code":
                add(value)
                mark(place["start"] + 1)
            elif kind == "InlineHtml":
                running.inline_html(value, place["start"])
        return self.found.outline() if self.met == len(self.tables) else None

    def _code(self, place: dict[str, int], detail: Any) -> None:
        """A code block: its events up to its end."""
        self.running.begin_block()
        pieces: list[str] = []
        places: list[int] = []
        for event, at in self.stream:
            if "Text" not in event:
                break
            pieces.append(event["Text"])
            places.append(at["start"])
        info = detail["Fenced"] if type(detail) is dict else ""
        language = info.split(None, 1)[0].strip("{}.,").lower() if info.strip() else ""
        start, end = self.offset(place["start"]), self.offset(place["end"])
        self.found.add_block("code", "".join(pieces), start, end, "", language, (), (pieces, places, self.offset))
        self.running.resume(place["end"])

    def _html(self, place: dict[str, int], _: None) -> None:
        """A block of raw HTML: its events up to its end."""
        self.running.begin_block()
        lines: list[str] = []
        places: list[int] = []
        for event, at in self.stream:
            kind, value = event.popitem()
            if kind == "End":
                break
            lines.append(value)
            places.append(at["start"])
        add_html(self.found, lines, places, self.offset)
        self.running.resume(place["end"])

    def _table(self, place: dict[str, int], _: Any) -> None:
        """A table: its events up to its end."""
        self.running.begin_block()
        start, end = self.offset(place["start"]), self.offset(place["end"])
        cut = self.tables.get(start)
        if cut is None:
            table = read_table(self.text[start:end], start)
        else:
            self.met += 1
            end, table = cut
        if table is None:
            rows, marks = self._cells()
        else:
            for event, _at in self.stream:
                if event == _TABLE_ENDS:
                    break
            for link in table.links:
                self.found.add_link(*link)
            rows, marks = table.rows, (table.pieces, table.places, int)
        self.found.add_block("table", "".join(marks[0]), start, end, "", "", rows, marks)
        self.running.resume(place["end"])

    def _cells(self) -> tuple[tuple[tuple[str, ...], ...], tuple[list[str], list[int], Any]]:
        """Rows and marks of a table whose cells hold images, escapes or HTML, from its events."""
        running = self.running
        rows: list[tuple[str, ...]] = []
        row: list[str] = []
        pieces: list[str] = []
        places: list[int] = []
        add, mark = running.pieces.append, running.places.append
        for event, at in self.stream:
            if type(event) is str:
                continue
            kind, value = event.popitem()
            if kind == "Text":
                add(value)
                mark(at["start"])
            elif kind == "Code":
                add(value)
                mark(at["start"] + 1)
            elif kind == "InlineHtml":
                running.inline_html(value, at["start"])
            elif kind == "Start":
                if type(value) is dict:
                    name, detail = value.popitem()
                    if name == "Link" or name == "Image":
                        running.begin_link(at, detail)
                elif value == "TableRow" or value == "TableHead":
                    row = []
            elif value == "TableCell":
                if row:
                    pieces.append(" | ")
                    places.append(at["start"])
                pieces.extend(running.pieces)
                places.extend(running.places)
                row.append("".join(running.pieces).strip())
                running.pieces.clear()
                running.places.clear()
            elif value == "TableRow" or value == "TableHead":
                rows.append(tuple(row))
                pieces.append("\n")
                places.append(at["end"])
            elif value == "Link":
                running.end_link(at)
            elif value == "Image":
                running.end_image(at)
            elif value == "Table":
                break
        return tuple(rows), (pieces, places, self.offset)
