"""What the shipped rules say of their own bad examples and of the cases, in full: place, fingerprint, help, fix, related places.

`python -m tests.checks.findings` writes `tests/data/findings.jsonl` anew. A changed fingerprint makes every baseline of the rule's findings
stale, and a changed place or help is seen by every reader: each changed line is read before it is committed.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from cardlint.engine.loader import load, shipped_files
from cardlint.engine.rule import rule_from_data
from cardlint.engine.testing import outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.engine.rule import Rule
    from cardlint.model import Finding

CASES = Path(__file__).parent / "cases"
KEPT = Path(__file__).parents[1] / "data" / "findings.jsonl"


def examples() -> Iterator[tuple[Rule, str, dict[str, Any]]]:
    """Each bad example that its own rule judges and each case with findings, named by the digest of its content."""
    rules = {}
    for file in shipped_files():
        data = load(file.read_text(encoding="utf-8"), file.name)
        rule = rules[data["code"]] = rule_from_data(data)
        if "engine" not in rule.check:
            yield from ((rule, _named(rule, example), example) for example in data["examples"]["bad"])
    for _, case in cases():
        if "findings" in case:
            yield rules[case["rule"]], _named(rules[case["rule"]], case), case


def _named(rule: Rule, example: dict[str, Any]) -> str:
    return f"{rule.code}-{sha256(json.dumps(example, sort_keys=True, default=str).encode()).hexdigest()[:12]}"


def cases() -> list[tuple[str, dict[str, Any]]]:
    """The cases with a name for each."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        listed = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        found += [(f"{path.stem} {number} {case['rule']}", case) for number, case in enumerate(listed, 1)]
    return found


def said(rule: Rule, example: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings of an example as data; what the rule's file says already is left out."""
    return [_shown(found, rule) for found in outcome_of(rule, example).findings]


def _shown(found: Finding, rule: Rule) -> dict[str, Any]:
    shown: dict[str, Any] = {"at": found.at, "span": list(found.span), "fingerprint": found.fingerprint, "message": found.message}
    if found.help != rule.help:
        shown["help"] = found.help
    if found.fix is not None:
        shown["fix"] = [found.fix.safety, found.fix.strips_bom, *([*edit.span, edit.text] for edit in found.fix.edits)]
    if found.related:
        shown["related"] = [[each.path, *each.span, each.message] for each in found.related]
    return shown


def kept() -> dict[str, list[dict[str, Any]]]:
    """The committed findings by the name of their example."""
    rows = map(json.loads, KEPT.read_text(encoding="utf-8").splitlines())
    return {row["example"]: row["findings"] for row in rows}


def main() -> None:
    """Write the file."""
    rows = [json.dumps({"example": name, "findings": said(rule, example)}, ensure_ascii=False) for rule, name, example in examples()]
    KEPT.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
