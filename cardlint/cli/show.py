"""``cardlint show``: the facts of cards."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from cardlint.cli.arguments import entries, none_found
from cardlint.cli.options import Words, hub_of, hub_options, source_options
from cardlint.config.settings import Settings


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH…|-]")
@source_options
@hub_options
@click.option("--score", is_flag=True, help="The documentation score and what it is the sum of, in place of the facts.")
@click.option("--format", "format_name", type=Words(("text", "json", "jsonl")), default="text", show_default=True)
@click.pass_context
def show(ctx: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Print what was read of each card: metadata with places, sections with evidence, claims, files beside it."""
    from cardlint.facts.live import opened
    from cardlint.facts.subject import Subject

    source = hub_of(options, Settings())
    hub = opened(source) if source else None
    found = failed = 0
    documents = []
    for entry in entries(paths, options):
        found += 1
        try:
            built = Subject(entry, options["kind"], hub).facts
            facts = _scored(built) if options["score"] else built.whole()
        except OSError as error:
            failed += 1
            sys.stderr.write(f"cardlint: {entry.input}: cannot be read: {error.strerror}\n")
            continue
        if options["format_name"] == "jsonl":
            sys.stdout.write(json.dumps(facts, ensure_ascii=False, default=str) + "\n")
        elif options["format_name"] == "json":
            documents.append(facts)
        else:
            sys.stdout.write(_score_text(facts) if options["score"] else _text(facts))
    if options["format_name"] == "json" and documents:
        value = documents[0] if len(documents) == 1 and found == 1 else documents
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")
    if not found:
        sys.stderr.write(none_found(paths, options["files_from"]))
        ctx.exit(3)
    ctx.exit(4 if failed else 0)


def _scored(facts: dict[str, Any]) -> dict[str, Any]:
    """A card's documentation score as JSON."""
    from cardlint.report.score import score_of_facts, score_record

    return {"input": facts["input"], "id": facts["id"], "kind": facts["card"]["kind"], **score_record(score_of_facts(facts))}


def _score_text(record: dict[str, Any]) -> str:
    from cardlint.report.score import Part, Score, score_lines

    lines = score_lines(Score(record["value"], record["of"], tuple(Part(**part) for part in record["parts"])))
    return "\n".join([f"{record['input']}: {lines[0]}", *lines[1:]]) + "\n\n"


def _text(facts: dict[str, Any]) -> str:
    """The facts for a person: one screen a card."""
    from cardlint.engine.place import clean

    card, block = facts["card"], facts["front_matter"]
    out = [f"{facts['input']}: {card['kind']} card (kind from {card['kind_from']})" + (f", id {facts['id']}" if facts["id"] else "")]
    out.append(f"  language {card['language'] or 'unknown'}, {card['lines']} lines, front matter {block['status']}")
    if card["generator"]:
        out.append(f"  looks like the output of {card['generator']}")
    for name, values in facts["declared"].items():
        if values:
            out.append(f"  declares {name}: {clean(', '.join(values))}")
    out.append("  sections:")
    for name, section in facts["sections"].items():
        lines = f" lines {section['lines'][0]}-{section['lines'][1]}" if section["lines"] else ""
        answered = "" if section["documented"] in ("none", "body") else f" (answered by {section['documented']})"
        out.append(f"    {name:22} {section['status']}{answered}{lines}")
    for name, claims in facts["claims"].items():
        for claim in claims:
            out.append(f"  claims {name}: {clean(str(claim['value']))} (line {claim['line']})")
    for placeholder in facts["placeholders"]:
        out.append(f"  placeholder at line {placeholder['line']}: {clean(placeholder['text'])}")
    if facts["repo"]:
        from cardlint.facts.repo import repo_lines

        out += [f"  {clean(line)}" for line in repo_lines(facts["repo"])]
    return "\n".join(out) + "\n\n"
