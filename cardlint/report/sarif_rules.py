"""The rules of a run as SARIF tells them: what is demanded, why, what to do, how severe and how sure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint.engine.rule import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.engine.rule import Rule
    from cardlint.engine.select import Selected
    from cardlint.report.records import RunInfo

LONGEST_DESCRIPTION = 1024
"""Characters that code scanning takes of a description."""
MOST_TAGS = 20
PRECISION = {"high": "very-high", "medium": "high", "low": "low"}
PROBLEM = {"error": "error", "warning": "warning", "note": "recommendation"}
SECURITY = {"error": "8.0", "warning": "5.0", "note": "2.0"}
"""Scores of rules of the family SEC: high, medium, low. Other rules speak of documents and have none."""


def rule_records(info: RunInfo) -> Iterator[dict[str, Any]]:
    """The descriptors of every rule that ran, in the run's order: they do not differ between two repositories."""
    why = _reasons(info)
    for selected in info.selected:
        yield _descriptor(selected, why.get(selected.rule.code, ""))


def _descriptor(selected: Selected, why: str) -> dict[str, Any]:
    rule, severity = selected
    advice = rule.help or rule.summary
    properties: dict[str, Any] = {
        "tags": _tags(rule),
        "precision": PRECISION[rule.confidence],
        "problem.severity": PROBLEM[severity],
    }
    if rule.family == "SEC":
        properties["security-severity"] = SECURITY[severity]
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": _cut(rule.summary)},
        "fullDescription": {"text": _cut(why or rule.summary)},
        "help": {"text": advice, "markdown": _markdown(rule, why, advice)},
        "defaultConfiguration": {"level": severity},
        "properties": properties,
    }


def _tags(rule: Rule) -> list[str]:
    family = FAMILIES.get(rule.family)
    tags = ["model-card", *([family] if family else []), *(["security"] if rule.family == "SEC" else []), *rule.tags]
    return list(dict.fromkeys(tags))[:MOST_TAGS]


def _markdown(rule: Rule, why: str, advice: str) -> str:
    parts = [f"**{rule.code} {rule.name}**: {rule.summary}", *([f"**Why.** {why}"] if why else []), f"**What to do.** {advice}"]
    return "\n\n".join(parts) + "\n"


def _cut(text: str) -> str:
    """A text on one line, cut behind a sentence where it is too long."""
    text = " ".join(text.split())
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    ends = [match.end() for match in re.finditer(r"[.!?](?= )", text[:LONGEST_DESCRIPTION])]
    return text[: ends[-1]] if ends else text[: LONGEST_DESCRIPTION - 1] + "…"


def _reasons(info: RunInfo) -> dict[str, str]:
    """Why each rule is there, from the rule files: the catalogue leaves that out."""
    from pathlib import Path

    from cardlint.card.yamlreader import read_yaml
    from cardlint.engine.loader import shipped_files

    wanted = {each.rule.code for each in info.selected}
    own = [Path(each.rule.folder) for each in info.selected if each.rule.folder and Path(each.rule.folder).is_file()]
    found = {}
    for file in (*shipped_files(), *own):
        code = file.name.partition("-")[0]
        if code in wanted:
            data: Any = read_yaml(file.read_text(encoding="utf-8")).value
            found[code] = str(data.get("why", "")).strip()
    return found
