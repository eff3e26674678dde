"""How well sections and placeholders are read, against labels made by reading, and how long it takes.

    python benchmarks/sections.py [--speed]

Cards are looked for in ``../shared/corpus`` beside the project. "Documented" is thin or substantive; a section counts in
the macro F1 where at least five cards document it. The word lists were made by hand with these labels in view, so the
figures are fitted ones. The groups of owners show how far they vary, and are no cross-validation; tests/data/labels/README.md
tells what the lists reached on 48 cards of other owners before anybody had looked at those.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from cardlint.card.card import Card
from cardlint.card.generator import read_generator
from cardlint.card.language import read_language
from cardlint.card.sections import read_placeholders, read_sections

HERE = Path(__file__).resolve().parent.parent
CORPUS = HERE.parent / "shared" / "corpus"
LABELS = HERE / "tests" / "data" / "labels"
YES = frozenset({"thin", "substantive"})
EXTRA = ("datasets", "models-nonenglish", "models-unseen", "unseen", "unread")
FOLDS = 5
Row = tuple[dict[str, Any], Card]


def model_rows() -> list[Row]:
    """The labelled model cards of the sample."""
    rows = []
    for line in (CORPUS / "labels" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        label["placeholders"] = sorted({one["line"] for one in label["placeholders"]})
        rows.append((label, Card.from_bytes((CORPUS / "sample" / label["file"]).read_bytes(), "model")))
    return rows


def extra_rows() -> dict[str, list[Row]]:
    """The labels that stand in the project, with their cards from the archive."""
    labels = {name: [json.loads(line) for line in (LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()] for name in EXTRA}
    wanted = {label["sha256"] for listed in labels.values() for label in listed}
    texts: dict[str, str] = {}
    with gzip.open(CORPUS / "cards.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            card = json.loads(line)
            if card["sha256"] in wanted and "text" in card:
                texts[card["sha256"]] = card["text"]
    return {
        name: [
            (label, Card.from_text(texts[label["sha256"]], label["kind"]))
            for label in listed
            if label["sha256"] in texts and "sections" in label
        ]
        for name, listed in labels.items()
    }


def table_of(rows: list[Row]) -> dict[str, Counter[str]]:
    """Counts for each section."""
    table: dict[str, Counter[str]] = {}
    for label, card in rows:
        for name, truth in label["sections"].items():
            said, true = card.sections[name].status, truth["status"]
            row = table.setdefault(name, Counter())
            row["tp"] += true in YES and said in YES
            row["fp"] += true not in YES and said in YES
            row["fn"] += true in YES and said not in YES
            row["placeholder"] += true == "placeholder"
            row["placeholder found"] += true == said == "placeholder"
            row["same"] += true == said
            row["n"] += 1
    return table


def f1(row: Counter[str]) -> float:
    return 2 * row["tp"] / max(1, 2 * row["tp"] + row["fp"] + row["fn"])


def summary(name: str, rows: list[Row], *, detail: bool = False, least: int = 5) -> float:
    """Print the figures of some cards; return the macro F1."""
    table = table_of(rows)
    if detail:
        for section, row in table.items():
            print(
                f"  {section:22} F1 {f1(row):.2f}  documented {row['tp'] + row['fn']:3}  false {row['fp']:2}  missed {row['fn']:2}"
                f"  placeholder {row['placeholder found']}/{row['placeholder']}  same {row['same']}/{row['n']}"
            )
    scores = [f1(row) for row in table.values() if row["tp"] + row["fn"] >= least]
    total: Counter[str] = sum(table.values(), Counter())
    macro = statistics.mean(scores) if scores else 0.0
    print(
        f"{name}: {len(rows)} cards, macro F1 {macro:.3f} over {len(scores)} sections, same status {total['same'] / total['n']:.3f},"
        f" placeholder status {total['placeholder found'] / max(1, total['placeholder']):.2f}"
    )
    return macro


def placeholders(name: str, rows: list[Row]) -> None:
    """Print recall and precision of placeholders by line, one line off allowed."""
    hit = there = true = said = 0
    for label, card in rows:
        marks = {card.lines.line(one.start) for one in card.placeholders}
        truth = set(label["placeholders"])
        hit += sum(bool({line - 1, line, line + 1} & marks) for line in truth)
        true += sum(bool({line - 1, line, line + 1} & truth) for line in marks)
        there += len(truth)
        said += len(marks)
    print(f"{name}: placeholders recall {hit}/{there} = {hit / max(1, there):.3f}, precision {true}/{said} = {true / max(1, said):.3f}")


def folds(rows: list[Row]) -> None:
    """Print the macro F1 of groups of owners."""
    groups: list[list[Row]] = [[] for _ in range(FOLDS)]
    for row in rows:
        owner = row[0]["file"].split("/")[2]
        groups[hashlib.sha256(owner.encode()).digest()[1] % FOLDS].append(row)
    scores = [summary(f"  owners {number + 1}/{FOLDS}", group, least=3) for number, group in enumerate(groups)]
    print(f"  mean {statistics.mean(scores):.3f}, spread {statistics.stdev(scores):.3f}")


def speed() -> None:
    """Print the mean time a card over the sample, beyond the outline, in processor time."""
    cards = []
    for path in sorted((CORPUS / "sample").rglob("*.md")):
        card = Card.from_bytes(path.read_bytes(), path.relative_to(CORPUS / "sample").parts[1])  # type: ignore[arg-type]
        _ = card.outline, card.front_matter, card.lines
        cards.append(card)
    for number in (1, 2):
        total = 0.0
        for read in (read_sections, read_placeholders, read_language, read_generator):
            start = time.process_time()
            for card in cards:
                read(card)
            spent = (time.process_time() - start) / len(cards) * 1e6
            total += spent
            print(f"pass {number}: {read.__name__} {spent:.1f} µs", end="; ")
        print(f"together {total:.1f} µs a card")


def main() -> None:
    rows = model_rows()
    summary("model cards", rows, detail=True)
    placeholders("model cards", rows)
    for kind in ("no", "partly", "yes"):
        summary(f"  written by a tool: {kind}", [row for row in rows if row[0]["generated"] == kind])
    folds(rows)
    extra = extra_rows()
    for name, listed in extra.items():
        summary(name, listed, detail=True)
        if "placeholders" in listed[0][0]:
            placeholders(name, listed)
        draws = sorted({label.get("draw", 1) for label, _ in listed})
        for draw in draws if len(draws) > 1 else ():
            drawn = [row for row in listed if row[0].get("draw", 1) == draw]
            summary(f"  {name}, draw {draw}", drawn)
            placeholders(f"  {name}, draw {draw}", drawn)
    everything = [*rows, *(row for listed in extra.values() for row in listed)]
    everything = [row for row in everything if "language" in row[0]]
    right = sum(card.language == label["language"] for label, card in everything)
    print(f"language: {right}/{len(everything)} as labelled")
    if "--speed" in sys.argv:
        speed()


if __name__ == "__main__":
    main()
