"""Markdown that does not show what its author meant: headings, fences, tables, metadata in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.sections.words import is_filler
from cardlint.checks.places import code_areas, first_line, listed, quoted, tables, wordless
from cardlint.checks.signs import KEY_BELOW, LONGEST_GAP, shows_nothing
from cardlint.model import Edit, Fix, Problem, Range, Related
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block, Heading

_MOST_RELATED = 20
_SHORTEST_COPY = 80
_LONGEST_TITLE = 50
_LINK_AHEAD = 300
_FEWEST_TAGS = 3
_GLUED = Pattern(r"(#{1,6})[\u00a0\u3000\u200b]*([^\W\d_][^\n#]{1,80}|[\U0001F300-\U0001FAFF][^\n#]{1,80})(?:#*[ \t]*)(?:\n|$)")
_KEYS = (
    r"(?:license|tags|language|datasets|pipeline_tag|library_name|base_model|metrics|widget|model-index|inference|thumbnail"
    r"|annotations_creators|language_creators|size_categories|task_categories|task_ids|dataset_info)[ \t]*:"
)
_BLOCK_IN_BODY = Pattern(rf"---[ \t]*\r?\n(?={_KEYS})")
_CLOSED_EARLY = Pattern(rf"---[ \t]*\r?\n(?=(?:[ \t]*- [^\n]{{1,80}}\n){{0,30}}{_KEYS})")
"""A fence with keys below it, or with the rest of a list and keys."""
_METADATA = Pattern(r"(?:(?:[A-Za-z][\w-]*[ \t]*:|[ \t]+\S|- ).*\n)+---[ \t]*(?:\r?\n|$)")
"""Lines of YAML down to a fence."""
_EARLY = "Delete the fence above this line."
_LATE = "Move the fence below the keys."
_OPENS = Pattern(r"\n {0,3}(```|~~~)[ \t]*[A-Za-z][\w+#.-]*[ \t]*\r?\n")
_SHOWS_MARKS = frozenset({"markdown", "md", "mdx", "rmd", "rst", "text", "txt", "plaintext", "none", "html", "jinja", "jinja2", "diff"})
_FEWEST_WORDS = 7
_OF_CODE = frozenset("={};")
_CONFLICT = Pattern(r"(?m)^(?:<{7}|>{7})(?= \S)")
_GARBLED = ("Ã", "â€", "â–\u0081", "ï¿½", "ðŸ", "\ufffd", "Ð")
_MOJIBAKE = Pattern(
    "Ã[\u0080-\u00bfŸ„œ–“‰]|â€[™œ“”˜¦\u0093\u0094\u0098-\u009d]|â–\u0081|ï¿½|ðŸ|(?<=\\w)\ufffd|\ufffd(?=\\w)|Ð[\u00b0-\u00bf]Ð"
)


def skipped_level(card: Card) -> Iterator[Problem]:
    """The first heading that lies more than one level below the one before it."""
    before: Heading | None = None
    for heading in card.outline.headings:
        if heading.kind == "bold":
            continue
        if before is not None and heading.level > before.level + 1:
            levels = f"the heading is at level {heading.level}, the one before it at level {before.level}"
            yield Problem(heading, levels, value=heading.text)
            return
        before = heading


def empty_sections(card: Card) -> Iterator[Problem]:
    """Headings with nothing below them, where no unfilled section is meant, and headings without words; one problem a card each."""
    text = card.text
    headings = card.outline.headings
    without_words = [each for each in headings if (each is not headings[0] or each.level > 1) and wordless(card, each)]
    if without_words:
        count = "a heading has" if len(without_words) == 1 else f"{len(without_words)} headings have"
        related = tuple(Related(each, "nor has this one") for each in without_words[1 : _MOST_RELATED + 1])
        yield Problem(without_words[0], f"{count} no words", value="", related=related)
    empty = []
    for index, heading in enumerate(headings):
        following = headings[index + 1] if index + 1 < len(headings) else None
        end = following.start if following else len(text)
        if (
            index > 0
            and end - heading.end < LONGEST_GAP
            and heading.kind == "atx"
            and (following is None or (following.text and following.level <= heading.level and not _is_underlined(following, heading)))
            and shows_nothing(text[heading.end : end])
            and _is_title(heading)
        ):
            empty.append(heading)
    if not empty:
        return
    unfilled = {section.start for section in card.sections.values() if section.status == "placeholder"}
    links = {link.start for link in card.outline.links}
    empty = [
        each
        for each in empty
        if each.start not in unfilled and links.isdisjoint(range(each.start, min(each.end, each.start + _LINK_AHEAD)))
    ]
    if empty:
        names = listed([quoted(heading.text) for heading in empty])
        count = "a heading has" if len(empty) == 1 else f"{len(empty)} headings have"
        related = tuple(Related(heading, "nor has this one") for heading in empty[1 : _MOST_RELATED + 1])
        yield Problem(empty[0], f"{count} no text below: {names}", value=empty[0].text, related=related)


def _is_underlined(following: Heading, heading: Heading) -> bool:
    """Whether what follows a heading is markup of another kind, whose level nobody chose against the heading's: HTML, a line of dashes."""
    return following.kind == "html" or (following.kind == "setext" and following.level < heading.level)


def _is_title(heading: Heading) -> bool:
    """Whether a heading announces something, rather than being a sentence, an address or a value itself."""
    text = heading.text.strip()
    return heading.level > 1 and 0 < len(text) <= _LONGEST_TITLE and not text.endswith(".") and ": " not in text and "://" not in text


def repeated_section(card: Card) -> Iterator[Problem]:
    """The first section that stands twice: the same heading under the same headings with the same text."""
    headings = card.outline.headings
    seen: dict[tuple[str, int, str], int] = {}
    above: list[Heading] = []
    for index, heading in enumerate(headings):
        while above and above[-1].level >= heading.level:
            above.pop()
        key = (above[-1].text if above else "", heading.level, heading.text)
        above.append(heading)
        if key not in seen:
            seen[key] = index
            continue
        if abs(_own_length(card, index) - _own_length(card, seen[key])) > LONGEST_GAP:
            continue
        text = _own_text(card, index)
        if len(text) < _SHORTEST_COPY or is_filler(text[:_SHORTEST_COPY]):
            continue
        first = seen[key]
        if _own_text(card, first) == text:
            related = (Related(headings[first], "the section stands here first"),)
            yield Problem(heading, f"the section {quoted(heading.text)} stands twice", value=heading.text, related=related)
            return


def _own_length(card: Card, index: int) -> int:
    """The characters between a heading and the next one."""
    headings = card.outline.headings
    return (headings[index + 1].start if index + 1 < len(headings) else len(card.text)) - headings[index].end


def _own_text(card: Card, index: int) -> str:
    """What stands between a heading and the next one, blanks collapsed."""
    start = card.outline.headings[index].end
    return " ".join(card.text[start : start + _own_length(card, index)].split())


def glued_heading(card: Card) -> Iterator[Problem]:
    """Lines such as ``#Title`` that are meant as headings and are none; three of one mark each are a list of tags."""
    text = card.text
    found: list[tuple[str, str, int, int]] = []
    for block in card.outline.blocks:
        if block.kind != "paragraph" or not block.text.startswith("#") or block.quoted:
            continue
        at = block.start
        while at < block.end and text[at - 1 : at] in ("", "\n") and (match := _GLUED.match(text, at)):
            marks, words = match.groups()
            if len(marks) > 1 or not (words[0].islower() or words.rstrip().endswith((".", "!", ";")) or "\n" in block.text.strip()):
                found.append((marks, words, at, match.end()))
            at = match.end()
    tags = sum(len(marks) == 1 for marks, *_ in found) >= _FEWEST_TAGS
    for marks, words, start, end in found:
        if not (tags and len(marks) == 1):
            at = start + len(marks)
            fix = Fix((Edit(Range(at, text.index(words[0], at)), " "),), "unsafe")
            if text[at] == words[0]:
                message = f"{quoted(marks + words)} is no heading: a blank is missing after {marks}"
            else:
                message = f"{quoted(f'{marks} {words}')} is a heading to few readers: the blank after {marks} is no plain one"
            yield Problem(first_line(card, start, end), message, value=words.strip(), fix=fix)


def open_fence(card: Card) -> Iterator[Problem]:
    """A code block that is never closed, so that the rest of the card is code; or not before the next one opens."""
    yield from _open_until_the_next(card)
    blocks = card.outline.blocks
    last = blocks[-1] if blocks else None
    if last is None or last.kind != "code":
        return
    mark = card.text[last.start : last.start + 3]
    if mark not in ("```", "~~~") or card.text[last.end :].strip():
        return
    lines = card.text[last.start : last.end].rstrip().split("\n")
    if len(lines) < 2 or not lines[-1].strip(" \t>").startswith(mark):
        count = len(lines) - 1
        few = ("it opens on the last line", "the last line of the card is code")
        told = few[count] if count < len(few) else f"{count} lines to the end of the card are code"
        yield Problem(first_line(card, last.start, last.end), f"the code block is never closed: {told}", value=lines[0])


def _open_until_the_next(card: Card) -> Iterator[Problem]:
    """A block of code in which another one opens, and closes both: what stands between them is code too.

    Blocks that show Markdown, or say nothing of their language, may mean to hold the marks of another.
    """
    for block in card.outline.blocks:
        if block.kind != "code" or not block.language or block.language.lower() in _SHOWS_MARKS:
            continue
        mark = card.text[block.start : block.start + 4]
        inner = _OPENS.search(card.text, block.start + 3, block.end)
        if inner and mark[:3] == inner[1] and mark[3:] != mark[0] and card.text.rfind("\n", 0, block.end - 1) > inner.end():
            line = card.lines.span(inner.start(1), inner.end(1)).line
            place = first_line(card, block.start, block.end)
            message = f"the code block is not closed before the next one opens on line {line}: what stands between is code"
            value = card.text[block.start : block.start + 80].split("\n")[0] + " " + inner[0].strip()
            yield Problem(place, message, help="A block that shows such marks opens with one more of them.", value=value)


def body_as_code(card: Card) -> Iterator[Problem]:
    """A body that is indented by four blanks, all of it, so that it is shown as code."""
    blocks = card.outline.blocks
    if any(block.kind != "code" or block.language or card.text.startswith(("```", "~~~"), block.start) for block in blocks):
        return
    if any(_is_sentence(line) for block in blocks for line in block.text.split("\n")):
        lines = sum(card.text[block.start : block.end].rstrip().count("\n") + 1 for block in blocks)
        told = f"all of its {lines} lines are" if lines > 1 else "it is"
        message = f"the text is indented by four blanks or more, so {told} shown as code"
        yield Problem(first_line(card, blocks[0].start, blocks[0].end), message, value="indented")


def _is_sentence(line: str) -> bool:
    """Whether a line has seven words, the first of letters, and none of the signs that stand in code."""
    words = line.split(None, _FEWEST_WORDS)
    return len(words) >= _FEWEST_WORDS and words[0].isalpha() and _OF_CODE.isdisjoint(line)


def front_matter_in_body(card: Card) -> Iterator[Problem]:
    """Metadata in the text, where no hub reads it: a second block, or keys behind a fence that closes too early."""
    text, end = card.text, card.front_matter.end
    early = _CLOSED_EARLY.match(text, card.front_matter.closing) if end else None
    if early and _METADATA.match(text, early.end()):
        place = first_line(card, early.end(), min(len(text), early.end() + 200))
        yield Problem(place, "the metadata goes on below its closing fence; hubs read only what stands above", value="early", help=_EARLY)
        return
    below = KEY_BELOW.match(text, end) if end else None
    if below and below[1] not in card.front_matter.metadata:
        message = f"{below[1]!r} stands below the closing fence of the metadata; hubs read only what is above"
        yield Problem(Range(*below.span(1)), message, value=below[1], help=_LATE)
        return
    at = text.find("\n---", end - 1) if end else -1
    while at >= 0:
        match = _BLOCK_IN_BODY.match(text, at + 1)
        if match:
            if match.start() not in code_areas(card):
                place = first_line(card, match.end(), min(len(text), match.end() + 200))
                yield Problem(place, "a second block of metadata stands in the text; hubs read only the first", value="block")
            return
        at = text.find("\n---", at + 1)


def lost_cells(card: Card) -> Iterator[Problem]:
    """Table rows with more cells than the header, whose last cells are not shown."""
    for block in card.once(tables):
        if len(block.rows) > 1:
            wide = len(block.rows[0])
            for number, row in enumerate(block.rows[1:], 1):
                if len(row) > wide and any(cell.strip() for cell in row[wide:]):
                    lost = listed([quoted(cell) for cell in row[wide:] if cell.strip()])
                    message = f"the row has {len(row)} cells, the header {wide}: not shown is {lost}"
                    yield Problem(_row(card, block, number), message, value=lost)
                    break


def _row(card: Card, block: Block, number: int) -> Range:
    """The line of a row in a table's source."""
    at = block.start
    for _ in range(number + 1):
        at = card.text.find("\n", at) + 1
    return first_line(card, at, block.end)


def conflict_marker(card: Card) -> Iterator[Problem]:
    """The marks that a merge leaves where two versions conflict."""
    text = card.text
    areas = code_areas(card)
    for match in _CONFLICT.finditer(text):
        if match.start() not in areas:
            place = first_line(card, match.start(), min(len(text), match.end() + 200))
            yield Problem(place, "a merge conflict is left in the card", value="conflict")
            return


def mojibake(card: Card) -> Iterator[Problem]:
    """Characters that were read in the wrong encoding; one problem a card."""
    text = card.text
    if text.isascii() or card.decoded.encoding != "utf-8" or not any(sign in text for sign in _GARBLED):
        return
    found = [Range(*match.span()) for match in _MOJIBAKE.finditer(text)]
    if found:
        first = found[0]
        begin = max(text.rfind("\n", 0, first.start) + 1, first.start - 12)
        word = text[begin : first.end + 12].split("\n")[0]
        times = "" if len(found) == 1 else f", {len(found)} times"
        related = tuple(Related(place, "here too") for place in found[1 : _MOST_RELATED + 1])
        yield Problem(first, f"letters were garbled by a wrong encoding: {quoted(word)}{times}", value="garbled", related=related)
