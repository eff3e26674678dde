"""The text that runs since the last block: what becomes a paragraph, an item, or a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.card.html import read_html
from cardlint.card.rawhtml import add_piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.card.elements import Elements

_LONGEST_LABEL = 60
_LONGEST_BOLD_HEADING = 90


class Running:
    """Pieces of text and where in the source each begins; both lists stay the same objects."""

    def __init__(self, text: str, offset: Callable[[int], int], found: Elements) -> None:
        self.text = text
        self.offset = offset
        self.found = found
        self.pieces: list[str] = []
        self.places: list[int] = []
        self.kind = ""
        self.start = 0
        self.items = 0
        self.quotes = 0
        self.bold_until = -1
        self.bold_first = False
        self.level = 0
        self.open_links: list[tuple[str, int, int]] = []
        self.open_html: list[tuple[str, int, int]] = []

    def resume(self, at: int) -> None:
        """Go on behind a block."""
        self.kind = "item" if self.items else ""
        self.start = at

    def begin_block(self, *_: Any) -> None:
        """Something that is no running text begins."""
        if self.pieces or self.open_html:
            self.close()

    def begin_paragraph(self, place: dict[str, int], _: Any) -> None:
        """A paragraph begins."""
        if self.pieces:
            self.close()
        self.kind = "item" if self.items else "paragraph"
        self.start = place["start"]

    def end_paragraph(self, place: dict[str, int]) -> None:
        """A paragraph ends."""
        end = place["end"]
        self.close(end)
        self.kind = "item" if self.items else ""
        self.start = end

    def begin_item(self, place: dict[str, int], _: Any) -> None:
        """A list item begins."""
        if self.pieces:
            self.close()
        self.items += 1
        self.kind = "item"
        self.start = place["start"]

    def end_item(self, place: dict[str, int]) -> None:
        """A list item ends."""
        end = place["end"]
        self.close(end)
        self.items -= 1
        self.kind = "item" if self.items else ""
        self.start = end

    def begin_quote(self, *_: Any) -> None:
        """A quotation begins."""
        self.close()
        self.quotes += 1

    def end_quote(self, _: dict[str, int]) -> None:
        """A quotation ends."""
        self.close()
        self.quotes -= 1

    def begin_heading(self, _: dict[str, int], detail: dict[str, Any]) -> None:
        """A heading begins."""
        self.close()
        self.level = int(detail["level"][1])

    def end_heading(self, place: dict[str, int]) -> None:
        """A heading ends."""
        text = "".join(self.pieces).strip()
        self.pieces.clear()
        self.places.clear()
        self.bold_until = -1
        start = self.offset(place["start"])
        raw = self.text[start : self.offset(place["end"])].rstrip()
        kind = "atx" if raw.lstrip(" >\t").startswith("#") else "setext"
        self.found.add_heading(self.level, text, start, start + len(raw), kind)
        self.resume(place["end"])

    def begin_strong(self, *_: Any) -> None:
        """Bold text begins."""
        pieces = self.pieces
        if not pieces or (len(pieces) == 1 and pieces[0].isspace()):
            self.bold_first = True

    def end_strong(self, _: dict[str, int]) -> None:
        """Bold text ends."""
        if self.bold_first:
            self.bold_until = len(self.pieces)
            self.bold_first = False

    def begin_link(self, place: dict[str, int], detail: dict[str, Any]) -> None:
        """A link or an image begins."""
        self.open_links.append((detail["dest_url"], len(self.pieces), place["start"]))

    def end_link(self, place: dict[str, int], image: bool = False) -> None:
        """A link ends."""
        url, begin, start = self.open_links.pop()
        self.found.add_link(url, "".join(self.pieces[begin:]), self.offset(start), self.offset(place["end"]), image)

    def end_image(self, place: dict[str, int]) -> None:
        """An image ends."""
        self.end_link(place, image=True)

    def inline_html(self, source: str, at: int) -> None:
        """A tag or a comment in running text."""
        if source.startswith("<br"):
            self.pieces.append(" ")
            self.places.append(at)
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
                add_piece(self.found, piece, start, start + len(source))

    def _html_link(self, end: int) -> None:
        """Close the inline ``<a href>`` that is open; its text is what was read since."""
        url, begin, start = self.open_html.pop()
        self.found.add_link(url, "".join(self.pieces[begin:]), self.offset(start), self.offset(end))

    def close(self, end: int | None = None) -> None:
        """Close the running text as a block, or as a bold heading where it is one bold line."""
        while self.open_html:
            self._html_link(self.open_html[-1][2] + 1)
        pieces = self.pieces
        if not pieces:
            return
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        bold = sum(map(len, pieces[: self.bold_until])) if self.bold_until > 0 else -1
        marks = (tuple(pieces), tuple(self.places), self.offset)
        pieces.clear()
        self.places.clear()
        self.bold_until = -1
        self.bold_first = False
        if text.isspace():
            return
        start, stop = self._span(end, marks)
        label = ""
        if bold > 0:
            if self._is_heading(text, bold):
                self.found.add_heading(7, text.strip(), start, stop, "bold")
                return
            label = _bold_label(text, bold)
        elif ":" in text or "：" in text:
            label = _label(text)
        kind = self.kind or "paragraph"
        self.found.add_block(kind, text, start, stop, label, "", (), marks, self.quotes > 0)

    def _span(self, end: int | None, marks: tuple[tuple[str, ...], tuple[int, ...], Any]) -> tuple[int, int]:
        """From where the text began to ``end``, or to its last piece, without the blanks behind it."""
        start = self.offset(self.start)
        stop = self.offset(marks[1][-1]) + len(marks[0][-1]) if end is None else self.offset(end)
        text = self.text
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        return start, stop

    def _is_heading(self, text: str, bold: int) -> bool:
        """Whether a text of whose begin ``bold`` code points are bold is a paragraph of one bold line."""
        if self.quotes or bold < len(text.rstrip()) or (self.kind and self.kind != "paragraph"):
            return False
        lead = text.strip()
        return "\n" not in lead and len(lead) <= _LONGEST_BOLD_HEADING


def _bold_label(text: str, bold: int) -> str:
    """The bold lead where a colon ends it or follows it; else nothing."""
    head = text[:bold].strip()
    if head.endswith((":", "：")) or text[bold:].lstrip().startswith((":", "：")):
        return head.rstrip(":： ")
    return ""


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
