"""Which strings in code can be the id of a repository: no file, no path of a machine, no word that is to be filled in."""

from __future__ import annotations

import re
from functools import lru_cache

from cardlint.patterns import Pattern

_ID = Pattern(r"[A-Za-z0-9][\w.\-]{0,95}(?:/[A-Za-z0-9_][\w.\-]{0,95})?$", re.ASCII)
_FILE = Pattern(
    r"(?i)\.(?:py|json|jsonl|pt|pth|bin|onnx|ckpt|safetensors|wav|mp3|flac|mp4|png|jpe?g|gif|csv|tsv|txt|zip|tar|gz|ya?ml|md|html?|h5|pkl|sh"
    r"|gguf|ggml|ipynb|parquet|nemo|model|cfg|toml|git|com|org|net"
    r"|joblib|pickle|npz|npy|keras|tflite|mlmodel|mlpackage|engine|trt|dill|msgpack|skops|cbm|ubj|safetensors\.index)$"
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
_LONGEST_ID = 193


def is_repo_id(value: str, *, single: bool = False) -> bool:
    """Whether a loaded string can be a Hub id: ``owner/name``, or a bare name where ``single`` allows one."""
    return (single or "/" in value) and len(value) <= _LONGEST_ID and _is_id(value)


# What is loaded is asked for by several rules.
@lru_cache(1024)
def _is_id(value: str) -> bool:
    owner, slash, name = value.partition("/")
    if not _ID.match(value) or _FILE.search(value) or _UNFILLED.search(value):
        return False
    if not slash:
        return len(value) > 3 and not value.isdigit() and value.lower() not in _PATH_HEADS
    return owner.lower() not in _PATH_HEADS and not name.isdigit()
