"""Raw HTML in a card's body, scanned tolerantly: headings, text, links, images, comments, anchors."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(r"<!--(?:(?!-->)[\s\S])*(?:-->|$)|</?[a-zA-Z][^<>]*>", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_ATTRIBUTE = Pattern(r"""([a-zA-Z][a-zA-Z-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK_TAGS = frozenset(
    {
        *("p", "div", "li", "tr", "td", "th", "table", "ul", "ol", "br", "hr"),
        *("center", "details", "summary", "section", "blockquote", "pre", "dl", "dt", "dd"),
    }
)
_HIDDEN = frozenset({"script", "style"})
_SHORT = 1_000
"""Code points of a fragment that is remembered: templates put the same comments into card after card."""


class HtmlPiece(NamedTuple):
    """One thing found in HTML; offsets into the source. ``kind``: heading, text, link, image, comment, anchor."""

    kind: str
    text: str
    start: int
    end: int
    level: int = 0
    url: str = ""


def read_html(source: str) -> Sequence[HtmlPiece]:
    """The pieces of a fragment in order. Unknown and unbalanced tags are passed over."""
    return _remembered(source) if len(source) <= _SHORT else _read(source)


def _read(source: str) -> tuple[HtmlPiece, ...]:
    return _Fragment(source).read()


class _Fragment:
    """One pass over the tags of a fragment.

    ``text`` is what stood since the last block, in pieces with their places; ``heading`` the level and start of the
    heading that is open; ``links`` the open links: address, start, and how many pieces of text stood before.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[HtmlPiece] = []
        self.text: list[tuple[str, int]] = []
        self.heading: tuple[int, int] | None = None
        self.links: list[tuple[str, int, int]] = []

    def read(self) -> tuple[HtmlPiece, ...]:
        """The pieces in order."""
        source, hidden, position = self.source, "", 0
        for match in _TOKEN.finditer(source):
            start, end = match.span()
            if start > position and not hidden:
                self.text.append((source[position:start], position))
            position = end
            token = match.group()
            if token.startswith("<!--"):
                self.found.append(HtmlPiece("comment", token[4:].removesuffix("-->"), start, end))
                continue
            name = _NAME.match(token).group(1).lower()  # type: ignore[union-attr]  # the token pattern demands a name
            closing = token[1] == "/"
            if hidden:
                hidden = "" if closing and name == hidden else hidden
            elif closing:
                self.end(name, end)
            elif name in _HIDDEN:
                hidden = name
            else:
                self.begin(name, token, start, end)
        if not hidden:
            self.text.append((source[position:], position))
        self.flush()
        self.found.extend(HtmlPiece("link", "", start, start + 1, url=url) for url, start, _ in self.links)
        self.found.sort(key=lambda piece: piece.start)
        return tuple(self.found)

    def begin(self, name: str, token: str, start: int, end: int) -> None:
        """A tag that opens something, or stands alone."""
        attributes = {m[0].lower(): m[1] or m[2] or m[3] for m in _ATTRIBUTE.findall(token)} if "=" in token else {}
        self.found.extend(HtmlPiece("anchor", attributes[key], start, end) for key in ("id", "name") if key in attributes)
        if name in _HEADINGS:
            self.flush()
            self.heading = (int(name[1]), start)
        elif name in _BLOCK_TAGS:
            if self.heading is None:
                self.flush()
        elif name == "img":
            alt, address = _decoded(attributes.get("alt", "")), _decoded(attributes.get("src", ""))
            self.found.append(HtmlPiece("image", alt, start, end, url=address))
        elif name == "a" and "href" in attributes:
            self.links.append((_decoded(attributes["href"]), start, len(self.text)))

    def end(self, name: str, end: int) -> None:
        """A tag that closes something."""
        if name in _HEADINGS:
            if self.heading is not None:
                level, start = self.heading
                text = " ".join(_shown(self.text).split())
                self.text.clear()
                if text:
                    self.found.append(HtmlPiece("heading", text, start, end, level))
                self.heading = None
        elif name in _BLOCK_TAGS:
            if self.heading is None:
                self.flush()
        elif name == "a" and self.links:
            url, start, before = self.links.pop()
            self.found.append(HtmlPiece("link", _shown(self.text[before:]).strip(), start, end, url=url))

    def flush(self) -> None:
        """What stood since the last block is a text."""
        text = _shown(self.text).strip()
        if text:
            start = next(at + len(piece) - len(piece.lstrip()) for piece, at in self.text if piece.strip())
            last, at = next((piece, at) for piece, at in reversed(self.text) if piece.strip())
            self.found.append(HtmlPiece("text", text, start, at + len(last.rstrip())))
        self.text.clear()


def _shown(pieces: list[tuple[str, int]]) -> str:
    """Pieces of text as a reader sees them."""
    return _decoded("".join([piece for piece, _ in pieces]))


def _decoded(text: str) -> str:
    """A text with its character references replaced; most have none, and the table of their names takes time to load."""
    if "&" not in text:
        return text
    from html import unescape

    return unescape(text)


_remembered = lru_cache(maxsize=2048)(_read)
