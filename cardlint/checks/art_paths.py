"""Files that the front matter names: of widgets, of datasets, of spaces."""

from __future__ import annotations

import posixpath
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import re2

from cardlint.card.yamlreader import escape
from cardlint.checks.places import listed, quoted
from cardlint.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_ELSEWHERE = re.compile(r"(?i)[a-z][a-z0-9+.\-]*:|//")
_OWN = re.compile(r"https?://(?:huggingface\.co|hf\.co)/((?:datasets/|spaces/)?[\w.\-]+/[\w.\-]+)/(?:resolve|raw|blob)/main/([^?#]+)")
_WILD = {"*": "[^/]*", "?": "[^/]"}
_MOST_FILES = 20_000
_MOST_PATTERNS = 200
_MOST_CONFIGS = 500


def widget(card: Card, repo: Repo, facts: dict[str, object]) -> Iterator[Problem]:
    """Inputs and outputs of widget examples that are files of this repository and not there."""
    examples = card.front_matter.metadata.get("widget")
    own = str(facts["id"] or "").lower()
    for index, example in enumerate(examples if isinstance(examples, list) else ()):
        for at, url in _urls(example):
            path = _own_path(url, own)
            if path and path not in repo.names:
                yield Problem(
                    f"/metadata/widget/{index}{at}", f"the widget shows {quoted(path)}, which is not in the repository", value=path
                )
                return


def _urls(example: Any) -> Iterator[tuple[str, str]]:
    if isinstance(example, dict):
        output = example.get("output")
        for at, value in (("/src", example.get("src")), ("/output/url", output.get("url") if isinstance(output, dict) else None)):
            if isinstance(value, str):
                yield at, value.strip()


def _own_path(url: str, own: str) -> str | None:
    """The path in this repository that an address means, None where it leads elsewhere."""
    page = _OWN.match(url)
    if page:
        return posixpath.normpath(page[2]) if page[1].lower() == own else None
    return None if not url or _ELSEWHERE.match(url) or url.startswith("/") else posixpath.normpath(url)


def data_files(card: Card, repo: Repo) -> Iterator[Problem]:
    """Patterns of `data_files` that match no file."""
    configs = card.front_matter.metadata.get("configs")
    if not isinstance(configs, list) or len(repo.files) > _MOST_FILES:
        return
    for index, config in enumerate(configs[:_MOST_CONFIGS]):
        if not isinstance(config, dict):
            continue
        folder = config.get("data_dir")
        prefix = f"{folder.strip('/')}/" if isinstance(folder, str) and folder.strip("./") else ""
        patterns = islice(_patterns(config.get("data_files")), _MOST_PATTERNS)
        lost = [(at, each) for at, each in patterns if not _ELSEWHERE.match(each) and not _matches(repo, prefix, each)]
        if lost:
            at, pattern = lost[0]
            names = listed([quoted(each) for _, each in lost])
            yield Problem(
                f"/metadata/configs/{index}/data_files{at}", f"data_files names {names}, which matches no file here", value=pattern
            )
            return


def _patterns(value: Any) -> Iterator[tuple[str, str]]:
    """Texts of a `data_files`: a pattern, a list of them, a list of splits with `path`, a mapping of splits."""
    if isinstance(value, str):
        yield "", value
    elif isinstance(value, dict):
        yield from ((f"/{escape(key)}{at}", text) for key, item in value.items() for at, text in _patterns(item))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield from ((f"/{index}/path{at}", text) for at, text in _patterns(item.get("path")))
            else:
                yield from ((f"/{index}{at}", text) for at, text in _patterns(item if isinstance(item, str) else None))


def _matches(repo: Repo, prefix: str, pattern: str) -> bool:
    path = posixpath.normpath(prefix + pattern.lstrip("/"))
    if not set(path) & set("*?["):
        return repo.has(path)
    try:
        compiled = re2.compile(_glob(path))
    except re2.error:
        return True
    return any(compiled.fullmatch(name) for name in repo.names)


def _glob(pattern: str) -> str:
    """A pattern of the file systems that datasets are read with: ``*`` stays in a folder, ``**`` crosses them."""
    parts: list[str] = []
    for part in re.findall(r"\*\*+/?|\*|\?|\[[^\]/]{1,40}\]|[^*?\[]+|\[", pattern):
        if part.startswith("**"):
            parts.append("(?:.*/)?" if part.endswith("/") else ".*")
        elif part in _WILD:
            parts.append(_WILD[part])
        elif part.startswith("[") and len(part) > 2:
            parts.append(("[^" if part[1] in "!^" else "[") + part[1:-1].lstrip("!^").replace("\\", "") + "]")
        else:
            parts.append(re2.escape(part))
    return "".join(parts)


def app_file(card: Card, repo: Repo) -> Iterator[Problem]:
    """The program of a space that is not there."""
    path = card.front_matter.metadata.get("app_file")
    if isinstance(path, str) and path.strip() and not _ELSEWHERE.match(path) and not path.startswith(("/", "~")):
        name = posixpath.normpath(path.strip())
        if name not in repo.names:
            yield Problem("/metadata/app_file", f"app_file names {quoted(path)}, which is not in the repository", value=path)


def unreadable(repo: Repo) -> Iterator[Problem]:
    """Configurations that are no JSON; those that are merely not here are passed over."""
    for answer in (repo.config, repo.generation_config, repo.processor, repo.adapter, repo.diffusers, repo.sentence_transformers):
        if answer.state == "unreadable" and answer.reason.startswith(("not JSON", "not UTF-8", "an object", "a list")):
            yield Problem("/front_matter", f"{answer.path} cannot be read: {answer.reason}", value=answer.path)
