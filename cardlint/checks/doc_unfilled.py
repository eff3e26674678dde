"""What an author left as the template gave it: sections, phrases, comments, the title; and cards that say nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint.checks.places import Areas, first_line, listed, quoted, wordless
from cardlint.data import vocabulary
from cardlint.model import Problem, Related
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.card.outline import Comment, Heading
    from cardlint.card.sections import Placeholder

_MOST_RELATED = 20
_CALL = 12
"""Characters before the name that code loads in which a placeholder is a part of the call."""
_BOLD_LABEL = Pattern(r"[\s*+-]*\*\*([^*\n:：]{2,40})[:：]?\*\*")
_ROW = Pattern(r"(?m)^\|[ \t*_]{0,8}([A-Za-z][^|*\n]{1,40}?)[ \t*_]*\|[^\n]*")
_STEM = 5
_ROW_STEMS = {"training_data": ["sources"]}
"""What rows of tables of properties are called beside a section's own words."""
_OPEN = ("todo", "fixme", "- todo")
"""How a comment begins that is the author's own and still open."""
_NOT_APPLICABLE = frozenset({"n/a", "na", "n.a", "not applicable"})
_TEXT_EDGES = " \t*_.-"
_COMMENT_EDGES = " \t\r\n-"
_PHRASE_EDGES = " \t*_.:[]()<>"
_TITLE_EDGES = " \t*_`\"'“”:.!🤗"


class _Templates(NamedTuple):
    titles: frozenset[str]
    comments: tuple[str, ...]
    generated: tuple[str, ...]


@cache
def _templates() -> _Templates:
    words = vocabulary("templates")
    return _Templates(frozenset(words["titles"]), tuple(words["comments"]), tuple(words["generated"]))


def unfilled_sections(card: Card) -> Iterator[Problem]:
    """Sections that hold a template's phrase or nothing: one problem a card, at the first of them.

    Where their phrase stands in lines that are no section of their own, it tells how many: whoever fills the ones finds the others.
    """
    open_ones = card.once(_unfilled)
    if not open_ones:
        return
    names = list(dict.fromkeys(name for name, _, _ in open_ones))
    places = [first_line(card, start, end) for start, end in sorted({(start, end) for _, start, end in open_ones})]
    count = "a section is" if len(names) == 1 else f"{len(names)} sections are"
    said = f"{count} unfilled: {listed(names)}"
    again = card.once(_said_again)
    if again:
        said += f"; {quoted(again[0].text)} stands on {len(again)} more {'line' if len(again) == 1 else 'lines'}"
    related = [Related(place, "this section is unfilled too") for place in places[1:]]
    related += [Related(each, "the same words") for each in again]
    yield Problem(places[0], said, related=tuple(related[:_MOST_RELATED]))


def placeholders(card: Card) -> Iterator[Problem]:
    """Template phrases and TODOs outside unfilled sections and of other words than theirs; not in titles, comments, loaded names."""
    again = {each.start for each in card.once(_said_again)}
    left = [each for each in card.once(_outside_sections) if each.start not in again]
    if not left:
        return
    near_code = Areas([(block.start - _CALL, block.end + 1) for block in card.outline.blocks if block.kind == "code"])
    if any(each.start in near_code for each in left):
        left = _outside(left, Areas([(claim.start - _CALL, claim.end + 1) for claim in card.claims.code_loads]))
    if not left:
        return
    texts = list(dict.fromkeys(quoted(each.text) for each in left))
    count = "a placeholder is left" if len(left) == 1 else f"placeholders are left on {len(left)} lines"
    related = tuple(Related(each, "a placeholder here too") for each in left[1 : _MOST_RELATED + 1])
    yield Problem(left[0], f"{count}: {listed(texts)}", value=left[0].text, related=related)


def _outside_sections(card: Card) -> list[Placeholder]:
    """The placeholders of the body that stand in no unfilled section, no heading and no comment of a template."""
    left = [each for each in card.placeholders if each.text and not _is_link(each.text)]
    if not left:
        return []
    headings = card.outline.headings
    areas = [(-1, card.front_matter.end), *[(start, end) for _, start, end in card.once(_unfilled)]]
    areas += [(each.start, each.end) for each in card.outline.comments if not _is_open(each)]
    areas += [(each.start, each.start + 1) for each in headings]
    if headings and template_title(headings[0]):
        areas.append((headings[0].start, headings[0].end))
    return _outside(left, Areas(areas))


def _said_again(card: Card) -> list[Placeholder]:
    """The placeholders outside unfilled sections in a template's words that stand in those; an author's own TODO is told with its line."""
    elsewhere = card.once(_outside_sections)
    if not elsewhere or len(elsewhere) == len(card.placeholders):
        return []
    sections = Areas([(start, end) for _, start, end in card.once(_unfilled)])
    own = {_words(each.text) for each in card.placeholders if each.start in sections}
    return [each for each in elsewhere if _words(each.text) in own and not each.text.lower().startswith(_OPEN)]


def _words(said: str) -> str:
    """A placeholder without brackets, marks and capitals."""
    return said.strip(_PHRASE_EDGES).lower()


def _is_link(said: str) -> bool:
    """Whether a placeholder is a link without a text or a target and no more; those are the finding of another rule."""
    return said.startswith(("](", "[](")) and said[-1] == ")"


def _outside(found: Sequence[Placeholder], areas: Areas) -> list[Placeholder]:
    return [each for each in found if each.start not in areas]


def _is_open(comment: Comment) -> bool:
    """Whether a comment is a TODO of the author's own; a template's is the finding of another rule."""
    begin = _begin(comment)
    return begin.startswith(_OPEN) and not begin.startswith(_templates().comments)


def template_comments(card: Card) -> Iterator[Problem]:
    """Comments in which a template tells the author what to write; one problem a card."""
    comments = card.outline.comments
    if not comments:
        return
    templates = _templates()
    left = [each for each in comments if _begin(each).startswith(templates.comments)]
    if not left and not card.once(_unfilled):
        left = [each for each in comments if _begin(each).startswith(templates.generated)]
    if not left:
        return
    first = left[0]
    count = "a comment of the template is left" if len(left) == 1 else f"{len(left)} comments of the template are left"
    related = tuple(Related(first_line(card, each.start, each.end), "another one") for each in left[1 : _MOST_RELATED + 1])
    said = quoted(first.text.lstrip(_COMMENT_EDGES))
    yield Problem(first_line(card, first.start, first.end), f"{count}: {said}", value=first.text, related=related)


def title(card: Card) -> Iterator[Problem]:
    """A first heading that a template or a tutorial gave, or that has no words."""
    headings = card.outline.headings
    if not headings:
        return
    if template_title(headings[0]):
        yield Problem(headings[0], f"the title names no {card.kind}: {quoted(headings[0].text)}", value=headings[0].text)
    elif headings[0].level == 1 and wordless(card, headings[0]):
        yield Problem(headings[0], "the title is empty", value="")


def template_title(heading: Heading) -> bool:
    """Whether a heading is the title of a template."""
    return heading.level == 1 and " ".join(heading.text.strip(_TITLE_EDGES).lower().split()) in _templates().titles


def empty_card(card: Card) -> Iterator[Problem]:
    """A card without a body, or whose body is one heading."""
    outline = card.outline
    if outline.blocks or outline.links or len(outline.headings) > 1:
        return
    if not outline.headings:
        if not card.text[card.front_matter.end :].strip() or outline.comments:
            yield Problem("/front_matter", "the card has no text")
    elif not any(problem.kind == "unclosed" for problem in card.front_matter.problems):  # else its metadata are taken for a title
        yield Problem(outline.headings[0], f"the card is nothing but its title {quoted(outline.headings[0].text)}", value="title")


def _unfilled(card: Card) -> list[tuple[str, int, int]]:
    """Name (its heading's text, or its own), start and end of each unfilled section, in the order of the card.

    "N/A" is an author's answer, if a short one, and no text that was left out. Keys between dashes are a second block of metadata,
    of which another rule speaks.
    """
    found = []
    for name, section in card.sections.items():
        said = card.text[section.start : section.end]
        if section.status == "placeholder" and not _does_not_apply(said) and not _is_in_block(card, section.start):
            label, start, end = (section.heading or "").rstrip(":： ") or _label(said), section.start, section.end
            row = _row(said, name) if not label else None
            if row:
                label, start, end = row[1], start + row.start(), start + row.end()
            found.append((label or name.replace("_", " "), start, max(end, start + 1)))
    found.sort(key=lambda each: each[1])
    return found


def _row(text: str, name: str) -> re.Match[str] | None:
    """The row of a table whose label has a word of a section's name: "Author" for ``contact_authors``."""
    stems = [word[:_STEM] for word in name.split("_")] + _ROW_STEMS.get(name, [])
    return next((row for row in _ROW.finditer(text) if any(stem in row[1].lower() for stem in stems)), None)


def _is_in_block(card: Card, start: int) -> bool:
    """Whether a line of dashes in the body stands above: what follows is a block of keys, whose last line looks like a heading."""
    return start > card.front_matter.end and card.text.endswith("\n---\n", 0, start)


def _label(text: str) -> str:
    """The label of a line in bold: "Leaderboard" of "- **Leaderboard:** [Needs More Information]"."""
    match = _BOLD_LABEL.match(text)
    return match[1].strip() if match else ""


def _does_not_apply(text: str) -> bool:
    """Whether all that a section says below its headings, or a label behind its colon, is that it does not apply."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return bool(lines) and all(line.rpartition(":")[2].strip(_TEXT_EDGES).lower() in _NOT_APPLICABLE for line in lines)


def _begin(comment: Comment) -> str:
    return " ".join(comment.text[:200].split()).lower()
