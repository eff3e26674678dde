"""Models and data that the code of a card loads: calls, assignments, commands and downloads, read by a tolerant scan."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import re2

from cardlint.card.claims.claim import Claim
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.outline import Block, Outline

# A quoted string with the word and the sign before it, and the argument that may stand between them.
_QUOTED = (
    r"""([A-Za-z_][\w.]*)(["']?\s*[(=:]\s*)((?:[\w.]+|["'][\w\- ]+["'])\s*,\s*)?(?:(\w+)\s*=\s*)?[rfbuRFBU]?["']([^"'\n]{1,150})["']"""
)
# The same up to the string, only to find the place: without groups, and only behind words that can load something. What
# follows is left out, since a bounded repeat would make the automaton slow.
_PLACE = (
    r"""(?i)(?:from_pretrained|\w*hub\w*|pipeline|\w*load\w*|create_model|from_hparams|get_\w*model|dataset\w*|\w*(?:transformer|encoder|llm|llama|model|engine|reranker|embedding\w*"""
    r"""|keybert|reader|tagger|repo|checkpoint|ckpt|pretrained|tokenizer|adapter|peft|lora|weights|base|teacher|student|processor)\w*|\w*(?:name|path|_id))"""
    r"""["']?\s*[(=:]\s*(?:(?:[\w.]+|["'][\w\- ]+["'])\s*,\s*)?(?:\w+\s*=\s*)?[rfbu]?["'][^"'\n]"""
)
_COMMAND = (
    r"""((?:huggingface\.co|hf\.co)/(?:models/)?|hf[-_]hub:|hf://|\b(?:hf|huggingface-cli) download |\bvllm serve """
    r"""|(?:^|\s)--?[\w-]*(?:model|repo|lora|adapter|weights|hf|tokenizer|checkpoint)[\w-]*[ =]+)["']?"""
    r"""([\w][\w.\-]*/[\w.\-]*\w|[\w][\w.\-]*)"""
)
_CUES = (
    "from_",
    "ownload",
    "odel",
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
)

_ADDRESSES = ("huggingface.co/", "hf.co/", "hub:", "hf://", " download ", "vllm serve")
_FLAG_WORDS = ("model", "repo", "lora", "adapter", "weights", "hf", "tokenizer", "checkpoint")

_CALLS = Pattern(
    r"(?:from_pretrained|\w*_from_hub|from_hub|load_model|load|download|snapshot_download|hf_hub_download|cached_download|create_model"
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
_OFFLINE_PATH = Pattern(r"(?i)^(?:[./~\\]|[a-z]:[\\/])")
_ID = Pattern(r"[A-Za-z0-9][\w.\-]{0,95}(?:/[A-Za-z0-9_][\w.\-]{0,95})?$", re.ASCII)
_FILE = Pattern(
    r"(?i)\.(?:py|json|jsonl|pt|pth|bin|onnx|ckpt|safetensors|wav|mp3|flac|mp4|png|jpe?g|gif|csv|tsv|txt|zip|tar|gz|ya?ml|md|html?|h5|pkl|sh"
    r"|gguf|ggml|ipynb|parquet|nemo|model|cfg|toml|git|com|org|net)$"
)
_PATH_HEADS = frozenset(
    [
        "application",
        "audio",
        "checkpoint",
        "checkpoints",
        "ckpt",
        "ckpts",
        "content",
        "data",
        "dataset",
        "datasets",
        "docs",
        "dist",
        "experiments",
        "files",
        "home",
        "image",
        "images",
        "logs",
        "mnt",
        "model",
        "models",
        "opt",
        "out",
        "output",
        "outputs",
        "path",
        "pretrained",
        "results",
        "root",
        "runs",
        "samples",
        "saved",
        "saved_model",
        "saved_models",
        "scripts",
        "spaces",
        "src",
        "test",
        "text",
        "tmp",
        "train",
        "usr",
        "user",
        "users",
        "var",
        "video",
        "weights",
        "workspace",
        "api",
        "resolve",
        "collections",
        "papers",
        "blog",
        "login",
        "settings",
        "tasks",
        "username",
        "org",
        "organization",
        "org-name",
        "your-username",
    ]
)
_UNFILLED = Pattern(
    r"(?i)[{}<>$\[\]\s]|your[-_ ]?\w|path[-_/ ]to|^none$|^unknown$|^x+$|xxx|^todo|model[-_]name$|"
    r"model[-_]id$|_model_id$|repo[-_]name|^my[-_]"
)
_REFERENCES = ("@article", "@inproceedings", "@misc", "@inproc", "@book", "@techreport", "@phdthesis", "@mastersthesis", "@software")
_LONGEST_LINE = 300
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


@cache
def _patterns() -> tuple[re2._Regexp[str], re.Pattern[str], re2._Regexp[str]]:
    return re2.compile(_PLACE), re.compile(_QUOTED), re2.compile(_COMMAND)


def read_loads(outline: Outline) -> tuple[Load, ...]:
    """Every string that the code blocks load, in order."""
    return tuple([Load(block, *found) for block in outline.blocks if block.kind == "code" for found in _loads_in(block.text)])


# Snippets that tools write stand in many cards.
@lru_cache(2048)
def _loads_in(text: str) -> tuple[_Found, ...]:
    if text.startswith(_REFERENCES) or not any(cue in text for cue in _CUES):
        return ()
    found = [*_quoted(text), *_commands(text)]
    found.sort()
    return tuple(found)


def is_repo_id(value: str, *, single: bool = False) -> bool:
    """Whether a loaded string can be a Hub id: ``owner/name``, or a bare name where ``single`` allows one."""
    owner, slash, name = value.partition("/")
    if not (slash or single) or not _ID.match(value) or _FILE.search(value) or _UNFILLED.search(value):
        return False
    if not slash:
        return len(value) > 2 and not value.isdigit() and value.lower() not in _PATH_HEADS
    return owner.lower() not in _PATH_HEADS and not name.isdigit()


def as_ids(outline: Outline, loads: tuple[Load, ...], *, dataset: bool) -> tuple[Claim, ...]:
    """The distinct Hub ids among loaded strings, models or datasets, each where it is loaded first."""
    found: dict[str, Claim] = {}
    for load in loads:
        value = load.value
        if load.dataset == dataset and value not in found and is_repo_id(value, single=load.single):
            found[value] = Claim(value, *outline.place(load.block, load.start, load.end), load.by)
    return tuple(found.values())


def _quoted(text: str) -> Iterator[_Found]:
    if '"' not in text and "'" not in text:
        return
    place, quoted, _ = _patterns()
    last = 0
    for found in place.finditer(text):
        match = quoted.match(text, found.start()) if found.start() >= last else None
        if match is None:
            continue
        last = match.end()
        line = max(text.rfind("\n", 0, match.start()) + 1, match.start() - _LONGEST_LINE)
        if text[line : match.start()].lstrip().startswith(_COMMENTS):
            continue
        word, sign, before, key, value = match.groups()
        word = word.rsplit(".", 1)[-1]
        start, end = match.span(5)
        call = "(" in sign
        loaded = "=" in sign and f"from_pretrained({word}" in text
        data = _data_repo(text, end)
        named = _KEYS.match(key or word) and not _NOT_MODEL_KEYS.match(key or word)
        if call and (_DATASET_CALLS.match(word) or (data and _CALLS.match(word))):
            yield start, end, word, True, True
        elif call and _CALLS.match(word) and (named or not key) and (key or before or word != "pipeline"):
            yield start, end, word, False, bool(_SINGLE_CALLS.search(word))
        elif loaded or (named and (key or not call)):
            single = (key or word) in ("model", "tokenizer") and "pipeline(" in text[max(0, match.start() - 150) : start]
            if single or loaded or "/" in value:
                yield start, end, key or word, data, single or loaded


def _data_repo(text: str, end: int) -> bool:
    """Whether the call that goes on at ``end`` says that it downloads a dataset."""
    rest = text[end : end + 120].split(")", 1)[0]
    return "repo_type" in rest and "dataset" in rest


def _commands(text: str) -> Iterator[_Found]:
    flagged = (" -" in text or "\n-" in text or text.startswith("-")) and any(word in text for word in _FLAG_WORDS)
    if not flagged and not any(cue in text for cue in _ADDRESSES):
        return
    low = text.lower()
    training = "--do_train" in low or "--num_train" in low or "--per_device_train" in low or "train.py" in low or "finetune" in low
    for match in _patterns()[2].finditer(text):
        lead, value = match.groups()
        start, end = match.span(2)
        flag = lead.lstrip().startswith("-")
        line = low[max(low.rfind("\n", 0, start) + 1, start - _LONGEST_LINE) : end + _LONGEST_LINE].split("\n", 1)[0]
        if flag and (training or _NOT_MODEL_KEYS.match(lead.strip(" -=\n\t").replace("-", "_"))):
            continue
        if not flag and lead.endswith("/") and not any(word in line for word in _DOWNLOADS):
            continue
        if "/" not in value or _OFFLINE_PATH.match(value):
            continue
        if value.endswith(".git"):
            end -= 4
        yield start, end, lead.strip(), "dataset" in line and "repo-type" in line, False
