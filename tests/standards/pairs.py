"""Cards that meet the controls of standards and cards that fail them, read from ``tests/data/standards``."""

from __future__ import annotations

from pathlib import Path

from cardlint.card.yamlreader import read_yaml
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.engine.testing import entry_of
from cardlint.standards.assess import Assess
from cardlint.standards.load import find_standard

DATA = Path(__file__).parents[1] / "data" / "standards"
RULES = shipped()


def judge_of(*standards, ignore=(), silence=None):
    """What judges an entry by some standards, named or given."""
    found = [find_standard(each, RULES) if isinstance(each, str) else each for each in standards]
    wanted = {code for each in found for code in each.rules} | {"GOV901"}
    selected = choose(Choice(extend_select=tuple(sorted(wanted)), ignore=ignore), RULES)
    return Judge(Plan(tuple(selected), {}, None, silence=silence, assess=Assess(tuple(found))))


def states(judge, example):
    """The states of the controls of an example (as in rule files: card, files, id, kind)."""
    outcome = judge(entry_of(example)._replace(input="README.md"))
    assert outcome.failure is None
    return {each.control: each for each in outcome.controls}


def read(name):
    """One data file."""
    return read_yaml((DATA / name).read_text(encoding="utf-8")).value


def changed(text, changes):
    """A text with some of its parts replaced; each part must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text
