"""Markdown to `Outline` in one pass over pyromark's events (CommonMark with the hub's tables, tasks, footnotes)."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from pyromark import Options, events_with_range

from cardlint.budgets import BUDGETS
from cardlint.card.html import HtmlPiece, read_html
from cardlint.card.offsets import Offsets
from cardlint.card.outline import Block, Comment, Heading, Link, Outline
from cardlint.card.tables import Table, is_plain, plain_table

_OPTIONS = Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS
_LEVELS = {f"H{level}": level for level in range(1, 7)}
_LONGEST_LABEL = 60
_LONGEST_BOLD_HEADING = 90
_TABLE_END = "Table"


def read_outline(text: str, body: int) -> Outline:
    """The outline of the body that begins at offset ``body`` of the card. Never raises on a bad card."""
    return _Builder(text, body).read()


def _label(text: str) -> str:
    """What stands before the first colon of an item or paragraph, where it is short and a blank follows; else nothing."""
    at = text.find(":")
    wide = text.find("：")
    if at < 0 or 0 <= wide < at:
        at = wide
    if at > _LONGEST_LABEL + 1 or (at + 1 < len(text) and not text[at + 1].isspace()):
        return ""
    head = text[:at]
    return "" if "\n" in head else head.strip()


class _Builder:
    """Collects elements while the events go by."""

    def __init__(self, text: str, body: int) -> None:
        self.text = text
        source = text[body:] if body else text
        self.source = source
        self.offset = Offsets(source, body)
        self.shift = body
        self.ascii = self.offset.ascii
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.comments: list[Comment] = []
        self.anchors: set[str] = set()
        self.spent: dict[str, None] = {}
        self.pieces: list[str] = []
        self.places: list[int] = []
        self.kind = ""
        self.start = 0
        self.bold_until = -1
        self.bold_first = False
        self.items = 0
        self.quotes = 0
        self.open_links: list[tuple[str, int, int, bool]] = []
        self.open_html: list[tuple[str, int, int]] = []

    def read(self) -> Outline:
        stream: Any = iter(events_with_range(self.source, options=_OPTIONS))
        for event, place in stream:
            if type(event) is str:
                if event == "SoftBreak" or event == "HardBreak":
                    self.pieces.append("\n")
                    self.places.append(place["start"])
                continue
            ((kind, value),) = event.items()
            if kind == "Text":
                self.pieces.append(value)
                self.places.append(place["start"])
            elif kind == "Code":
                self._append(value, place["start"] + 1)
            elif kind == "Start":
                if type(value) is str:
                    if value == "HtmlBlock":
                        self._html_block(stream, place)
                    else:
                        self._start(value, place)
                elif "CodeBlock" in value:
                    self._code(stream, value["CodeBlock"], place)
                elif "Table" in value:
                    self._table(stream, place)
                else:
                    ((name, detail),) = value.items()
                    self._start_detailed(name, detail, place)
            elif kind == "End":
                self._end(value, place)
            elif kind == "InlineHtml":
                self._inline_html(value, place["start"])
        return Outline(
            tuple(self.headings),
            tuple(self.blocks),
            tuple(self.links),
            tuple(self.comments),
            frozenset(self.anchors),
            tuple(self.spent),
            self.offset,
        )

    def _append(self, piece: str, at: int) -> None:
        self.pieces.append(piece)
        self.places.append(at)

    def _start(self, name: str, place: dict[str, int]) -> None:
        if name == "Strong":
            if not self.pieces or (len(self.pieces) == 1 and self.pieces[0].isspace()):
                self.bold_first = True
        elif name == "Paragraph":
            if self.pieces:
                self._flush()
            self.kind = "item" if self.items else "paragraph"
            self.start = place["start"]
        elif name == "Item":
            if self.pieces:
                self._flush()
            self.items += 1
            self.kind = "item"
            self.start = place["start"]

    def _start_detailed(self, name: str, detail: Any, place: dict[str, int]) -> None:
        if name == "Heading":
            self._flush()
        elif name == "Link" or name == "Image":
            self.open_links.append((detail["dest_url"], len(self.pieces), place["start"], name == "Image"))
        elif name == "List" or name == "FootnoteDefinition":
            self._flush()
        elif name == "BlockQuote":
            self._flush()
            self.quotes += 1

    def _end(self, value: Any, place: dict[str, int]) -> None:
        if type(value) is str:
            if value == "Strong":
                if self.bold_first:
                    self.bold_until = len(self.pieces)
                    self.bold_first = False
            elif value == "Paragraph":
                self._flush(place["end"])
                self.kind = "item" if self.items else ""
                self.start = place["end"]
            elif value == "Item":
                self._flush(place["end"])
                self.items -= 1
                self.kind = "item" if self.items else ""
                self.start = place["end"]
            elif value == "Link" or value == "Image":
                self._link(place["end"])
            return
        name = next(iter(value))
        if name == "Heading":
            self._heading(_LEVELS[value["Heading"]], place)
        elif name == "BlockQuote":
            self._flush()
            self.quotes -= 1

    def _take(self) -> str:
        text = "".join(self.pieces)
        self.pieces = []
        return text

    def _flush(self, end: int | None = None) -> None:
        """Close the running text as a block, or as a bold heading where it is one bold line."""
        while self.open_html:
            self._html_link(self.open_html[-1][2] + 1)
        pieces = self.pieces
        if not pieces:
            return
        places = self.places
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        self.pieces, self.places = [], []
        bold = sum(map(len, pieces[: self.bold_until])) if self.bold_until > 0 else -1
        self.bold_until = -1
        self.bold_first = False
        if text.isspace():
            return
        kind = self.kind or "paragraph"
        start = self.shift + self.start if self.ascii else self.offset(self.start)
        if end is None:
            stop = self.offset(places[-1]) + len(pieces[-1])
        else:
            stop = self.shift + end if self.ascii else self.offset(end)
        if stop > start and self.text[stop - 1].isspace():
            stop = start + len(self.text[start:stop].rstrip())
        label = ""
        if bold > 0:
            lead = text.strip()
            if (
                kind == "paragraph"
                and not self.quotes
                and bold >= len(text.rstrip())
                and "\n" not in lead
                and len(lead) <= _LONGEST_BOLD_HEADING
            ):
                self._add_heading(Heading(7, lead, start, stop, "bold"))
                return
            head = text[:bold].strip()
            if head.endswith((":", "：")) or text[bold:].lstrip().startswith((":", "：")):
                label = head.rstrip(":： ")
        elif ":" in text or "：" in text:
            label = _label(text)
        self._add(Block(kind, text, start, stop, len(self.headings) - 1, label, "", (), (pieces, places), self.quotes > 0))

    def _heading(self, level: int, place: dict[str, int]) -> None:
        text = self._take().strip()
        self.places = []
        self.bold_until = -1
        start, end = self.offset(place["start"]), self.offset(place["end"])
        raw = self.text[start:end].rstrip()
        kind = "atx" if raw.lstrip(" >\t").startswith("#") else "setext"
        self._add_heading(Heading(level, text, start, start + len(raw), kind))
        self.kind = "item" if self.items else ""
        self.start = place["end"]

    def _keep(self, kept: list[Any], element: Any, most: int, name: str) -> None:
        """Keep an element while its budget lasts."""
        if len(kept) < most:
            kept.append(element)
        else:
            self.spent[name] = None

    def _add(self, block: Block) -> None:
        self._keep(self.blocks, block, BUDGETS.blocks, "blocks")

    def _add_heading(self, heading: Heading) -> None:
        self._keep(self.headings, heading, BUDGETS.headings, "headings")

    def _add_link(self, link: Link) -> None:
        self._keep(self.links, link, BUDGETS.links, "links")

    def _link(self, end: int) -> None:
        url, begin, start, image = self.open_links.pop()
        text = "".join(self.pieces[begin:])
        self._add_link(Link(url, text, self.offset(start), self.offset(end), len(self.headings) - 1, image))

    def _code(self, stream: Any, detail: Any, place: dict[str, int]) -> None:
        """A code block: its events up to its end."""
        self._flush()
        pieces: list[str] = []
        places: list[int] = []
        for event, at in stream:
            if "Text" not in event:
                break
            pieces.append(event["Text"])
            places.append(at["start"])
        info = detail["Fenced"] if type(detail) is dict else ""
        language = info.split(None, 1)[0].strip("{}.,").lower() if info.strip() else ""
        start, end = self.offset(place["start"]), self.offset(place["end"])
        self._add(Block("code", "".join(pieces), start, end, len(self.headings) - 1, "", language, (), (pieces, places)))
        self._resume(place["end"])

    def _resume(self, at: int) -> None:
        self.kind = "item" if self.items else ""
        self.start = at

    def _table(self, stream: Any, place: dict[str, int]) -> None:
        """A table: its events up to its end."""
        self._flush()
        start, end = self.offset(place["start"]), self.offset(place["end"])
        source = self.text[start:end]
        if is_plain(source):
            for event, _ in stream:
                if type(event) is dict and event.get("End") == _TABLE_END:
                    break
            table = plain_table(source, place["start"], self._table_link)
        else:
            table = self._table_cells(stream)
        text = "".join(table.pieces)
        self._add(Block("table", text, start, end, len(self.headings) - 1, "", "", table.rows, (table.pieces, table.places)))
        self._resume(place["end"])

    def _table_link(self, url: str, text: str, start: int, end: int) -> None:
        self._add_link(Link(url, text, self.offset(start), self.offset(end), len(self.headings) - 1, image=False))

    def _table_cells(self, stream: Any) -> Table:
        """A table whose cells hold images, code or HTML, from its events."""
        rows: list[tuple[str, ...]] = []
        row: list[str] = []
        pieces: list[str] = []
        places: list[int] = []
        for event, at in stream:
            if type(event) is str:
                continue
            ((kind, value),) = event.items()
            if kind == "Text":
                self._append(value, at["start"])
            elif kind == "Code":
                self._append(value, at["start"] + 1)
            elif kind == "InlineHtml":
                self._inline_html(value, at["start"])
            elif kind == "Start":
                if type(value) is dict and ("Link" in value or "Image" in value):
                    self._start_detailed(*next(iter(value.items())), at)
                elif value == "TableRow" or value == "TableHead":
                    row = []
            elif value == "TableCell":
                if row:
                    pieces.append(" | ")
                    places.append(at["start"])
                pieces.extend(self.pieces)
                places.extend(self.places)
                row.append(self._take().strip())
                self.places = []
            elif value == "TableRow" or value == "TableHead":
                rows.append(tuple(row))
                pieces.append("\n")
                places.append(at["end"])
            elif value == "Link" or value == "Image":
                self._link(at["end"])
            elif value == _TABLE_END:
                break
        return Table(tuple(rows), pieces, places)

    def _html_block(self, stream: Any, place: dict[str, int]) -> None:
        """A block of raw HTML: headings, text, links and comments in it."""
        self._flush()
        pieces: list[str] = []
        starts: list[tuple[int, int]] = []
        length = 0
        for event, at in stream:
            kind, value = next(iter(event.items()))
            if kind == "End":
                break
            starts.append((length, at["start"]))
            pieces.append(value)
            length += len(value)
        source = "".join(pieces)

        def offset(index: int) -> int:
            line = bisect_right(starts, (index, 1 << 60)) - 1
            base, at = starts[line]
            inside = index - base if source.isascii() else len(source[base:index].encode("utf-8", "replace"))
            return self.offset(at + inside)

        for piece in read_html(source):
            self._html_piece(piece, offset(piece.start), offset(piece.end))
        self._resume(place["end"])

    def _html_piece(self, piece: HtmlPiece, start: int, end: int) -> None:
        at = len(self.headings) - 1
        if piece.kind == "heading":
            self._add_heading(Heading(piece.level, piece.text, start, end, "html"))
        elif piece.kind == "comment":
            self._keep(self.comments, Comment(piece.text, start, end, at), BUDGETS.comments, "comments")
        elif piece.kind in ("link", "image"):
            self._add_link(Link(piece.url, piece.text, start, end, at, piece.kind == "image"))
        elif piece.kind == "anchor":
            if len(self.anchors) < BUDGETS.anchors:
                self.anchors.add(piece.text)
            elif piece.text not in self.anchors:
                self.spent["anchors"] = None
        else:
            self._add(Block("html", piece.text, start, end, at))

    def _inline_html(self, source: str, at: int) -> None:
        if source.startswith("<br"):
            self._append(" ", at)
            return
        if source[:4].lower() == "</a>" and self.open_html:
            self._html_link(at + len(source))
            return
        if not source.startswith(("<!--", "<a", "<img", "<A", "<I")) and "id=" not in source:
            return
        start = self.offset(at)
        for piece in read_html(source):
            if piece.kind == "link":
                self.open_html.append((piece.url, len(self.pieces), at))
            elif piece.kind != "text":
                self._html_piece(piece, start, start + len(source))

    def _html_link(self, end: int) -> None:
        """Close the inline ``<a href>`` that is open; its text is what was read since."""
        url, begin, start = self.open_html.pop()
        self._add_link(Link(url, "".join(self.pieces[begin:]), self.offset(start), self.offset(end), len(self.headings) - 1, image=False))
