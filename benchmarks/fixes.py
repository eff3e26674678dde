"""What the safe fixes do to real cards: applied to each in memory to a fixed point, and held against what a fix may do.

    python benchmarks/fixes.py [CARDS.jsonl.gz] [--unsafe] [--every N]

For each card with a safe fix: a second run changes nothing; the fingerprints of what was mended are gone; findings that are new lie only
in text that was not read before (metadata behind a faulty fence or a byte order mark, listed apart); no byte outside the edits changes;
metadata that could be read hold the same values but for those that a mended finding points at, for cardlint's reader and for PyYAML;
the outline of the body is the same where no fix lies in it, else its words. Exit 1 where one of these fails. One process, about 3 ms a card.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from cardlint.card.card import Card
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.fixes.run import mend
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from cardlint.model import Finding, Outcome

CARDS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "cards.jsonl.gz"
LINE_END = re.compile(rb"\r\n|\r|\n")
BOM = b"\xef\xbb\xbf"
SHOWN = 12
_ADDING = ("DAT003", "FM020", "LIC002", "LIN001", "LIN004", "LIN008")
"""Rules whose fix adds a key of which the finding's place does not tell."""
_REWORDING = frozenset({"DOC009", "DOC016", "DOC038"})
"""Rules whose unsafe fix puts other words into the body."""


class Versions:
    """A judge that remembers each version of a card and its outcome."""

    def __init__(self, judge: Judge, entry: Any) -> None:
        self.judge, self.entry = judge, entry
        self.seen: list[tuple[bytes, Outcome]] = []

    def __call__(self, data: bytes) -> Outcome:
        outcome = self.judge(self.entry(data))
        self.seen.append((data, outcome))
        return outcome


def outside_edits_unchanged(before: bytes, after: bytes, done: list[Finding]) -> bool:
    """Whether ``after`` is ``before`` with the edits of ``done`` and nothing else, worked out on bytes."""
    shift = len(BOM) if before.startswith(BOM) else 0
    starts = [shift, *(match.end() for match in LINE_END.finditer(before))]

    def place(line: int, column: int) -> int:
        start = starts[line - 1]
        end = starts[line] if line < len(starts) else len(before)
        return start + len(before[start:end].decode()[: column - 1].encode())

    newline = LINE_END.search(before)
    edits = sorted(
        (place(span.line, span.column), place(span.end_line, span.end_column), text)
        for each in done
        if each.fix
        for span, text in each.fix.edits
    )
    stripped = any(each.fix and each.fix.strips_bom for each in done)
    at = shift if stripped else 0
    expected = b""
    for start, end, text in edits:
        expected += before[at:start] + text.encode().replace(b"\n", newline.group() if newline else b"\n")
        at = end
    return expected + before[at:] == after


def leaves(value: Any, at: str = "") -> dict[str, Any]:
    """The scalars of metadata by pointer; the size of each collection besides."""
    if isinstance(value, dict):
        found = {at + "/": ("mapping",)}
        for key, item in value.items():
            found |= leaves(item, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")
        return found
    if isinstance(value, list):
        found = {at + "/": ("list", len(value))}
        for index, item in enumerate(value):
            found |= leaves(item, f"{at}/{index}")
        return found
    return {at: (type(value).__name__, str(value))}


def unnamed_changes(before: Any, after: Any, done: list[Finding]) -> list[str]:
    """The pointers at which metadata differ and of which no mended finding speaks."""
    named: list[str] = []
    for each in done:
        pointer = each.at.removeprefix("key:").removeprefix("/metadata")
        named.append(pointer)
        if each.fix:
            named += [f"/{text.partition(':')[0]}" for _, text in each.fix.edits if each.code in _ADDING]
            if any(not text for _, text in each.fix.edits):
                named.append(pointer.rpartition("/")[0])
    old, new = leaves(before), leaves(after)
    differ = [at for at in old.keys() | new.keys() if old.get(at) != new.get(at)]
    return sorted(at for at in differ if not any(at.rstrip("/") == name or at.startswith(name + "/") for name in named if name))


def pyyaml(card: Card) -> Any:
    block = card.front_matter
    source = card.text[block.start : block.closing].removeprefix("---")
    try:
        return yaml.load(source, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None


def outline(card: Card) -> tuple[Any, ...]:
    found = card.outline
    return (
        [(each.level, each.text, each.kind) for each in found.headings],
        [(each.kind, each.text, each.heading, each.label, each.language, each.rows) for each in found.blocks],
        [(each.url, each.text, each.heading, each.image) for each in found.links],
        [(each.text, each.heading) for each in found.comments],
    )


def words(card: Card) -> str:
    """The visible text of the body in its order, without blanks and the marks of headings."""
    parts = sorted([*card.outline.headings, *card.outline.blocks], key=lambda each: each.start)
    return "".join("".join(each.text for each in parts).replace("#", "").split())


def main() -> int:
    arguments = [each for each in sys.argv[1:] if not each.startswith("--")]
    unsafe = "--unsafe" in sys.argv
    every = int(arguments.pop()) if "--every" in sys.argv else 1  # stands last
    selected = choose(Choice(profile="audit", preview=True), shipped())
    judge = Judge(Plan(tuple(selected), {}))
    counts: Counter[str] = Counter()
    mended_by: Counter[str] = Counter()
    rounds: Counter[int] = Counter()
    faults: list[str] = []
    apart: Counter[str] = Counter()
    start = time.perf_counter()
    with gzip.open(Path(arguments[0]) if arguments else CARDS, "rb") as stream:
        for number, line in enumerate(stream):
            if number % every:
                continue
            row = json.loads(line)
            data = row["text"].encode() if "text" in row else base64.b64decode(row["base64"])
            counts["cards"] += 1

            def entry(text: bytes, row: dict[str, Any] = row) -> Entry:
                return Entry(row["file"], None, id=row["id"], kind=row["kind"], kind_from="manifest", text=text)

            versions = Versions(judge, entry)
            done = mend(data, versions, unsafe=unsafe)
            if not done.applied:
                assert done.data == data
                continue
            counts["cards mended"] += 1
            counts["findings mended"] += len(done.applied)
            mended_by.update(each.code for each in done.applied)
            rounds[len(versions.seen) - 1] += 1
            faults += [f"{row['file']}: {fault}" for fault in faults_of(data, done, versions, judge, entry, apart, unsafe=unsafe)]
    for name, count in counts.items():
        print(f"{count:7,} {name}")
    print("rounds:", ", ".join(f"{number} on {count:,} cards" for number, count in sorted(rounds.items())))
    print("by rule:", ", ".join(f"{code} {count:,}" for code, count in mended_by.most_common()))
    print("apart:", ", ".join(f"{name} {count:,}" for name, count in sorted(apart.items())) or "nothing")
    print(f"{len(faults)} faults; {time.perf_counter() - start:.0f} s")
    kinds = Counter(fault.split(": ")[1] for fault in faults)
    print("\n".join(f"  {count} {kind}" for kind, count in kinds.most_common()))
    for kind in kinds:
        print("\n".join([fault for fault in faults if fault.split(": ")[1] == kind][:SHOWN]))
    return 1 if faults else 0


def faults_of(data: bytes, done: Any, versions: Versions, judge: Judge, entry: Any, apart: Counter[str], *, unsafe: bool) -> list[str]:
    """What the fixes of one card did that they may not."""
    found = []
    again = mend(done.data, lambda text: judge(entry(text)), unsafe=unsafe)
    if again.data != done.data:
        found.append(f"second run changes: {[each.code for each in again.applied]}")
    left = {each.fingerprint: each for each in done.outcome.findings}
    for each in done.applied:
        if each.fingerprint in left:
            found.append(f"mended finding is still there: {each.code} {each.message}")
    for (before, outcome), (after, _) in zip(versions.seen, versions.seen[1:], strict=False):
        step = [each for each in done.applied if any(each is other for other in outcome.findings)]
        if not outside_edits_unchanged(before, after, step):
            found.append(f"bytes outside the edits change: {[each.code for each in step]}")
    old, new = Card.from_bytes(data), Card.from_bytes(done.data)
    codes = ",".join(sorted({each.code for each in done.applied}))
    first = {each.fingerprint for each in versions.seen[0][1].findings}
    fresh = [each for each in done.outcome.findings if each.fingerprint not in first]
    read_before = old.front_matter.status == "ok" and not old.decoded.bom
    if not read_before:
        apart[f"cards whose metadata were not read before ({old.front_matter.status})"] += 1
        apart["new findings in what was not read before"] += len(fresh)
        return found
    mended = {each.at.removeprefix("key:").split("/")[2] for each in done.applied if each.at.startswith(("/metadata/", "key:/metadata/"))}
    mended |= {text for each in done.applied if each.code == "FM020" and each.fix for _, text in each.fix.edits}
    for each in fresh:
        if each.at.removeprefix("key:").removeprefix("/metadata/").split("/")[0] in mended:
            apart["new findings in a value that was mended or whose key was"] += 1
        elif "FM020" in codes:
            apart[f"new findings elsewhere since a misspelt key is read ({each.code})"] += 1
        elif "DOC021" in codes:
            apart["new findings where a heading was not read as one"] += 1
        else:
            found.append(f"new finding: {each.code} {each.message} at {each.at} (after {codes})")
    found += [
        f"value changed: {at} (after {codes})" for at in unnamed_changes(old.front_matter.metadata, new.front_matter.metadata, done.applied)
    ]
    theirs = pyyaml(old)
    if isinstance(theirs, dict):
        found += [f"value changed for PyYAML: {at} (after {codes})" for at in unnamed_changes(theirs, pyyaml(new), done.applied)]
    if any(
        old.lines.offset(span.line, span.column) >= old.front_matter.end for each in done.applied if each.fix for span, _ in each.fix.edits
    ):
        apart["cards with a fix in the body"] += 1
        if words(old) != words(new) and not _REWORDING.intersection(each.code for each in done.applied):
            found.append(f"words of the body changed: (after {codes})")
    elif outline(old) != outline(new):
        found.append(f"outline changed: (after {codes})")
    return found


if __name__ == "__main__":
    sys.exit(main())
