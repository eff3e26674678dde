"""Spaces: the files that their SDK needs to start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_DEFAULT = {"gradio": "app.py", "streamlit": "app.py", "static": "index.html"}
_ELSEWHERE = ("requirements.txt", "pyproject.toml", "uv.lock", "pre-requirements.txt", "environment.yml")


def default_app(card: Card, repo: Repo) -> Iterator[Problem]:
    """No program where none is named: the file that the SDK starts by itself is not there."""
    metadata = card.front_matter.metadata
    sdk = metadata.get("sdk")
    if metadata.get("app_file") is None and "app_build_command" not in metadata and isinstance(sdk, str):
        name = _DEFAULT.get(sdk)
        if name is not None and name not in repo.names:
            yield Problem("/metadata/sdk", f"sdk '{sdk}' starts '{name}', which is not in the repository", value=sdk)


def dockerfile(card: Card, repo: Repo) -> Iterator[Problem]:
    """A Space of Docker without the file that builds it."""
    if card.front_matter.metadata.get("sdk") == "docker" and "Dockerfile" not in repo.names:
        yield Problem("/metadata/sdk", "sdk is 'docker', and there is no Dockerfile", value="docker")


def requirements(card: Card, repo: Repo) -> Iterator[Problem]:
    """A Space in Python that imports packages which nothing lists."""
    if card.front_matter.metadata.get("sdk") not in ("gradio", "streamlit") or any(name in repo.names for name in _ELSEWHERE):
        return
    scripts = [name for name in repo.names if name.endswith(".py")]
    if scripts:
        yield Problem("/metadata/sdk", "the Space has Python code, and no requirements.txt lists its packages", value="requirements.txt")
