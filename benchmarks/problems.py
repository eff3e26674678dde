"""Which of the faults that a reader named on cards nobody had read before cardlint finds, by kind and draw.

    python benchmarks/problems.py [--detail]

Cards are looked for in ``../shared/corpus`` beside the project. A fault counts as found where a finding that covers three
lines at most touches one of its lines (contradictions: or the line beside) and its family may speak of such a fault; a
placeholder where one of the facts does. ``--detail`` prints each fault that is missed and each finding.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint import check_text, read_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.model import Finding

HERE = Path(__file__).resolve().parent.parent
CARDS = HERE.parent / "shared" / "corpus" / "cards.jsonl.gz"
LABELS = HERE / "tests" / "data" / "labels" / "problems-unseen.jsonl"
FAMILIES = {
    "repo_id": ("DOC", "LIN"),
    "base_model": ("LIN", "MET", "DOC"),
    "dataset": ("DAT", "MET"),
    "license": ("LIC",),
    "language": ("MET", "DOC"),
    "task": ("MET", "EVA", "DOC"),
    "metric": ("EVA",),
}


def lines_of(finding: Finding) -> set[int]:
    """The lines a finding points at; none where it covers more than three."""
    spans = [finding.span, *(related.span for related in finding.related)]
    return {line for span in spans if span.end_line - span.line < 3 for line in range(span.line, span.end_line + 1)}


def found(label: dict[str, Any], findings: Sequence[Finding], marks: set[int]) -> dict[str, list[tuple[bool, str]]]:
    """Whether each fault of a card is found, by kind, with the reader's words."""
    rows: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    touched: dict[str, set[int]] = defaultdict(set)
    for finding in findings:
        for family in (finding.code[:-3], ""):
            touched[family] |= lines_of(finding)
    for one in label.get("front_matter_problems", ()):
        rows["front matter"].append((one["line"] in touched[""], f"{one['line']} {one['problem']}"))
    for one in label.get("placeholders", ()):
        rows["placeholders"].append((bool({one["line"] - 1, one["line"], one["line"] + 1} & marks), f"{one['line']} {one['text']}"))
    for one in label["contradictions"]:
        near = {line + off for line in one["lines"] for off in (-1, 0, 1)}
        hit = any(touched[family] & near for family in FAMILIES.get(one["kind"], ("",)))
        rows["contradictions" if one["kind"] in FAMILIES else "other contradictions"].append((hit, f"{one['lines']} {one['explain']}"))
    for one in label.get("faults", ()):
        rows["other faults"].append((bool(set(one["lines"]) & touched[""]), f"{one['lines']} {one['kind']}: {one['fault']}"))
    return rows


def main() -> int:
    """Print the figures of each draw."""
    labels = defaultdict(list)  # some cards stand in two draws, each read by a reader of its own
    for row in map(json.loads, LABELS.read_text(encoding="utf-8").splitlines()):
        labels[row["sha256"]].append(row)
    counts: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    said: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    with gzip.open(CARDS, "rt", encoding="utf-8") as cards:
        for card in map(json.loads, cards):
            of_card = labels.pop(card["sha256"], [])
            if not of_card:
                continue
            outcome = check_text(card["text"], kind=card["kind"], repo_id=card["id"], profile="audit", preview=True)
            read = read_card(card["text"], kind=card["kind"])
            marks = {read.lines.line(one.start) for one in read.placeholders}
            for label in of_card:
                truth = {one["line"] + off for one in label.get("placeholders", ()) for off in (-1, 0, 1)}
                if "placeholders" in label:
                    said[label["draw"]][0] += len(marks & truth)
                    said[label["draw"]][1] += len(marks)
                rows = found(label, outcome.findings, marks)
                for kind, each in rows.items():
                    counts[label["draw"], kind][0] += sum(hit for hit, _ in each)
                    counts[label["draw"], kind][1] += len(each)
                if "--detail" in sys.argv:
                    print(card["sha256"][:12], card["id"], f"draw {label['draw']}")
                    for kind, each in rows.items():
                        print(*(f"    {'found ' if hit else 'MISSED'} {kind}: {words}" for hit, words in each), sep="\n")
                    for finding in outcome.findings:
                        print(f"      {finding.span.line}: {finding.code} {finding.severity}: {finding.message}")
                    print(*(f"    not labelled: placeholder in line {line}" for line in sorted(marks - truth)), sep="\n")
    for (draw, kind), (some, every) in sorted(counts.items()):
        print(f"draw {draw}: {kind:20} {some}/{every} = {some / max(1, every):.2f}")
    for draw, (some, every) in sorted(said.items()):
        print(f"draw {draw}: placeholders that are said and are {some}/{every} = {some / max(1, every):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
