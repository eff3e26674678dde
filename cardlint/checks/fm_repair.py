"""What an author probably meant where the front matter is no valid YAML: advice, and a fix where the result reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.yamlreader import YamlFault, read_yaml
from cardlint.checks.fm_colons import colon_of, colons
from cardlint.checks.values import edited
from cardlint.model import Edit, Fix, Range
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from cardlint.card.fences import FrontMatterProblem

_ENTRY = Pattern(r"[ \t]*(?:- +)?(?:[^\s:#\"'\[{][^:#\"'\[{\n]{0,80}:[ \t]+|- +)")
"""The start of a line up to its value: dash, key, colon."""
_ITEM = Pattern(r"(?m)^[ \t]*(-(?=[^\s-])|[*•·–—](?:[ \t]+|(?=\w)))")
"""The start of an item whose dash is none to YAML."""
_ITEM_KEY = Pattern(r"(?m)^- +([A-Za-z][\w-]{1,40}:)(?=\s)")
"""A key that is an item of a list."""
_BOLD = Pattern(r"(?m)^[ \t]*(\*\*|__)([A-Za-z][\w-]{1,40})(?::\1|\1[ \t]*:)[ \t]*")
"""A key in bold, colon and all."""
_CODE = Pattern(r"(?m)^(?:```|~~~)[ \t]*(?:ya?ml)?[ \t]*\r?\n?")
"""A line of a code block's marks."""
_TABS = Pattern(r"(?m)^[ ]*\t[ \t]*")
_LARGEST = 50_000
"""Characters of front matter up to which fixes are tried, as each is read again."""


class Repair(NamedTuple):
    """Where the fault is best shown, what to do about it, and the edit, where one makes the block readable."""

    place: Range
    advice: str | None
    fix: Fix | None = None


class _Line(NamedTuple):
    start: int
    text: str


def repair(text: str, closing: int, problem: FrontMatterProblem) -> Repair:
    """The likely repair of a block that ends at ``closing``.

    The fault's own line and the one before it are looked at, as libyaml notices some faults one line late.
    """
    here = _line(text, min(problem.start, closing - 1))
    before = _line(text, here.start - 1) if here.start else here
    if "{{" in here.text or "{%" in here.text:
        return Repair(_whole(here), "a template was left unfilled: put the value in place of the braces")
    if "control character" in problem.detail or "surrogate" in problem.detail:
        return Repair(Range(problem.start, problem.end), "delete the control character")
    opened = _unclosed_quote(text, problem)
    if opened is not None:
        return Repair(_whole(opened), "close the quote that opens here")
    if "\t" in here.text[: len(here.text) - len(here.text.lstrip())]:
        indent = len(here.text) - len(here.text.lstrip())
        tabs = _edits(text, closing, _TABS, lambda match: match[0].replace("\t", "  "))
        fix = Fix(tabs) if reads(text, closing, *tabs) else None
        return Repair(Range(here.start, here.start + indent), "indent with blanks, not with tabs", fix)
    for line in dict.fromkeys((here, before)):
        colon = colon_of(line.start, line.text)
        if colon is not None and reads(text, closing, colon.edit):
            return Repair(colon.line, colon.advice, Fix((colon.edit,)))
    several = with_colons(text, closing) or _with_dashes(text, closing) or _plain(text, closing)
    if several is not None:
        return several
    for line in dict.fromkeys((here, before)):
        quoted = _quoted(line)
        if quoted is not None and reads(text, closing, quoted):
            advice = "close the list" if quoted.text[0] == "[" else "put the value in quotes"
            return Repair(Range(quoted.at.start, quoted.at.end), f"{advice}: {quoted.text[:60]}", Fix((quoted,)))
    place = Range(problem.start, problem.end)
    if "expected ':'" in problem.detail and problem.start == here.start:
        place = _whole(before)  # libyaml misses the colon only when the next line begins
    return Repair(place, _advice(problem.detail, here.text))


def with_colons(text: str, closing: int) -> Repair | None:
    """The repair of every key of a block whose colon YAML does not take for one, where the block then reads."""
    found = list(colons(text, text.find("---") + 3, closing))
    edits = [each.edit for each in found]
    if not found or not reads(text, closing, *edits):
        return None
    more = f"; so on {len(found)} lines" if len(found) > 1 else ""
    return Repair(found[0].line, found[0].advice + more, Fix(tuple(edits)))


def without_dashes(text: str, closing: int) -> Repair | None:
    """The repair of a block whose keys are items of a list, where it then reads."""
    edits = _edits(text, closing, _ITEM_KEY, lambda match: match[1])
    if not edits or not reads(text, closing, *edits):
        return None
    line = _whole(_line(text, edits[0].at.start))
    said = edits[0].text + text[edits[0].at.end : line.end]
    return Repair(line, f"write each key without a dash before it: {said[:60]!r}", Fix(edits))


def _with_dashes(text: str, closing: int) -> Repair | None:
    """The repair of items whose dash YAML does not take for one: no blank behind, or a bullet in its place."""
    start = text.find("---") + 3
    found = [Range(start + match.start(1), start + match.end(1)) for match in _ITEM.finditer(text[start:closing])]
    edits = [Edit(each, "- ") for each in found]
    if not found or not reads(text, closing, *edits):
        return None
    return Repair(_whole(_line(text, found[0].start)), "write each item behind a dash and a blank: '- …'", Fix(tuple(edits)))


def _plain(text: str, closing: int) -> Repair | None:
    """The repair of a block that is written as Markdown: its keys in bold, or all of it as a code block."""
    for pattern, advice, written in (
        (_BOLD, "write keys without asterisks or underlines: '{}'", lambda match: f"{match[2]}: "),
        (_CODE, "delete the lines that make a code block of it", lambda _: ""),
    ):
        edits = _edits(text, closing, pattern, written)
        if edits and reads(text, closing, *edits):
            line = _whole(_line(text, edits[0].at.start))
            return Repair(line, advice.format(edits[0].text + text[edits[0].at.end : line.end][:40]), Fix(edits))
    return None


def _edits(text: str, closing: int, pattern: Pattern, written: Callable[[re.Match[str]], str]) -> tuple[Edit, ...]:
    """What is written for each match of a pattern in the block."""
    start = text.find("---") + 3
    found = pattern.finditer(text[start:closing])
    return tuple(Edit(Range(start + match.start(), start + match.end()), written(match)) for match in found)


def _advice(detail: str, line: str) -> str | None:
    """Advice where no single edit makes the block readable."""
    if "',' or ']'" in detail or "',' or '}'" in detail:
        return "close the bracket, or put a value that begins with one in quotes"
    if "cannot start any token" in detail or "alphabetic or numeric" in detail or "unknown tag" in detail or "unknown alias" in detail:
        return "put a value that begins with @, `, %, *, & or ! in quotes"
    if "expected ':'" in detail:
        return "give each line a key, a colon and a blank before its value, or delete it"
    if "a key is a list" in detail:
        return "put a key that holds brackets or braces in quotes, or fill in the template"
    if "second document" in detail:
        return "keep one block, with one fence above and one below it"
    if "expected key" in detail or "'-' indicator" in detail or "mapping values" in detail or "block sequence" in detail:
        return (
            "indent the lines of one list or mapping alike" if line[:1] in " \t-" else "put a value that holds a colon or a quote in quotes"
        )
    return None


def _line(text: str, at: int) -> _Line:
    start = text.rfind("\n", 0, max(at, 0)) + 1
    end = text.find("\n", start)
    return _Line(start, text[start : len(text) if end < 0 else end].rstrip("\r"))


def _whole(line: _Line) -> Range:
    """A line without its indentation."""
    indent = len(line.text) - len(line.text.lstrip())
    return Range(line.start + indent, line.start + len(line.text))


def _unclosed_quote(text: str, problem: FrontMatterProblem) -> _Line | None:
    """The line whose value opens a quote that is never closed, where that is the fault."""
    if "end of stream" not in problem.detail and "document indicator" not in problem.detail:
        return None
    at = problem.start
    for _ in range(200):
        line = _line(text, at)
        entry = _ENTRY.match(line.text)
        value = line.text[entry.end() :] if entry else ""
        if value[:1] in ('"', "'") and value.count(value[0]) % 2:
            return line
        if line.start == 0:
            break
        at = line.start - 1
    return None


def _quoted(line: _Line) -> Edit | None:
    """The edit that puts the value of a line in quotes; that closes a list which is not closed on its line."""
    entry = _ENTRY.match(line.text)
    if entry is None:
        return None
    value = line.text[entry.end() :].rstrip()
    if not value:
        return None
    start = line.start + entry.end()
    if value[0] == "[" and "]" not in value:
        return Edit(Range(start, start + len(value)), value + "]")
    inner = value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
    quoted = '"' + inner + '"' if "'" in inner and '"' not in inner and "\\" not in inner else "'" + inner.replace("'", "''") + "'"
    return Edit(Range(start, start + len(value)), quoted)


def reads(text: str, closing: int, *edits: Edit) -> bool:
    """Whether the block is a valid mapping after edits, which stand in their order."""
    if closing > _LARGEST:
        return False
    try:
        return isinstance(read_yaml(edited(text, edits, text.find("---") + 3, closing)).value, dict)
    except YamlFault:
        return False
