"""Work out from the patterns of `section_evidence.json` what the reader looks for, and write it beside them.

    python benchmarks/triggers.py

Each pattern gets ``any``: lists of word beginnings (five letters at most, ``0`` for any number); of each list one must
occur in a text before the pattern is worth running. Patterns of other scripts than Latin have none. ``alone`` marks
patterns with gaps ("trained[^.]*dataset"), which no automaton holds together with others.
"""

from __future__ import annotations

import json
import re
import string
import warnings
from collections import Counter
from itertools import product
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_constants as kind
    import sre_parse

VOCABULARY = Path(__file__).parent.parent / "schemas" / "vocab" / "section_evidence.json"
SIZE = 5
TOO_MANY = 600
GAP = "\x00"
OPEN = "\x01"
COMMON = frozenset("a an the on over with from using by via for to of in and is are was were as at it this be or up model".split())
NUMBER = "0"
TOKEN = re.compile(rf"(@|[a-z][a-z0-9]{{0,{SIZE - 1}}})([a-z0-9]*)({OPEN}?)")


def spellings(tree) -> list[str]:
    """The texts a pattern matches, with GAP where anything may stand and OPEN where a word may go on."""
    found = [""]
    for op, value in tree:
        if op is kind.LITERAL:
            options = [chr(value).lower()]
        elif op is kind.SUBPATTERN:
            options = spellings(value[3])
        elif op is kind.BRANCH:
            options = [one for branch in value[1] for one in spellings(branch)]
        elif op in (kind.MAX_REPEAT, kind.MIN_REPEAT):
            low, high, inner = value
            once = spellings(inner)
            if len(inner) == 1 and inner[0][0] is kind.IN and high is kind.MAXREPEAT:
                options = [OPEN if GAP not in once[0] else GAP]
            elif low == 0 and high == 1:
                options = ["", *once]
            elif low == 1 and high is not kind.MAXREPEAT:
                options = once
            else:
                options = [GAP]
        elif op is kind.IN and all(what is kind.LITERAL for what, _ in value) and len(value) <= 4:
            options = [chr(code).lower() for _, code in value]
        elif op is kind.IN:
            options = [OPEN] if (kind.CATEGORY, kind.CATEGORY_WORD) in value and len(value) == 1 else [GAP]
        elif op is kind.AT:
            options = [""]
        else:
            options = [GAP]
        found = list(dict.fromkeys(a + b for a, b in product(found, options)))
        if len(found) > TOO_MANY:
            found = list(dict.fromkeys(GAP + one.rsplit(GAP, 1)[-1][-12:] if GAP in one else one for one in found))
            if len(found) > TOO_MANY:
                found = [GAP]
    return found


def words(text: str, common: frozenset[str]) -> list[list[str]]:
    """The beginnings of the words in a spelling; each word as the list of beginnings it may show."""
    listed = []
    for match in TOKEN.finditer(text):
        begin, rest, goes_on = match.groups()
        if match.start() and text[match.start() - 1] == OPEN:
            continue
        if begin in common and not rest:
            continue
        if len(begin) < 2 and begin != "@":
            continue
        if goes_on and len(begin) < SIZE:
            if len(begin) < 3:
                continue
            listed.append([begin, *(begin + letter for letter in string.ascii_lowercase + string.digits)])
        else:
            listed.append([begin])
    return listed


def gaps(item) -> bool:
    """Whether a node of a pattern stands for anything up to the end of a sentence."""
    op, value = item
    if op not in (kind.MAX_REPEAT, kind.MIN_REPEAT):
        return False
    inner = value[2]
    return len(inner) == 1 and (inner[0][0] in (kind.ANY, kind.NOT_LITERAL) or (inner[0][0] is kind.IN and inner[0][1][0][0] is kind.NEGATE))


def digits(run) -> bool:
    """Whether a run demands a digit."""
    for op, value in run:
        if op is kind.IN and (kind.CATEGORY, kind.CATEGORY_DIGIT) in value:
            return True
        if op in (kind.MAX_REPEAT, kind.MIN_REPEAT) and value[0] > 0 and digits(value[2]):
            return True
    return False


def listed(run, common: frozenset[str]) -> list[list[str]]:
    """The lists of word beginnings of a run: of the whole of it, and of each group in it."""
    found = []
    for group in [run, *([item] for item in run if item[0] is kind.SUBPATTERN)]:
        begins: set[str] = set()
        for spelling in spellings(group):
            options = words(spelling, common)
            if not options:
                begins = set()
                break
            begins.update(max(options, key=lambda one: (len(one) == 1, len(one[0]))))
        if begins:
            found.append(sorted(begins))
    return found


def read(pattern: str, common: frozenset[str] = COMMON) -> dict:
    """The entry of a pattern."""
    if not re.sub("[’：₂]", "", pattern).isascii():
        return {"pattern": pattern, "any": []}
    tree = sre_parse.parse(pattern.replace("(?-i:", "(?:").replace("(?i:", "(?:"))
    runs: list[list] = [[]]
    for item in tree:
        if gaps(item):
            runs.append([])
        else:
            runs[-1].append(item)
    lists = [one for run in runs for one in listed(run, common)[:1]] if len(runs) > 1 else listed(runs[0], common)
    unique = [list(one) for one in dict.fromkeys(tuple(one) for one in lists)]
    if len(runs) > 1 and unique:
        if any(digits(run) for run in runs):
            unique.append([NUMBER])
        return {"pattern": pattern, "any": unique, "alone": True}
    if not unique and common:
        return read(pattern, frozenset())
    return {"pattern": pattern, "any": sorted(unique, key=len)[:2]}


def main() -> None:
    data = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    count: Counter[str] = Counter()
    for part in ("model", "dataset", "space"):
        for section, levels in data[part].items():
            for level, patterns in levels.items():
                levels[level] = [read(entry if isinstance(entry, str) else entry["pattern"]) for entry in patterns]
                for entry in levels[level]:
                    count["alone" if "alone" in entry else "any" if entry["any"] else "other script"] += 1
                    if entry.get("any") == [] and entry["pattern"].isascii():
                        print("no word:", part, section, entry["pattern"])
    VOCABULARY.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(dict(count))


if __name__ == "__main__":
    main()
