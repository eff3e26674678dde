"""What ``cardlint new --from`` does to real cards: the body stays, the metadata stay readable, a second run changes nothing.

    python benchmarks/upgrade.py [CARDS.jsonl.gz] [--every N]

Exit 1 where one of these fails. Reports which changes are made how often.
"""

from __future__ import annotations

import base64
import gzip
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from cardlint.card.card import Card
from cardlint.engine.batch import Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.scaffold.known import Known
from cardlint.scaffold.upgrade import upgrade
from cardlint.sources.entry import Entry

CARDS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "cards.jsonl.gz"
SHOWN = 12


def data_of(record: dict[str, Any]) -> bytes:
    """The bytes of a card."""
    return record["text"].encode() if "text" in record else base64.b64decode(record["base64"])


def faults(before: bytes, after: bytes, again: bytes) -> list[str]:
    """What went wrong with one card."""
    old, new = Card.from_bytes(before), Card.from_bytes(after)
    found = []
    body = old.text[old.front_matter.end :]
    if old.front_matter.status in ("ok", "empty") and body.strip() and new.text[new.front_matter.end :] != body:
        found.append("the body changed")
    if old.front_matter.status == "absent" and not after.endswith(before.removeprefix(b"\xef\xbb\xbf")):
        found.append("a card without metadata changed")
    if old.front_matter.status == "ok" and new.front_matter.status != "ok":
        found.append("metadata that could be read cannot")
    if again != after:
        found.append("a second run changes it again")
    return found


def main() -> int:
    """Judge the changes of every N-th card."""
    arguments = sys.argv[1:]
    every = int(arguments[arguments.index("--every") + 1]) if "--every" in arguments else 10
    path = Path(arguments[0]) if arguments and not arguments[0].startswith("--") else CARDS
    plan = Plan(tuple(choose(Choice(profile="author"), shipped())), {})
    wrong: list[str] = []
    made: Counter[str] = Counter()
    cards = changed = 0
    start = time.perf_counter()
    with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass") as lines:
        for number, line in enumerate(lines):
            if number % every:
                continue
            record = json.loads(line)
            data = data_of(record)
            known = Known(record["kind"], "a-card")
            entry = Entry(str(record.get("id", number)), None, kind=record["kind"], text=b"")
            done = upgrade(data, known, entry, plan)
            cards += 1
            changed += done.data != data
            made.update(" ".join(said.replace(":", "").split()[: 4 if said.startswith("moved") else 1]) for said in done.told)
            wrong += [f"{entry.input}: {fault}" for fault in faults(data, done.data, upgrade(done.data, known, entry, plan).data)]
    print(f"{cards:,} cards, {changed:,} changed, {time.perf_counter() - start:.0f} s")
    for what, count in made.most_common(SHOWN):
        print(f"  {count:6,} {what}")
    for line in wrong[:SHOWN]:
        print(f"FAULT {line}")
    print(f"{len(wrong)} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
