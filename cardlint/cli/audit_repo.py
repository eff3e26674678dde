"""``cardlint audit repo``: everything that an audit knows of one repository."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from cardlint.cli.options import Words
from cardlint.model import KINDS, SEVERITIES


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("repo_id", metavar="ID")
@click.option("--kind", type=Words(KINDS), help="Where a model and a dataset have the same id.")
@click.option("--format", "format_name", type=Words(("text", "json")), default="text", show_default=True)
def repo(folder: str, repo_id: str, kind: str | None, format_name: str) -> None:
    """Tell what the audit in DIR knows of the repository ID: card, documentation score, findings, what it is built from and on."""
    from cardlint.audit.ask import locked
    from cardlint.audit.repository import repository
    from cardlint.report.tabular import json_text

    with locked(Path(folder)) as connection:
        found = repository(connection, repo_id, kind)
    sys.stdout.write(json_text(found, indent=1) + "\n" if format_name == "json" else _text(found))


def _text(found: dict[str, Any]) -> str:
    from cardlint.report.plain import counted
    from cardlint.report.tabular import cell, text_table

    row = found["repo"]
    out = [f"{row['kind']} {cell(row['id'] or row['input'])}\n\n"]
    card = [(name, row.get(key)) for name, key in _CARD if row.get(key) not in (None, [], "")]
    out.append(_pairs([("card", "none" if not row["has_card"] else row["front_matter"]), *card]))
    score = found["score"]
    out.append(f"\ndocumentation score {score['value']:g} of {score['of']:g}\n")
    out.append(
        text_table(("part", "got", "of", "why"), [(part["name"], part["got"], part["weight"], part["why"]) for part in score["parts"]])
    )
    out.append(f"\nfindings: {', '.join(counted(row[f'{each}s'], each) for each in SEVERITIES)}\n")
    if found["findings"]:
        rows = [(each["severity"], each["code"], each["line"], each["message"]) for each in found["findings"]]
        out.append(text_table(("severity", "rule", "line", "message"), rows))
    if row["failure"]:
        out.append(f"cardlint failed on this card: {cell(row['failure'])}\n")
    if found["built_from"]:
        out += [
            "\nbuilt from\n",
            text_table(("relation", "repository"), [(each["relation"], each["target"]) for each in found["built_from"]]),
        ]
    if found["lineage"]:
        path = [(each["hops"], each["ancestor"], each["state"], each["licenses"]) for each in found["lineage"]]
        out += ["\nlineage\n", text_table(("hops", "ancestor", "state", "licences along the path"), path)]
    if found["built_on_it"]:
        on_it = [(each["relation"], each["repos"], each["some"]) for each in found["built_on_it"]]
        out += ["\nbuilt on it\n", text_table(("relation", "repositories", "some of them"), on_it)]
    return "".join(out)


_CARD = (
    ("revision", "revision"),
    ("licences", "licenses"),
    ("languages", "languages"),
    ("task", "pipeline_tag"),
    ("library", "library"),
    ("written by", "generator"),
    ("downloads", "downloads"),
)


def _pairs(pairs: list[tuple[str, Any]]) -> str:
    from cardlint.report.tabular import cell

    return "".join(f"{name:10}  {cell(value)}\n" for name, value in pairs)
