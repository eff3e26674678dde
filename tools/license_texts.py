"""Add a licence text to ``schemas/vocab/license_texts.json``: its runs of words, never the text itself.

python tools/license_texts.py KEY TITLE FILE [--license HUB_ID] [--policy]
    an agreement that is compared by its runs; --policy: a use policy that stands beside the licence of that id
python tools/license_texts.py --spdx HUB_ID FILE...
    a text of SPDX's list, in each wording that is at hand: how often the words of riders stand in it
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cardlint.repo import shingles
from cardlint.vocab.sealed import sealed, text

FOLDER = Path(__file__).resolve().parent.parent / "schemas" / "vocab"


def spdx_entry(files: list[Path]) -> dict[str, Any]:
    """The most that each word of riders is said in any of the wordings, and the most words around the licence proper."""
    from licenseclassifier import identify_license

    riders = set(json.loads((FOLDER / "license_texts_terms.json").read_text(encoding="utf-8"))["ids"])
    most: Counter[str] = Counter()
    around = 0
    for file in files:
        content = file.read_text(encoding="utf-8")
        found = identify_license(content)
        if not found:
            raise SystemExit(f"{file}: licenseclassifier does not know it; add it by its runs")
        words = shingles.words(content)
        most |= Counter(word for word in words if word in riders)
        around = max(around, len(words) - sum(len(shingles.words(content[match.start : match.end])) for match in found))
    return {"around": around, "terms": dict(most)}


def main() -> None:
    """Read the text, write the vocabulary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="+", help="KEY TITLE FILE, or FILE... with --spdx")
    parser.add_argument("--license", help="the hub's id of the licence")
    parser.add_argument("--policy", action="store_true")
    parser.add_argument("--spdx", metavar="HUB_ID")
    options = parser.parse_args()
    path = FOLDER / "license_texts.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    if options.spdx:
        content["spdx"][options.spdx] = spdx_entry([Path(word) for word in options.words])
    else:
        key, title, file = options.words
        entry = {"title": title, "runs": shingles.pack(shingles.words(Path(file).read_text(encoding="utf-8")))}
        entry |= {"license": options.license} if options.license else {}
        content["texts"][key] = entry | ({"part": "use-policy"} if options.policy else {})
    content["_meta"]["date"] = datetime.now(UTC).date().isoformat()
    path.write_text(text(sealed(content)), encoding="utf-8")


if __name__ == "__main__":
    main()
