"""How often each rule is right on real cards: the findings counted, the verdicts of readers set against them.

    python benchmarks/accuracy.py [CARDS.jsonl.gz]

Writes docs/accuracy.md from tests/data/verdicts/*.jsonl and a run over the cards (default: ../shared/corpus/cards.jsonl.gz).
A verdict counts where the card still has that finding: same card, same rule, overlapping lines.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CARDS = ROOT.parent / "shared" / "corpus" / "cards.jsonl.gz"
VERDICTS = ROOT / "tests" / "data" / "verdicts"
BY_CHANCE = (3,)
"""Draws of `strata.jsonl` in which each rule has the weight of its findings without more ado."""
ON_ABSENCE = ("USE", "LIM", "DAT001", "DAT102", "EVA001", "TRN001", "ENV001", "GOV001")
"""The rules that say a card does not document a topic, by the beginning of their codes."""
LEAST = {"error": 20, "warning": 8, "note": 8}

HEAD = """# How often each rule is right

Every rule was run over {cards:,} real cards of public hubs ({model:,} of models, {dataset:,} of datasets; 2018 to 2026), with the profile `audit` and
preview rules on; rules on artifacts ran over a mirror of 150 repositories and over the file listings that a hub gave for 7,467 of the cards;
rules on other repositories in an audit of all cards as one mirror (of each id the longest card), in which 31 of 106 declared bases are at hand.
The rules on licences lost on the way from a declared base (LIC401 to LIC410) found nothing there: 35 pairs of base and derivative under restrictive
licences were read, and each kept the terms, but for one that names its base in the text alone (LIC416) and two whose base is not at hand (LIC213).
Findings were then looked up in the card and judged true or false by what the card says; the verdicts stand in `tests/data/verdicts/`, one a
line, by the card's hash. `python benchmarks/accuracy.py` makes this page.

How far to trust them: a rule's findings were mostly read by the hand that wrote the rule, and most of them in the lines around the finding rather
than the whole card. Verdicts on absent and thin sections rest in good part on labels of whole cards made earlier by careful readers, or on
headings and extracts; those of USE004 and LIM004 were taken from such labels. Many reasons are one sentence a rule. Some samples come from few
families of cards. A second reading (`second_reading.jsonl`) took 60 cards of 60 owners, by chance among those of 900 to 6,500 characters, read each
whole, and judged all their findings of the absence rules anew: 288 findings, 13 false, four of them of stable rules (224 findings, 98 %). The faults
that had a cause of ours (authors in a bibliography, a context window taken for data, "you should look at model like") were mended afterwards.

A third reading (`fresh.jsonl`) took cards by chance of owners of whom no verdict and no label knows: models (a third of them with 4,000 characters
and prose), datasets, cards of 2020 without an owner. Long code, long tables and the ends of the longest were passed over, and most cards were read with
their findings beside them, so not blind. All findings of the profile `audit` were judged, before anything was mended, as true, false, or misleading: true, with words or advice that send the author wrong. Draws 1 and 2 are
such cards; from draw 3 on only the two most frequent absence rules (USE001, LIM001) were judged, on cards written by hand with 500 to 6,000
characters of prose, where they err most: of 40 findings each, USE001 was right in 34, 31 and 33 (a task named in passing counts as said),
LIM001 in 37, 36 and 39. What was false was mended after each draw, so the next one shows what the mending was worth.
Their message was "says nothing on intended use" then; it claims less now: that the card does not document it.

| draw | cards | findings | false | misleading | true (95 % interval) | of the profile `author`, true |
|---|---|---|---|---|---|---|
{fresh}

A fourth reading (`absence.jsonl`) asked of the findings of absence alone whether they are true: of cards by hand (no Trainer, AutoTrain or Keras)
with 600 characters of body at least, one finding a card and one card an owner, each card read whole (in draws 4 and 5 without the middle of long code
and tables), strictly: a task named in a title, a "may not", a word on what the data is good for make a finding false. Draw 1 took owners of whom no
verdict and no label knew, and found the rules as the third reading had left them; then few such owners were left, and draws 2 to 5 are in good part
new cards of known owners. What was false was mended after each draw, more and more broadly: cues instead of sentences after draw 1, negation in general
after draw 2, silence on much prose after draw 3. USE001 was still right in 16 of 24 then, for there are endless words for what a model does; since it
speaks of cards alone that a tool wrote or that hold 12 words of paragraphs at most, and draws 6 and 7 are such cards by chance, of any length:
92 of 100, 57 of 60 as it stands now. LIM001 as it stands was right in 23 of 24 (draw 4), DAT001 in 15 of 15 (draw 5), LIM005 in 16 of 16 and USE005 in
11 of 12 (draws 3 and 4): small samples, each. Of longer cards by hand a note alone says that they have no section
on intended use or limits (USE008, LIM007): of 20 each, by their headings, all and 19 were right.

| draw | rule | findings | true (95 % interval) |
|---|---|---|---|
{absence}

Silence has its price: of the cards that readers labelled silent on a topic (`tests/data/labels` and further ones, 458 cards), USE001 now tells
13 % (72 % before this reading), LIM001 60 % (94 %), DAT001 24 % (31 %), USE005 29 % (64 %) and LIM005 76 % (90 %). What a card documents is
told in full by its facts (`cardlint show`), the score and the standards, which do not wait for these rules.

A fifth reading (`modern.jsonl`) took cards of 2023 to 2026, of which the corpus holds few, kept on a code host, all kinds (LoRA and GGUF
repositories, MLX, ONNX and Core ML ports, sentence-transformers, cards written with language models, Spaces). Draw 1 is 45 cards
by chance, judged as the rules stood before; draw 2 another 42, judged after what was false in draw 1 was mended; draw 3 another 54 of 33
owners, judged after what was false in draw 2 was mended; draw 4 another 33 of as many owners, 18 of them often-used cards of 2023 and 2024,
judged before what was false in draw 3 was mended; draw 5 another 24 of as many owners, half of them often-used cards, judged after what was false
in draws 3 and 4 was mended; draw 6 another 45 of 40 owners, 20 of them of datasets, judged after that too; draw 7 another 45 of 42 owners, 26 of
datasets, judged after what was false in draw 6 was mended; draw 8 another 29 of 27 owners, draw 9 another 10 of as many, draw 10 another
40 of as many, draw 11 another 25 of as many (8 of these owners had another card in an earlier draw, and 9 cards were copied by hand), and draw 12
another 19 of as many and draw 13 another 5 (all copied by hand, from one with two diagrams left out), each judged after what was false in the one before was mended. Every card was read whole, by one
reader, with its findings beside it (from draw 6 on before them, long code and tables cut). The rows *preview* are findings of preview rules, which
an audit tells with `--preview` alone: they were read from draw 6 on. A finding that only says that a file is missing was left out: weights lie
elsewhere. These cards are not in the corpus, so no run counts them again: the verdicts are a record, in no row of the table at the end. What is counted here is findings that are
true and whose advice does not send the author wrong. Sixteen of the false ones of draw 1, those of MET514 and MET518, stand on one card, and
seven of draw 3 on a card of a dataset that was taken for a model. Fourteen cards of draw 3 had been read for claims while the readers of claims were
mended; of the other cards of that draw 86 % of the findings are right.

| draw | cards with findings | profile | all | error | warning | note |
|---|---|---|---|---|---|---|
{modern}

The rules that were not always right:

| draw | rule | findings | false | misleading | right (95 % interval) |
|---|---|---|---|---|---|
{modern_rules}

A sixth reading (`strata.jsonl`) asked whether every stable rule is true on cards that no verdict of it names, by their hash: findings of the profile
`audit` on all cards by chance, one finding a card and one card an owner and rule. Draw 1 took up to four of each of the 94 rules that speak there
unread (two findings of DOC006 were left out: the ids of those copies are not those of the repositories). Draw 2, made after what draw 1 showed was
mended, took the 21 rules that an author hears most, two thirds of them on cards of no known generator, where they err more. Every finding was set
against the card by one reader, rules on absence against the whole card (long code and tables cut), others against the block and the lines around it.
*Misleading* are findings that are true and whose words or advice send the author wrong. The last columns weigh each rule by its findings on all cards:
a few frequent rules on absence make most of that weight, so its interval is wide. Draw 3 is 70 findings by chance of all that the profile `author`
tells, one a card and one an owner, after draw 2 was mended: what an author hears. What was false or misleading was mended after each draw.
One false finding of DAT003 was read again in its new words (`strata_mended.jsonl`), which claim less and are true; it counts so in the table at the end.

| draw | findings | read | false | misleading | true | true and helpful | true, weighted | true and helpful, weighted |
|---|---|---|---|---|---|---|---|---|
{strata}

| family | draw 1, true and helpful | draw 2, true and helpful |
|---|---|---|
{strata_families}

The rules that were not always right:

| draw | rule | read | false | misleading |
|---|---|---|---|---|
{strata_rules}

A seventh reading (`author.jsonl`) asked what an author of a hand-written card hears, and what an audit says of it: model cards and dataset cards with
800 to 14,000 characters of body, one an owner, no family of cards that a tool writes (a few carry the Trainer's skeleton);
owners that no verdict and no label knew where there were any (10 of 50 models, all datasets of draw 1), else unread cards of known ones. Every card was
read whole by one reader, and what it documents on each topic of the absence rules was written down by lines before the rules were run; then
every finding was judged, with its advice. What is counted is findings that are true and whose advice does not send the author wrong. Draw 1 is
50 models and 20 datasets. Draw 2, after what draw 1 showed was mended, is 15 models and 8 datasets, 8 of them in Chinese, Japanese, French or
Spanish (with 350 characters of body at least), which is nearly all that were left unread in other languages; of draw 1 few are. Draw 3, after what
draw 2 showed was mended, is 23 models and 9 datasets. Draw 4, after draw 3, is 16 well-known models of 2023 and 2024 that are in no corpus here: a
record, in no row of the table at the end.

| draw | cards with findings | profile | all | on absence | others |
|---|---|---|---|---|---|
{author}

The rules that were not always right:

| draw | rule | findings | false | misleading | right (95 % interval) |
|---|---|---|---|---|---|
{author_rules}

A rule is **stable** when at least {warning} of its findings ({error} where it can be an error; all where there are fewer) were read and at least 95 %
of them are true. A rule that no real card sets off is stable on its examples alone where the fault is certain by definition, and says why it is rare.
The cards themselves are not part of the project: most carry no licence to pass them on.

{total:,} findings read, {true:,} true: {share:.1%}. *Gone* counts verdicts whose finding no longer exists, because the rule was mended or made narrower.

| rule | status | findings | cards | read | true | precision | gone |
|---|---|---|---|---|---|---|---|
"""


def findings_of(archive: Path) -> tuple[dict[str, list[dict[str, Any]]], Counter[str]]:
    """The findings of every card by its hash, and the number of cards by kind."""
    kinds: Counter[str] = Counter()
    hashes: dict[str, str] = {}
    found: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with gzip.open(archive, "rb") as stream, (folder / "list").open("w", encoding="utf-8") as listing:
            for number, line in enumerate(stream):
                row = json.loads(line)
                path = folder / str(number // 1000) / f"{number}.md"
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(row["text"].encode() if "text" in row else base64.b64decode(row["base64"]))
                hashes[str(path)] = row["sha256"]
                kinds[row["kind"]] += 1
                listing.write(json.dumps({"path": str(path), "id": row["id"], "kind": row["kind"]}) + "\n")
        command = [sys.executable, "-m", "cardlint", "check", "--profile", "audit", "--preview", "--format", "jsonl", "--exit-zero"]
        with subprocess.Popen(
            [*command, "--files-from", str(folder / "list")], stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as done:
            for line in done.stdout or ():
                row = json.loads(line)
                if row["type"] == "card":
                    found[hashes[row["input"]]] = row["findings"]  # a repository without a card has no hash in the report
    return found, kinds


def findings_on_files(archive: Path) -> dict[str, list[dict[str, Any]]]:
    """The findings of the rules on files, by the card's hash: over the mirror and over the listings of a hub's own reading.

    The reading tells of ``config.json`` what class and model type it has; every other content is not at hand.
    """
    reading, mirror = archive.parent / "hub-reading-2022.jsonl.gz", archive.parent / "mirror" / "manifest.jsonl"
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        listing = Path(name) / "list"
        if reading.is_file():
            _write_reading(archive, reading, listing)
        for each in (listing, mirror):
            if each.is_file():
                command = [sys.executable, "-m", "cardlint", "check", "--profile", "audit", "--preview", "--format", "jsonl", "--exit-zero"]
                done = subprocess.run(
                    [*command, "--select", "ART,LIC3,SEC1,SEC016,LIN,DOC012", "--files-from", str(each)],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                for row in map(json.loads, done.stdout.splitlines()):
                    if row["type"] == "card":
                        found[row["sha256"]] += row["findings"]
    return found


def _write_reading(archive: Path, reading: Path, listing: Path) -> None:
    with gzip.open(reading, "rt", encoding="utf-8") as stream:
        rows = {row["file"]: row for row in map(json.loads, stream)}
    with gzip.open(archive, "rb") as cards, listing.open("w", encoding="utf-8") as out:
        for number, card in enumerate(map(json.loads, cards)):
            row = rows.get(card["file"])
            if row is None or "text" not in card:
                continue
            folder = listing.parent / str(number)
            folder.mkdir()
            (folder / "README.md").write_bytes(card["text"].encode())
            if "config.json" in row["files"] and row.get("model_type"):
                config = {"architectures": row.get("architectures") or [], "model_type": row["model_type"]}
                (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
            files = [{"path": path} for path in row["files"]]
            out.write(json.dumps({"path": str(folder), "id": row["id"], "kind": "model", "files": files}) + "\n")


def findings_on_hub(archive: Path) -> dict[str, list[dict[str, Any]]]:
    """The findings of the rules of hub scope, by the card's hash: an audit of all cards as one mirror, of each id the longest card."""
    longest: dict[tuple[str, str], str] = {}
    for row in map(json.loads, gzip.open(archive, "rb")):
        key = (row["kind"], row["id"])
        if row["id"] and len(row.get("text", "")) > len(longest.get(key, "")):
            longest[key] = row["text"]
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for (kind, repo), text in longest.items():
            path = folder / "mirror" / ("datasets" if kind == "dataset" else "") / repo / "README.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        hub = [rule["code"] for rule in listed_rules() if rule["scope"] == "hub"]
        command = [sys.executable, "-m", "cardlint", "audit", str(folder / "mirror"), "--out", str(folder / "out"), "--preview"]
        subprocess.run([*command, "--select", ",".join(hub)], capture_output=True, check=True)
        for line in (folder / "out" / "report.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            if row["type"] == "card" and row["findings"]:
                found[row["sha256"]] += row["findings"]
    return found


def listed_rules() -> list[dict[str, Any]]:
    """The rules as `cardlint rules` lists them."""
    listed = subprocess.run([sys.executable, "-m", "cardlint", "rules", "--format", "json"], capture_output=True, text=True, check=True)
    rules: list[dict[str, Any]] = json.loads(listed.stdout)["rules"]
    return rules


def verdicts() -> dict[str, list[dict[str, Any]]]:
    """The verdicts of readers by rule; the last word on one finding counts."""
    by_rule: dict[str, dict[tuple[str, int], dict[str, Any]]] = defaultdict(dict)
    for file in sorted(VERDICTS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            verdict = json.loads(line)
            by_rule[verdict["code"]][verdict["sha256"], verdict["lines"][0]] = verdict
    return {code: list(each.values()) for code, each in by_rule.items()}


def fresh_figures() -> str:
    """A row a draw of `fresh.jsonl`: what its readers found before anything was mended."""
    lines = (VERDICTS / "fresh.jsonl").read_text(encoding="utf-8").splitlines()
    draws: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for verdict in map(json.loads, lines):
        draws[verdict["draw"]].append(verdict)
    rows = []
    for draw, read in sorted(draws.items()):
        false = sum(not each["true"] for each in read)
        author = [each for each in read if each["author"]]
        misleading = sum("misleading" in each for each in read)
        cards = len({each["sha256"] for each in read})
        shares = [interval(sum(each["true"] for each in some), len(some)) for some in (read, author)]
        rows.append(f"| {draw} | {cards} | {len(read)} | {false} | {misleading} | {shares[0]} | {shares[1]} |")
    return "\n".join(rows)


def modern_figures() -> tuple[str, str]:
    """A row a draw, profile and severity of `modern.jsonl`, and a row a rule whose findings were not all true and helpful."""
    lines = (VERDICTS / "modern.jsonl").read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    rows = []
    for draw in sorted({each["draw"] for each in read}):
        of_draw = [each for each in read if each["draw"] == draw]
        cards = len({each["sha256"] for each in of_draw})
        for profile in ("author", "audit", "preview"):
            told = [each for each in of_draw if each.get("preview", False) == (profile == "preview")]
            of_profile = [each for each in told if profile != "author" or each["author"]]
            if profile == "preview" and not told:
                continue
            shares = [_share(of_profile), *(_share([each for each in of_profile if each["severity"] == word]) for word in LEAST)]
            rows.append(f"| {draw} | {cards} | {profile} | {' | '.join(shares)} |")
    return "\n".join(rows), _not_always_right(read)


def _share(read: list[dict[str, Any]]) -> str:
    """How many of some findings are true and send nobody wrong."""
    return interval(sum(each["true"] and "misleading" not in each for each in read), len(read)) if read else "–"


def author_figures() -> tuple[str, str]:
    """A row a draw and profile of `author.jsonl`, the rules on absence apart, and a row a rule that was not always right."""
    read = [json.loads(line) for line in (VERDICTS / "author.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = []
    for draw in sorted({each["draw"] for each in read}):
        of_draw = [each for each in read if each["draw"] == draw]
        for profile in ("author", "audit"):
            heard = [each for each in of_draw if profile == "audit" or each["author"]]
            absent = [each for each in heard if each["code"].startswith(ON_ABSENCE)]
            others = [each for each in heard if not each["code"].startswith(ON_ABSENCE)]
            cards = len({each["sha256"] for each in heard})
            rows.append(f"| {draw} | {cards} | {profile} | {' | '.join(map(_share, (heard, absent, others)))} |")
    return "\n".join(rows), _not_always_right(read)


def _not_always_right(read: list[dict[str, Any]]) -> str:
    """A row a draw and rule of which some findings were false or sent the author wrong."""
    rows = []
    for draw, code in sorted({(each["draw"], each["code"]) for each in read}):
        found = [each for each in read if each["code"] == code and each["draw"] == draw]
        false, misleading = sum(not each["true"] for each in found), sum("misleading" in each for each in found)
        if false or misleading:
            rows.append(f"| {draw} | {code} | {len(found)} | {false} | {misleading} | {_share(found)} |")
    return "\n".join(rows)


def absence_figures() -> str:
    """A row a draw and rule of `absence.jsonl`: the findings that were drawn, before what they showed was mended."""
    lines = (VERDICTS / "absence.jsonl").read_text(encoding="utf-8").splitlines()
    drawn: dict[tuple[int, str], list[bool]] = defaultdict(list)
    for verdict in map(json.loads, lines):
        if verdict["drawn"]:
            drawn[verdict["draw"], verdict["code"]].append(verdict["true"])
    return "\n".join(
        f"| {draw} | {code} | {len(true)} | {interval(sum(true), len(true))} |" for (draw, code), true in sorted(drawn.items())
    )


def strata_figures(counts: Counter[str]) -> dict[str, str]:
    """Of `strata.jsonl`: a row a draw and group of findings, a row a family, and a row a rule that was not always right."""
    read = [json.loads(line) for line in (VERDICTS / "strata.jsonl").read_text(encoding="utf-8").splitlines()]
    draws = sorted({each["draw"] for each in read})
    rows, rules = [], []
    for draw in draws:
        of_draw = [each for each in read if each["draw"] == draw]
        groups = {"all": of_draw, "of the profile `author`": [each for each in of_draw if each["author"]]}
        groups |= {f"{word}s": [each for each in of_draw if each["severity"] == word] for word in LEAST}
        for name, some in groups.items():
            if not some:
                continue
            false, misleading = sum(not each["true"] for each in some), sum("misleading" in each for each in some)
            true = interval(len(some) - false, len(some))
            weighted = " | ".join("–" if draw in BY_CHANCE else _weighted(some, counts, helpful=helpful) for helpful in (False, True))
            rows.append(f"| {draw} | {name} | {len(some)} | {false} | {misleading} | {true} | {_share(some)} | {weighted} |")
        for code in sorted({each["code"] for each in of_draw}):
            found = [each for each in of_draw if each["code"] == code]
            false, misleading = sum(not each["true"] for each in found), sum("misleading" in each for each in found)
            if false or misleading:
                rules.append(f"| {draw} | {code} | {len(found)} | {false} | {misleading} |")
    draws = [draw for draw in draws if draw not in BY_CHANCE]
    families = []
    for family in sorted({each["code"][:-3] for each in read}):
        shares = [_share([each for each in read if each["draw"] == draw and each["code"][:-3] == family]) for draw in draws]
        families.append(f"| {family} | {' | '.join(shares)} |")
    return {"strata": "\n".join(rows), "strata_families": "\n".join(families), "strata_rules": "\n".join(rules)}


def _weighted(read: list[dict[str, Any]], counts: Counter[str], *, helpful: bool) -> str:
    """The share of true (and helpful) findings where each rule weighs as its findings on all cards; the interval is of as many
    findings as would tell as much if all weighed the same (after Kish).
    """
    by_rule: dict[str, list[bool]] = defaultdict(list)
    for each in read:
        by_rule[each["code"]].append(each["true"] and not (helpful and "misleading" in each))
    whole = sum(counts[code] for code in by_rule)
    if not whole:
        return "–"
    share = sum(counts[code] * sum(right) / len(right) for code, right in by_rule.items()) / whole
    worth = whole**2 / sum(counts[code] ** 2 / len(right) for code, right in by_rule.items())
    low, high = _bounds(share, worth)
    return f"{share:.1%} ({low:.1%} to {high:.1%})"


def interval(true: int, read: int) -> str:
    """A share with its 95 % interval after Wilson."""
    low, high = _bounds(true / read, read)
    return f"{true / read:.1%} ({low:.1%} to {high:.1%}) of {read}"


def _bounds(share: float, read: float) -> tuple[float, float]:
    z = 1.96
    middle, half = share + z * z / (2 * read), z * math.sqrt(max(0.0, share * (1 - share)) / read + z * z / (4 * read * read))
    return (middle - half) / (1 + z * z / read), (middle + half) / (1 + z * z / read)


def stands(verdict: dict[str, Any], findings: list[dict[str, Any]]) -> bool:
    """Whether a card still has the finding that was judged."""
    first, last = verdict["lines"][0] - 1, verdict["lines"][-1] + 1
    return any(each["code"] == verdict["code"] and first <= each["span"]["end_line"] and each["span"]["line"] <= last for each in findings)


def main() -> int:
    """Write the page; fail where a stable rule has not earned it."""
    archive = Path(sys.argv[1]) if len(sys.argv) > 1 else CARDS
    found, kinds = findings_of(archive)
    many = len(found)
    for further in (findings_on_files(archive), findings_on_hub(archive)):
        for card, findings in further.items():
            found.setdefault(card, []).extend(findings)
    counts: Counter[str] = Counter()
    cards: Counter[str] = Counter()
    for findings in found.values():
        codes = [each["code"] for each in findings]
        counts.update(codes)
        cards.update(set(codes))
    judged = verdicts()
    rows, unearned = [], []
    total = true = 0
    for rule in listed_rules():
        code = rule["code"]
        at_hand = [each for each in judged.get(code, ()) if each["sha256"] in found]
        standing = [each for each in at_hand if stands(each, found[each["sha256"]])]
        right = sum(each["true"] for each in standing)
        total += len(standing)
        true += right
        precision = f"{right / len(standing):.2f}" if standing else "–"
        gone = len(at_hand) - len(standing)
        rows.append(
            f"| {code} {rule['name']} | {rule['status']} | {counts[code]:,} | {cards[code]:,} | {len(standing)} | {right} | {precision} | {gone or ''} |"
        )
        worst = min((word for word in rule["severity"].values() if word != "off"), key=list(LEAST).index, default="note")
        enough = len(standing) >= min(LEAST[worst], counts[code])
        if rule["status"] == "stable" and rule["scope"] == "card" and not (enough and right >= 0.95 * len(standing)):
            unearned.append(
                f"{code}: {counts[code]} findings, {len(standing)} read ({min(LEAST[worst], counts[code])} wanted), {right} true"
            )
    modern, modern_rules = modern_figures()
    author, author_rules = author_figures()
    drawn = {"fresh": fresh_figures(), "absence": absence_figures(), "modern": modern, "modern_rules": modern_rules}
    drawn |= {"author": author, "author_rules": author_rules}
    drawn |= strata_figures(counts)
    head = HEAD.format(cards=many, **kinds, **LEAST, total=total, true=true, share=true / max(1, total), **drawn)
    (ROOT / "docs" / "accuracy.md").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} rules, {total} findings read, {true} true; {len(unearned)} stable rules have not earned it")
    print("\n".join(unearned))
    return 1 if unearned else 0


if __name__ == "__main__":
    sys.exit(main())
