"""How many parameters tensors hold: scales and zero points of quantization are none, packed weights are several.

After the counting of the hub (huggingface.js, ``parse-safetensors-metadata.ts``).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.repo.jsonfile import mapping, text, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cardlint.repo.config import Quantization
    from cardlint.repo.safetensors import Tensor


def count(tensors: Iterable[Tensor], quantization: Quantization | None) -> int:
    """The parameters of tensors under a quantization."""
    scales = data.words("artifact_signatures", "scale_dtypes")
    if quantization is None:
        return sum(tensor.elements for tensor in tensors if tensor.dtype not in scales)
    method = quantization.method or ""
    auxiliary = _auxiliary(method)
    packed = _packed(quantization)
    total = 0
    for name, dtype, elements in tensors:
        last = name.rpartition(".")[2]
        if dtype in scales or last in auxiliary or "bitsandbytes__" in last or (method == "mxfp4" and last.endswith("_scales")):
            continue
        total += elements * packed if packed > 1 and _is_packed(method, last, dtype) else elements
    return total


@cache
def _auxiliary(method: str) -> frozenset[str]:
    table = data.vocabulary("artifact_signatures")["auxiliary"]
    family = "gptq" if method in ("gptq", "awq", "auto-round") else method
    return frozenset((*table["any"], *table.get(family, ())))


def _packed(quantization: Quantization) -> int:
    """How many weights stand in one element of a packed tensor of 32 bits (8 bits for bitsandbytes and mxfp4)."""
    bits = quantization.bits
    if quantization.method == "mxfp4":
        return 2
    if quantization.method == "bitsandbytes":
        return 2 if bits == 4 else 1
    if quantization.method == "compressed-tensors" and "pack" in (text(quantization.data.get("format")) or ""):
        groups = mapping(quantization.data.get("config_groups")).values()
        bits = next((found for group in groups if (found := whole_number(mapping(mapping(group).get("weights")).get("num_bits")))), None)
    return 32 // bits if bits and 0 < bits <= 32 else 1


def _is_packed(method: str, last: str, dtype: str) -> bool:
    if method in ("gptq", "awq", "auto-round"):
        return last == "qweight"
    if method == "mxfp4":
        return last.endswith("_blocks")
    if method == "bitsandbytes":
        return dtype == "U8"
    if method == "compressed-tensors":
        return last == "weight_packed"
    return method == "mlx" and dtype == "U32"
