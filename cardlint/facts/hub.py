"""A card and the files beside it as a node of a hub: what others need to know of it, and what names other repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from cardlint.facts.document import declared, texts
from cardlint.hub.likeness import line_hashes, section_hash
from cardlint.hub.names import is_id, is_path, key, plain, repo_id
from cardlint.hub.node import MAX_EDGES, Edge, Evidence, Node, Places
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.claims.claim import Claim
    from cardlint.facts.subject import Subject
    from cardlint.hub.node import Relation
    from cardlint.repo.repo import Repo

KINDS = ("finetune", "adapter", "merge", "quantized")
"""How a model comes from its base, in the words of ``base_model_relation``."""
_PLACED = ("license", "language", "base_model", "base_model_relation", "datasets", "source_datasets", "new_version", "model-index")
"""Keys that findings of hub rules stand on."""
_SECTIONS = frozenset(
    (
        *("intended_use", "out_of_scope_use", "limitations", "bias_risks"),
        *("uses", "out_of_scope", "bias_risks_limitations", "source_data", "collection", "annotations", "personal_data"),
    )
)
_EXTENDED = "extended|"
_NO_SOURCE = ("original", "extended", "other")
_BUILT_WITH = Pattern(r"(?i)built\s+with\s+(?:meta[\s-]+)?llama")
_TOLD = {"finetuned": "finetune", "adapter": "adapter", "merge": "merge", "quantized": "quantized"}
_PACKED = frozenset(("gguf", "ggml"))
_RANK = {each: rank for rank, each in enumerate(get_args(Evidence))}
_MAX_RESULTS = 100
_MOST = 300
"""Licences and languages kept of one card."""
_TRAINERS_SENTENCE = "This model is a fine-tuned version of "
_TRAINERS_COMMENT = "according to the information the Trainer had access to"
_LONGEST = 200


def node_of(subject: Subject) -> Node:
    """The node of a repository; one without a card, or without readable metadata, says what its files say."""
    entry, card, repo = subject.entry, subject.card, subject.repo
    metadata = card.front_matter.metadata if subject.has_card else {}
    said = declared(metadata)
    readable = subject.has_card and card.front_matter.status not in ("invalid", "not-a-mapping", "not-read")
    config = repo.config.value if repo is not None else None
    edges = tuple(sorted(_edges(subject), key=lambda edge: _RANK[edge.evidence]))[:MAX_EDGES]
    sections = dict(_sections(card)) if subject.has_card and card.generator is None else {}
    return Node(
        id=entry.id or "",
        kind=card.kind,
        input=entry.input,
        path=entry.path,
        card=subject.has_card,
        body=not entry.only_metadata,
        metadata=readable,
        licenses=tuple(each.strip().lower() for each in said["licenses"][:_MOST] if len(each) < _LONGEST),
        license_name=_short(metadata.get("license_name")),
        languages=tuple(each.lower() for each in said["languages"][:_MOST] if len(each) < _LONGEST),
        relation=_short(metadata.get("base_model_relation")),
        gated=any(name.startswith("extra_gated") and value for name, value in metadata.items() if isinstance(name, str)),
        generator=card.generator if subject.has_card else None,
        model_type=config.model_type if config else None,
        adapter=repo is not None and repo.adapter.state != "absent",
        formats=tuple(repo.weights.formats) if repo is not None else (),
        documents_data=bool(said["datasets"]) or _documented(subject, "training_data") or bool(card.claims.datasets),
        documents_license=_documented(subject, "license"),
        results=tuple(_results(metadata))[:_MAX_RESULTS],
        says=tuple(_says(card, repo)) if subject.has_card else (),
        lines=line_hashes(card.text[card.front_matter.end :]) if subject.has_card and card.generator is None else (),
        sections=sections,
        edges=edges,
        places=_places(card, edges, sections) if subject.has_card else {},
    )


def _short(value: Any) -> str | None:
    return value.strip()[:_LONGEST] if isinstance(value, str) else None


def _documented(subject: Subject, section: str) -> bool:
    return section in subject.card.sections and subject.card.sections[section].documented != "none"


# Edges.


def _edges(subject: Subject) -> Iterator[Edge]:
    card = subject.card
    if card.kind == "dataset":
        yield from _of_key(card, "dataset", "source_datasets")
    elif card.kind == "model":
        yield from _of_key(card, "base_model", "base_model", _relation(card, subject.repo))
        yield from _of_key(card, "dataset", "datasets")
        yield from _of_key(card, "new_version", "new_version")
        if subject.repo is not None:
            yield from _of_files(subject.repo, subject.entry.id)
        if subject.has_card:
            yield from _of_prose(card, subject.entry.id)


def _of_key(card: Card, relation: Relation, name: str, kind: str | None = None) -> Iterator[Edge]:
    """What a key of the front matter names; a sentence is no name."""
    block = card.front_matter
    value = block.metadata.get(name)
    listed = isinstance(value, list)
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        for target in texts(item):
            target = target.strip()
            if name == "source_datasets":
                if target in _NO_SOURCE or target.startswith("extended|other"):
                    continue
                target = target.removeprefix(_EXTENDED)
            if not target or len(target) > _LONGEST:
                continue
            at = f"/{name}/{index}" if listed else f"/{name}"
            place = block.values.get(at)
            yield Edge(relation, target, kind, "metadata", f"/metadata{at}", card.lines.line(place[0]) if place else 0)


def _relation(card: Card, repo: Repo | None) -> str | None:
    """How a model comes from its base: as it is declared, as its files show, as hubs take two bases and more; None: not told."""
    said = card.front_matter.metadata.get("base_model_relation")
    if isinstance(said, str) and said.strip().lower() in KINDS:
        return said.strip().lower()
    if repo is not None:
        if repo.adapter.state != "absent":
            return "adapter"
        if repo.merge.state != "absent":
            return "merge"
        if not _PACKED.isdisjoint(repo.weights.formats) or (repo.config.value is not None and repo.config.value.quantization is not None):
            return "quantized"
    bases = card.front_matter.metadata.get("base_model")
    return "merge" if isinstance(bases, list) and len(bases) > 1 else None


def _of_files(repo: Repo, own: str | None) -> Iterator[Edge]:
    adapter, merge, config = repo.adapter.value, repo.merge.value, repo.config.value
    if adapter is not None and adapter.base_model:
        yield from _of_file(adapter.base_model, "adapter", "adapter", "/repo/adapter")
    for parent in merge.models if merge is not None else ():
        yield from _of_file(parent, "merge", "merge", "/repo/merge")
    for answer in repo.weights.gguf.values():
        for base in answer.value.base_models if answer.value is not None else ():
            yield from _of_file(base, "quantized", "gguf", "/repo/weights/gguf")
    if config is not None and config.name_or_path and not _own(config.name_or_path, own):
        yield from _of_file(config.name_or_path, None, "config", "/repo/config")


def _of_file(value: str, kind: str | None, evidence: Evidence, at: str) -> Iterator[Edge]:
    name = plain(value)
    if repo_id(name) and not is_path(name) and len(name) < _LONGEST:
        yield Edge("base_model", name, kind, evidence, at, 0)


def _own(name: str, own: str | None) -> bool:
    """Whether a name is the repository's own, or what its author called it before."""
    return own is not None and name.rpartition("/")[2].lower() == own.rpartition("/")[2].lower()


def _of_prose(card: Card, own: str | None) -> Iterator[Edge]:
    """What the body says, where it names an id."""
    for index, claim in enumerate(card.claims.base_models):
        name = plain(claim.value)
        if (is_id(name) or repo_id(name)) and not (own and key("model", name) == key("model", own)):
            evidence: Evidence = "trainer" if _by_trainer(card, claim) else "prose"
            at = f"/claims/base_models/{index}"
            yield Edge("base_model", name, _TOLD.get(claim.detail), evidence, at, card.lines.line(claim.start))


def _by_trainer(card: Card, claim: Claim) -> bool:
    """Whether a base stands in the sentence that the Trainer of transformers writes into its cards."""
    before = card.text[max(0, claim.start - len(_TRAINERS_SENTENCE) - 2) : claim.start]
    return _TRAINERS_SENTENCE in before and _TRAINERS_COMMENT in card.text


# What else a card says.


def _results(metadata: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """The results of ``model-index`` that have a number: task, dataset, metric and value, as texts."""
    for model in _mappings(metadata.get("model-index")):
        for result in _mappings(model.get("results")):
            task, dataset = _mapping(result.get("task")), _mapping(result.get("dataset"))
            about = " ".join(str(dataset.get(name) or "") for name in ("type", "name", "config", "split"))
            for metric in _mappings(result.get("metrics")):
                value = metric.get("value")
                if isinstance(value, int | float) and not isinstance(value, bool):
                    kind = str(metric.get("type") or metric.get("name") or "")
                    yield str(task.get("type") or "")[:_LONGEST], about.strip()[:_LONGEST], kind[:_LONGEST], repr(value)[:40]


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _says(card: Card, repo: Repo | None) -> Iterator[str]:
    """Which licence duties are answered: ``built-with`` by the text, ``notice`` and ``agreement`` by files, if they are ``listed``."""
    if "uilt" in card.text and _BUILT_WITH.search(card.text):
        yield "built-with"
    if repo is not None:
        yield "listed"
        roles = {file.role for file in repo.license_files}
        if "notice" in roles:
            yield "notice"
        if "license" in roles:
            yield "agreement"


def _sections(card: Card) -> Iterator[tuple[str, int]]:
    """Hashes of the sections that matter to readers and are about this model alone."""
    for name, section in card.sections.items():
        if name in _SECTIONS and section.status == "substantive":
            found = section_hash(card.text[section.start : section.end])
            if found is not None:
                yield name, found


def _places(card: Card, edges: tuple[Edge, ...], sections: dict[str, int]) -> Places:
    """Spans of what findings of hub rules stand on; the empty pointer is where what is absent would stand."""
    block, span = card.front_matter, card.lines.span
    found: Places = {"": span(block.closing, block.closing + 3) if block.end else (1, 1, 1, 1)}
    named = [edge.at.removeprefix("/metadata") for edge in edges if edge.evidence == "metadata"]
    for at in (*(f"/{name}" for name in _PLACED), *named):
        place = block.values.get(at)
        if place is not None and place[0] == place[1]:
            place = block.keys.get(at)
        if place is not None:
            found[f"/metadata{at}"] = span(*place)
    for edge in edges:
        if edge.at.startswith("/claims/"):
            claim = card.claims.base_models[int(edge.at.rpartition("/")[2])]
            found[edge.at] = span(claim.start, claim.end)
    for name in sections:
        section = card.sections[name]
        first = card.text[section.start : section.end].lstrip("\n").split("\n", 1)[0].rstrip("\r")
        found[f"section:{name}"] = span(section.start, section.start + len(first))
    return found
