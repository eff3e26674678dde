"""Python in code blocks: what does not parse, and names that are used but never imported. Nothing is executed."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from cardlint.checks.places import first_line, listed, quoted
from cardlint.model import Problem, Related
from cardlint.patterns import Cue, Pattern
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block
    from cardlint.model import Placed

VERSION = (3, 12)
"""The Python grammar that snippets are read with, whatever interpreter runs cardlint."""

MAX_CODE = 20_000
"""Characters of a snippet that is read; the longest real one that parses has 15,000."""

_MAX_BLOCKS = 40
_DEEPEST = 60
_LANGUAGES = frozenset({"python", "py", "python3"})
_NOT_PYTHON = Cue(
    r"(?m)^[ \t]*(?:[$%!>#]\s?(?:pip|python|git|cd|export|conda|npm|bash|sh|wget|curl)\b"
    r"|(?:pip3?|conda|git|cd|npm|apt|curl|wget|python3?|bash|export) [\w./-]+"
    r"|>>> |=> |\(\w+\): |\.\.\. |In ?\[\d+\]|<[\w/!]|\{\{|&&)"
)
_ELISION = Pattern(r"\.\.\.|…|<[\w \-/]+>|[:,=\[] ?<[\w.]+ [^<>\n]*>|\[\.\.\.\]|\{\{|\(your |#\s*etc")
_MAGIC = Pattern(r"(?m)^([ \t]*)[!%][^\n]*$")
_LIBRARY_NAME = Pattern(
    r"(?:TF|Flax)?Auto(?:Model(?:For\w+)?|Tokenizer|Processor|Config|FeatureExtractor|ImageProcessor)"
    r"|(?:Bert|Roberta|GPT2|T5|Bart|Electra|Albert|DistilBert|XLMRoberta|Wav2Vec2|Whisper|Llama|Marian|MBart|Pegasus|ViT|CLIP)(?:Model|Tokenizer|TokenizerFast|Processor|For\w+)"
    r"|SentenceTransformer|CrossEncoder|StableDiffusion(?:XL)?(?:Img2Img|Inpaint)?Pipeline|DiffusionPipeline|PeftModel|PeftConfig|SequenceTagger"
    r"|TrainingArguments|BitsAndBytesConfig|AutoPeftModelForCausalLM|SetFitModel|EncoderDecoderModel|EncoderClassifier"
)
_IMPORTED = Pattern(r"import[ \t]*(\([^)]{0,2000}\)|[^\n]+)")
_CHAIN = Cue(r"(?:not |[-+~]|await |\*\*){100}")
_BRACKET = Pattern(r"[()\[\]{}]")
_CAPITAL = Pattern(r"[A-Z][A-Za-z0-9]+(?=[.(])")


class _Snippet(NamedTuple):
    block: Block
    tree: ast.Module


def unparsable(card: Card) -> Iterator[Problem]:
    """Blocks marked as Python that no Python reads, notebooks' commands and elisions aside; at most three a card."""
    left = 3
    for block in card.once(_python_blocks):
        if _is_open(card, block):  # what goes on in it is no code: DOC022
            continue
        line = _fault(block.text)
        if line is not None and left:
            start, end = _line_place(block, line)
            said = block.text[start:end]
            place = card.outline.place(block, start, end) if said else first_line(card, block.start, block.end)
            yield Problem(place, f"Python cannot read the code from here on: {quoted(said)}", value=said)
            left -= 1


def _is_open(card: Card, block: Block) -> bool:
    """Whether a block goes on to the end of the card because nothing closes it."""
    text = card.text[block.start : block.end].rstrip()
    return not card.text[block.end :].strip() and not text.rpartition("\n")[2].lstrip(" \t>").startswith(text[:3])


def missing_import(card: Card) -> Iterator[Problem]:
    """Library classes that the snippets use and no snippet imports; one problem a card."""
    blocks = card.once(_python_blocks)
    if not any("from_pretrained" in block.text or "SentenceTransformer(" in block.text for block in blocks):
        return
    spoken = [_names(block.text) for block in blocks]
    imported = " ".join([each[0] for each in spoken])
    if all(name in imported for _, used in spoken for name in used):
        return
    trees: list[_Snippet] = []
    for block in blocks:
        tree = _parsed(_without_magic(block.text))
        if tree is None:
            return
        if not _shows_settings(tree):
            trees.append(_Snippet(block, tree))
    known = {name for _, tree in trees for name in _bound(tree)}
    if "*" in known or not known:
        return
    lost: dict[str, tuple[Block, ast.Name]] = {}
    for block, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id not in known and _of_library(node.id):
                lost.setdefault(node.id, (block, node))
    others = [each.text for each in card.outline.blocks if each.kind == "code" and each.language not in _LANGUAGES]
    lost = {name: place for name, place in lost.items() if not any(name in text for text in others)}
    if lost:
        places = [_name_place(card, block, node) for block, node in lost.values()]
        related = tuple(Related(place, "not imported either") for place in places[1:10])
        names = listed([quoted(name) for name in lost])
        verb = "is" if len(lost) == 1 else "are"
        yield Problem(places[0], f"{names} {verb} used and never imported", value=next(iter(lost)), related=related)


def _shows_settings(tree: ast.Module) -> bool:
    """Whether a snippet is one bare call of a class, as cards show the settings of a training: nothing is kept, nothing runs."""
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return False
    call = tree.body[0].value
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith(("Arguments", "Config"))


@lru_cache(maxsize=2048)
def _names(text: str) -> tuple[str, tuple[str, ...]]:
    """What a program imports, as it is written, and the library's names that it uses."""
    used = tuple([name for name in dict.fromkeys(_CAPITAL.findall(text)) if _of_library(name)])
    return " ".join(_IMPORTED.findall(text)), used


@lru_cache(maxsize=1024)
def _of_library(name: str) -> bool:
    """Whether a class is one of a library's; cards use the same few."""
    return _LIBRARY_NAME.fullmatch(name) is not None


def _python_blocks(card: Card) -> list[Block]:
    """The blocks marked as Python that are whole programs as far as one can tell: no shell, no prompts."""
    found = [block for block in card.outline.blocks if block.kind == "code" and block.language in _LANGUAGES]
    return [block for block in found[:_MAX_BLOCKS] if len(block.text) <= MAX_CODE and not _NOT_PYTHON.occurs(block.text)]


def _without_magic(text: str) -> str:
    return _MAGIC.sub(r"\1pass", text) if "!" in text or "%" in text else text


@lru_cache(maxsize=2048)
def _fault(text: str) -> int | None:
    """The line of the first thing that is no Python; None where it parses or leaves something out on purpose."""
    text = _without_magic(text)
    if not text.strip() or _deep(text) or _parsed(text) is not None or _parsed(_indented(text)) is not None or _ELISION.search(text):
        return None
    try:
        _parse(text)
    except SyntaxError as error:
        return error.lineno or 1
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _parsed(text: str) -> ast.Module | None:
    if _deep(text):
        return None
    try:
        return _parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, feature_version=VERSION)


def _deep(text: str) -> bool:
    """Whether brackets or blanks nest deeper than people write, which the parser's stack would pay for."""
    if "\0" in text or " " * 200 in text or _CHAIN.occurs(text):
        return True
    if text.count("(") + text.count("[") + text.count("{") <= _DEEPEST:
        return False
    depth = deepest = 0
    for character in _BRACKET.findall(text):
        depth += 1 if character in "([{" else -1
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _indented(text: str) -> str:
    """The text as the body of a condition: where all of it is indented, that is how it parses."""
    return "if True:\n" + "".join(f" {line}" for line in text.splitlines(keepends=True))


def _bound(tree: ast.Module) -> Iterator[str]:
    """Every name that a program imports, defines or assigns; ``*`` where it imports everything."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            for alias in node.names:
                yield (alias.asname or alias.name).split(".")[0]
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _line_place(block: Block, line: int) -> tuple[int, int]:
    """Offsets in the block's text of a line's content."""
    at = 0
    for _ in range(line - 1):
        following = block.text.find("\n", at)
        if following < 0:
            break
        at = following + 1
    end = block.text.find("\n", at)
    end = len(block.text) if end < 0 else end
    content = block.text[at:end]
    return at + len(content) - len(content.lstrip()), at + len(content.rstrip())


def _name_place(card: Card, block: Block, node: ast.Name) -> Placed:
    start, _ = _line_place(block, node.lineno)
    at = block.text.find(node.id, start)
    return card.outline.place(block, at, at + len(node.id)) if at >= 0 else block
