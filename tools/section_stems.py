"""Which words a text must hold before a pattern of `section_evidence.json` can match: `section_stems.json`.

    python tools/section_stems.py [--check]

A pattern is read as the strings that it can match, in which letters stand for themselves, a blank for anything that is
no letter, and "?" for anything at all. Of a whole word its first letters are a stem; a clause holds stems one of which
must be there. Nothing is guessed: where a pattern says too little of a word, the clause is left out.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from string import ascii_lowercase, digits
from typing import Any

VOCABULARIES = Path(__file__).resolve().parent.parent / "schemas" / "vocab"
EVIDENCE = VOCABULARIES / "section_evidence.json"
TARGET = VOCABULARIES / "section_stems.json"
STEM = 5
"""Letters of a stem."""
MOST_STRINGS = 2_000
MOST_CLAUSES = 3
ANY, BLANK = "?", " "
MARKS = "@%|"
DIGIT = "#"
CENTURIES = ("19", "20")
"""Marks, any digit and what a year begins with are words of their own; a digit that a pattern names stands for itself."""
DIGITS = frozenset({DIGIT, *digits})
EDGES = (BLANK, *MARKS, *sorted(DIGITS))
"""What ends a word."""
START = "^"
"""What the first word of a text begins with."""
FOREIGN = re.compile("[^\\x00-\\x7f’：₂]")
"""Letters beyond ASCII: patterns that hold them are not waiting for words."""
_USUAL = "a an and are as at be by can for from has have in is it not of on or our that the these this to was we were with you your"
USUAL = frozenset((DIGIT, *_USUAL.split()))
COMMON = frozenset(frozenset({word}) for word in USUAL)
"""Words that most texts hold stand for a string only where it has no other."""
Strings = set[str]
Clauses = list[frozenset[str]]


def needs(pattern: str) -> list[list[str]]:
    """The clauses of a pattern, those without usual words and the shortest first; a text that lacks every stem of one cannot match."""
    strings, clauses = _sequence(parser.parse(pattern), "", apart=True)
    every = sorted({*clauses, *_clauses({text + ANY for text in strings})}, key=_price)
    kept: Clauses = []
    for clause in every:
        if not any(smaller <= clause for smaller in kept):
            kept.append(clause)
    return [sorted(clause) for clause in kept[:MOST_CLAUSES]]


def _price(clause: frozenset[str]) -> tuple[bool, int, list[str]]:
    """By what clauses are chosen: one with a usual word is fulfilled by most texts."""
    return not USUAL.isdisjoint(clause), len(clause), sorted(clause)


def _sequence(items: Any, left: str, *, apart: bool = False) -> tuple[Strings, Clauses]:
    """What a sequence matches behind ``left``, and what it needs beside those strings; ``apart``: word by word."""
    strings, clauses = {left}, []
    for op, value in items:
        before = BLANK if all(text.endswith(BLANK) for text in strings) else ""
        following, more = _item(op, value, before)
        clauses.extend(more)
        if len(strings) * len(following) > MOST_STRINGS:
            after = BLANK if all(text.startswith(BLANK) for text in following) else ANY
            clauses.extend(_clauses({text + after for text in strings}))
            strings = {before or ANY}
        if len(following) > MOST_STRINGS:
            clauses.extend(_clauses({text + ANY for text in following}))
            following = {ANY}
        strings = {_joined(text, more) for text in strings for more in following}
        if apart and all(text.endswith(BLANK) and text.strip(BLANK + ANY) for text in strings):
            clauses.extend(_clauses(strings))
            strings = {BLANK}
    return strings, clauses


def _joined(text: str, more: str) -> str:
    return re.sub(r"\?\?+", ANY, re.sub(r"  +", BLANK, text + more))


def _item(op: Any, value: Any, left: str) -> tuple[Strings, Clauses]:
    if op is sre.LITERAL:
        return {_letter(chr(value))}, []
    if op is sre.AT:
        return {START if value is sre.AT_BEGINNING else BLANK}, []
    if op is sre.IN:
        return _class(value), []
    if op is sre.SUBPATTERN:
        return _sequence(value[3], left)
    if op is sre.BRANCH:
        return _branches(value[1], left)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, inner = value
        return _repeated(least, most, inner, left)
    return {ANY}, []


def _letter(character: str) -> str:
    character = character.lower()
    if character.isdecimal():
        return character if character in DIGITS else DIGIT
    return character if "a" <= character <= "z" or character in MARKS else BLANK


def _class(members: Any) -> Strings:
    found: Strings = set()
    for op, value in members:
        if op is sre.LITERAL:
            found.add(_letter(chr(value)))
        elif op is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            found.add(DIGIT)
        elif op is sre.CATEGORY and value is sre.CATEGORY_SPACE:
            found.add(BLANK)
        elif op is sre.RANGE and not any(chr(code).isalpha() for code in range(value[0], value[1] + 1)):
            found.add(DIGIT if all(chr(code).isdecimal() for code in range(value[0], value[1] + 1)) else BLANK)
        else:
            return {ANY}
    return found - DIGITS if BLANK in found else found


def _branches(branches: Any, left: str) -> tuple[Strings, Clauses]:
    parts = [_sequence(branch, left) for branch in branches]
    if not any(clauses for _, clauses in parts):
        return {text for strings, _ in parts for text in strings}, []
    options = [[*clauses, *_clauses({text + ANY for text in strings})] for strings, clauses in parts]
    if all(options):
        return {ANY}, [frozenset().union(*(min(option, key=len) for option in options))]
    return {ANY}, []


def _repeated(least: int, most: int, inner: Any, left: str) -> tuple[Strings, Clauses]:
    strings, clauses = _sequence(inner, "")
    if all(text == BLANK for text in strings):
        return ({BLANK} if least else {"", BLANK}), []
    if least == 0:
        if most == 1 and not clauses:
            return {*strings, ""}, []
        if strings <= DIGITS:
            return {"", BLANK}, []
        if all(text.endswith(BLANK) for text in strings):
            return {"", ANY + BLANK}, []
        return ({"", BLANK + ANY} if all(text.startswith(BLANK) for text in strings) else {ANY}), []
    if most == 1:
        return _sequence(inner, left)
    return {text + (BLANK if text in DIGITS else ANY) for text in strings}, clauses


def _clauses(strings: Strings) -> Clauses:
    """Few words of which every string has one, and the words that all strings share."""
    words = [_stems(text) for text in strings]
    if not all(words):
        return []
    shared = frozenset.intersection(*map(frozenset, words))
    left = [each - COMMON or each for each in words]
    chosen = frozenset[str]()
    while left:
        counts = Counter(stems for each in left for stems in each)
        best = max(counts, key=lambda stems: (counts[stems], max(map(len, stems)), sorted(stems)))
        chosen |= best
        left = [each for each in left if best not in each]
    return [chosen, *shared]


def _stems(text: str) -> set[frozenset[str]]:
    """For each word of a string the stems that it may have."""
    found = set()
    for run in re.findall(rf"[{DIGIT}0-9]+", text):
        found.add(frozenset({DIGIT}))
        found.update(frozenset({century}) for century in CENTURIES if century in run)
    for match in re.finditer(rf"\{START}?[a-z]+|[{MARKS}]", text):
        word = match.group()
        begins = word.startswith(START) or text[: match.start()].endswith(EDGES)
        ends = text[match.end() :].startswith(EDGES)
        length = STEM + word.startswith(START)
        if word in MARKS or (begins and (ends or len(word) >= length)):
            found.add(frozenset({word[:length]}))
        elif begins and len(word) == length - 1:
            found.add(frozenset({word, *(word + letter for letter in ascii_lowercase)}))
    return found


def render() -> str:
    """The text of `section_stems.json`: for every pattern of plain letters its clauses."""
    evidence = json.loads(EVIDENCE.read_text(encoding="utf-8"))
    patterns = {
        pattern
        for kind, sections in evidence.items()
        if kind != "_meta"
        for levels in sections.values()
        for listed in levels.values()
        for pattern in listed
        if not FOREIGN.search(pattern)
    }
    stems = {pattern: [" ".join(clause) for clause in needs(pattern)] for pattern in sorted(patterns)}
    meta = {"source": "generated by tools/section_stems.py from section_evidence.json", "date": evidence["_meta"]["date"]}
    return json.dumps({"_meta": meta, "stems": stems}, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write the file, or tell whether it is stale."""
    text = render()
    if "--check" in sys.argv:
        return int(not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
