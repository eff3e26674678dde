"""Everything that is generated from the rule files and the models: run it after changing them; CI runs it with --check.

python tools/generate.py [--check]
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.engine.rule import FAMILIES, PROFILES
from cardlint.model import CardlintError
from cardlint.vocab import groups

if TYPE_CHECKING:
    from cardlint.standards.standard import Standard

ROOT = Path(__file__).resolve().parent.parent
_SCREEN = ("check examples/hub/coppertop/gauge-reader", "check examples/hub/sunnyfield/triage-v2-final --format concise")
_AUDIT = ("audit examples/hub --out report", "audit query report --use commercial --answer no")
_SHOWN = 3
"""Lines of an audit's table that a screen shows; more are cut, and the cut is shown."""
_PLAIN = {**os.environ, "NO_COLOR": "1", "COLUMNS": "140"}
_TOLD = (
    *("FM020", "MET101", "LIC301", "DAT003", "USE001", "LIM001", "EVA005"),
    *("TRN004", "ENV003", "DOC001", "ART408", "LIN002", "GOV003", "SEC101"),
)
"""A rule of each family that tells what the family is about."""


def targets() -> dict[Path, str]:
    """Every generated file with its text."""
    from cardlint.config.model import ConfigFile
    from cardlint.config.waiver_model import WaiverFile
    from cardlint.editor.schemas import front_matter_schema
    from cardlint.engine.catalogue import render
    from cardlint.gate.policy_model import PolicyFile
    from cardlint.model import KINDS
    from cardlint.report.model import Report

    return {
        **{ROOT / "cardlint" / "_data" / name: text for name, text in render().items()},
        ROOT / "schemas" / "config.schema.json": _schema(ConfigFile.model_json_schema(by_alias=True), "cardlint configuration"),
        ROOT / "schemas" / "waivers.schema.json": _schema(WaiverFile.model_json_schema(), "cardlint waivers"),
        ROOT / "schemas" / "gate-policy.schema.json": _schema(PolicyFile.model_json_schema(by_alias=True), "cardlint gate policy"),
        ROOT / "schemas" / "report-v1.schema.json": _schema(Report.model_json_schema(), "cardlint report, version 1"),
        **{
            ROOT / "schemas" / f"front-matter-{kind}.schema.json": _schema(front_matter_schema(kind), f"front matter of a {kind} card")
            for kind in KINDS
        },
    }


def _pages() -> dict[Path, str]:
    """The README with its screens and its table of rules, the keys of the configuration, and a page for each rule and standard."""
    from cardlint.engine.loader import load, shipped_files

    rules = [load(file.read_text(encoding="utf-8"), file.name) for file in shipped_files()]
    rules.sort(key=lambda rule: str(rule["code"]))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    readme = _between(readme, "screen", _screen(_SCREEN))
    readme = _between(readme, "audit", _screen(_AUDIT))
    readme = _between(readme, "rules", f"{_counted(rules)}\n\n{_families(rules, 'docs/rules/README.md')}")
    found = {ROOT / "README.md": readme, ROOT / "docs" / "rules" / "README.md": _index(rules)}
    standards = _standards()
    configuration = ROOT / "docs" / "configuration.md"
    found[configuration] = _between(configuration.read_text(encoding="utf-8"), "keys", _keys())
    for rule in rules:
        found[ROOT / "docs" / "rules" / f"{rule['code']}.md"] = _page(rule, standards)
    found[ROOT / "docs" / "standards" / "README.md"] = _standard_table(standards)
    for standard in standards:
        found[ROOT / "docs" / "standards" / f"{standard.id}.md"] = _standard_page(standard)
    return found


def _standards() -> list[Standard]:
    """The standards that ship."""
    from cardlint.engine.catalogue import shipped
    from cardlint.standards.load import find_standard, shipped_ids

    return [find_standard(name, shipped()) for name in shipped_ids()]


def _standard_table(standards: list[Standard]) -> str:
    """The standards that ship, a row each."""
    out = ["# Standards", "", "Written by `tools/generate.py`; [standards.md](../standards.md) tells how they are read and extended.", ""]
    out += ["| standard | version | controls | by hand | source |", "|---|---|--:|--:|---|"]
    for each in standards:
        by_hand = sum(bool(control.manual) for control in each.controls)
        claim = " (maps to)" if each.claim == "maps-to" else ""
        out.append(f"| [{each.id}]({each.id}.md) {each.title}{claim} | {each.version} | {len(each.controls)} | {by_hand} | {each.source} |")
    return "\n".join(out) + "\n"


def _standard_page(standard: Standard) -> str:
    """A standard's page: each control with what is looked for."""
    from cardlint.cli.standard import wants

    out = [f"# {standard.title}", "", standard.about, "", f"Version {standard.version} ({standard.date}). Source: {standard.source}", ""]
    if standard.claim == "maps-to":
        out += ["A card bears on these clauses and cannot meet them: reports say *evidence* and *no evidence*.", ""]
    out += ["| control | clause | demand | what is looked for |", "|---|---|---|---|"]
    for control in standard.controls:
        wanted = "; ".join(wants(control))
        wanted = re.sub(r"(?<![\w`])(/[a-z][\w/-]*)", r"`\1`", wanted)
        wanted = re.sub(r"\b([A-Z]{2,4}\d{3})\b", r"[\1](../rules/\1.md)", wanted)
        kinds = "" if set(control.kinds) >= set(standard.kinds) else f" ({' and '.join(control.kinds)} cards)"
        out.append(" | ".join(("", control.id, control.clause, control.text + kinds, wanted, "")).strip().replace("|  |", "| |"))
    return "\n".join(out) + "\n"


def _between(text: str, name: str, content: str) -> str:
    """The text with what stands between the markers of ``name`` replaced."""
    head, _, rest = text.partition(f"<!-- generated: {name} -->\n")
    _, end, tail = rest.partition("<!-- /generated -->")
    return f"{head}<!-- generated: {name} -->\n{content}{end}{tail}"


def _screen(commands: tuple[str, ...]) -> str:
    """What the commands print where the examples are, one after the other; of an audit's tables the first lines."""
    told = []
    with tempfile.TemporaryDirectory() as place:
        shutil.copytree(ROOT / "examples", Path(place, "examples"))
        for command in commands:
            call = [sys.executable, "-m", "cardlint", *command.split()]
            done = subprocess.run(call, cwd=place, env=_PLAIN, capture_output=True, text=True, check=False)  # noqa: S603  # our own command
            told.append(f"$ cardlint {command}\n{_cut(done.stdout) if command in _AUDIT else done.stdout}")
    return f"```console\n{chr(10).join(told)}```\n"


def _cut(printed: str) -> str:
    """The tables of an audit, each with its first lines; without the time it took."""
    tables = [table.splitlines() for table in re.sub(r", in [\d.]+ s;", ";", printed.rstrip("\n")).split("\n\n")]
    return "\n\n".join("\n".join([*table[: _SHOWN + 1], *["    …"][: len(table) > _SHOWN + 1]]) for table in tables) + "\n"


def _severity(rule: dict[str, Any], profile: str) -> str:
    severity = rule["severity"]
    word = severity if isinstance(severity, str) else severity[profile]
    return "" if word == "off" else str(word)


def _counted(rules: list[dict[str, Any]]) -> str:
    stable = sum(rule["status"] == "stable" for rule in rules)
    return f"{len(rules)} rules, {stable} of them stable; the others run with `--preview`."


def _by_family(rules: list[dict[str, Any]]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Family, title and rules."""
    return [(family, title, [rule for rule in rules if rule["code"].rstrip("0123456789") == family]) for family, title in FAMILIES.items()]


def _families(rules: list[dict[str, Any]], page: str = "") -> str:
    """The families with what they hold; ``page`` is that of the index."""
    out = ["| family | about | rules | stable | one of them |", "|---|---|--:|--:|---|"]
    for family, title, own in _by_family(rules):
        stable = sum(rule["status"] == "stable" for rule in own)
        told = next(rule for rule in own if rule["code"] in _TOLD)
        cells = (f"[{family}]({page}#{_anchor(family, title)})", title, len(own), stable, f"{_linked(told, page)}: {_demand(told)}")
        out.append("".join(f"| {cell} " for cell in cells) + "|")
    return "\n".join(out) + "\n"


def _anchor(family: str, title: str) -> str:
    """What pages of Markdown call the heading of a family."""
    return re.sub(r"[^a-z -]", "", f"{family} {title}".lower()).replace(" ", "-")


def _linked(rule: dict[str, Any], page: str = "") -> str:
    return f"[{rule['code']}]({page.removesuffix('README.md')}{rule['code']}.md) `{rule['name']}`"


def _demand(rule: dict[str, Any]) -> str:
    return str(rule["summary"]).replace("|", "\\|")


def _index(rules: list[dict[str, Any]]) -> str:
    """The page of all rules, by family, with their severity in each profile."""
    scopes = "Scope: *card* reads the text, *repo* the files beside it too, *hub* other repositories too."
    columns = "The last three columns are the severity in each profile; where there is none, the profile does not run the rule."
    out = ["# Rules", "", f"{_counted(rules)} {scopes} {columns}", "", _families(rules)]
    for family, title, own in _by_family(rules):
        out += [f"## {family} {title}", "", "| rule | demand | scope | author | gate | audit |", "|---|---|---|---|---|---|"]
        for rule in own:
            mark = "" if rule["status"] == "stable" else " (preview)"
            words = " | ".join(_severity(rule, profile) for profile in PROFILES)
            out.append(f"| {_linked(rule)}{mark} | {_demand(rule)} | {rule['scope']} | {words} |")
        out.append("")
    return "\n".join(out)


def _keys() -> str:
    """The keys of the configuration."""
    from cardlint.config.model import ConfigFile

    schema = ConfigFile.model_json_schema(by_alias=True)
    out = ["| key | value | |", "|---|---|---|"]
    for key, field in schema["properties"].items():
        kinds = [each for each in field.get("anyOf", [field]) if each.get("type") != "null"]
        out.append(f"| `{key}` | {' or '.join(map(_kind, kinds))} | {field['description']} |")
    return "\n".join(out) + "\n"


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if schema["type"] == "array":
        return "list of tables" if "$ref" in schema["items"] else "list"
    return {"object": "table", "boolean": "`true`, `false`", "string": "text"}[schema["type"]]


def _page(rule: dict[str, Any], standards: list[Standard]) -> str:
    """A rule's page."""
    facts = [
        ("status", rule["status"]),
        *((f"severity, {profile}", _severity(rule, profile) or "off") for profile in PROFILES),
        ("confidence", rule["confidence"]),
        ("scope", rule["scope"]),
        ("applies to", ", ".join(rule.get("applies-to", ("model", "dataset", "space")))),
        ("fix", rule.get("autofix", "none")),
        ("since", rule["since"]),
        *((("yields to", ", ".join(f"[{code}]({code}.md)" for code in rule["yields-to"])),) if "yields-to" in rule else ()),
    ]
    out = [f"# {rule['code']} {rule['name']}", "", rule["summary"], "", "| | |", "|---|---|"]
    out += [f"| {name} | {value} |" for name, value in facts]
    out += ["", "## Why", "", rule["why"].strip(), "", "## What to do", "", rule["help"].strip(), ""]
    if rule.get("help-for"):
        told = [f"| {groups.titles()[group].capitalize()} | {more} |" for group, more in rule["help-for"].items()]
        out += ["| of | more |", "|---|---|", *told, ""]
    if rule.get("rare"):
        out += ["Real cards seldom have it: " + rule["rare"].strip(), ""]
    if rule.get("options"):
        out += ["## Options", "", "```toml", f"[options.{rule['code']}]"]
        out += [f"{key} = {json.dumps(value)}" for key, value in rule["options"].items()] + ["```", ""]
    for title, side in (("Bad", "bad"), ("Good", "good")):
        example = next((each for each in rule["examples"][side] if each.get("card")), None)
        if example is not None:
            fence = "`" * (max([2, *(len(run) for run in re.findall("`+", example["card"]))]) + 1)
            out += [f"## {title}", "", f"{fence}markdown", example["card"].rstrip("\n"), fence, ""]
            out += [f"- `{finding}`" for finding in example.get("findings", ())] + ([""] if example.get("findings") else [])
    serves = [(standard, control) for standard in standards for control in standard.controls if rule["code"] in control.rules]
    if serves:
        out += ["## Serves", ""]
        out += [f"- [{standard.id}](../standards/{standard.id}.md) {control.id}: {control.clause}" for standard, control in serves] + [""]
    if rule.get("references"):
        out += ["## References", "", *(f"- {each}" for each in rule["references"]), ""]
    return "\n".join(out)


def _schema(schema: dict[str, object], title: str) -> str:
    return (
        json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}, indent=1, ensure_ascii=False)
        + "\n"
    )


def main() -> int:
    """Write what differs, or with ``--check`` name it and fail. Pages come last: they show what the catalogue does."""
    check = "--check" in sys.argv[1:]
    try:
        stale = _write(targets(), check=check) + _write(_pages(), check=check)
    except CardlintError as error:
        print(error, file=sys.stderr)
        return 2
    wanted = set(_pages())
    for path in sorted([*(ROOT / "docs" / "rules").glob("*.md"), *(ROOT / "docs" / "standards").glob("*.md")]):
        if path not in wanted:
            stale += 1
            print(f"{'stale' if check else 'removed'}: {path.relative_to(ROOT)}")
            if not check:
                path.unlink()
    if not check and os.name == "posix":
        subprocess.run([sys.executable, ROOT / "tools" / "screens.py"], check=True)  # noqa: S603  # our own
    return 1 if check and stale else 0


def _write(found: dict[Path, str], *, check: bool) -> int:
    stale = [path for path, text in found.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found[path], encoding="utf-8")
    return len(stale)


if __name__ == "__main__":
    sys.exit(main())
