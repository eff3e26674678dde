"""Rule files tested by their own examples; public, so that an organisation tests its rules the same way."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cardlint.engine import inline
from cardlint.engine.catalogue import shipped
from cardlint.engine.rule import Rule, rule_from_data
from cardlint.engine.run import Engine
from cardlint.engine.select import Selected
from cardlint.facts.subject import Subject
from cardlint.fixes.run import mend
from cardlint.repo import samples
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from cardlint.repo.pickles import NOT_INSTALLED
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.hub.hub import Hub
    from cardlint.model import Kind, Outcome, Severity


_OF_LAYERS_ABOVE = ("unmet-control",)
"""Checks whose examples only the tests of a layer above can judge: standards."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an example went; ``fault`` is empty where it did as its rule file says, ``missing`` where a package is missing to run it."""

    code: str
    example: str
    fault: str
    missing: str = ""


def judge_examples(data: dict[str, Any]) -> Iterator[Verdict]:
    """Run the examples of one valid rule file, each judged by its own rule alone."""
    rule = rule_from_data(data)
    for side in ("bad", "good"):
        for number, example in enumerate(data["examples"][side], 1):
            fault = _fault(rule, example, side)
            missing = NOT_INSTALLED if NOT_INSTALLED in fault else ""
            yield Verdict(rule.code, f"{side} {number}", "" if missing else fault, missing)


def outcome_of(rule: Rule, example: dict[str, Any]) -> Outcome:
    """The outcome of an example under its own rule. Raises what the rule's check raises on loading."""
    severity: Any = next((word for word in rule.severity.values() if word != "off"), "warning")
    return _judged(rule, severity, example, _subject(example))


def _judged(rule: Rule, severity: Severity, example: dict[str, Any], subject: Subject) -> Outcome:
    """The outcome of a subject under one rule. A rule on suppressions or on the findings of others is judged with all others."""
    options = {rule.code: example.get("options", {})}
    if rule.check.get("engine") not in (*inline.CHECKS, "findings"):
        return Engine([Selected(rule, severity)], options).judge(subject)
    others = [Selected(each, "note") for each in shipped() if each.code != rule.code]
    engine = Engine([*others, Selected(rule, severity)], options)
    names = inline.names_of(each.rule for each in engine.selected)
    outcome = inline.silence(subject, engine.judge(subject), engine, names, honoured=True)
    return outcome._replace(findings=tuple(each for each in outcome.findings if each.code == rule.code), not_checked={})


def _mended(rule: Rule, example: dict[str, Any]) -> str:
    """The example's card after the rule's own fixes, unsafe ones included."""
    severity: Any = next((word for word in rule.severity.values() if word != "off"), "warning")

    def judge(data: bytes) -> Outcome:
        return _judged(rule, severity, example, _subject({**example, "bytes": base64.b64encode(data)}))

    return mend(_subject(example).data, judge, unsafe=True).data.decode("utf-8", "replace")


def _subject(example: dict[str, Any]) -> Subject:
    entry = entry_of(example)
    if "since" in example:
        entry = entry._replace(before=entry_of(example["since"])._replace(revision="v1"))
    return Subject(entry, hub=_hub(example["hub"], entry.kind or "model") if "hub" in example else None)


def _hub(given: dict[str, Any], own: Kind) -> Hub:
    """The other repositories of an example, which is of this kind itself."""
    from cardlint.facts.hub import node_of
    from cardlint.hub.hub import Hub
    from cardlint.hub.index import MemoryIndex
    from cardlint.hub.world import World, listed_key, listed_name

    nodes = []
    for listed, sample in given.get("repos", {}).items():
        kind, name = listed_name(listed)
        nodes.append(node_of(Subject(entry_of({**({"card": sample} if isinstance(sample, str) else sample), "id": name, "kind": kind}))))
    index = MemoryIndex(nodes)
    world = World((listed_key(each) for each in given.get("known", ())), given.get("complete", ()))
    return Hub(index, world.within({own, *index.kinds()}))


def entry_of(example: dict[str, Any]) -> Entry:
    """What an example is to be judged as."""
    files: dict[str, Any] = example.get("files", {})
    text: bytes | None = None
    if "bytes" in example:
        text = base64.b64decode(example["bytes"])
    elif example.get("card") is not None:
        text = example["card"].encode("utf-8", "surrogatepass")
        text += text[text.rstrip(b"\n").rfind(b"\n") + 1 :] * (example.get("repeat", 1) - 1)
    listing = contents = None
    if "files" in example:
        read = {path: samples.content(sample) for path, sample in sorted(files.items())}
        listing = tuple(FileEntry(path, _size(files[path], data)) for path, data in read.items())
        outside = frozenset(path for path in files if samples.leads_out(files[path]))
        contents = Memory({path: data for path, data in read.items() if data is not None}, outside)
    kind = example.get("kind")
    origin = "example" if kind else "default"
    return Entry("README.md", None, id=example.get("id"), kind=kind, kind_from=origin, files=listing, text=text, contents=contents)


def _size(sample: samples.Sample, content: bytes | None) -> int | None:
    """A file's size in the listing: as it is given, or that of its content; a file of neither has an unknown one."""
    if content is not None:
        return len(content)
    return sample if isinstance(sample, int) else None


def _fault(rule: Rule, example: dict[str, Any], side: str) -> str:
    if rule.check.get("engine") in _OF_LAYERS_ABOVE:
        return ""
    try:
        outcome = outcome_of(rule, example)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        return f"the check cannot be loaded: {error}"
    if outcome.failure:
        return f"the check failed: {outcome.failure}"
    said = Counter(f"{each.span.line}:{each.span.column} {each.message}" for each in outcome.findings)
    reason = next((reason for reason, codes in outcome.not_checked.items() if rule.code in codes), None)
    wanted_reason = example.get("not-checked")
    if wanted_reason != reason:
        return f"not checked: expected {wanted_reason!r}, got {reason!r}"
    if "fixed" in example and (fixed := _mended(rule, example)) != example["fixed"]:
        return f"fixed: expected {example['fixed']!r}, got {fixed!r}"
    if "findings" in example:
        wanted = Counter(example["findings"])
        if said != wanted:
            return f"expected {sorted(wanted.elements())}, got {sorted(said.elements())}"
        return ""
    if side == "bad" and not said and wanted_reason is None:
        return "the bad example has no finding"
    if side == "good" and said:
        return f"the good example has findings: {sorted(said.elements())}"
    return ""
