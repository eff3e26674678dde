"""The tokenizer's files together: class, vocabulary, special tokens, chat template, and whether the set is complete."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.repo.answer import Answer, Unreadable
from cardlint.repo.jsonfile import mapping, parse, read_object, text, whole_number
from cardlint.repo.tokenizer_json import MAX_TOKENIZER, TokenizerJson, scan
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo

MAX_TEMPLATE = 1_000_000
"""Bytes of a ``chat_template.jinja``; long ones have about 20,000."""
MAX_VOCABULARY = 16_000_000
"""Bytes of a ``vocab.txt`` or ``vocab.json``."""

_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.txt",
    "vocab.json",
    "merges.txt",
    "spiece.model",
    "tokenizer.model",
    "sentencepiece.bpe.model",
    "sentencepiece.model",
    "spm.model",
    "source.spm",
    "target.spm",
    "bpe.codes",
    "qwen.tiktoken",
    "tekken.json",
    "tokenizer.tiktoken",
    "chat_template.jinja",
    "chat_template.json",
)
_SPECIAL = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


class Tokenizer(NamedTuple):
    """What the tokenizer's files say.

    ``files`` are those present, of any kind. ``class_name`` is as ``tokenizer_config.json`` writes it. ``size`` counts the
    words with the added tokens, None where no file here tells. ``missing`` lists what the class needs and the listing
    lacks, and ``complete`` is None where the class is not known. ``chat_template`` is the (first) template's text;
    ``unread`` holds the answers of files that are listed and could not be read.
    """

    files: tuple[str, ...]
    class_name: str | None
    model_type: str | None
    size: int | None
    max_length: int | None
    special: dict[str, str]
    added: tuple[str, ...]
    chat_template: str | None
    custom_code: bool
    complete: bool | None
    missing: tuple[str, ...]
    unread: tuple[Answer[Any], ...]


def read_tokenizer(repo: Repo) -> Answer[Tokenizer]:
    """The tokenizer of a repository; absent where it has none of the known files."""
    files = tuple(name for name in _FILES if name in repo.names)
    if not files or set(files) <= {"merges.txt", "added_tokens.json"}:
        return Answer("absent", "tokenizer_config.json")
    return Answer("ok", files[0], _Reading(repo, files).tokenizer())


class _Reading:
    """The files while they are read."""

    def __init__(self, repo: Repo, files: tuple[str, ...]) -> None:
        self.repo, self.files = repo, files
        self.unread: list[Answer[Any]] = []

    def tokenizer(self) -> Tokenizer:
        config = self.object("tokenizer_config.json")
        whole = self.scan()
        name = text(config.get("tokenizer_class"))
        complete, missing = self.companions(name)
        added = whole.added if whole else tuple(self.object("added_tokens.json"))
        return Tokenizer(
            files=self.files,
            class_name=name,
            model_type=whole.type if whole else None,
            size=whole.size if whole else self.words(len(added)),
            max_length=whole_number(config.get("model_max_length")),
            special=self.special(config),
            added=added,
            chat_template=self.template(config),
            custom_code="auto_map" in config,
            complete=complete,
            missing=missing,
            unread=tuple(self.unread),
        )

    def whole(self, name: str, limit: int) -> bytes | None:
        if name not in self.files:
            return None
        answer = self.repo.whole(name, limit)
        if not answer.ok:
            self.unread.append(answer)
        return answer.value

    def object(self, name: str) -> dict[str, Any]:
        answer = read_object(self.repo, name, dict)
        if answer.state in ("not-here", "unreadable"):
            self.unread.append(answer)
        return answer.value or {}

    def scan(self) -> TokenizerJson | None:
        content = self.whole("tokenizer.json", MAX_TOKENIZER)
        if content is None:
            return None
        try:
            return scan(content)
        except Unreadable as error:
            self.unread.append(Answer("unreadable", "tokenizer.json", reason=str(error)))
            return None

    def words(self, added: int) -> int | None:
        """The size by the files of slow tokenizers."""
        if "tokenizer.json" in self.files:
            return None
        lines = self.whole("vocab.txt", MAX_VOCABULARY)
        if lines is not None:
            return lines.count(b"\n") + (not lines.endswith(b"\n") and bool(lines)) + added
        listed = self.whole("vocab.json", MAX_VOCABULARY)
        if listed is None:
            return None
        try:
            return len(mapping(parse(listed))) + added or None
        except Unreadable as error:
            self.unread.append(Answer("unreadable", "vocab.json", reason=str(error)))
            return None

    def special(self, config: dict[str, Any]) -> dict[str, str]:
        listed = self.object("special_tokens_map.json")
        found = {}
        for name in _SPECIAL:
            token = config.get(name, listed.get(name))
            content = text(token) or text(mapping(token).get("content"))
            if content:
                found[name] = content
        return found

    def template(self, config: dict[str, Any]) -> str | None:
        own = self.whole("chat_template.jinja", MAX_TEMPLATE)
        if own is not None:
            return own.decode("utf-8", "replace") or None
        value = config.get("chat_template")
        if value is None:
            value = self.object("chat_template.json").get("chat_template")
        if type(value) is list:
            value = next((mapping(item).get("template") for item in value), None)
        return text(value)

    def companions(self, name: str | None) -> tuple[bool | None, tuple[str, ...]]:
        """Whether the tokenizer's class finds all it needs: ``tokenizer.json`` alone, or the files of its slow form."""
        if "tokenizer.json" in self.files:
            return True, ()
        table = data.vocabulary("artifact_signatures")
        config = self.repo.config.value
        name = name or (table["model_types"].get(config.model_type) if config else None)
        if name is None:
            return None, ()
        if name in table["tokenizer_fast_only"] or name == "PreTrainedTokenizerFast":
            return False, ("tokenizer.json",)
        needed = table["tokenizer_classes"].get(name.removesuffix("Fast"))
        if needed is None:
            return None, ()
        missing = tuple(file for file in needed if not self.holds(table["tokenizer_alternatives"].get(file, [file])))
        return not missing, missing

    def holds(self, patterns: list[str]) -> bool:
        return any(fnmatchcase(file, pattern) for file in self.files for pattern in patterns)
