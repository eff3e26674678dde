"""Number formats, quantizations and file formats that a card or a name claims, against the files."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cardlint.checks.art_weights import AT, NOT_HERE
from cardlint.model import NotChecked, Problem, Range
from cardlint.patterns import ALPHANUMERIC, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.claims import Claim
    from cardlint.repo.repo import Repo
    from cardlint.repo.weights import Checkpoint

_FLOATS = {
    "fp16": "F16",
    "float16": "F16",
    "half": "F16",
    "bf16": "BF16",
    "bfloat16": "BF16",
    "fp32": "F32",
    "float32": "F32",
}
_WORD = Pattern(r"[^a-z0-9]+")
_STORED = Pattern(
    r"(?i)(?:(?:weights|checkpoints?|parameters|tensors|files?) (?:(?:is|are|were|was|have been|has been) )?(?:in|as|at)"
    r"|(?:stored|saved|released|provided|published|uploaded|shipped|kept|given|distributed) (?:in|as|at)"
    r"|(?:tensor type|weights? (?:dtype|precision|format)|model (?:dtype|precision)|^\W{0,4}(?:dtype|precision))\s?[:=|]\s?)"
    r"\s?(?:full |half )?$"
)
_HOLDS = Pattern(
    r"(?i)this (?:repo(?:sitory)?|checkpoint|release|model) (?:contains|holds|provides|stores|has|includes)(?: the| its)?(?: \w+){0,2} $"
)
_WEIGHTS = Pattern(r"(?i) (?:model )?(?:weights|checkpoint|parameters|safetensors|version of the weights)")
_NEAR = 80
_MOSTLY = 0.6
"""Share of the elements that one number format has to have: norms and embeddings are often kept in another."""
_BITS = Pattern(r"(?:int|w|fp|nf|mxfp|nvfp)?([2-8])(?:bit)?|int([48])")
_METHODS = ("gptq", "awq", "bnb", "exl2", "exl3", "aqlm", "hqq", "quip", "eetq", "fp8", "nvfp4", "mxfp4")
_SAME = {"bnb": "bitsandbytes", "nvfp4": "modelopt", "mxfp4": "mxfp4"}


def precision(card: Card, repo: Repo, facts: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A number format that the name or a sentence on the weights gives, and none of the weights has."""
    said = [claim for claim in card.claims.precision if claim.value.lower() in _FLOATS and _of_weights(card, claim)]
    words = _WORD.split(str(facts["id"] or "").rpartition("/")[2].lower())
    named = [word for word in words if word in _FLOATS]
    wanted = {_FLOATS[claim.value.lower()] for claim in said} or {_FLOATS[word] for word in named}
    if len(wanted) != 1 or (said and _two_formats(card, said[0])):
        return
    main = repo.weights.main
    if main is None or main.format != "safetensors":
        return
    if main.state != "ok":
        if main.state == "not-here":
            yield NotChecked(NOT_HERE)
        return
    if any(each.dtypes.keys() & wanted for each in repo.weights.checkpoints if each is not main) or _variant(repo, wanted):
        return
    held = _dominant(main)
    if held is None or held in wanted or held not in _FLOATS.values():
        return
    if said:
        place: Any = Range(said[0].start, said[0].end)
        yield Problem(place, f"the card says {said[0].value}, the weights hold {held}", value=said[0].value)
    else:
        yield Problem(AT, f"the name says {named[0]}, the weights hold {held}", value=named[0])


def _two_formats(card: Card, claim: Claim) -> bool:
    """Whether the claim's line names another format too: "fp32, rounded to fp16 for release"."""
    line = card.lines.line(claim.start)
    here = {_FLOATS.get(other.value.lower()) for other in card.claims.precision if card.lines.line(other.start) == line}
    return len(here - {None}) > 1 or any(word in _FLOATS and _FLOATS[word] not in here for word in _WORD.split(_line_of(card, line)))


def _line_of(card: Card, line: int) -> str:
    return card.text[card.lines.offset(line) : card.lines.offset(line + 1)].lower()


def _of_weights(card: Card, claim: Claim) -> bool:
    before = card.text[max(0, claim.start - _NEAR) : claim.start].replace("*", "").replace("`", "")
    line = before.rpartition("\n")[2]
    return bool(_STORED.search(line) or (_HOLDS.search(line) and _WEIGHTS.match(card.text[claim.end : claim.end + _NEAR].lstrip("*`"))))


def _variant(repo: Repo, wanted: set[str]) -> bool:
    """Whether a variant of the weights, by its name, has the format: ``model.fp16.safetensors``."""
    return any(_FLOATS.get(word) in wanted for file in repo.weights.files for word in _WORD.split(file.path.lower()))


def _dominant(main: Checkpoint) -> str | None:
    whole = sum(main.dtypes.values())
    return next((dtype for dtype, number in main.dtypes.items() if number > _MOSTLY * whole), None)


def quantization(repo: Repo, facts: dict[str, Any]) -> Iterator[Problem | NotChecked]:
    """A name that says quantized weights, when the files hold plain floats or another number of bits."""
    words = _WORD.split(str(facts["id"] or "").rpartition("/")[2].lower())
    bits = _named_bits(words)
    methods = [word for word in words if word in _METHODS]
    if (bits is None and not methods) or repo.adapter.state != "absent" or not repo.weights.files:
        return
    if any(file.format not in ("safetensors", "pytorch", "bin") for file in repo.weights.files if file.role == "weights"):
        return
    main = repo.weights.main
    config = repo.config
    if main is None or main.adapter or config.value is None or "quantize_config.json" in repo.names or "quant_config.json" in repo.names:
        if config.state == "not-here":
            yield NotChecked("'config.json' is not in this copy")
        return
    found = config.value.quantization
    said = f"{bits}-bit" if bits else methods[0]
    if found is None:
        if main.state == "not-here":
            yield NotChecked(NOT_HERE)
        elif main.state == "ok" and main.dtypes and main.dtypes.keys() <= {"F32", "F16", "BF16", "F64"}:
            yield Problem(AT, f"the name says {said}, the weights are plain {_dominant(main) or 'floats'}", value=said)
    elif bits and found.bits and bits != found.bits and not methods:
        yield Problem(AT, f"the name says {said}, config.json says {found.bits} bits", value=said)
    elif methods and found.method and not _same_method(methods, found.method):
        yield Problem(AT, f"the name says {methods[0]}, config.json says {found.method}", value=methods[0])


def _named_bits(words: list[str]) -> int | None:
    """The bits that a name gives: ``4bit``, ``int8``, ``4-bit``; None where it gives none or several."""
    joined = [one + two for one, two in pairwise(words) if two in ("bit", "bits")]
    plain = [word for word in words if word.startswith("int") or word.endswith(("bit", "bits"))]
    found = {int(match[1] or match[2]) for word in (*joined, *plain) if (match := _BITS.fullmatch(word.replace("bits", "bit")))}
    return found.pop() if len(found) == 1 else None


def _same_method(methods: list[str], found: str) -> bool:
    low = found.lower().replace("-", "")
    known = any(low == _SAME.get(method, method) or method in low or low in method for method in methods)
    return (
        known
        or low in ("compressedtensors", "autoround", "modelopt", "quark", "intel/autoround", "torchao")
        or "fp4" in methods[0]
        or "fp8" in methods[0]
    )


_QUANT = Pattern(r"(?i)(?<![a-z0-9])(i?q[1-8]_(?:k(?:_(?:xs|xl|s|m|l))?|[01]|xxs|xs|s|m|nl)|tq[12]_0)(?![a-z0-9_])")
_GGUF_FILE = Pattern(r"(?i)\.gguf(?!\w)")
_NAME_LETTERS = ALPHANUMERIC + "_.-"
_LONGEST_NAME = 120


def gguf_types(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Types of GGUF that the name of a file in the card or the first cell of a table row promises, and no file has."""
    files = [file.path for file in repo.weights.files if file.format == "gguf" and file.role == "weights"]
    if not files:
        return
    promised = _promised(card)
    if not promised:
        return
    held = {match[1].upper() for path in files for match in _QUANT.finditer(path)}
    for answer in repo.weights.gguf.values():
        if answer.value and answer.value.file_type:
            held.add(answer.value.file_type)
    unnamed = [path for path in files if not _QUANT.search(path)]
    if unnamed and any((found := repo.weights.gguf.get(path)) is None or found.value is None for path in unnamed):
        yield NotChecked(NOT_HERE)
        return
    lacking = [(name, place) for name, place in promised.items() if not any(name == each or each.startswith(name + "_") for each in held)]
    if lacking:
        name, place = lacking[0]
        more = f" and {len(lacking) - 1} more types" if len(lacking) > 1 else ""
        there = ", ".join(sorted(held)) or "none of a known type"
        yield Problem(place, f"the card offers {name}{more}, the GGUF files are {there}", value=name)


def _promised(card: Card) -> dict[str, Range]:
    """Types by where they are promised; a link to another repository promises nothing."""
    found: dict[str, Range] = {}
    for block in card.outline.blocks:
        if (
            block.kind == "table"
            and "gguf" in card.text[block.start : block.end].lower() + " ".join(block.rows[0] if block.rows else ()).lower()
        ):
            for row in block.rows[1:60]:
                for match in _QUANT.finditer(row[0] if row else ""):
                    found.setdefault(match[1].upper(), Range(block.start, block.end))
    for match in _GGUF_FILE.finditer(card.text, card.front_matter.end):
        line = card.text[max(card.front_matter.end, match.start() - 2 * _LONGEST_NAME) : match.start()].rpartition("\n")[2]
        rest = line.rstrip(_NAME_LETTERS)
        type_of = _QUANT.search(line, len(rest))
        if type_of and "://" not in rest.rpartition(" ")[2]:
            found.setdefault(type_of[1].upper(), Range(match.start() - len(line) + len(rest), match.end()))
    return found


_ONLY_SAFE = Pattern(
    r"(?i)(?:safetensors[- ]only|only (?:in |as |the )?\.?safetensors"
    r"|(?:no|without(?: any)?) (?:python )?pickles?(?: files)?|pickle[- ]free)(?![\w-])"
)


def only_safetensors(card: Card, repo: Repo) -> Iterator[Problem]:
    """A card that says it has no pickles, beside files that are or may be some."""
    for block in card.outline.blocks:
        if block.kind == "code" or block.quoted:
            continue
        match = _ONLY_SAFE.search(block.text)
        if match is None:
            continue
        held = [file.path for file in repo.weights.files if file.pickle and file.content not in ("safetensors", "gguf", "ggml", "numpy")]
        if held:
            more = f" and {len(held) - 1} more" if len(held) > 1 else ""
            place = card.outline.place(block, match.start(), match.end())
            yield Problem(place, f"the card says '{match[0]}', but '{held[0]}'{more} may hold pickles", value=match[0])
        return
