"""States of controls against a reader's verdicts on real cards, and what standards cost beside the rules.

    python benchmarks/standards.py [--cards ../shared/corpus/cards.jsonl.gz]

The verdicts (tests/data/standards/verdicts.jsonl) were made by reading each card before its states were looked at. A cell is
wrong where the state is met and the reader found nothing, or the other way round; what is left to readers does not count.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import time
from collections import Counter
from pathlib import Path

from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.sources.entry import Entry
from cardlint.standards.assess import Assess, wanted_rules
from cardlint.standards.load import find_standard, shipped_ids

ROOT = Path(__file__).resolve().parent.parent
TIMED = 500


def judge_of(names: list[str]) -> Judge:
    rules = shipped()
    standards = tuple(find_standard(name, rules) for name in names)
    selected = choose(Choice(extend_select=wanted_rules(standards, rules, preview=False)), rules)
    return Judge(Plan(tuple(selected), {}, None, assess=Assess(standards) if standards else None))


def seconds(judge: Judge, entries: list[Entry]) -> float:
    judge(entries[0])
    start = time.process_time()
    for entry in entries:
        judge(entry)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cards", type=Path, default=ROOT.parent / "shared" / "corpus" / "cards.jsonl.gz")
    verdicts = [json.loads(line) for line in (ROOT / "tests" / "data" / "standards" / "verdicts.jsonl").read_text().splitlines()]
    wanted = {each["sha256"] for each in verdicts}
    texts: dict[str, bytes] = {}
    sample: list[Entry] = []
    with gzip.open(parser.parse_args().cards, "rb") as stream:
        for row in map(json.loads, stream):
            if "text" not in row or row["kind"] != "model":
                continue
            data = row["text"].encode()
            digest = hashlib.sha256(data).hexdigest()
            if digest in wanted:
                texts[digest] = data
            if not row["generator"] and len(sample) < TIMED:
                sample.append(Entry("README.md", None, kind="model", text=data))
    judge = judge_of(list(dict.fromkeys(each["standard"] for each in verdicts)))
    found = {}
    for digest, data in texts.items():
        found |= {(digest, each.control): each for each in judge(Entry("README.md", None, kind="model", text=data)).controls}
    counts: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        if verdict["sha256"] in texts:
            result = found[verdict["sha256"], verdict["control"]]
            count = counts.setdefault(verdict["by"], Counter())
            decided = result.state != "manual"
            count["left to readers"] += not decided
            count["decided"] += decided
            count["wrong"] += decided and (result.state == "met") != (verdict["verdict"] == "met")
    for by, count in counts.items():
        share = count["wrong"] / max(1, count["decided"])
        print(f"{by}: {count['wrong']} of {count['decided']} cells wrong ({share:.1%}), {count['left to readers']} left to readers")
    alone = seconds(judge_of([]), sample)
    for names in (["mitchell-2019"], shipped_ids()):
        print(
            f"{len(names)} standard(s) on {len(sample)} hand-written cards: {seconds(judge_of(names), sample) / alone:.2f} times the CPU of rules alone"
        )


if __name__ == "__main__":
    main()
