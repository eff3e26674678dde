"""Which sections the front matter answers by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cardlint.model import Kind

_KEYS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "model": {
        "license": ("license",),
        "training_data": ("datasets",),
        "evaluation_results": ("model-index",),
        "evaluation_data": ("model-index",),
        "environmental_impact": ("co2_eq_emissions",),
    },
    "dataset": {"license": ("license",), "structure": ("dataset_info",), "source_data": ("source_datasets",), "uses": ("task_categories",)},
    "space": {"license": ("license",)},
}


def answered(kind: Kind, section: str, metadata: Mapping[str, Any]) -> bool:
    """Whether the front matter answers a section; a `model-index` answers with results only."""
    for key in _KEYS[kind].get(section, ()):
        value = metadata.get(key)
        if key == "model-index":
            entries = value if isinstance(value, list) else [value]
            if any(isinstance(entry, dict) and entry.get("results") for entry in entries):
                return True
        elif value is not None and value != [] and value != {} and value != "":
            return True
    return False
