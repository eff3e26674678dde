"""An old card brought up to date: its metadata in today's keys and values; its body stays as it is, byte for byte."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from cardlint.card.card import Card
from cardlint.data import vocabulary
from cardlint.engine.batch import Judge
from cardlint.fixes.apply import apply, line_end_of
from cardlint.fixes.run import mend
from cardlint.scaffold.moves import additions, keys, retired, tags
from cardlint.scaffold.render import body, render
from cardlint.scaffold.yaml import lines_of
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.card.frontmatter import FrontMatter
    from cardlint.engine.batch import Plan
    from cardlint.model import Finding, Outcome
    from cardlint.scaffold.known import Known
    from cardlint.sources.entry import Entry


class Upgraded(NamedTuple):
    """The card's bytes, and what was changed in words."""

    data: bytes
    told: tuple[str, ...]


def upgrade(data: bytes, known: Known, entry: Entry, plan: Plan) -> Upgraded:
    """Mend, move and add metadata; nothing that the card says is lost, and nothing is added that neither it nor a file tells.

    A card without metadata gets a block, a card without a body a new one. Metadata that cannot be read, and cards that
    are not UTF-8, are left as they are.
    """
    card = Card.from_bytes(data, known.kind)
    block = card.front_matter
    if card.decoded.encoding != "utf-8" or card.decoded.cut:
        return Upgraded(data, ("the card is not UTF-8: nothing was changed",))
    if block.status == "absent" and block.problems[0].kind in ("no-block", "empty-block"):
        return _with_block(data, card, known)
    judge = Judge(plan._replace(kind=known.kind))
    done = mend(data, lambda text: _of_metadata(judge(entry._replace(text=text)), text), unsafe=True)
    told = [f"mended: {each.message} ({each.code})" for each in done.applied]
    card = Card.from_bytes(done.data, known.kind)
    if card.front_matter.status not in ("ok", "empty"):
        return Upgraded(done.data, (*told, "the metadata cannot be read: 'cardlint check' tells why"))
    text, said = _moved(card, known)
    if not text[Card.from_text(text).front_matter.end :].strip():
        text = text.rstrip("\r\n") + "\n\n" + body(known)
        said.append("the card had no text: questions were put into it")
    bom = BOM_UTF8 if card.decoded.bom else b""
    return Upgraded(bom + text.encode(), (*told, *said))


def _with_block(data: bytes, card: Card, known: Known) -> Upgraded:
    """A card without metadata, with what the files tell before it."""
    if not card.text.strip():
        return Upgraded(render(known).encode(), ("the card was empty: it was written anew",))
    lines = lines_of(known.metadata)
    if not lines:
        return Upgraded(data, ())
    end = line_end_of(card.text)
    block = end.join(("---", *lines, "---", "", ""))
    return Upgraded(block.encode() + data.removeprefix(BOM_UTF8), tuple(f"added: {line}" for line in lines))


def _of_metadata(outcome: Outcome, data: bytes) -> Outcome:
    """The outcome with those findings alone whose fix changes the metadata, surely or by what card and files say."""
    card = Card.from_bytes(data)
    block = card.front_matter
    allowed = frozenset(vocabulary("questions")["unsafe"])
    kept = [each for each in outcome.findings if _applies(each, allowed) and _inside(each, card, block)]
    return outcome._replace(findings=tuple(kept))


def _applies(finding: Finding, allowed: frozenset[str]) -> bool:
    return finding.fix is not None and (finding.fix.safety == "safe" or finding.code in allowed)


def _inside(finding: Finding, card: Card, block: FrontMatter) -> bool:
    """Whether a fix changes nothing behind the metadata block, or behind the fence that hides it; a byte order mark stands before it."""
    end = block.end or max((problem.end for problem in block.problems), default=0)
    last = card.lines.line(max(end - 1, 0)) if end else 0
    return finding.fix is not None and all(edit.span.end_line <= last for edit in finding.fix.edits)


def _moved(card: Card, known: Known) -> tuple[str, list[str]]:
    """The text with keys and tags moved, and with what files tell added."""
    text = card.text
    told: list[str] = []
    for step in (keys, retired, tags, additions):
        current = Card.from_text(text, known.kind)
        changes, said = step(current, known)
        after = apply(text, changes)
        if Card.from_text(after).front_matter.status in ("ok", "empty"):
            text = after
            told += said
    return text, told
