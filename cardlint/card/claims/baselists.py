"""Lists and tables of what a model was made from: those that a sentence on merging opens, and columns headed "Base model"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.claims.columns import cells, head_of, lists_files
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

_MIX = Pattern(r"\bmix(?:es)?\b(?![^:]*\b(?:data|datasets|tasks|corpora|texts?|sources)\b)")
_OPENS = Pattern(
    r"\b(?:model|merge|moe|mix|version|checkpoint|blend)s? (?:is |was )?(?:based on|built (?:from|on)|derived from)"
    r"(?: the following(?: models)?)?:?$|base models:$"
)
"""What opens a list of models without a word for merges: "an MoE model based on"."""
_OPENING_ENDS = (" on", " from", " following", " models")
_OPENING = ("merg", "mix", "recipe", "based on", "built ", "derived from", "base models:")
_BASE_HEAD = Pattern(
    r"(?i)(?:base|upstream|source|original|parent)(?: (?:model|checkpoint|llm))?|backbone"
    r"|(?:derived|converted|fine-?tuned) from|基座模型|ベースモデル"
)
"""The head of the column that tells what each file of a repository was made from."""
_MOST_ROWS = 60
_OF_MODELS = Pattern(r"(?i)models?(?: name)?|name|模型(?:名称)?")
_SIZE = Pattern(r"(?:[- ](?:v?\d[\w.]*)?)+$")
_ID_HEAD = Pattern(
    r"(?i)(?:hugging ?face |hub )?(?:model |repo(?:sitory)? )?ids?|(?:source |base |merged )?models?|repo(?:sitory)?|checkpoints?"
)


def can_list(body: Body) -> bool:
    """Whether a word stands in the text without which no list, table or recipe of a merge is found."""
    return any(stem in body.low for stem in _OPENING)


def own_cells(body: Body) -> Iterator[tuple[Block, int, int, str]]:
    """The cells below "Base model" and the like, with that head, of tables that tell of the repository's files or models."""
    for block in body.prose:
        if block.kind == "table" and (lists_files(block) or _lists_own(body, block)):
            for column, cell in enumerate(head_of(block)):
                if column and _BASE_HEAD.fullmatch(cell):
                    yield from ((block, start, end, cell) for start, end in cells(block, column))


def _lists_own(body: Body, block: Block) -> bool:
    """Whether each row of a table tells of one model of the card's: what all of them begin with stands in its title."""
    if not _OF_MODELS.fullmatch(head_of(block)[0]) or not body.outline.headings or len(block.rows) < 3:
        return False
    names = [row[0].strip(" *`").lower() for row in block.rows[1:_MOST_ROWS]]
    first, last = min(names), max(names)
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), min(len(first), len(last)))
    shared = _SIZE.sub("", first[:same]).rstrip(" -_.")
    return len(shared) > 2 and shared in body.outline.headings[0].text.lower()


def merged_items(body: Body) -> Iterator[tuple[Block, int, int]]:
    """The items of lists that a sentence on merging opens."""
    opened = False
    for block in body.prose:
        if block.kind == "item" and opened:
            yield block, 0, len(block.text)
        else:
            low = block.text[-160:].lower().rstrip()
            opened = (low[-1:] in (":", "：") and ("merg" in low or bool(_MIX.search(low)))) or (
                low.rstrip(":").endswith(_OPENING_ENDS) and bool(_OPENS.search(low))
            )


def merged_cells(body: Body) -> Iterator[tuple[Block, int, int]]:
    """The cells on models of tables that a sentence on merging opens."""
    for before, block in zip(body.prose, body.prose[1:], strict=False):
        if block.kind == "table" and before.text.rstrip().endswith(":") and "merg" in before.text[-160:].lower():
            for column, cell in enumerate(head_of(block)):
                if _ID_HEAD.fullmatch(cell):
                    yield from ((block, start, end) for start, end in cells(block, column))
                    break
