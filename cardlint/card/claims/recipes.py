"""Models in the recipes of merges: tables with a column for each model, sums, and steps like "A + B -> (Weighted Sum 0.5) = C"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

_STEMS = ("weighted sum", "weighted_sum", "add difference", "sum @", "block weight")
_SUM_STEMS = ("recipe", "merger")
_COLUMN = Pattern(r"(?i)(?:model:? ?\(?[abc]\)?|(?:primary|secondary|tertiary) model(?: \([abc]\))?)$")
_RESULT = Pattern(r"(?i)(?:merged?|output|custom) name$")
_OPERANDS = Pattern(r"(?m)(?:^|[:)])[ \t]*([^:()\n=+>]{2,60}(?:\+[^:()\n=+>]{2,60})+?)(?= *(?:->|=|→))")
_MADE = Pattern(r"(?m)= *([^=\n]{1,60}?)[ \t]*$")
_NAME = Pattern(r"[A-Za-z][\w.-]*(?: [\w.-]+){0,4}$")
_PASSING = Pattern(r"(?i)te?mp[_ -]?\d*$|n/?a$|none$|step ?\d*$")
_MOST_ROWS = 60
_RECIPE = Pattern(r"(?i)\s*[-*]?\s*recipe\s*[:=]\s*")
_TERM = Pattern(r"(\d+(?:\.\d+)?(?![\w.])|\d+(?:\.\d+)?(?=\())|([A-Za-z][\w.-]{2,})|[+*()\s]|- ")
_LONGEST_SUM = 400


def recipe_models(body: Body) -> list[tuple[Block, int, int]]:
    """The models that recipes start from, as ``block.text[start:end]``; what an earlier step made is none."""
    sums = any(stem in body.low for stem in _SUM_STEMS) and " + " in body.low
    if not sums and not any(stem in body.low for stem in _STEMS):
        return []
    made: set[str] = set()
    found: list[tuple[Block, int, int]] = []
    for block in body.prose:
        if block.kind == "table":
            found += _in_table(block, made)
        elif any(stem in block.text.lower() for stem in _STEMS):
            found += _in_steps(block, made)
        elif sums and " + " in block.text and any(stem in block.text.lower() for stem in _SUM_STEMS):
            found += _in_sums(block)
    return [item for item in found if _name(item) not in made and _NAME.match(_name(item)) and not _PASSING.match(_name(item))]


def _name(item: tuple[Block, int, int]) -> str:
    block, start, end = item
    return block.text[start:end]


def _in_table(block: Block, made: set[str]) -> Iterator[tuple[Block, int, int]]:
    """The cells of the columns for models; ``made`` takes those of the column for results."""
    head = block.rows[0]
    columns = {index for index, cell in enumerate(head) if _COLUMN.match(cell.strip())}
    results = {index for index, cell in enumerate(head) if _RESULT.match(cell.strip())}
    if not columns:
        return
    begin = sum(map(len, head)) + 3 * len(head) - 2
    for row in block.rows[1:_MOST_ROWS]:
        made.update(row[index].strip(" []") for index in results if index < len(row))
        at = begin
        for index, cell in enumerate(row):
            if index in columns and cell.strip():
                yield block, at, at + len(cell.rstrip())
            at += len(cell) + 3
        begin += sum(map(len, row)) + 3 * len(row) - 2


def _in_steps(block: Block, made: set[str]) -> Iterator[tuple[Block, int, int]]:
    """What stands between the signs of sums; ``made`` takes what stands behind the equals signs."""
    made.update(match.group(1) for match in _MADE.finditer(block.text))
    for match in _OPERANDS.finditer(block.text):
        at = match.start(1)
        for name in match.group(1).split("+"):
            start = at + len(name) - len(name.lstrip())
            yield block, start, at + len(name.rstrip())
            at += len(name) + 1


def _in_sums(block: Block) -> Iterator[tuple[Block, int, int]]:
    """The names in lines that hold nothing but a sum of models, with weights and brackets or without: "0.5(A + B) + 0.5(C)".

    Words side by side are a sentence, whatever sign stands among them.
    """
    begin = 0
    for line in block.text.split("\n"):
        if " + " in line and len(line) <= _LONGEST_SUM:
            label = _RECIPE.match(line)
            at = label.end() if label else 0
            names: list[tuple[Block, int, int]] = []
            joined = True
            while at < len(line) and (term := _TERM.match(line, at)):
                if term.group(2):
                    if not joined:
                        break
                    names.append((block, begin + term.start(2), begin + term.end(2)))
                joined = not term.group(2) and (joined or not term.group().isspace())
                at = term.end()
            if at == len(line):
                yield from names
        begin += len(line) + 1
