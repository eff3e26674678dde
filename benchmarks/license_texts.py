"""How well licence texts are identified: whole, rewrapped, under a copyright line, cut at the end, with a sentence more.

    python benchmarks/license_texts.py DIR [DIR …]

DIR holds texts: JSON files of the npm package spdx-license-list (``licenses/*.json``, named by SPDX id), and folders or
files of plain text named by the licence they are (``llama3.1.txt``, ``gemma/LICENSE``), or a mirror of repositories with a
``manifest.jsonl``, whose LICENSE files are shown with the answer and then tried in the other forms. An answer is right, missing
(unknown, or near the licence) or wrong (another licence, or the plain licence where a sentence was added). Wrong is the fault.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.repo.license_text import identify

if TYPE_CHECKING:
    from collections.abc import Iterator

RIDERS = (
    "The model may not be used for any commercial purpose without prior written permission.",
    "You must not use this work for military applications.",
    "Use by persons resident in the European Union is prohibited.",
)
SAME = {
    "BSD-2-Clause-NetBSD": "bsd-2-clause",
    "MPL-2.0-no-copyleft-exception": "mpl-2.0",
    "OFL-1.1-RFN": "ofl-1.1",
    "OFL-1.1-no-RFN": "ofl-1.1",
    "OFL-1.0-RFN": "ofl-1.0",
    "OFL-1.0-no-RFN": "ofl-1.0",
    "OpenMDW-1.0": "openmdw-1.0",
    "StandardML-NJ": "smlnj",
    "Nunit": "zlib-acknowledgement",
}
"""Ids of SPDX's list whose text is another id's, word for word or but for the holder's name."""
FIELD = re.compile(r"<(?:year|copyright holders?|owner|name of author|holder)>")
"""Fields of a text that its user fills in."""
LEAST = 200
"""Characters of a text that is tried."""
HOLDER = "Copyright (c) 2024 Jane Doe and the Foo contributors. All rights reserved.\n\n"


def plain(spdx: str) -> str:
    """An SPDX id without the mark that tells this version from later ones: their texts are the same."""
    return re.sub(r"-(?:only|or-later)$|\+$", "", spdx)


def known_ids() -> dict[str, str]:
    """SPDX ids to those of the hub's list."""
    entries = data.vocabulary("licenses")["licenses"].items()
    return {plain(entry["spdx"]): identifier for identifier, entry in entries if "spdx" in entry}


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Ids of the hub's list with their texts; texts of other licences under an id that no answer may be."""
    hub = known_ids()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > 400_000:
            continue
        if path.suffix == ".json" and path.parent.name == "licenses":
            found = json.loads(path.read_text(encoding="utf-8"))
            yield hub.get(plain(path.stem), f"(not listed) {path.stem}"), FIELD.sub("Acme", found["licenseText"])
        elif path.suffix in ("", ".txt", ".md"):
            name = path.parent.name if path.stem.upper() == "LICENSE" else path.stem
            if name in data.ids("licenses"):
                yield name, path.read_text(encoding="utf-8", errors="replace")


def variants(text: str) -> Iterator[tuple[str, str, bool]]:
    """A text in the forms that repositories hold: name of the form, text, and whether it still is the licence."""
    yield "as it is", text, True
    yield "one line", " ".join(text.split()), True
    yield "rewrapped", "\n\n".join(textwrap.fill(" ".join(part.split()), 72) for part in text.split("\n\n")), True
    yield "copyright line", HOLDER + text, True
    yield "indented, CRLF", textwrap.indent(text, "    ").replace("\n", "\r\n"), True
    for share in (95, 80, 50):
        yield f"first {share} %", text[: len(text) * share // 100], False
    places = [match.end() for match in re.finditer(r"[.;]\s+", text)] or [len(text)]
    for number, rider in enumerate(RIDERS):
        yield "sentence at the end", f"{text}\n\n{rider}\n", False
        yield "sentence at the start", f"{rider}\n\n{text}", False
        place = places[(number + 1) * len(places) // (len(RIDERS) + 1)]
        yield "sentence within", f"{text[:place]}{rider} {text[place:]}", False


def judge(expected: str, form: str, text: str, *, whole: bool) -> str:
    """right, missing, wrong; a text cut short may still be called by its licence, one with a sentence more may not."""
    found = identify(text)
    said = found.license
    if said is None and found.title == expected and not found.modified:
        said = expected  # a vendor's text that has no id
    if said is None:
        return "missing" if whole and not expected.startswith("(") else "right"
    if said != expected and not _same_text(said, expected):
        return "wrong"
    if whole or form.startswith("first"):
        return "right"
    return "wrong"


def _same_text(spdx: str, expected: str) -> bool:
    """Whether two ids of SPDX's own list stand for one text (SPDX tells them apart by what was meant, or renamed one)."""
    return plain(spdx).lower() in (expected.removeprefix("(not listed) ").lower(), SAME.get(expected.removeprefix("(not listed) "), ""))


def measure(name: str, known: list[tuple[str, str]]) -> None:
    """Prints the table of named texts."""
    table: dict[str, Counter[str]] = {}
    faults: list[str] = []
    start = time.process_time()
    for expected, text in known:
        for form, changed, whole in variants(text):
            verdict = judge(expected, form, changed, whole=whole)
            group = "other" if expected.startswith("(") else "listed"
            table.setdefault(f"{group}: {form}", Counter())[verdict] += 1
            if verdict == "wrong" or (form == "as it is" and verdict == "missing" and group == "listed"):
                answer = identify(changed)
                faults.append(f"{verdict}: {expected}, {form}: {answer.license or answer.spdx or answer.title}, near {answer.near}")
    listed = sum(not expected.startswith("(") for expected, _ in known)
    print(f"\n{name}: {len(known)} texts, {listed} of them with an id; {time.process_time() - start:.1f} s")
    print(f"{'form':34}{'right':>8}{'missing':>9}{'wrong':>7}")
    for form in sorted(table):
        counts = table[form]
        print(f"{form:34}{counts['right']:8}{counts['missing']:9}{counts['wrong']:7}")
    for line in faults[:60]:
        print(" ", line)


def mirror(folder: Path) -> list[tuple[str, str]]:
    """Prints what is said of the licence files in a mirror; returns each text once with that answer, to be read by eye."""
    found: dict[str, str] = {}
    for path in sorted(each for each in folder.rglob("*") if re.fullmatch(r"(?i)(?:licen[cs]e|copying)(?:\.(?:md|txt))?", each.name)):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            answer = identify(text)
            name = answer.license or answer.title or answer.near or "-"
            print(f"{path.relative_to(folder)!s:80} {name}{' (changed)' if answer.modified else ''}")
            if name != "-" and not answer.modified:
                found.setdefault(text, name)
    return [(name, text) for text, name in found.items()]


def main() -> None:
    """Measures every folder given."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        folder = Path(name)
        if (folder / "manifest.jsonl").exists():
            measure(name, mirror(folder))
        else:
            measure(name, [(expected, text) for expected, text in texts(folder) if len(text) >= LEAST])


if __name__ == "__main__":
    main()
