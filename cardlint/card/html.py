"""Raw HTML in a card's body, scanned tolerantly: headings, text, links, images, comments, anchors."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(r"<!--(?:(?!-->)[\s\S])*(?:-->|$)|</?[a-zA-Z][^<>]*>", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_ATTRIBUTE = Pattern(r"""([a-zA-Z][a-zA-Z-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_BLOCK_TAGS = frozenset(
    {
        *("p", "div", "li", "tr", "td", "th", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr"),
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
    found: list[HtmlPiece] = []
    buffer: list[tuple[str, int]] = []
    heading: tuple[int, int] | None = None
    hidden = ""
    links: list[tuple[str, int, int]] = []
    position = 0

    def flush() -> None:
        text = unescape("".join(piece for piece, _ in buffer))
        if text.strip():
            start = next(at + len(piece) - len(piece.lstrip()) for piece, at in buffer if piece.strip())
            last, at = next((piece, at) for piece, at in reversed(buffer) if piece.strip())
            found.append(HtmlPiece("text", text.strip(), start, at + len(last.rstrip())))
        buffer.clear()

    for match in _TOKEN.finditer(source):
        if match.start() > position and not hidden:
            buffer.append((source[position : match.start()], position))
        position = match.end()
        token = match.group()
        if token.startswith("<!--"):
            found.append(HtmlPiece("comment", token[4:].removesuffix("-->"), match.start(), match.end()))
            continue
        name = _NAME.match(token).group(1).lower()  # type: ignore[union-attr]  # the token pattern demands a name
        closing = token[1] == "/"
        if hidden:
            hidden = "" if closing and name == hidden else hidden
            continue
        if not closing and name in _HIDDEN:
            hidden = name
            continue
        attributes = {} if closing or "=" not in token else {m[0].lower(): m[1] or m[2] or m[3] for m in _ATTRIBUTE.findall(token)}
        for key in ("id", "name"):
            if key in attributes:
                found.append(HtmlPiece("anchor", attributes[key], match.start(), match.end()))
        if name in _BLOCK_TAGS:
            if len(name) == 2 and name[0] == "h" and name[1].isdigit():
                if closing and heading is not None:
                    text = unescape("".join(piece for piece, _ in buffer)).strip()
                    buffer.clear()
                    if text:
                        found.append(HtmlPiece("heading", " ".join(text.split()), heading[1], match.end(), heading[0]))
                    heading = None
                elif not closing:
                    flush()
                    heading = (int(name[1]), match.start())
                continue
            if heading is None:
                flush()
        elif name == "img":
            found.append(
                HtmlPiece("image", unescape(attributes.get("alt", "")), match.start(), match.end(), url=unescape(attributes.get("src", "")))
            )
        elif name == "a" and not closing and "href" in attributes:
            links.append((unescape(attributes["href"]), match.start(), len(buffer)))
        elif name == "a" and closing and links:
            url, start, index = links.pop()
            text = unescape("".join(piece for piece, _ in buffer[index:]))
            found.append(HtmlPiece("link", text.strip(), start, match.end(), url=url))
    if not hidden:
        buffer.append((source[position:], position))
    flush()
    found.extend(HtmlPiece("link", "", start, start + 1, url=url) for url, start, _ in links)
    found.sort(key=lambda piece: piece.start)
    return tuple(found)


_remembered = lru_cache(maxsize=2048)(_read)
