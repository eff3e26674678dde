"""Findings that a comment in the card silences, and the comments that silence nothing or name no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.engine.directives import Directive, directives
from cardlint.engine.place import finding
from cardlint.engine.select import nearest
from cardlint.model import Edit, Fix, Problem, Range, Suppressed
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cardlint.card.card import Card
    from cardlint.engine.rule import Rule
    from cardlint.engine.run import Engine
    from cardlint.facts.subject import Subject
    from cardlint.model import Finding, Outcome

CHECKS = ("unused-suppression", "unknown-suppression", "unexplained-suppression")
"""What rules of ``check: {engine: …}`` this module speaks for."""
WORD = "ignore"
_LONGEST = 40
_MOST_NAMES = 5
_SAID_WORD = Pattern(r"[\w-]+")


class _Named(NamedTuple):
    """A directive with the codes of the rules that it names, by the words it uses."""

    said: Directive
    codes: dict[str, str]


def names_of(rules: Iterable[Rule]) -> dict[str, str]:
    """Every code and name to its code: what a comment may call a rule."""
    return {word: rule.code for rule in rules for word in (rule.code, rule.name)}


def silence(subject: Subject, outcome: Outcome, engine: Engine, names: Mapping[str, str], *, honoured: bool) -> Outcome:
    """The outcome with the findings that comments silence set apart, or only counted where they are not ``honoured``.

    Adds the findings on the comments themselves, as far as their rules are selected.
    """
    card = subject.card
    said = directives(card)
    if not said:
        return outcome
    named = [_Named(each, {name: code for name in each.names if (code := _code(name, names)) is not None}) for each in said]
    by_code: dict[str, list[Directive]] = {}
    for each, codes in named:
        if each.word == WORD:
            for code in codes.values():
                by_code.setdefault(code, []).append(each)
    used: set[tuple[int, str]] = set()
    open_findings: list[Finding] = []
    silent: list[Finding] = []
    for found in outcome.findings:
        by = [each for each in by_code.get(found.code, ()) if each.covers(card, found)]
        used.update((each.start, found.code) for each in by)
        if by:
            silent.append(found._replace(suppressed=Suppressed("inline", by[0].reason)))
        if not by or not honoured:
            open_findings.append(found)
    ran = _ran(outcome, engine) if not outcome.failure else frozenset()
    own = _own_findings(subject, engine, _problems(card, named, names, used, ran))
    findings = sorted((*open_findings, *own), key=lambda each: (each.span, each.code, each.message)) if own else open_findings
    if not honoured:
        return outcome._replace(findings=tuple(findings), unhonoured=len(silent))
    return outcome._replace(findings=tuple(findings), suppressed=tuple(silent))


def _code(name: str, names: Mapping[str, str]) -> str | None:
    return names.get(name) or names.get(name.upper())


def _ran(outcome: Outcome, engine: Engine) -> frozenset[str]:
    """The codes that were decided on this card: of the others nobody knows whether a comment has something to silence."""
    missed = {code for codes in outcome.not_checked.values() for code in codes}
    later = {rule.code for rule, _ in engine.selected if engine.later and rule.scope == "hub"}
    return frozenset(rule.code for rule, _ in engine.selected if outcome.kind in rule.applies_to) - missed - later


def _own_findings(subject: Subject, engine: Engine, problems: Iterable[tuple[str, Problem]]) -> list[Finding]:
    rules = {each.rule.check["engine"]: each for each in engine.selected if each.rule.check.get("engine") in CHECKS}
    seen: dict[str, int] = {}
    return [finding(rules[name].rule, rules[name].severity, problem, subject, seen) for name, problem in problems if name in rules]


def _problems(
    card: Card, named: Iterable[_Named], names: Mapping[str, str], used: set[tuple[int, str]], ran: frozenset[str]
) -> Iterator[tuple[str, Problem]]:
    """What is wrong with the comments: one problem a comment and check."""
    for said, codes in named:
        place = Range(said.start, said.end)
        if said.word != WORD or not said.names:
            what = f"no rule is named to {WORD}" if said.word == WORD else f"cardlint knows no comment {said.word[:_LONGEST]!r}"
            yield "unknown-suppression", Problem(place, what, help=_in_brackets(said, names), value=said.word)
            continue
        unknown = [name for name in said.names if name not in codes]
        if unknown:
            yield "unknown-suppression", _unknown(card, said, unknown, names)
        unused = [name for name, code in codes.items() if code in ran and (said.start, code) not in used]
        if unused:
            message = f"nothing here for {', '.join(unused)} to silence"
            fix = Fix((_without(card, said, unused),))
            yield "unused-suppression", Problem(place, message, value=" ".join(unused), fix=fix)
        if not said.reason:
            yield "unexplained-suppression", Problem(place, "the comment gives no reason", value=" ".join(said.names))


def _in_brackets(said: Directive, names: Mapping[str, str]) -> str | None:
    """What to write where rules are named at the head of the reason; None where there are none."""
    found = []
    for word in _SAID_WORD.findall(said.reason)[:_MOST_NAMES]:
        if _code(word, names) is None:
            break
        found.append(word)
    return f"rules stand in brackets: `{WORD}[{', '.join(found)}]`" if found else None


def _unknown(card: Card, said: Directive, unknown: list[str], names: Mapping[str, str]) -> Problem:
    near = {name: found for name in unknown[:5] if (found := nearest(name[:_LONGEST], names, cutoff=0.75))}
    advice = f"did you mean {', '.join(repr(each) for each in near.values())}?" if near else "name a rule by its code or its name"
    shown = ", ".join(repr(name[:_LONGEST]) for name in unknown[:5])
    if len(near) == len(unknown):
        text = ", ".join(near.get(name, name) for name in said.names)
        fix = Fix((Edit(Range(*said.listed), f"[{text}]"),), "unsafe")
    else:
        fix = Fix((_without(card, said, unknown),))
    message = f"no rule {shown}, so nothing is silenced"
    return Problem(Range(said.start, said.end), message, help=advice, value=" ".join(unknown), fix=fix)


def _without(card: Card, said: Directive, names: list[str]) -> Edit:
    """The edit that takes names out of a comment, or the whole comment where it names nothing else."""
    left = [name for name in said.names if name not in names]
    if left:
        return Edit(Range(*said.listed), f"[{', '.join(left)}]")
    text, starts = card.text, card.lines.starts
    first = starts[said.first - 1]
    after = starts[said.last] if said.last < len(starts) else len(text)
    before_it, behind_it = text[first : said.start], text[said.end : after]
    if behind_it.strip():
        return Edit(Range(said.start, said.end), "")
    if before_it.strip():
        blank = len(before_it) - len(before_it.rstrip())
        return Edit(Range(said.start - blank, said.end), "")
    if said.start >= card.front_matter.end and _filled(card, said.first - 1) and _filled(card, said.last + 1):
        return Edit(Range(said.start, said.end), "")  # the line stays, blank, so that two paragraphs stay two
    return Edit(Range(first, after), "")


def _filled(card: Card, line: int) -> bool:
    starts = card.lines.starts
    if not 1 <= line <= len(starts):
        return False
    return bool(card.text[starts[line - 1] : starts[line] if line < len(starts) else len(card.text)].strip())
