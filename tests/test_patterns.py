"""Every pattern runs in linear time: those of rules by RE2, those of Python's ``re`` by growth on inputs made against them.

Python's ``re`` backtracks. Each pattern of the package is found by its place in the source, its tree is walked, and every
repetition in it is fed with long runs of what it repeats, after what must stand before it and before what it cannot take.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import time
from functools import cache
from pathlib import Path

import pytest

import cardlint
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.patterns import Cue, OneOf, Pattern
from cardlint.sources.entry import Entry

try:
    from re import _constants as ops
    from re import _parser as parser
except ImportError:  # pragma: no cover
    pytest.skip("the parser of re stands elsewhere", allow_module_level=True)

SIZES = (40, 320, 2_560)
"""Characters of an input."""
SLOW = 0.003
"""Seconds below which growth is not looked at: they are noise."""
MOST_GROWTH = 24.0
"""Times as long for eight times as much: linear is 8, quadratic 64."""
TOO_LONG = 0.3
"""Seconds after which an input is given up: growth without end."""

LONG = 24_000
"""Characters of an input in a card: what no pattern may be given whole if it does not run in linear time."""
MOST_SECONDS = 2.0
"""CPU seconds of a card with such inputs, its facts included; most take a twentieth of it, a quadratic pattern takes minutes."""


@cache
def patterns() -> dict[tuple[str, int], str]:
    """Every pattern that the package compiles: those of module level by import, those in calls by the syntax tree."""
    found: dict[tuple[str, int], str] = {}
    for info in pkgutil.walk_packages(cardlint.__path__, "cardlint."):
        if info.name.endswith("__main__"):
            continue
        try:
            module = importlib.import_module(info.name)
        except ModuleNotFoundError:
            continue  # an extra that is not installed
        for name, value in vars(module).items():
            for each in value if isinstance(value, tuple | list) else value.values() if isinstance(value, dict) else (value,):
                for part in each if isinstance(each, tuple) else (each,):
                    if isinstance(part, Pattern):
                        found.setdefault((part.source, part.flags), f"{info.name}.{name}")
                    elif isinstance(part, re.Pattern) and isinstance(part.pattern, str):
                        found.setdefault((part.pattern, part.flags & ~re.UNICODE), f"{info.name}.{name}")
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)):
                continue
            if node.func.value.id == "re" and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                found.setdefault((node.args[0].value, 0), f"{info.name}:{node.lineno}")
    return found


@pytest.fixture(autouse=True)
def alarm():
    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.signal(signal.SIGVTALRM, before)


def one_of(items) -> str:
    """A character that a set holds."""
    negated = items[0][0] is ops.NEGATE
    taken = set()
    for kind, value in items:
        if kind is ops.LITERAL:
            taken.add(chr(value))
        elif kind is ops.RANGE:
            taken.update((chr(value[0]), chr(value[1])))
        elif kind is ops.CATEGORY:
            name = str(value)
            taken.update({"DIGIT": "1", "SPACE": " ", "WORD": "a"}.get(name.rsplit("_", 1)[1], "") if "NOT" not in name else "-")
    if not negated:
        return next((char for char in " a-1" if char in taken), min(taken) if taken else "a")
    return next(char for char in "a 1-.xZ\n\u00e9\u4e2d" if char not in taken)


def sample(tree) -> str:
    """A text that a part of a pattern matches, roughly: look-arounds are passed over."""
    out = []
    for kind, value in tree:
        if kind is ops.LITERAL:
            out.append(chr(value))
        elif kind is ops.NOT_LITERAL:
            out.append("a" if value != ord("a") else "b")
        elif kind is ops.ANY:
            out.append("a")
        elif kind is ops.IN:
            out.append(one_of(value))
        elif kind in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            out.append(sample(value[2]) * max(value[0], 0))
        elif kind is ops.SUBPATTERN:
            out.append(sample(value[3]))
        elif kind is ops.BRANCH:
            out.append(sample(value[1][0]))
        elif kind is ops.ATOMIC_GROUP:
            out.append(sample(value))
    return "".join(out)


def pumps(tree, before="") -> list[tuple[str, str]]:
    """For every repetition without a small bound: what stands before it, and what it repeats (each branch of it)."""
    found = []
    for kind, value in tree:
        if kind in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            if value[1] > 64:
                inner = value[2]
                branches = inner[0][1][1] if len(inner) == 1 and inner[0][0] is ops.BRANCH else [inner]
                found += [(before, body) for branch in branches if (body := sample(branch))]
                found += [(before, sample(inner) + " ")] if sample(inner) else []
            found += pumps(value[2], before)
        elif kind is ops.SUBPATTERN:
            found += pumps(value[3], before)
        elif kind is ops.ATOMIC_GROUP:
            found += pumps(value, before)
        elif kind is ops.BRANCH:
            for branch in value[1]:
                found += pumps(branch, before)
        before += sample([(kind, value)])
    return found


def seconds(compiled: re.Pattern[str], text: str) -> float:
    start = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, TOO_LONG)  # the matcher looks for signals now and then
    try:
        for _ in compiled.finditer(text):
            pass
        compiled.fullmatch(text)
    except TimeoutError:
        return 1_000.0
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - start


def growth(source: str, flags: int) -> tuple[float, str, str]:
    """The worst growth over the inputs made against a pattern, and that input: its start, and what is repeated."""
    compiled = re.compile(source, flags)
    tree = parser.parse(source, flags)
    worst = (0.0, "", "")
    whole = sample(tree)
    attacks = dict.fromkeys([*((before, body) for before, body in pumps(tree)), ("", whole or "a"), ("", " "), ("", (whole[:-1] or "a"))])
    for before, body in list(attacks)[:16]:
        for start in ("", before):
            ratio = measured(compiled, start, body)
            worst = max(worst, (ratio, start, body))
            if ratio > MOST_GROWTH:
                return worst
    return worst


def measured(compiled: re.Pattern[str], start: str, body: str) -> float:
    """Times as long for eight times as much, at the first size that takes time at all, the better of two; 0 where none does."""
    earlier, shorter = 0.0, ""
    for size in SIZES:
        text = start + body * max(1, size // len(body)) + "\x00"
        took = seconds(compiled, text)
        if took >= SLOW:
            return min(took, seconds(compiled, text)) / max(1e-4, min(earlier, seconds(compiled, shorter)))
        earlier, shorter = took, text
    return 0.0


def test_patterns_are_found():
    assert len(patterns()) > 300
    assert any("frontmatter" in place for place in patterns().values())


@pytest.mark.parametrize("source", [r"(?:ab?)*c", r"x(?:a+)+y"])
def test_growth_sees_a_quadratic_and_an_exponential_pattern(source):
    assert any(growth(source, 0)[0] > MOST_GROWTH for _ in range(3))  # the clock of a guest that was paused may stand still


@cache
def hard() -> dict[str, tuple[str, str]]:
    """The patterns that grow faster than their input when they are given it whole, each with the input: start and body."""
    found = {}
    for (source, flags), place in patterns().items():
        ratio, start, body = growth(source, flags)
        if ratio > MOST_GROWTH:
            found[f"{place} {source[:40]!r}"] = (start, body)
    return found


def card_of(start: str, body: str) -> bytes:
    """A card that holds an input wherever a card holds text."""
    text = (start + body * (LONG // len(body))).replace("\x00", " ")
    line = " ".join(text.split("\n"))
    quoted = line.replace("'", "''")
    short = " ".join((start + body * (300 // len(body))).replace("\x00", " ").split("\n"))
    parts = (
        f"---\nlicense: mit\nlicense_name: '{quoted[:8000]}'\ntags: ['{quoted[:8000]}']\n---\n# Gulls {line[:4000]}\n",
        f"It was fine-tuned from acme/terns, trained on the {text}\n",
        f"It was fine-tuned from acme/terns and trained on the {short} corpus.\n\n- License: {short}\n\n" * 100,
        f"- License: {line}\n\n| a | b |\n|---|---|\n| {line[:8000]} | {line[:8000]} |\n",
        f"```python\nmodel = load({line})\n```\n<!-- {line} -->\n<a href='{line[:8000]}'>{line}</a>\n",
    )
    return "\n".join(parts).encode("utf-8", "replace")


def test_hard_input_of_every_pattern_stands_in_a_card_without_harm():
    judge = everything()
    slow = []
    for place, (start, body) in hard().items():
        entry = Entry("README.md", None, id="acme/gulls", kind="model", text=card_of(start, body))
        begin = time.process_time()
        outcome, _ = judge.with_facts(entry, lambda subject: subject.facts.whole())
        took = time.process_time() - begin
        assert outcome.failure is None
        if took > MOST_SECONDS:
            slow.append(f"{place}: {took:.1f} s for {(start + body * 3)[:60]!r}")
    assert not slow, "\n".join(slow)


@cache
def everything() -> Judge:
    judge = Judge(Plan(tuple(choose(Choice(profile="audit", preview=True), shipped())), {}))
    judge(Entry("README.md", None, id="acme/gulls", kind="model", text=card_of("", "It was trained on gulls. ")))
    return judge


def test_patterns_of_rules_are_those_of_re2():
    import re2

    texts = [rule.check["text"] for rule in shipped() if "text" in rule.check]
    assert texts
    for text in texts:
        re2.compile(text.get("forbid") or text["require"])


@pytest.mark.parametrize("pattern", [r"(a+)\1", r"(?=a)b", r"(?<!a)b", r"(?>a+)b"])
def test_pattern_of_an_organisation_that_re2_cannot_run_is_refused(pattern):
    from cardlint.engine.loader import load
    from cardlint.model import CardlintError
    from tests.engine.test_loader import GOOD, NAME

    start, _, rest = GOOD.partition("check:\n")
    check = f"check:\n  text: {{part: prose, forbid: '{pattern}', message: m}}\n"
    with pytest.raises(CardlintError, match="not an RE2 pattern"):
        load(start + check + rest[rest.index("examples:") :], NAME)


@pytest.mark.parametrize(
    ("text", "any_case", "held"),
    [
        ("news", True, True),
        ("News", True, True),
        ("News", False, False),
        ("12 HOURS", True, True),
        ("12 HOURS", False, False),
        ("n/a", True, True),
        ("n/a!", True, False),
        ("the news", True, False),
        ("see below", True, True),
        ("See", False, False),
        ("see below\nand above", True, False),
        ("a Card", True, True),
        ("card", True, False),
        ("a.b card", False, True),
        ("a\n card", True, False),
    ],
)
def test_a_whole_text_is_one_of_some_words_and_patterns(text, any_case, held):
    assert OneOf(["news", "n/a", r"\d+ hours?", "see.*", ".* card"], any_case=any_case).holds(text) is held


@pytest.mark.parametrize(("text", "occurs"), [("", False), ("no bias", True), ("über Größe", True), ("nothing of it", False)])
def test_a_cue_occurs_in_a_text_and_in_its_bytes_alike(text, occurs):
    cue = Cue("bias|größe|Größe")
    assert cue.occurs(text) is occurs
    assert cue.occurs(text.encode()) is occurs
