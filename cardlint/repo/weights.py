"""The weight files of a repository: which there are, in which formats, whole or not, and what their headers say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.repo import signatures
from cardlint.repo.config import read_config
from cardlint.repo.gguf import read_gguf
from cardlint.repo.jsonfile import mapping, read_object, whole_number
from cardlint.repo.parameters import count
from cardlint.repo.safetensors import read_header
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from typing import Any

    from cardlint.repo.answer import Answer, State
    from cardlint.repo.config import Quantization
    from cardlint.repo.gguf import Gguf
    from cardlint.repo.repo import Repo

MAX_HEADERS = 2_000
"""Weight files of one repository that are opened; the largest published model has about 1,000 shards."""
MAX_INDEX = 25_000_000
"""Bytes of an index of shards."""
_SHARD = re.compile(r"(?P<base>.*?)[-_](?P<number>\d{5,6})-of-(?P<total>\d{5,6})(?P<rest>\.\w+(?:\.\w+)?)")
_NAMES = ("model", "pytorch_model", "diffusion_pytorch_model", "tf_model", "flax_model", "adapter_model")
_FORMATS = ("safetensors", "gguf", "pytorch")
_FOLDERS = ("", "transformer", "unet", "prior", "0_Transformer")


class WeightFile(NamedTuple):
    """A weight file. ``size`` is that of the content, None where only a pointer's listing is known; ``content`` is what its
    first bytes are (`signatures.content`), None where it is not here or they tell nothing.
    """

    path: str
    format: str
    role: signatures.Role
    size: int | None
    content: str | None
    pickle: bool


class Index(NamedTuple):
    """An index of shards: the files it names, the tensors' bytes that it claims, its number of tensors."""

    files: tuple[str, ...]
    total_size: int | None
    tensors: int


class Checkpoint(NamedTuple):
    """Files that make up one set of weights.

    ``path`` is the file, or the first shard; ``listing`` is its index. ``missing`` are shards that names or the index promise
    and the repository lacks. ``state`` is ``ok`` only where every header was read; ``dtypes`` counts elements by dtype, ``parameters``
    counts what the hub counts; both speak of safetensors and GGUF alone. ``bytes`` is the size of the files together.
    """

    path: str
    name: str
    format: str
    files: tuple[str, ...]
    missing: tuple[str, ...]
    bytes: int | None
    listing: Answer[Index] | None
    state: State
    reason: str
    dtypes: dict[str, int]
    parameters: int | None
    metadata: dict[str, str]

    @property
    def folder(self) -> str:
        """The folder in the repository, empty at its top."""
        return self.path.rpartition("/")[0]

    @property
    def adapter(self) -> bool:
        """Whether these are an adapter's weights."""
        return self.name.startswith(("adapter_model", "pytorch_lora_weights", "pytorch_adapter"))


class Weights(NamedTuple):
    """All weight files; ``gguf`` are the headers of GGUF files by path, ``main`` is the set that hubs show the size of."""

    files: tuple[WeightFile, ...]
    checkpoints: tuple[Checkpoint, ...]
    gguf: dict[str, Answer[Gguf]]

    @property
    def main(self) -> Checkpoint | None:
        """The weights that loaders take first: under a usual name, at the top or in the denoiser's folder, safetensors before others.

        Weights under other names count where they are the only ones.
        """
        here = [each for each in self.checkpoints if each.folder in _FOLDERS]
        usual = [each for each in here if each.name in _NAMES or (each.format == "gguf" and "mmproj" not in each.name.lower())]
        return min(usual, key=_rank, default=here[0] if len(here) == 1 else None)

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats of weights proper, sorted; MLX where the header says so."""
        found = {file.format for file in self.files if file.role == "weights"}
        if any(each.metadata.get("format") == "mlx" for each in self.checkpoints):
            found.add("mlx")
        return tuple(sorted(found))

    @property
    def pickles(self) -> tuple[str, ...]:
        """Paths of files in formats that run code when they are loaded."""
        return tuple(file.path for file in self.files if file.pickle)


class _Key(NamedTuple):
    folder: str
    base: str
    rest: str
    total: str


def read_weights(repo: Repo) -> Weights:
    """The weights of a repository: one read of 512 bytes a file, and the headers of safetensors and GGUF."""
    files = _files(repo)
    groups: dict[_Key, list[WeightFile]] = {}
    for file in files:
        if file.role == "weights":
            groups.setdefault(_key(file.path), []).append(file)
    gguf: dict[str, Answer[Gguf]] = {}
    checkpoints = tuple(_Reading(repo, key, members, gguf).checkpoint() for key, members in groups.items())
    return Weights(files, checkpoints, gguf)


def _files(repo: Repo) -> tuple[WeightFile, ...]:
    found: list[WeightFile] = []
    for name in sorted(repo.names):
        form = signatures.format_of(name)
        if form is not None:
            head = repo.read_range(name, 0, signatures.HEAD) if len(found) < MAX_HEADERS else None
            kind = signatures.content(head) if head is not None else None
            fits = form.name if form.name != "bin" else _BINARIES.get(kind or "", "bin")
            size = repo.size(name)
            if head is None and repo.pointer(name) is None and size is not None and size < 1024:
                size = None  # a listing that counts the bytes of a pointer
            found.append(WeightFile(name, fits, form.role, size, kind, signatures.may_pickle(fits)))
    return tuple(found)


_BINARIES = {"zip": "pytorch", "pickle": "pytorch", "ggml": "ggml", "gguf": "gguf", "fasttext": "fasttext"}


def _key(path: str) -> _Key:
    folder, _, name = path.rpartition("/")
    shard = _SHARD.fullmatch(name)
    if shard:
        return _Key(folder, shard["base"], shard["rest"], shard["total"])
    base, _, rest = name.rpartition(".")
    return _Key(folder, base, f".{rest}", "")


def _rank(each: Checkpoint) -> tuple[bool, int, int, int, str]:
    name = _NAMES.index(each.name) if each.name in _NAMES else len(_NAMES)
    form = _FORMATS.index(each.format) if each.format in _FORMATS else len(_FORMATS)
    return (each.adapter, form, _FOLDERS.index(each.folder), name, each.path)


class _Reading:
    """One set of weights while it is read."""

    def __init__(self, repo: Repo, key: _Key, members: list[WeightFile], gguf: dict[str, Answer[Gguf]]) -> None:
        self.repo, self.key, self.members, self.gguf = repo, key, members, gguf
        self.state: State = "ok"
        self.reason = ""
        self.dtypes: dict[str, int] = {}
        self.metadata: dict[str, str] = {}
        self.parameters = 0

    def checkpoint(self) -> Checkpoint:
        members, folder = self.members, self.key.folder
        form = members[0].format
        index = self._index()
        named = self._shards() | {f"{folder}/{name}".lstrip("/") for name in (index.value.files if index and index.value else ())}
        present = tuple(file.path for file in members)
        missing = tuple(sorted(named - self.repo.names))
        if form == "safetensors":
            self._safetensors(present)
        elif form == "gguf":
            self._gguf(present)
        else:
            self._fail("not-here" if members[0].content is None else "unreadable", f"headers of {form} are not read")
        if missing:
            self._fail("absent", f"{missing[0]} is missing")
        sizes = [file.size for file in members]
        known = self.state == "ok"
        return Checkpoint(
            path=present[0],
            name=self.key.base,
            format=form,
            files=present,
            missing=missing,
            bytes=sum(size for size in sizes if size is not None) if None not in sizes else None,
            listing=index,
            state=self.state,
            reason=self.reason,
            dtypes=self.dtypes,
            parameters=self.parameters if known else None,
            metadata=self.metadata,
        )

    def _fail(self, state: State, reason: str) -> None:
        if self.state == "ok":
            self.state, self.reason = state, reason

    def _shards(self) -> set[str]:
        """The names that the shards' own numbers promise."""
        if not self.key.total or not 0 < int(self.key.total) <= MAX_HEADERS:
            return set()
        name = self.members[0].path
        shard = _SHARD.search(name.rpartition("/")[2])
        if shard is None:
            return set()
        folder = f"{self.key.folder}/" if self.key.folder else ""
        start, end = shard.span("number")
        name, wide = name.removeprefix(folder), end - start
        numbers = {int(found["number"]) for file in self.members if (found := _SHARD.fullmatch(file.path.rpartition("/")[2]))}
        first = 0 if 0 in numbers else 1
        return {f"{folder}{name[:start]}{number:0{wide}}{name[end:]}" for number in range(first, first + int(self.key.total))}

    def _index(self) -> Answer[Index] | None:
        folder = f"{self.key.folder}/" if self.key.folder else ""
        base, _, variant = self.key.base.partition(".")
        names = (f"{self.key.base}{self.key.rest}.index.json", f"{base}{self.key.rest}.index.{variant}.json")
        path = next((folder + name for name in names if folder + name in self.repo.names), None)
        return read_object(self.repo, path, _index, MAX_INDEX) if path else None

    def _quantization(self) -> Quantization | None:
        folder = self.key.folder
        config = self.repo.config if not folder else read_config(self.repo, f"{folder}/config.json")
        return config.value.quantization if config.value else None

    def _safetensors(self, paths: tuple[str, ...]) -> None:
        quantization = self._quantization()
        for path in paths[:MAX_HEADERS]:
            answer = read_header(self.repo, path)
            if answer.value is None:
                self._fail(answer.state, f"{path}: {answer.reason}")
                continue
            for _, dtype, elements in answer.value.tensors:
                self.dtypes[dtype] = self.dtypes.get(dtype, 0) + elements
            self.parameters += count(answer.value.tensors, quantization)
            self.metadata = self.metadata or answer.value.metadata

    def _gguf(self, paths: tuple[str, ...]) -> None:
        for path in paths[:MAX_HEADERS]:
            answer = self.gguf[path] = read_gguf(self.repo, path)
            if answer.value is None:
                self._fail(answer.state, f"{path}: {answer.reason}")
                continue
            for dtype, elements in answer.value.dtypes.items():
                self.dtypes[dtype] = self.dtypes.get(dtype, 0) + elements
            self.parameters += answer.value.parameters


def _index(data: dict[str, Any]) -> Index:
    metadata = mapping(data.get("metadata"))
    weight_map = mapping(data.get("weight_map"))
    files = sorted({name for name in weight_map.values() if type(name) is str})
    return Index(tuple(files), whole_number(metadata.get("total_size")), len(weight_map))
