"""Which rules run, and how severe each is: profile, selectors, overrides. Unknown selectors are refused."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cardlint.engine.rule import FAMILIES
from cardlint.model import CONFIDENCES, SEVERITIES, CardlintError
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cardlint.engine.rule import Rule
    from cardlint.model import Severity


class Choice(NamedTuple):
    """What a run asks for. Empty ``select`` means the profile's own rules."""

    profile: str = "author"
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preview: bool = False
    min_severity: Severity = "note"
    min_confidence: str = "low"
    severity: Mapping[str, str] = MappingProxyType({})


class Selected(NamedTuple):
    """A rule that runs, with its severity in this run."""

    rule: Rule
    severity: Severity


def resolve(selector: str, rules: Sequence[Rule], *, where: str = "") -> list[Rule]:
    """The rules that a selector names: a code, a name, a family or the start of a code, a tag, or ALL.

    Raises CardlintError with the near miss where it names none.
    """
    if selector == "ALL":
        return list(rules)
    for match in (
        [rule for rule in rules if selector in (rule.code, rule.name)],
        [rule for rule in rules if selector.isupper() and rule.code.startswith(selector)],
        [rule for rule in rules if selector.isalnum() and rule.code == selector.upper()],
        [rule for rule in rules if selector in rule.tags],
    ):
        if match:
            return match
    if selector in FAMILIES:
        return []
    words = [word for rule in rules for word in (rule.code, rule.name, *rule.tags)]
    near = nearest(selector, [*words, *FAMILIES], cutoff=0.5) or nearest(selector.upper(), words)
    hint = f"; did you mean {near!r}?" if near else "; 'cardlint rules' lists them"
    raise CardlintError(f"{where}unknown rule {selector!r}{hint}")


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word that is close and begins and ends most alike: LIC101 for LIC1O1, though LIC411 is no further."""
    from difflib import get_close_matches
    from os.path import commonprefix

    def alike(each: str) -> int:
        return sum(len(commonprefix(pair)) for pair in ((word, each), (word[::-1], each[::-1])))  # noqa: RUF071  # letters are meant

    return max(get_close_matches(word, list(known), n=20, cutoff=cutoff), key=alike, default=None)


def choose(choice: Choice, rules: Sequence[Rule]) -> list[Selected]:
    """The rules of a run in the order of their codes. Raises CardlintError for unknown selectors."""
    return [Selected(rule, severity) for rule, severity, _ in chosen(choice, rules) if severity is not None]


def chosen(choice: Choice, rules: Sequence[Rule]) -> Iterator[tuple[Rule, Severity | None, str]]:
    """Every rule with its severity in a run; with None and the reason where it does not run. Raises CardlintError as `choose` does."""
    named = _named(choice.select, rules)
    extended = _named(choice.extend_select, rules)
    ignored = _named(choice.ignore, rules)
    for selector in (*choice.select, *choice.extend_select):
        for rule in resolve(selector, rules):
            if selector in (rule.code, rule.name) and rule.status == "preview" and not choice.preview:
                raise CardlintError(f"{selector} is a preview rule: add --preview to run it")
    severities = {rule.code: word for selector, word in choice.severity.items() for rule in resolve(selector, rules, where="severity: ")}
    for rule in rules:
        asked = rule.code in named or rule.code in extended
        word = severities.get(rule.code, rule.severity[choice.profile])
        if word == "off" and asked:
            word = next((each for each in rule.severity.values() if each != "off"), "warning")
        reason = ""
        if rule.code in ignored:
            reason = "ignored"
        elif rule.status == "preview" and not choice.preview:
            reason = "preview (--preview runs it)"
        elif choice.select and not asked:
            reason = "not selected"
        elif word == "off":
            reason = "severity 'off'" if rule.code in severities else f"off in the profile {choice.profile!r}"
        elif _rank(SEVERITIES, word) > _rank(SEVERITIES, choice.min_severity):
            reason = f"{_article(word)}, below min-severity {choice.min_severity!r}"
        elif _rank(CONFIDENCES, rule.confidence) > _rank(CONFIDENCES, choice.min_confidence):
            reason = f"of {rule.confidence} confidence, below min-confidence {choice.min_confidence!r}"
        yield rule, None if reason else word, reason  # type: ignore[misc]  # off is gone


def _article(severity: str) -> str:
    return f"an {severity}" if severity == "error" else f"a {severity}"


def _named(selectors: Iterable[str], rules: Sequence[Rule]) -> set[str]:
    return {rule.code for selector in selectors for rule in resolve(selector, rules)}


def _rank(order: Sequence[str], word: str) -> int:
    return order.index(word)
