"""What is unfilled in a card, and what only looks so."""

from __future__ import annotations

import re

import pytest

from cardlint.card.card import Card
from cardlint.data import vocabulary


def marks(text: str, kind: str = "model") -> list[tuple[int, str]]:
    card = Card.from_text(text, kind)  # type: ignore[arg-type]
    for one in card.placeholders:
        assert 0 <= one.start <= one.end <= len(card.text)
    return [(card.lines.line(one.start), one.text) for one in card.placeholders]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# m\n\n## Uses\n\n[More Information Needed]\n", 5),
        ("# m\n\n- **License:** More information needed\n", 3),
        ("# m\n\nIt was fine-tuned on the None dataset.\n", 3),
        ("# m\n\nIt was fine-tuned on an unknown dataset.\n", 3),
        ("# m\n\nTODO: write this\n", 3),
        ("# m\n\nTBD\n", 3),
        ("# m\n\nThe code will be available [here](https://example.org/c) soon.\n", 3),
        ("# m\n\n| size | BLEU |\n|---|---|\n| base | will be added later |\n", 5),
        ("# m\n\nIt is tested on the {language} data of a corpus.\n", 3),
        ("# Model Card for Model ID\n\nText.\n", 1),
        ("# {MODEL_NAME}\n\nText.\n", 1),
        ("# m\n\n```python\nm = load('{MODEL_NAME}')\n```\n", 4),
        ('# m\n\n```python\npipeline(model="None")\n```\n', 4),
        ("# m\n\n<!--- Describe your model here -->\n\nText.\n", 3),
        ("# m\n\n## Limitations\n\n## License\n\nMIT\n", 3),
        ("# m\n\nText.\n\n## Training results\n", 5),
        ("# m\n\nText.\n\n#\n\nMore.\n", 5),
        ("# m\n\nSee [the paper]().\n", 3),
        ("# m\n\n```\n\n```\n", 3),
        ("# m\n\n## 引用\n\n待补充\n", 5),
        ("# m\n\n## 局限\n\n暂无\n\n## 引用\n\n张三 2023\n", 5),
        ("# m\n\n## Ограничения\n\nНет данных.\n", 5),
        ("---\nlicence: license\n---\n# m\n", 2),
        ("# m\n\nBLEU: X.XX\n", 3),
        ("# m\n\n| BLEU |\n|---|\n| **XX.X%** |\n", 5),
        ("# m\n\nWeights (~XXX MB)\n", 3),
        ("# m\n\n- **Type:** [e.g., LSTM or BERT]\n", 3),
        ("# m\n\n- **Split:** [Random, stratified, etc.]\n", 3),
        ("# m\n\n# [Your Book Title]\n", 3),
        ("# m\n\n**Developed by:** YOUR_NAME\n", 3),
        ("# m\n\n- [Use case 1]\n", 3),
        ("# m\n\n*(Add screenshot.png here)*\n", 3),
        ("# m\n\n<ADD INFO>\n", 3),
        ("# m\n\nSee [the demo](https://example.com/demo).\n", 3),
        ("# m\n\n[Describe the training data and its sources.]\n", 3),
        ("# m\n\nLorem ipsum dolor sit amet.\n", 3),
        ("# m\n\nChoose a license before publishing.\n", 3),
        ("# m\n\n```\n@misc{m, title={Your Paper Title}}\n```\n", 4),
        ("# m\n\n```\n  doi={10.XXXX/m},\n```\n", 4),
        ("# m\n\n```\n  pages={XXX--XXX},\n```\n", 4),
        ("# m\n\nПример: имя-пользователя/модель\n", 3),
        ("# m\n\nRuns: https://wandb.ai/your-username/m\n", 3),
    ],
)
def test_placeholder(text: str, line: int) -> None:
    assert [at for at, _ in marks(text)] == [line]


@pytest.mark.parametrize(
    "text",
    [
        "# m\n\n```bash\nls ${MODEL_DIR} && run --key YOUR_API_KEY --run <run_id>\n```\n",
        "# m\n\nPrompt: {{masterpiece}}, a harbour\n",
        "# m\n\n```bibtex\n@article{x,\n  title = {{Ships}},\n}\n```\n",
        "# m\n\nDonde puedes ver todo el texto.\n",
        "# m\n\nThe model will be trained in more languages.\n",
        "# m\n\nA larger model will be released soon.\n",
        "# m\n\n## Examples of ships\n\n![a ship](ship.png)\n",
        '# m\n\n```python\nprint(f"{MODEL_NAME} is ready")\n```\n',
        "# Limitations\n",
        "# m\n\nNo token needs to be added to the text.\n",
        '# m\n\nIt drops texts such as "Lorem ipsum dolor sit amet."\n',
        "# m\n\n- labels: [rook, crow]\n- range: [0, 1]\n",
        "# m\n\n'14': XX\n\n| XX | XY |\n|---|---|\n| X | x |\n",
        "# m\n\nBased on earlier work [e.g., Smith 2020] of others.\n",
        "# m\n\n```\n@book{m, volume={XX}, title={Your Answer is Incorrect}, author={Authors, Jane}}\n```\n",
        "# m\n\nBy the [Placeholder Labs](https://huggingface.co/placeholderlabs).\n",
        "# m\n\nDer Name-Server und su-nombre allein.\n",
    ],
)
def test_no_placeholder(text: str) -> None:
    assert marks(text) == []


def test_one_a_line_and_in_order() -> None:
    found = marks("# m\n\nTODO TODO TBD\n\n[More Information Needed]\n")
    assert [at for at, _ in found] == [3, 5]
    assert found[0][1].startswith("TODO")


def test_place_is_exact_behind_other_scripts() -> None:
    card = Card.from_text("# モデル\n\n説明です。 TODO: 書く\n")
    (only,) = card.placeholders
    assert card.text[only.start : only.end].startswith("TODO")


@pytest.mark.parametrize("part", ["prose", "anywhere"])
def test_phrases_count_no_characters(part: str) -> None:
    """One automaton reads all phrases: each counter multiplies its states, until RE2 throws it away and reads at a fifth of the speed."""
    bounds = {phrase: re.findall(r"\{\d*,(\d+)\}", phrase) for phrase in vocabulary("placeholders")[part]}
    assert bounds
    assert {phrase: found for phrase, found in bounds.items() if any(int(most) > 5 for most in found)} == {}
