"""Which sections the front matter answers by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cardlint.model import Kind

_KEYS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "model": {
        "license": ("license",),
        "datasets": ("training_data",),
        "model-index": ("evaluation_results", "evaluation_data"),
        "co2_eq_emissions": ("environmental_impact",),
    },
    "dataset": {
        "license": ("license",),
        "dataset_info": ("structure",),
        "source_datasets": ("source_data",),
        "task_categories": ("uses",),
        "task_ids": ("uses",),
    },
    "space": {"license": ("license",)},
}


def answered(kind: Kind, metadata: Mapping[str, Any] | None) -> frozenset[str]:
    """The sections that the front matter answers; a `model-index` answers with results only."""
    found: list[str] = []
    if metadata:
        for key, sections in _KEYS[kind].items():
            if key in metadata and _says(key, metadata[key]):
                found += sections
    return frozenset(found)


def _says(key: str, value: object) -> bool:
    if key == "model-index":
        entries = value if isinstance(value, list) else [value]
        return any(isinstance(entry, dict) and entry.get("results") for entry in entries)
    return value is not None and value not in ([], {}, "")
