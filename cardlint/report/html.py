"""A report as one page: each card rendered, and its findings beside it with their lines. Opens from disk, asks nobody.

A card is a stranger's text: raw HTML in it is shown as text, images are named and not loaded, links cannot run anything, and the
page's content security policy forbids scripts, frames and every request.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html import escape
from typing import TYPE_CHECKING, TextIO

from markdown_it import MarkdownIt

from cardlint.engine.place import clean, visible
from cardlint.report.matrix import html_lines
from cardlint.report.records import told
from cardlint.report.text import footer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

    from cardlint.model import Finding, Outcome
    from cardlint.report.records import RunInfo, Tally
    from cardlint.standards.standard import Head

_LINE_END = re.compile(r"\r\n|\r|\n")
MOST_CARDS = 50
"""Cards that are rendered; the counts speak of all."""
LONGEST_CARD = 200_000
"""Characters of a card that are rendered: markdown-it-py takes about 1 ms for each thousand."""
_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cardlint report</title>
<style>
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
section { display: grid; gap: 0 2rem; grid-template-columns: minmax(0, 3fr) minmax(16rem, 2fr); border-top: 1px solid; padding-top: 1rem; }
.matrix { grid-column: 1 / -1; overflow-x: auto; }
section > h2, .failure { grid-column: 1 / -1; margin: 0; overflow-wrap: anywhere; }
article { overflow-x: auto; }
aside ol { list-style: none; margin: 0; padding: 0; }
aside li { border-left: 4px solid #888; margin-bottom: 1rem; padding-left: .75rem; overflow-wrap: anywhere; }
aside li.error { border-color: #c22; } aside li.warning { border-color: #b80; } aside li.note { border-color: #28a; }
pre, code { font-family: ui-monospace, monospace; } pre { overflow-x: auto; } table { border-collapse: collapse; }
td, th { border: 1px solid #8888; padding: .1rem .4rem; }
@media (max-width: 60rem) { section { grid-template-columns: 1fr; } }
</style>
</head>
<body>
<h1>Model cards</h1>
"""


class HtmlWriter:
    """Writes the page while the cards come."""

    shows_text = True

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self._cards = 0
        self._standards: tuple[Head, ...] = ()
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")

    def start(self, info: RunInfo) -> None:
        """Write the page's head."""
        self._standards = info.standards
        self.out.write(_HEAD)

    def card(self, outcome: Outcome, text: str | None) -> None:
        """Write one card that has findings or failed."""
        findings = told(outcome)
        if not findings and not outcome.failure and not outcome.controls:
            return
        self._cards += 1
        if self._cards > MOST_CARDS:
            return
        self.out.write(f"<section>\n<h2>{_safe(outcome.input)}</h2>\n")
        if outcome.failure:
            self.out.write(f'<p class="failure">cardlint failed on this card: {_safe(outcome.failure)}</p>\n')
        for rendered, beside in _rows(self._blocks(text or ""), findings):
            items = "".join(_item(finding) for finding in beside)
            self.out.write(f"<article>\n{rendered}</article>\n<aside>\n" + (f"<ol>\n{items}</ol>\n" if items else "") + "</aside>\n")
        if outcome.controls:
            self.out.write('<div class="matrix">\n')
            self.out.writelines(f"{line}\n" for line in html_lines(outcome, self._standards))
            self.out.write("</div>\n")
        self.out.write("</section>\n")

    def end(self, tally: Tally) -> None:
        """Write the counts and close the page."""
        if self._cards > MOST_CARDS:
            self.out.write(f"<p>{self._cards - MOST_CARDS:,} more cards with findings are not shown.</p>\n")
        self.out.write(f"<p>{_safe(footer(tally))}</p>\n</body>\n</html>\n")

    def _blocks(self, text: str) -> Iterator[tuple[int, str]]:
        """The blocks of a card as HTML, each with its first line (1-based); the metadata as they stand."""
        from cardlint.card.frontmatter import read_front_matter

        text = text[:LONGEST_CARD]
        body = read_front_matter(text).end
        if body:
            yield 1, f"<pre>{escape(visible(text[:body].strip()))}</pre>\n"
        above = len(_LINE_END.findall(text[:body]))
        for block in _top_level(self._markdown.parse(visible(text[body:]))):
            for token in block:
                _disarm(token.children or ())
            start = block[0].map[0] if block[0].map else 0
            yield above + start + 1, self._markdown.renderer.render(block, self._markdown.options, {})


def _top_level(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each block that stands in no other."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _rows(blocks: Iterable[tuple[int, str]], findings: Sequence[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """The card in pieces, each beside the findings on its lines: a piece begins with a block that has findings."""
    lines = [*blocks] or [(1, "")]
    owned: list[list[Finding]] = [[] for _ in lines]
    for finding in findings:
        owned[max(0, bisect_right(lines, finding.span.line, key=lambda block: block[0]) - 1)].append(finding)
    piece, beside = "", owned[0]
    for (_, rendered), own in zip(lines, owned, strict=True):
        if own and piece:
            yield piece, beside
            piece, beside = "", own
        piece += rendered
    yield piece, beside


def _disarm(tokens: Sequence[Token]) -> None:
    """Images become their text, links lose where they lead: a page of findings is no place to leave from."""
    for token in tokens:
        if token.type == "image":
            token.type, token.tag, token.content, token.children = "text", "", f"[image: {token.content}]", None
        elif token.type == "link_open":
            token.attrs = {"title": str(token.attrs.get("href", ""))}


def _item(finding: Finding) -> str:
    line = f"line {finding.span.line}"
    silent = f"<br><em>{_safe(finding.suppressed.by)}: {_safe(finding.suppressed.reason)}</em>" if finding.suppressed else ""
    help_text = f"<br>{_safe(finding.help)}" if finding.help else ""
    return (
        f'<li class="{finding.severity}"><strong>{finding.code} {finding.name}</strong> ({finding.severity}, {line})'
        f"<br>{_safe(finding.message)}{help_text}{silent}</li>\n"
    )


def _safe(text: str) -> str:
    return escape(clean(text))
