"""Characters that readers do not see, direction overrides, and active HTML."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from cardlint.model import Problem, Range
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block

_OVERRIDE = Pattern("[\u202d\u202e][^\n\u202c]{0,400}")
_TAGS = Pattern("[\U000e0001-\U000e007f]{3,}")
_RUN = Pattern("[\u200b-\u200d\u2060-\u2064\ufeff\u180e]{6,}")
_INVISIBLE = Pattern("[\u200b\u2060-\u2064\ufeff\u180e]")
_DIRECTION = Pattern("[\u202a\u202b\u2066-\u2068]")
_RTL = Pattern("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FLAG = "\U0001f3f4"
_CODE = frozenset({"code"})
_NAME = Pattern(r"[A-Za-z0-9_./-]")


def hidden(card: Card) -> Iterator[Problem]:
    """Characters that hide or reorder text: overrides, tag characters outside of flags, long invisible runs, any in code."""
    text = card.text
    for match in _OVERRIDE.finditer(text):
        yield Problem(
            Range(*match.span()), f"text runs against its reading direction after U+{ord(match.group()[0]):04X}", value="override"
        )
    for match in _TAGS.finditer(text):
        if match.start() == 0 or text[match.start() - 1] != _FLAG:
            said = "".join(chr(ord(char) - 0xE0000) for char in match.group() if 0xE0020 <= ord(char) < 0xE007F)
            yield Problem(Range(*match.span()), f"invisible tag characters spell '{said[:60]}'", value=said)
    for match in _RUN.finditer(text):
        yield Problem(Range(*match.span()), f"{len(match.group())} invisible characters stand in a row", value="run")
    for block in card.outline.blocks:
        if block.kind not in _CODE or block.text.isascii():
            continue
        for line in block.text.split("\n"):
            if _DIRECTION.search(line) and not _RTL.search(line):
                yield Problem(block, "code holds characters that change the reading direction", value="direction")
                break
        if not _RUN.search(block.text):
            yield from _breaking(card, block)


def _breaking(card: Card, block: Block) -> Iterator[Problem]:
    """The first invisible character of a code block that breaks it: outside of strings, or inside an ASCII name."""
    begin = 0
    for line in block.text.split("\n"):
        for match in _INVISIBLE.finditer(line):
            before, after = _INVISIBLE.sub("", line[: match.start()]), _INVISIBLE.sub("", line[match.end() :])
            quoted = before.count('"') % 2 == 1 or before.count("'") % 2 == 1
            if (_NAME.match(before[-1:]) and _NAME.match(after[:1])) or (not quoted and (before + after).isascii()):
                place = card.outline.place(block, begin + match.start(), begin + match.end())
                yield Problem(place, f"code holds an invisible character, U+{ord(match.group()):04X}", value="code")
                return
        begin += len(line) + 1


_ACTIVE = Pattern(
    r"(?i)<(?P<tag>script|iframe|object|embed|form|base|applet|frame)(?=[\s>/])|<[a-z][a-z0-9]*\s[^<>]{0,400}?\s(?P<event>on[a-z]{3,20})\s{0,2}="
    r"|(?P<url>(?:\]\(|(?:href|src)\s{0,2}=\s{0,2}[\"']?)\s{0,2}(?:javascript|vbscript|data:text/html)[:;,])"
)
_DANGEROUS = frozenset({"script", "iframe"})


def active(card: Card) -> Iterator[Problem]:
    """Scripts, frames, forms, event handlers and script addresses outside of code."""
    for match in _ACTIVE.finditer(card.text, card.front_matter.end):
        if in_code(card, match.start()) or _is_a_word(card, match):
            continue
        if match.group("tag"):
            what = f"a <{match.group('tag').lower()}> element"
        elif match.group("event"):
            what = f"an event handler ({match.group('event').lower()})"
        else:
            what = "an address that runs a script"
        yield Problem(Range(*match.span()), f"the card holds {what}", value=what)


def _is_a_word(card: Card, match: re.Match[str]) -> bool:
    """Whether a tag without attributes that nothing closes is a word to be filled in: "fine-tuned from <base>"."""
    tag, text = (match.group("tag") or "").lower(), card.text
    return tag != "" and tag not in _DANGEROUS and text.startswith(">", match.end()) and f"</{tag}" not in text[match.end() :].lower()


def in_code(card: Card, at: int) -> bool:
    """Whether an offset lies in a code block or in a code span of its line."""
    blocks = card.outline.blocks
    index = bisect_right(blocks, at, key=lambda block: block.start) - 1
    if index >= 0 and blocks[index].kind == "code" and at < blocks[index].end:
        return True
    line = card.text.rfind("\n", 0, at) + 1
    return card.text.count("`", line, at) % 2 == 1
