"""What an export may say of a repository, each thing with the place where the card says it; every format is written from this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.card.lines import Lines
from cardlint.export.licenses import License, concluded, declared
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 1_000
"""Names kept of one kind; the longest real list has 150."""
LONGEST_PASSAGE = 4_000
"""Code points quoted of one section."""
_ELLIPSIS = " […]"


class Named(NamedTuple):
    """A base model or dataset that the card names; ``claimed``: in prose, not in the front matter."""

    name: str
    evidence: str
    claimed: bool = False
    relation: str = ""


class Passage(NamedTuple):
    """What the body says on a topic: where, and the text itself unless only its place is known."""

    evidence: str
    text: str | None

    @property
    def said(self) -> str:
        """The text, or where it stands."""
        return self.text if self.text is not None else f"documented in {self.evidence}"


class Result(NamedTuple):
    """A number of ``model-index``."""

    metric: str
    value: str
    dataset: str
    slice: str
    evidence: str

    @property
    def measured_on(self) -> str:
        """The dataset with its configuration and split."""
        return ", ".join(filter(None, (self.dataset, self.slice)))


class FileKnown(NamedTuple):
    """A file of the repository, the card first; the hash where a listing or a pointer tells it."""

    path: str
    size: int | None
    sha256: str | None


class Inventory(NamedTuple):
    """What is known of one repository. Values are the card's own words."""

    name: str
    id: str | None
    kind: str
    revision: str | None
    card_path: str
    card_sha256: str
    licenses: tuple[License, ...]
    licenses_claimed: tuple[Named, ...]
    concluded: tuple[str, str] | None
    base_models: tuple[Named, ...]
    datasets: tuple[Named, ...]
    tested_on: tuple[Named, ...]
    languages: tuple[str, ...]
    tags: tuple[str, ...]
    task: str | None
    library: str | None
    results: tuple[Result, ...]
    emissions: tuple[str, str] | None
    passages: dict[str, Passage]
    files: tuple[FileKnown, ...]
    architectures: tuple[str, ...]
    model_type: str | None
    max_positions: int | None
    parameters: int | None
    readable: bool
    """False where the front matter could not be read: then nothing is known of what it declares."""

    def passage(self, *names: str) -> str | None:
        """The passages on these topics together, None where the card has none."""
        said = [self.passages[name].said for name in names if name in self.passages]
        return "\n\n".join(dict.fromkeys(said)) or None


def inventory(
    facts: dict[str, Any], text: str | None = None, read: Callable[[str], str | None] = lambda _: None, revision: str | None = None
) -> Inventory:
    """The inventory of a facts document.

    ``text`` is the card's text where it is at hand: passages are quoted then, else only cited. ``read`` gives the text of a
    file beside the card, None where it cannot. ``revision`` is told where the facts know none.
    """
    metadata = facts["metadata"]
    where = _Places(facts)
    names, claims = facts["declared"], facts["claims"]
    is_model = facts["card"]["kind"] == "model"  # a dataset is not trained on what its card names, nor is a space
    if not is_model:
        names, claims = (
            {**names, "base_models": [], "datasets": []},
            {**claims, "base_models": [], "datasets": [], "evaluation_datasets": []},
        )
    bases = _named(names["base_models"], metadata.get("base_model"), "base_model", where, _relation(metadata))
    datasets = _named(names["datasets"], metadata.get("datasets"), "datasets", where)
    results = _results(metadata, where) if is_model else ()
    repo = facts["repo"] or {}
    config = _part(repo, "config")
    weights = repo.get("weights") or {}
    return Inventory(
        name=facts["id"] or facts["input"].replace("\\", "/").removesuffix("/" + facts["card"]["path"]).rpartition("/")[2] or "model",
        id=facts["id"],
        kind=facts["card"]["kind"],
        revision=repo.get("revision") or revision,
        card_path=facts["card"]["path"],
        card_sha256=facts["card"]["sha256"],
        licenses=declared(facts, where.metadata, read),
        licenses_claimed=_claimed(claims["licenses"], (), where),
        concluded=concluded(facts),
        base_models=bases + _claimed(claims["base_models"], bases, where),
        datasets=datasets + _claimed(claims["datasets"], datasets, where),
        tested_on=_tested(results, _claimed(claims.get("evaluation_datasets", ()), (), where)),
        languages=tuple(names["languages"][:MOST]),
        tags=tuple(names["tags"][:MOST]),
        task=_text(metadata.get("pipeline_tag")),
        library=_text(metadata.get("library_name")),
        results=results,
        emissions=_emissions(metadata, where),
        passages=_passages(facts, text, where),
        files=_files(facts),
        architectures=tuple(config.get("architectures", ())),
        model_type=config.get("model_type"),
        max_positions=config.get("max_positions"),
        parameters=weights.get("parameters"),
        readable=facts["front_matter"]["status"] in ("ok", "empty", "absent"),
    )


class _Places:
    """Places in words."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.path = facts["card"]["path"]
        self.places = facts["places"]

    def metadata(self, pointer: str) -> str:
        """A value of the front matter; the line of the nearest value around it that is known."""
        known = pointer
        while known and known not in self.places:
            known = known.rpartition("/")[0]
        line = f" line {self.places[known][0]}" if known else ""
        return f"{self.path}{line} (front matter: {pointer.split('/')[1]})"

    def prose(self, line: int) -> str:
        """A claim."""
        return f"claimed in prose, {self.path} line {line}"

    def body(self, lines: list[int], heading: str | None) -> str:
        """A section."""
        under = f", under {heading!r}" if heading else ""
        where = f"line {lines[0]}" if lines[0] == lines[1] else f"lines {lines[0]}-{lines[1]}"
        return f"{self.path} {where}{under}"


def _files(facts: dict[str, Any]) -> tuple[FileKnown, ...]:
    """The listing; the card's own hash is that of the bytes that were read."""
    card = facts["card"]
    listed = (facts["repo"] or {}).get("files", ())
    found = [FileKnown(each["path"], each["size"], each.get("sha256")) for each in listed if each["path"] != card["path"]]
    return (FileKnown(card["path"], card["bytes"], card["sha256"]), *found)


def _part(repo: dict[str, Any], name: str) -> dict[str, Any]:
    part = repo.get(name) or {}
    return {} if "unread" in part and name != "tokenizer" else part


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _relation(metadata: dict[str, Any]) -> str:
    return _text(metadata.get("base_model_relation")) or ""


def _named(values: list[str], given: Any, key: str, where: _Places, relation: str = "") -> tuple[Named, ...]:
    found: dict[str, Named] = {}
    for index, value in enumerate(values[:MOST]):
        pointer = f"/{key}/{index}" if isinstance(given, list) else f"/{key}"
        if value.strip():
            found.setdefault(value.strip(), Named(value.strip(), where.metadata(pointer), relation=relation))
    return tuple(found.values())


def _claimed(claims: Any, declared_already: tuple[Named, ...], where: _Places) -> tuple[Named, ...]:
    """The claims of prose but for those that say what is declared."""
    known = {part for each in declared_already for part in (each.name.lower(), each.name.lower().rpartition("/")[2])}
    found: dict[str, Named] = {}
    for claim in claims:
        name = " ".join(str(claim["value"]).split())
        if name and name.lower() not in known and len(found) < MOST:
            found.setdefault(name, Named(name, where.prose(claim["line"]), claimed=True, relation=claim.get("detail", "")))
    return tuple(found.values())


def _tested(results: tuple[Result, ...], claims: tuple[Named, ...]) -> tuple[Named, ...]:
    found = {each.dataset: Named(each.dataset, each.evidence) for each in reversed(results) if each.dataset}
    for claim in claims:
        found.setdefault(claim.name, claim)
    return tuple(sorted(found.values(), key=lambda each: (each.claimed, each.name)))


def _results(metadata: dict[str, Any], where: _Places) -> tuple[Result, ...]:
    """The numbers of ``model-index``; what is not of its shape is passed over."""
    found: list[Result] = []
    index = metadata.get("model-index")
    for at, model in enumerate(index if isinstance(index, list) else ()):
        results = model.get("results") if isinstance(model, dict) else None
        for number, result in enumerate(results if isinstance(results, list) else ()):
            if not isinstance(result, dict):
                continue
            dataset = result.get("dataset")
            dataset = dataset if isinstance(dataset, dict) else {}
            name = _text(dataset.get("type")) or _text(dataset.get("name")) or ""
            part = ", ".join(str(dataset[key]) for key in ("config", "split") if isinstance(dataset.get(key), str | int | float))
            metrics = result.get("metrics")
            for order, metric in enumerate(metrics if isinstance(metrics, list) else ()):
                value = metric.get("value") if isinstance(metric, dict) else None
                kind = (_text(metric.get("type")) or _text(metric.get("name"))) if isinstance(metric, dict) else None
                if kind and isinstance(value, int | float | str) and not isinstance(value, bool) and len(found) < MOST:
                    evidence = where.metadata(f"/model-index/{at}/results/{number}/metrics/{order}/value")
                    found.append(Result(kind, str(value), name, part, evidence))
    return tuple(found)


def _emissions(metadata: dict[str, Any], where: _Places) -> tuple[str, str] | None:
    """``co2_eq_emissions`` in grams as the front matter has it."""
    given = metadata.get("co2_eq_emissions")
    value = given.get("emissions") if isinstance(given, dict) else given
    if isinstance(value, bool) or not isinstance(value, int | float | str) or value == "":
        return None
    return str(value), where.metadata("/co2_eq_emissions/emissions" if isinstance(given, dict) else "/co2_eq_emissions")


def _passages(facts: dict[str, Any], text: str | None, where: _Places) -> dict[str, Passage]:
    """The sections that the body answers; placeholders and empty sections are none."""
    table = Lines(text) if text is not None else None
    found = {}
    for name, section in facts["sections"].items():
        if section["status"] not in ("thin", "substantive") or section["documented"] != "body" or not section["lines"]:
            continue
        quoted = None
        if table is not None and text is not None:
            first, last = section["lines"]
            quoted = text[table.offset(first) : table.offset(last + 1)].strip()
            if len(quoted) > LONGEST_PASSAGE:
                quoted = quoted[:LONGEST_PASSAGE].rstrip() + _ELLIPSIS
        found[name] = Passage(where.body(section["lines"], section["heading"]), quoted or None)
    return found
