"""Claims against labels made by reading, with a split by owner, and their cost in microseconds a card.

The labels of the project name cards of other owners by their SHA-256; they are measured apart. Those of ``modern.jsonl``
are of cards that no corpus here holds: ``--modern DIR`` is a folder with them, under any names.

python benchmarks/claims.py [--labels FILE] [--cards DIR] [--modern DIR] [--speed]
"""

from __future__ import annotations

import argparse
import gc
import gzip
import hashlib
import json
import re
import time
from pathlib import Path

from cardlint.card.card import Card
from cardlint.card.claims import Claims

SHARED = Path(__file__).resolve().parents[2] / "shared" / "corpus"
LABELS = Path(__file__).resolve().parents[1] / "tests" / "data" / "labels"
OF_THE_PROJECT = ("claims", "unseen", "unseen-bases", "unseen-data")
KINDS = {
    "licenses_in_body": "licenses",
    "base_models_in_body": "base_models",
    "training_datasets_in_body": "datasets",
    "repo_ids_in_code": "repo_ids",
}


def keys(names: list[str]) -> set[str]:
    """Letters and digits of each name without its owner."""
    return {re.sub(r"[^\w]|_", "", name.lower().rstrip("/").rsplit("/", 1)[-1]) for name in names} - {""}


def same(a: str, b: str) -> bool:
    """One spelling, or one inside the other where the shorter is most of the longer."""
    short, long = sorted((a, b), key=len)
    return short == long or (len(short) > 3 and short in long and len(short) >= 0.6 * len(long))


def modern(folder: Path) -> tuple[list[dict], list[Claims]]:
    """The labels of ``modern.jsonl`` whose card stands in a folder, each with what is read of it."""
    texts = {
        hashlib.sha256(data).hexdigest(): data for data in (path.read_bytes() for path in sorted(folder.rglob("*.md")) if path.is_file())
    }
    labels = [json.loads(line) for line in (LABELS / "modern.jsonl").read_text(encoding="utf-8").splitlines()]
    here = [label for label in labels if label["sha256"] in texts]
    return here, [Card.from_bytes(texts[label["sha256"]]).claims for label in here]


def of_the_project(name: str) -> tuple[list[dict], list[Claims]]:
    """A file of labels that the project holds, each label with what is read of its card."""
    labels = [json.loads(line) for line in (LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = {label["sha256"] for label in labels}
    texts: dict[str, str] = {}
    with gzip.open(SHARED / "cards.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["sha256"] in wanted:
                texts[row["sha256"]] = row["text"]
    return labels, [Card.from_text(texts[label["sha256"]]).claims for label in labels]


def figures(labels: list[dict], read: list[Claims]) -> None:
    """Precision and recall of each kind; a label may tell of some kinds alone."""
    for truth, kind in KINDS.items():
        counts = [0, 0, 0, 0]
        if not any(truth in label["claims"] for label in labels):
            continue
        for label, claims in zip(labels, read, strict=True):
            if truth not in label["claims"]:
                continue
            true, said = keys(label["claims"][truth]), keys([claim.value for claim in getattr(claims, kind)])
            counts[0] += sum(any(same(a, b) for b in true) for a in said)
            counts[1] += len(said)
            counts[2] += sum(any(same(a, b) for b in said) for a in true)
            counts[3] += len(true)
        print(
            f"  {kind:12} precision {counts[0] / max(1, counts[1]):.2f} of {counts[1]:4}, "
            f"recall {counts[2] / max(1, counts[3]):.2f} of {counts[3]:4}"
        )


def by_draw(name: str, some: list[dict], read: list[Claims]) -> None:
    """The figures of each draw of a file of labels."""
    for draw in sorted({label.get("draw", 1) for label in some}):
        drawn = [(label, claims) for label, claims in zip(some, read, strict=True) if label.get("draw", 1) == draw]
        print(f"labels of the project, {name}, draw {draw}: {len(drawn)} cards")
        figures([label for label, _ in drawn], [claims for _, claims in drawn])


def speed(cards: Path) -> None:
    """The mean cost of each kind on every card, the outline read before."""
    read = [Card.from_bytes(path.read_bytes()) for path in sorted(cards.rglob("README.md"))]
    for card in read:
        _ = card.outline
    for card in read[:50]:
        for kind in Claims.names():
            getattr(Claims(card), kind)
    gc.freeze()
    gc.disable()
    total = 0.0
    for kind in (
        *KINDS.values(),
        "evaluation_datasets",
        "parameters",
        "context_length",
        "precision",
        "languages",
        "hardware",
        "use",
        "metrics",
    ):
        began = time.process_time()
        for card in read:
            getattr(card.claims, kind)
        spent = (time.process_time() - began) / len(read) * 1e6
        total += spent
        print(f"  {kind:20} {spent:7.1f} us a card, {total:7.1f} with those before")


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--labels", type=Path, default=SHARED / "labels" / "dev.jsonl")
    options.add_argument("--cards", type=Path, default=SHARED / "sample")
    options.add_argument("--modern", type=Path)
    options.add_argument("--speed", action="store_true")
    chosen = options.parse_args()
    labels = [json.loads(line) for line in chosen.labels.read_text(encoding="utf-8").splitlines()]
    halves = [[label for label in labels if hashlib.md5(label["file"].split("/")[2].encode()).digest()[0] & 1 == half] for half in (0, 1)]
    for title, some in (("all", labels), ("one half of the owners", halves[0]), ("the other half", halves[1])):
        print(f"{title}: {len(some)} cards")
        figures(some, [Card.from_bytes((chosen.cards / label["file"]).read_bytes()).claims for label in some])
    for name in OF_THE_PROJECT:
        by_draw(name, *of_the_project(name))
    if chosen.modern:
        by_draw("modern", *modern(chosen.modern))
    if chosen.speed:
        speed(chosen.cards)


if __name__ == "__main__":
    main()
