"""Models and data that the code of a card loads: calls, assignments, commands and downloads, read by a tolerant scan."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cardlint.card.claims.claim import Claim
from cardlint.card.claims.repoids import is_repo_id
from cardlint.patterns import ALPHANUMERIC, Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.outline import Block, Outline

# A quoted string with the word and the sign before it, and the argument that may stand between them.
_QUOTED = Pattern(
    r"""([A-Za-z_][\w.]*)(["']?\s*[(=:]\s*)((?:[\w.]+|["'][\w\- ]+["'])\s*,\s*)?(?:(\w+)\s*=\s*)?[rfbuRFBU]?["']([^"'\n]{1,150})["']"""
)
# The same from the sign up to the string, only to find the place; nothing is given back, for it could match no more.
_SIGN = Pattern(r"""[(=:]\s*+(?:(?:[\w.]++|["'][\w\- ]++["'])\s*+,\s*+)?(?:\w++\s*+=\s*+)?[rfbuRFBU]?["'][^"'\n]""", re.ASCII)
_QUOTES = ('"', "'")
_WORD_SIGNS = ALPHANUMERIC + "_"
_LOADING_STEMS = (
    "hub",
    "load",
    "transformer",
    "encoder",
    "llm",
    "llama",
    "model",
    "engine",
    "reranker",
    "embedding",
    "keybert",
    "reader",
    "tagger",
    "repo",
    "checkpoint",
    "ckpt",
    "pretrained",
    "tokenizer",
    "adapter",
    "peft",
    "lora",
    "weights",
    "base",
    "teacher",
    "student",
    "processor",
    "chkpt",
    "location",
    "quantized",
    "inferenceclient",
)
_LOADING_ENDS = ("name", "path", "_id", "loc")
_LOADING_TAILS = ("pipeline", "from_hparams")
# What commands load: behind a flag, or an address. The dash in front makes the search fast.
_FLAG = r"-(?<!\S-)(?=[\w-]*?(?:model|repo|lora|adapter|weights|hf|tokenizer|checkpoint))[\w-]*+[ =]++"
_ADDRESS = r"(?:huggingface\.co|hf\.co)/(?:models/)?|hf[-_]hub:|hf://|\b(?:hf|huggingface-cli) download |\bvllm serve "
_LOADED = r"""["']?([\w][\w.\-]*/[\w.\-]*\w|[\w][\w.\-]*)"""
_FLAGGED = Pattern(f"({_FLAG}){_LOADED}", re.ASCII)
_COMMAND = Pattern(f"({_FLAG}|{_ADDRESS}){_LOADED}", re.ASCII)
_ADDRESSES = ("huggingface.co/", "hf.co/", "hub:", "hf://", " download ", "vllm serve")
"""One of them stands in every text that holds an address."""
_CUES = (
    "from_",
    "ownload",
    "odel",
    "MODEL",
    "repo",
    "huggingface.co",
    "hf.co",
    "Transformer",
    "load",
    "serve",
    " -hf",
    "name",
    "pipeline",
    "Encoder",
    "LLM(",
    "InferenceClient(",
)

# "model = LAM("acme/lam-v1")": a class of the author's own.
_MADE = Pattern(r"""^\s*model = ([A-Z]\w*)\(["']([\w.-]+/[\w.-]+)["']""", re.MULTILINE)
_CALLS = Pattern(
    r"(?:from_pretrained(?:_fastai)?|from_quantized|InferenceClient|\w*_from_hub|from_hub|load_model|load|download|snapshot_download|hf_hub_download|cached_download|create_model"
    r"|pipeline|load_lora_weights|load_textual_inversion|load_adapter|from_hparams|get_model|get_peft_model|load_checkpoint"
    r"|\w*(?:SentenceTransformer|Encoder|LLM|Llama|Flag\w*Model|WhisperModel|ASREngine|Pipeline|Reranker|TextEmbedding|KeyBERT|Embeddings?"
    r"|FARMReader|SetFitModel|ClassificationModel|NERModel|Seq2SeqModel|SequenceTagger|TransformersModel))$"
)
_SINGLE_CALLS = Pattern(r"(?:from_pretrained|pipeline|SentenceTransformer|CrossEncoder|load_model|load)$")
_KEYS = Pattern(
    r"(?i)\w*(?:model|repo|checkpoint|ckpt|pretrained|tokenizer|adapter|peft|lora|weights|hub|base|teacher|student|processor|encoder)\w*$|path$|name$|source$"
    r"|\w*(?:_id|_name|_path)$"
)
_NOT_MODEL_KEYS = Pattern(r"(?i)\w*(?:data|file|image|audio|dir|prompt|output|save|subfolder|metric|task|url|type)\w*$")
_DATASET_CALLS = Pattern(r"(?:load_dataset|load_dataset_builder|DatasetDict|Dataset)$")
_REFERENCES = ("@article", "@inproceedings", "@misc", "@inproc", "@book", "@techreport", "@phdthesis", "@mastersthesis", "@software")
_TRAINING = ("--do_train", "--num_train", "--per_device_train", "train.py", "finetune")
_LONGEST_LINE = 300
_LONGEST_WORD = 100
_LONGEST_REMEMBERED = 4000
"""Characters of a code block up to which what it loads is remembered."""
_COMMENTS = ("#", "//")
_DOWNLOADS = (
    "clone",
    "wget",
    "curl",
    "ollama",
    "llama",
    "aria2",
    "request",
    "api-inference",
    "api_url",
    "vllm",
    "docker",
    "pip install",
    "load",
)


class Load(NamedTuple):
    """A string that code loads: where it stands in its block, the call or key before it, and whether it names data."""

    block: Block
    start: int
    end: int
    by: str
    dataset: bool
    single: bool

    @property
    def value(self) -> str:
        """The string as written."""
        return self.block.text[self.start : self.end]


_Found = tuple[int, int, str, bool, bool]
"""The fields of a `Load` behind its block."""


def read_loads(outline: Outline) -> tuple[Load, ...]:
    """Every string that the code blocks load, in order."""
    return tuple([Load(block, *found) for block in outline.blocks if block.kind == "code" for found in _loads_in(block.text)])


def _loads_in(text: str) -> tuple[_Found, ...]:
    return _loads_in_short(text) if len(text) <= _LONGEST_REMEMBERED else _read_loads_in(text)


def _read_loads_in(text: str) -> tuple[_Found, ...]:
    if text.startswith(_REFERENCES) or not any(cue in text for cue in _CUES):
        return ()
    found = [*_quoted(text), *_commands(text)]
    if "odel = " in text:
        known = {each[0] for each in found}
        found += [(*match.span(2), match.group(1), False, False) for match in _MADE.finditer(text) if match.start(2) not in known]
    found.sort()
    return tuple(found)


# Snippets that tools write stand in many cards.
_loads_in_short = lru_cache(2048)(_read_loads_in)


def placed(outline: Outline, loads: tuple[Load, ...]) -> tuple[Claim, ...]:
    """The claim of each loaded string."""
    place = outline.place
    return tuple([Claim(load.value, *place(load.block, load.start, load.end), load.by) for load in loads])


def as_ids(loads: tuple[Load, ...], claims: tuple[Claim, ...], *, dataset: bool) -> tuple[Claim, ...]:
    """The distinct Hub ids among loaded strings, models or datasets, each where it is loaded first; ``claims`` is as `placed`."""
    found: dict[str, Claim] = {}
    for load, claim in zip(loads, claims, strict=True):
        if load.dataset == dataset and claim.value not in found and is_repo_id(claim.value, single=load.single):
            found[claim.value] = claim
    return tuple(found.values())


def _quoted(text: str) -> Iterator[_Found]:
    last = 0
    for place in _places(text):
        match = _QUOTED.match(text, place) if place >= last else None
        if match is None:
            continue
        last = match.end()
        line = max(text.rfind("\n", 0, match.start()) + 1, match.start() - _LONGEST_LINE)
        if text[line : match.start()].lstrip().startswith(_COMMENTS):
            continue
        word, sign, before, key, value = match.groups()
        word = word.rsplit(".", 1)[-1]
        start, end = match.span(5)
        call = _call(word) if "(" in sign else None
        data = _data_repo(text, end)
        if call is not None and (call.loads_data or (data and call.loads)):
            yield start, end, word, True, True
            continue
        named = _names_model(key or word)
        if call is not None and call.loads and (named or not key) and (key or before or word != "pipeline"):
            yield start, end, word, False, call.single
            continue
        loaded = "=" in sign and f"from_pretrained({word}" in text
        if loaded or (named and (key or call is None)):
            single = (key or word) in ("model", "tokenizer") and "pipeline(" in text[max(0, match.start() - 150) : start]
            if single or loaded or "/" in value:
                yield start, end, key or word, data, single or loaded


def _places(text: str) -> Iterator[int]:
    """Where words begin that can load the string behind them."""
    floor = at = 0
    while sign := _SIGN.search(text, at):
        start = sign.start()
        before = text[max(floor, start - 2 * _LONGEST_WORD) : start]
        word = before.rstrip()
        if word.endswith(_QUOTES):
            word = word[:-1]
        lead = _loading(word[len(word.rstrip(_WORD_SIGNS)) :])
        if lead:
            yield start - len(before) + len(word) - lead
            floor = at = sign.end()
        else:
            at = start + 1


# The same words stand in all code.
@lru_cache(2048)
def _loading(word: str) -> int:
    """How many characters at the end of a word, all of it or a known tail, are the name of something that can load; 0 where none."""
    low = word.lower()
    if low.endswith(_LOADING_ENDS) or any(stem in low for stem in _LOADING_STEMS):
        return len(word)
    at = low.find("dataset")
    if at >= 0:
        return len(word) - at
    return next((len(tail) for tail in _LOADING_TAILS if low.endswith(tail)), 0)


class _Call(NamedTuple):
    """What a function loads, by its name: a model, data, and whether an id without an owner is one there."""

    loads: bool
    loads_data: bool
    single: bool


_NO_CALL = _Call(loads=False, loads_data=False, single=False)


def _call(word: str) -> _Call:
    return _short_call(word) if len(word) <= _LONGEST_WORD else _NO_CALL


# The same few names stand in all code.
@lru_cache(1024)
def _short_call(word: str) -> _Call:
    return _Call(bool(_CALLS.match(word)), bool(_DATASET_CALLS.match(word)), bool(_SINGLE_CALLS.search(word)))


def _names_model(key: str) -> bool:
    """Whether a variable or an argument is called so that its value is a model."""
    return len(key) <= _LONGEST_WORD and _short_names_model(key)


@lru_cache(2048)
def _short_names_model(key: str) -> bool:
    return bool(_KEYS.match(key)) and not _NOT_MODEL_KEYS.match(key)


def _data_repo(text: str, end: int) -> bool:
    """Whether the call that goes on at ``end`` says that it downloads a dataset."""
    if text.find("repo_type", end, end + 120) < 0:
        return False
    rest = text[end : end + 120].split(")", 1)[0]
    return "repo_type" in rest and "dataset" in rest


def _commands(text: str) -> Iterator[_Found]:
    addressed = any(address in text for address in _ADDRESSES)
    low = ""
    training = False
    for match in (_COMMAND if addressed else _FLAGGED).finditer(text):
        lead, value = match.groups()
        if "/" not in value:
            continue
        if not low:
            low = text.lower()
            training = any(word in low for word in _TRAINING)
        start, end = match.span(2)
        flag = lead.startswith("-")
        line = low[max(low.rfind("\n", 0, start) + 1, start - _LONGEST_LINE) : end + _LONGEST_LINE].split("\n", 1)[0]
        if flag and (training or _NOT_MODEL_KEYS.match(lead.strip(" -=\n\t").replace("-", "_"))):
            continue
        if not flag and lead.endswith("/") and not any(word in line for word in _DOWNLOADS):
            continue
        if value.endswith(".git"):
            end -= 4
        yield start, end, lead.strip(), "dataset" in line and "repo-type" in line, False
