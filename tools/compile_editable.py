"""What an editable install adds to a build: the byte code of the package, as pip makes it for every other install.

Without it a first command compiles the package, and where Python is told to write no byte code each one does, for half a second.
"""

from __future__ import annotations

import compileall
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileEditable(BuildHookInterface[Any]):
    """The hook that pyproject.toml names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # what hatchling hands over
        """Compile the package where it stands, in an editable install alone."""
        if version == "editable":
            compileall.compile_dir(Path(self.root) / "cardlint", quiet=2)
