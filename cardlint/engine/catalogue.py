"""The rules that ship, read from the generated catalogue: reading the rule files themselves costs thirty times as much."""

from __future__ import annotations

import json
from typing import Any

from cardlint import data
from cardlint.engine.rule import Rule, rule_from_data
from cardlint.engine.yielding import faults
from cardlint.model import CardlintError

_LEFT_OUT = frozenset({"why", "examples", "references", "rare"})


def shipped() -> list[Rule]:
    """Every rule that ships, in the order of the codes."""
    return [rule_from_data(entry) for entry in data.catalogue()["rules"]]


def with_own(own: list[Rule]) -> list[Rule]:
    """The shipped rules and an organisation's own. Raises CardlintError where a code or name is taken."""
    rules = shipped()
    taken = {rule.code: rule for rule in rules} | {rule.name: rule for rule in rules}
    for rule in own:
        for key in (rule.code, rule.name):
            if key in taken:
                where = taken[key].folder or "a rule that ships with cardlint"
                raise CardlintError(f"{rule.folder}: {key} is taken by {where}")
        taken[rule.code] = taken[rule.name] = rule
    rules = sorted([*rules, *own], key=lambda rule: rule.code)
    for rule, fault in faults(rules):
        raise CardlintError(f"{rule.folder}: {rule.code}: {fault}")
    return rules


def render() -> dict[str, str]:
    """The catalogue, and what rules say to cards of a group, each as a file's text. Raises CardlintError where a rule file is faulty."""
    from cardlint.engine.dispatch import PythonCheck
    from cardlint.engine.loader import load, shipped_files

    rules: list[dict[str, Any]] = []
    advice: dict[str, dict[str, str]] = {}
    wrong: list[str] = []
    for file in shipped_files():
        try:
            entry = load(file.read_text(encoding="utf-8"), file.name)
        except CardlintError as error:
            wrong.append(str(error))
            continue
        rule = {key: value for key, value in entry.items() if key not in _LEFT_OUT}
        if "python" in rule["check"]:
            rule["check"] = {**rule["check"], "wants": PythonCheck(rule_from_data(rule)).wants}
        if "help-for" in rule:
            rule["help-for"] = next((code for code, told in advice.items() if told == rule["help-for"]), rule["code"])
            advice.setdefault(rule["help-for"], entry["help-for"])
        rules.append(rule)
    for key in ("code", "name"):
        values = [rule[key] for rule in rules]
        wrong += [f"the {key} {value} is taken twice" for value in sorted({each for each in values if values.count(each) > 1})]
    wrong += [f"{rule.code}: {fault}" for rule, fault in faults(list(map(rule_from_data, rules)))]
    if wrong:
        raise CardlintError("\n".join(wrong))
    rules.sort(key=lambda rule: rule["code"])
    lines = ",\n".join(json.dumps(rule, ensure_ascii=False, sort_keys=True) for rule in rules)
    sentences = json.dumps(advice, ensure_ascii=False, indent=1, sort_keys=True)
    return {"catalogue.json": f'{{"rules": [\n{lines}\n]}}\n', "advice.json": f"{sentences}\n"}
