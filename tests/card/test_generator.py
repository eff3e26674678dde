"""The tool that wrote a card."""

from __future__ import annotations

import pytest

from cardlint.card.card import Card


@pytest.mark.parametrize(
    ("generator", "text"),
    [
        (
            "hf-trainer",
            "<!-- This model card has been generated automatically according to the information the Trainer had access to. -->\n# m\n",
        ),
        (
            "keras-callback",
            "<!-- This model card has been generated automatically according to the information Keras had access to. -->\n# m\n",
        ),
        ("autotrain", "---\ntags: [autotrain]\n---\n\n# Model Trained Using AutoTrain\n"),
        ("sentence-transformers", "# m\n\nThis is a [sentence-transformers](https://www.SBERT.net) model: it maps sentences.\n"),
        ("rl-course", "# PPO Agent\n\nThis is a trained model of a **PPO** agent playing **Huggy**.\n"),
        ("hf-template", "# Model Card for Model ID\n\n<!-- Provide a quick summary of what the model is/does. -->\n"),
        (None, "# m\n\nA model for ships.\n"),
        (None, ""),
    ],
)
def test_generator(generator: str | None, text: str) -> None:
    assert Card.from_text(text).generator == generator
