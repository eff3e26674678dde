"""What the code of a card asks of this repository: files, folders, custom code, a chat template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cardlint import data
from cardlint.checks.art_files import TOP, unread
from cardlint.checks.places import lacking, listed, quoted
from cardlint.model import NotChecked, Problem, Related
from cardlint.tuples import NamedTuple
from cardlint.vocab import architectures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.claims.claim import Claim
    from cardlint.card.outline import Block, Piece
    from cardlint.repo.repo import Repo

_ARGUMENTS = re.compile(
    r"(?:hf_hub_download|hf_hub_url|try_to_load_from_cache|from_pretrained|load_lora_weights|load_textual_inversion|load_ip_adapter|load_from_hub)"
    r"\(([^()]{1,600})\)"
)
_KEYED = re.compile(r"(?:(\w+)\s*=\s*)?[\"']([^\"'\n]{1,200})[\"']")
_COMMAND = re.compile(r"(?:huggingface-cli|hf)\s+download\s+([\w.\-]+/[\w.\-]+)((?:[ \t]+(?!-)[\w.\-/]+){1,6})")
_ADDRESS = re.compile(
    r"https?://(?:huggingface\.co|hf\.co)/((?:datasets/)?[\w.\-]+/[\w.\-]+)/(?:resolve|raw|blob)/main/([^\s\"'`)>\]?#]{1,200})"
)
_FILE_KEYS = frozenset({"filename", "weight_name", "model_file", "gguf_file", "variant_file", "ckpt_name"})
_OPEN = re.compile(r"[{}<>$*\[\]]|\.\.\.|(?i:your|path[_/]|example|xxx)")
_TRUST = re.compile(r"(?i)trust[_-]?remote[_-]?code|(?:custom|remote) (?:model(?:l?ing)? )?code|remote code")
_TEMPLATED = re.compile(r"apply_chat_template\s*\(")
_AUTOMATIC = re.compile(r"\b(AutoModel(?:For\w{1,60})?)\.from_pretrained\(")
_LOADS = ("from_pretrained(", "pipeline(", "AutoModel", "vllm serve", "LLM(", "sglang")


class Named(NamedTuple):
    """A file or folder of this repository that code names, and where."""

    path: str
    folder: bool
    place: Piece


def missing_file(card: Card, repo: Repo, facts: dict[str, object]) -> Iterator[Problem | NotChecked]:
    """Files and folders of this repository that code loads by name and that are not there; one problem a card."""
    own = str(facts["id"] or "").lower()
    if not own:
        return
    lost: list[Named] = []
    for block in card.outline.blocks:
        if block.kind == "code":
            lost += [named for named in _named(card, block, own) if not _there(repo, named)]
    if not lost:
        return
    first = lost[0]
    names = list(dict.fromkeys(quoted(each.path) for each in lost))
    what = "folder" if first.folder else "file"
    message = f"the code loads the {what} {names[0]}, which is not in the repository"
    if len(names) > 1:
        message = f"the code loads {len(names)} files that are not in the repository: {listed(names)}"
    related = tuple(Related(each.place, "this one is missing too") for each in lost[1:10])
    yield Problem(first.place, message, value=first.path, related=related)


def _there(repo: Repo, named: Named) -> bool:
    path = named.path.strip("/")
    # Libraries of games add the ending of their archives.
    return path in repo.names or repo.has(path) or f"{path}.zip" in repo.names


def _named(card: Card, block: Block, own: str) -> Iterator[Named]:
    text = block.text
    place = card.outline.place
    data = card.kind == "dataset"
    if own not in text.lower():
        return
    for call in _ARGUMENTS.finditer(text):
        strings = list(_KEYED.finditer(call[1]))
        if not strings or strings[0][2].lower() != own or ("repo_type" in call[1]) != data or "revision" in call[1]:
            continue
        subfolder = next((each for each in strings if each[1] == "subfolder"), None)
        download = call[0].startswith(("hf_hub", "try_to", "load_from_hub"))
        for number, each in enumerate(strings[1:], 1):
            is_file = each[1] in _FILE_KEYS or (download and number == 1 and each[1] is None)
            if not (is_file or each is subfolder) or _OPEN.search(each[2]):
                continue
            path = f"{subfolder[2].strip('/')}/{each[2]}" if is_file and subfolder and subfolder is not each else each[2]
            start = call.start(1) + each.start(2)
            yield Named(path, each is subfolder, place(block, start, start + len(each[2])))
    for command in _COMMAND.finditer(text):
        if command[1].lower() == own and ("--repo-type" in text) == data and "--revision" not in text:
            for word in re.finditer(r"[\w.\-/]+", command[2]):
                if "." in word[0] and not _OPEN.search(word[0]):
                    start = command.start(2) + word.start()
                    yield Named(word[0], folder=False, place=place(block, start, start + len(word[0])))
    for address in _ADDRESS.finditer(text):
        if address[1].lower() == (f"datasets/{own}" if data else own) and not _OPEN.search(address[2]):
            yield Named(unquote(address[2].rstrip(".,;\\")), folder=False, place=place(block, *address.span(2)))


def undeclared_remote_code(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A model that needs code of its repository, in a card that never says so."""
    config = repo.config.value
    if config is None:
        yield from unread(repo.config)
        return
    here = [name for name in config.custom_code if "--" in name or f"{name.rpartition('.')[0]}.py" in repo.names]
    if not here or (config.model_type and architectures.known_model_type(config.model_type)):
        return
    if _TRUST.search(card.text):
        return
    files = sorted(name.partition("--")[2] or name for name in here)
    message = f"config.json runs code of the repository ({files[0].rpartition('.')[0]}.py), the card does not mention it"
    loads = next((block for block in card.outline.blocks if block.kind == "code" and any(word in block.text for word in _LOADS)), None)
    yield Problem(loads or TOP, message, value="auto_map")


def missing_code(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Python files that `auto_map` names and that are not there."""
    config = repo.config.value
    if config is None:
        yield from unread(repo.config)
        return
    lost = sorted({f"{name.rpartition('.')[0]}.py" for name in config.custom_code if "--" not in name and "." in name} - repo.names)
    if not lost:
        return
    known = bool(config.model_type and architectures.known_model_type(config.model_type))
    if known and "trust_remote_code" not in card.text:
        return
    yield Problem(TOP, f"config.json runs {lacking(lost)}", value=lost[0])


def unknown_model_type(card: Card, repo: Repo, facts: dict[str, object]) -> Iterator[Problem | NotChecked]:
    """Code that loads this repository by an automatic class of transformers, which does not know its kind and finds no code."""
    own = str(facts["id"] or "").lower()
    found = next(_automatic(card, own), None) if own else None
    if found is None:
        return
    config = repo.config.value
    if config is None:
        yield from unread(repo.config)
        return
    kind = config.model_type
    if (
        kind is None
        or config.custom_code
        or architectures.known_model_type(kind)
        or kind in data.words("artifact_words", "retired_model_types")
    ):
        return
    if any(path.startswith("modeling_") and path.endswith(".py") for path in repo.names):
        return
    if architectures.is_later(config.transformers_version):
        yield NotChecked("the configuration is of a later transformers than the kinds known here")
        return
    load, name = found
    yield Problem(load, f"{name} does not know model_type {quoted(kind)}, and config.json names no code for it", value=kind)


def _automatic(card: Card, own: str) -> Iterator[tuple[Claim, str]]:
    """Loads of this repository in blocks that load nothing else, with the automatic class that they use."""
    for block in card.outline.blocks:
        if block.kind != "code" or own not in block.text.lower():
            continue
        loads = [load for load in card.claims.code_loads if block.start <= load.start < block.end]
        name = _AUTOMATIC.search(block.text)
        if name and loads and {load.value.lower() for load in loads} == {own}:
            yield loads[0], name[1]


def no_template(card: Card, repo: Repo, facts: dict[str, object]) -> Iterator[Problem | NotChecked]:
    """Code that formats a chat with this repository's tokenizer, which has no template."""
    block = next((block for block in card.outline.blocks if block.kind == "code" and _TEMPLATED.search(block.text)), None)
    if block is None:
        return
    own = str(facts["id"] or "").lower()
    if not own or own not in block.text.lower() or "chat_template=" in block.text or "chat_template =" in block.text:
        return
    others = [load.value.lower() for load in card.claims.code_loads if block.start <= load.start < block.end]
    if any(value != own for value in others):
        return
    tokenizer = repo.tokenizer.value
    if tokenizer is None or tokenizer.chat_template is not None or tokenizer.custom_code:
        return
    if tokenizer.unread or any("chat_template" in name for name in repo.names):
        yield from unread(*tokenizer.unread)
        return
    match = _TEMPLATED.search(block.text)
    at = card.outline.place(block, *match.span()) if match else block
    yield Problem(at, "the code formats a chat, but the tokenizer has no chat template", value="chat_template")
