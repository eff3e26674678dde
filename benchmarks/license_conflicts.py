"""Licence conflicts over all base edges of an audit, counted as PeaTMOSS (MSR 2024) counts those of models and the code that uses them.

    python benchmarks/license_conflicts.py [AUDIT] [--peatmoss DIR] [--pairs N]

An edge is a model and one of its direct bases; with the lineage of the audit also each further ancestor. What is skipped is told: a base
outside the audit, a side without a licence, a licence that names none. docs/reproductions.md sets the figures beside the published ones.

``--peatmoss`` counts the study's own pairs of a model and a code repository that loads it: DIR holds its ``mapping.csv`` and
``all_gh_licenses.json`` (PurdueDualityLab/PeaTMOSS-Artifact, License-Analysis). Code that downloads a model by name may not pass it on,
so what is counted there are potential conflicts.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from pathlib import Path

from cardlint.audit.ask import locked, tables_of
from cardlint.hub.compatibility import verdict
from cardlint.hub.licenses import resolve

DIRECT = """
select distinct r.id, list_sort(r.licenses), b.id, list_sort(b.licenses), {kind}, 1
from edges e join repos r on lower(r.id) = lower(e.source) and r.kind = 'model'
left join repos b on lower(b.id) = lower(e.target) and b.kind = 'model'
where e.relation = 'base_model' and lower(e.source) <> lower(e.target) {evidence}
"""
FURTHER = """
select r.id, list_sort(r.licenses), l.ancestor, string_split(l.licenses[-1], ' + '), null, l.hops
from lineage l join repos r using (input) where l.hops > 1 and l.state = 'present'
"""


def judged(rows: list[tuple]) -> tuple[Counter[str], Counter[tuple[str, str]], list[tuple[str, str, str]]]:
    """Counts by outcome, conflicting pairs of licences, and the conflicts themselves."""
    counts, pairs, conflicts = Counter[str](), Counter[tuple[str, str]](), []
    for child, own, base, terms, kind, _ in rows:
        if base is None:
            counts["skipped: the base lies outside"] += 1
        elif not terms or not own:
            counts["skipped: no licence of the base" if not terms else "skipped: no licence of the model"] += 1
        elif not all(map(resolve, (*terms, *own))):
            counts["unknown: a licence that names none"] += 1
        else:
            same = "/" in child and child.partition("/")[0].lower() == base.partition("/")[0].lower()
            found = verdict(terms, own, kind, same_owner=same)
            counts[found.state] += 1
            if found.state == "conflict":
                pairs[" + ".join(terms), " + ".join(own)] += 1
                conflicts.append((child, base, found.reason))
    return counts, pairs, conflicts


def of_peatmoss(folder: Path, shown: int) -> None:
    """The study's pairs under our verdicts."""
    licenses = json.loads((folder / "all_gh_licenses.json").read_text(encoding="utf-8"))
    with (folder / "mapping.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    counts, pairs = Counter[str](), Counter[tuple[str, str]]()
    for repository, _, _, declared in rows:
        found = [_hub_id(each) for each in licenses.get(repository.removeprefix("github.com/")) or ()]
        if len(found) > 1:
            counts["skipped: several licences of the repository"] += 1
        elif not found:
            counts["unknown: no licence of the repository"] += 1
        elif not all(map(resolve, (declared, *found))):
            counts["unknown: a licence that names none"] += 1
        else:
            state = verdict([declared], found, None).state
            counts[state] += 1
            pairs[declared, found[0]] += state == "conflict"
    _tell("PeaTMOSS: model and code repository", len(rows), counts)
    for (base, own), count in pairs.most_common(shown):
        print(f"    {base} -> {own}: {count}")
    copyleft = sum(count for (base, _), count in pairs.items() if base.startswith(("gpl", "agpl")))
    print(
        f"  of the conflicts {copyleft} have a model under GPL or AGPL, the only ones that the study's matrix of software licences can see"
    )


def _hub_id(scancode: str) -> str:
    """A ScanCode key as the hub writes it."""
    return {"bsd-new": "bsd-3-clause", "bsd-simplified": "bsd-2-clause"}.get(scancode, scancode.removesuffix("-plus"))


def _tell(label: str, edges: int, counts: Counter[str]) -> None:
    total = sum(count for name, count in counts.items() if not name.startswith("skipped"))
    print(f"\n{label}: {edges:,} edges, {total:,} of them counted")
    for name, count in sorted(counts.items()):
        print(f"  {name:44} {count:>7,}" + (f"  {count / total:7.2%}" if total and not name.startswith("skipped") else ""))


def of_audit(audit: Path, shown: int) -> None:
    """The base edges of an audit."""
    with locked(audit) as connection:
        known = {row[0] for row in connection.execute("describe edges").fetchall()}
        direct = DIRECT.format(
            kind="e.kind" if "kind" in known else "null",
            evidence="and e.evidence in ('metadata', 'adapter', 'merge', 'gguf')" if "evidence" in known else "",
        )
        groups = {"model and direct base": connection.execute(direct).fetchall()}
        if "lineage" in tables_of(connection):
            groups["model and further ancestor"] = connection.execute(FURTHER).fetchall()
    for label, rows in groups.items():
        counts, pairs, conflicts = judged(rows)
        _tell(label, len(rows), counts)
        for (base, own), count in pairs.most_common(shown):
            print(f"    {base} -> {own}: {count}")
        for child, base, reason in sorted(conflicts)[:shown]:
            print(f"    {child} <- {base}: {reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Count licence conflicts over the base edges of an audit.")
    parser.add_argument("audit", type=Path, nargs="?")
    parser.add_argument("--peatmoss", type=Path, metavar="DIR")
    parser.add_argument("--pairs", type=int, default=12, help="how many pairs of licences and conflicts are shown")
    options = parser.parse_args()
    if options.peatmoss:
        of_peatmoss(options.peatmoss, options.pairs)
    if options.audit:
        of_audit(options.audit, options.pairs)


if __name__ == "__main__":
    main()
