"""Our reading of front matter against a hub's own: 7,467 cards as a hub read them in February 2022.

    python benchmarks/hub_reading.py [--show N]

Agreement is counted in values: those that both read, of those that either read. The hub lower-cased licences, kept an
unknown licence as a tag, and put computed tags beside the author's, so tags and languages are compared one way only.
A value that stands in the card and is missing from the hub's reading was dropped silently: it must have a finding.
Blocks below other text were read in 2022; today's grammar refuses them, so they are counted apart.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from cardlint.engine.catalogue import shipped
from cardlint.engine.run import Engine
from cardlint.engine.select import Choice, choose
from cardlint.facts.subject import Subject
from cardlint.sources.entry import Entry

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
PREFIXED = {"licenses": ("license", "license:"), "datasets": ("datasets", "dataset:")}
PLAIN = {"tags": "tags", "languages": "language"}
FENCES = {
    "unclosed",
    "odd-opening-fence",
    "odd-closing-fence",
    "indented-closing-fence",
    "text-after-closing-fence",
    "blanks-after-opening-fence",
}
BLOCK_RULES = {"FM003", "FM004", "FM010"}


def rows() -> list[tuple[dict[str, Any], bytes]]:
    """Each answer of the hub with the bytes of its card; cards that are not at hand are left out."""
    with gzip.open(CORPUS / "hub-reading-2022.jsonl.gz", "rt", encoding="utf-8") as lines:
        answers = {row["file"]: row for row in map(json.loads, lines)}
    found = []
    with gzip.open(CORPUS / "cards.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            card = json.loads(line)
            if card["file"] in answers and "text" in card:
                found.append((answers[card["file"]], card["text"].encode("utf-8", "surrogatepass")))
    return found


def dropped(subject: Subject, tags: set[str]) -> list[str]:
    """What an author wrote and the hub did not read: pointers of keys, once for each value, or the kind of a lost block.

    One bad item often cost the whole list, so a value is looked for under its key.
    """
    block = subject.card.front_matter
    if block.status != "ok":
        kind = block.problems[0].kind if block.problems else ""
        return [kind] if kind in FENCES else []
    read = {each.lower() for each in tags}
    found = []
    for key, prefix in (("license", "license:"), ("datasets", "dataset:"), ("tags", ""), ("language", "")):
        value = block.metadata.get(key, [])
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, str) or (item.strip() and f"{prefix}{item}".lower() not in read):
                found.append(f"/metadata/{key}")
    return found


def main() -> int:
    """Print agreement for each field and the share of dropped values that have a finding."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--show", type=int, default=0, help="examples of disagreement to print")
    show = options.parse_args().show
    if not (CORPUS / "hub-reading-2022.jsonl.gz").is_file():
        print("the corpus is not at hand; nothing to measure")
        return 0
    engine = Engine(choose(Choice(profile="audit", preview=True), shipped()))
    both: Counter[str] = Counter()
    either: Counter[str] = Counter()
    lost: Counter[bool] = Counter()
    below: Counter[bool] = Counter()
    for answer, data in rows():
        subject = Subject(Entry(answer["file"], None, id=answer["id"], kind="model", kind_from="option", text=data))
        tags = set(answer["tags"])
        if subject.card.front_matter.problems and subject.card.front_matter.problems[0].kind == "displaced":
            below[any(each.code == "FM005" for each in engine.judge(subject).findings)] += 1
            continue
        declared = subject.facts["declared"]
        for field, (_, prefix) in PREFIXED.items():
            ours = {each.lower() for each in declared[field]}
            hubs = {each.removeprefix(prefix).lower() for each in tags if each.startswith(prefix)}
            both[field] += len(ours & hubs)
            either[field] += len(ours | hubs)
            if ours != hubs and show > 0:
                show -= 1
                print(f"{answer['file']}: {field}: ours {sorted(ours)[:4]}, the hub's {sorted(hubs)[:4]}")
        for field in PLAIN:
            ours = set(declared[field])
            both[field] += len(ours & tags)
            either[field] += len(ours)
        gone = dropped(subject, tags)
        findings = engine.judge(subject).findings if gone else ()
        for at in gone:
            said = any(each.code in BLOCK_RULES if at in FENCES else each.at.removeprefix("key:").startswith(at) for each in findings)
            lost[said] += 1
            if not said:
                print(f"{answer['file']}: {at} was dropped and has no finding")
    for field in (*PREFIXED, *PLAIN):
        print(f"{field:10} {both[field]}/{either[field]} = {both[field] / max(1, either[field]):.4f}")
    print(f"displaced  {below[True]}/{below.total()} blocks below other text (read then, not by the grammar of today) have a finding")
    print(f"dropped    {lost[True]}/{lost.total()} values have a finding")
    return int(any(both[field] < 0.99 * either[field] for field in either) or lost[False] > 0.05 * lost.total())


if __name__ == "__main__":
    sys.exit(main())
