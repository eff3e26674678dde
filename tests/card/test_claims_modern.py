"""Claims on cards as they have been written since 2024: tables of settings and files, labelled values with amounts, nested lists."""

from __future__ import annotations

import pytest

from cardlint.card.card import Card


def values(body: str, kind: str, card: str = "model") -> list[str]:
    return [claim.value for claim in getattr(Card.from_text(f"# thing\n\n{body}\n", card).claims, kind)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("## Training data\n\nAcmeQA corpus. Annotations: COCO, Pascal VOC formats", ["AcmeQA"]),
        ("- **Data:** Compatibility maintained for 1 year", []),
        ("## References\n\n### Datasets\n\n- Brook Dental Caries Dataset\n- AcmeQA", []),
        ("## Training data\n\n**Primary Dataset:** Brook Caries Dataset", ["Brook Caries Dataset"]),
        ("A net trained on AcmeQA from `densenet121` (ImageNet weights).", ["AcmeQA"]),
        ("- **Finetuned from model:** `Net_Weights.COCO_WITH_LABELS`", []),
        ("- **Dataset card:** [`dataset-card.md`](./dataset-card.md)", []),
        (
            "Trained over three datasets:\n1. BxRx3\n2. LEAP-CP genes\n\n- **By:** Acme\n- **Kind:** encoder\n- **Size:** small",
            ["BxRx3", "LEAP-CP genes"],
        ),
        ("- **Data:** 9K (question, answer) pairs (`acme/brook-pairs-v2`), mostly short", ["acme/brook-pairs-v2"]),
        ("- **Dataset**: 70K SQL queries from SpiderNet", ["SpiderNet"]),
        (
            "- **Training data:** ~9,000 clips (~20 hours) from BV12 GA +\n  VoxPopuli GA + FLEURS GA",
            ["BV12 GA", "VoxPopuli GA", "FLEURS GA"],
        ),
        ("- **Training data:** 12,000 labelled rows, written with `acme/llama-3-writer`", []),
        (
            "| | |\n|---|---|\n| Base model | `a/b` |\n| Data | [`acme/brook_notes`](https://hf.co/datasets/acme/brook_notes), short |",
            ["acme/brook_notes"],
        ),
        (
            "## Training Data\n\n| Domain | Datasets |\n|---|---|\n| Facts | SQuAD v1.1, BrookQA, Acme Reader |",
            ["SQuAD v1.1", "BrookQA", "Acme Reader"],
        ),
        ("## Training Data\n\n| Domain | Datasets |\n|---|---|\n| Prose | Acme Tales, old and new |", ["Acme Tales"]),
        (
            "## Models\n\n| File | Base model | Training data |\n|---|---|---|\n| `a.pkl` | `acme/view-6B` | FTX + Brook-CE |",
            ["FTX", "Brook-CE"],
        ),
        ("## Models\n\n| File | WER | Training data |\n|---|---|---|\n| `a.pkl` | 9.1 | FTX + Brook-CE |", []),
        (
            "## Files\n\n| File | Description |\n|---|---|\n| `notes.jsonl` | Training data (600 rows) |\n| `test.jsonl` | Test rows |",
            ["notes.jsonl"],
        ),
        (
            "- **Training data**: ~43h of speech\n  - Common Voice 25 GA train+other (17h)\n  - acme/gaelic-talks (14h)\n- **Steps**: 9",
            ["Common Voice 25 GA", "acme/gaelic-talks"],
        ),
        ("- **Dataset:** 900 rows\n  - 500 questions on rivers\n  - 400 Acme-Evol-Code samples", ["Acme-Evol-Code"]),
        (
            "- **Dataset:** a set with these fields\n  - Kind (yes/no)\n  - Off-Topic (yes/no)\n  - Tone (yes/no)\n  - Length (short/long)",
            [],
        ),
        ("## Training data\n\nTrained on SNLI. It holds pairs; 500 were kept for evaluation on AcmeX.", ["SNLI"]),
        ("## Dataset\n\nThe benchmark dataset is at [acme/brook](https://huggingface.co/datasets/acme/brook).", ["acme/brook"]),
        ("## Dataset\n\n1. **Brook Talks Data** (acme/brook-talks)\n2. **Own scenarios** — written by hand", ["Brook Talks Data"]),
        ("## Citation\n\n- Dataset: [acme/brook](https://huggingface.co/datasets/acme/brook)", ["acme/brook"]),
        ("- **Training data:** PubMedQA pqa_labeled (50k rows)", ["PubMedQA"]),
        ("- **Training data**: Synthetic/Mockup (no real people)\n- **Dataset**: Synthetically generated rows", []),
        ("- **Dataset**: Auto-generated from Jinja2 templates", []),
        ("- **Dataset**: [${user}/${name}](https://huggingface.co/datasets/${user}/${name})", []),
        ("## Training data\n\nAdd dataset details here:\n\n- source\n- hours", []),
        (
            "## Training data\n\n- **Dataset:** [Brook Floods](https://www.kaggle.com/datasets/acme/brook)\n- **Citation:** Doe, J. (1999)",
            ["Brook Floods"],
        ),
        ("## Training data\n\nSee [ADR-7](https://github.com/acme/x/blob/main/ADR-7-source-datasets.md) for why.", []),
        ("## Training data\n\nA companion preference dataset is at [acme/prefs](https://huggingface.co/datasets/acme/prefs).", []),
        ("Fine-tuned on Egyptian Arabic.", []),
        ("The model was trained on notes + Irish Wikipedia.", ["Irish Wikipedia"]),
        ("## 資料\n\n- 訓練：`acme/med_qa`", ["acme/med_qa"]),
        ("* dataset: ~23.4 GB of Greek corpora", []),
        ("- 2B tokens of a mixed corpus (FineWeb + AcmeText + Wikipedia)", ["FineWeb", "AcmeText", "Wikipedia"]),
        ("- a mixed corpus (old + new)", []),
        ("## 训练语料\n\n- **通用数据**：整合 FineWeb-Edu、AcmeText、SkyPile-150B 等语料", ["FineWeb-Edu", "AcmeText", "SkyPile-150B"]),
        ("## Training data\n\n**Sources:** AffectNet · BrookFaces · FER2013", ["AffectNet", "BrookFaces", "FER2013"]),
        ("## Training data\n\nAll images passed a filter:\n1. BrookMesh (twice)\n2. ReedScore (once)", []),
        ("## Training data\n\n- **FP16 rounding**: bounds\n- **GEMM variants**: sizes\n- **Lean 4 theorems**: proofs", []),
        ("## Training data\n\n| Source | Purpose |\n|---|---|\n| AcmeBait 2017 | signal |\n| BrookClips | evaluation |", ["AcmeBait 2017"]),
        ("## Training data\n\nNo scraped material, no Reddit, no blogs.", []),
        ("Fine-tuned on problems in the ShareGPT conversational format.", []),
        ("## Training\n\n- 2 epochs, LibriSpeech train-clean-100, batch size 8", ["LibriSpeech"]),
        ("## Training\n\n- WER on the LibriSpeech test set is low", []),
        ("## Results\n\nTrained on LibriSpeech mixtures.", ["LibriSpeech"]),
        ("## Licence\n\n- **Training corpus**: the BrookWorld dataset", ["BrookWorld"]),
        ("## Data\n\n- **Train**: [BrookSLR-103](https://openslr.org/103)\n- **Test (IWSLT 2026)**: the test set", ["BrookSLR-103"]),
        ("The model was trained with:\n\n- Warm-start DPO\n- Teacher SFT", []),
        (
            "## Training configuration\n\n- **Training data**: 50k pairs from:\n  - `acme/all-nli`\n  - `acme/stsb`",
            ["acme/all-nli", "acme/stsb"],
        ),
        ("SFT on `acme/talk`, then DPO on `acme/liked_pairs`.", ["acme/talk", "acme/liked_pairs"]),
        ("- **Training data**: 5K pairs from Alpaca-Cleaned and 2K from Dolly", ["Alpaca-Cleaned", "Dolly"]),
        ("| Dataset | `acme/alpaca-x` (51,760 rows) |\n|---|---|\n| Epochs | 3 |", ["acme/alpaca-x"]),
        ("| Stage | Data | Steps |\n|---|---|---|\n| 1 | FineWeb-Edu | 9 |\n| 2 | BrookTalk | 2 |", ["FineWeb-Edu", "BrookTalk"]),
        (
            "Trained on [acme/Tales](https://hf.co/datasets/acme/Tales), then on [acme/TalesTold](https://hf.co/datasets/acme/TalesTold).",
            ["acme/Tales", "acme/TalesTold"],
        ),
        ("## Dataset\n\nThe dataset used to evaluate this model is [acme/brook](https://huggingface.co/datasets/acme/brook).", []),
        ("**Training data.** SNLI and MultiNLI.", ["SNLI", "MultiNLI"]),
        ("Trained entirely on **Apple Silicon MPS (M5 Max)** in two minutes.", []),
    ],
)
def test_datasets(body: str, found: list[str]) -> None:
    assert values(body, "datasets") == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("- **Finetuned from model (optional):** `densenet121` (ImageNet weights)", ["densenet121"]),
        ("- **Finetuned from model:** `acme/bert-a` or `acme/bert-b`", ["acme/bert-a", "acme/bert-b"]),
        ("Weights derive from YOLOv8 and are free.", ["YOLOv8"]),
        ("Ce modèle est une version fine tuné de `roberta-base` pour le tri.", ["roberta-base"]),
        ("- Backbone: `vit_base_patch16_224` (pretrained).", ["vit_base_patch16_224"]),
        ("- Model based from: Brook Bert model", ["Brook Bert"]),
        ("- Educational reference for LoRA SFT + DPO recipe documentation", []),
        (
            "| Parameter | Value |\n|---|---|\n| Base model | `acme/Llama-9B-it-bnb-4bit` |\n| Framework | Unsloth |",
            ["acme/Llama-9B-it-bnb-4bit"],
        ),
        (
            "| File | Upstream | License |\n|---|---|---|\n| `v.bin` | [acme/view-3](https://huggingface.co/acme/view-3) | MIT |",
            ["acme/view-3"],
        ),
        ("| Model | Base model | F1 |\n|---|---|---|\n| other | acme/view-3 | 0.4 |", []),
        ("This export is derived from **acme/sonic-2**.", ["acme/sonic-2"]),
        ("This export is derived from images/videos.", []),
        (
            "GGUF builds of [`acme/brook-coder`](https://huggingface.co/acme/brook-coder), fine-tuned from `acme/llama-3-9b`.",
            ["acme/brook-coder", "acme/llama-3-9b"],
        ),
        ("Acme is a QLoRA adapter for Llama-3-9B fine-tuned on letters.", ["Llama-3-9B"]),
        ("Kimi-K9, expert-pruned to fit in 64 GB.", ["Kimi-K9"]),
        ("Optimised for Ollama/Llama.cpp. Built on top of [llama.cpp PR #9](https://github.com/a/b/pull/9).", []),
        ("- **Base model**: ${base_model}", []),
        ("- **Backbone**: FNO2d (a neural operator)\n- **Language model**: 4-gram subword-token LM", []),
        ("- **Backbone**: DeBERTa-v3-small", ["DeBERTa-v3-small"]),
        ("It uses a decay derived from the Flux physics papers.", []),
        ("**Base model.** `acme-small-uncased` (66M)", ["acme-small-uncased"]),
        ("These are the same weights as [acme/rw-7](https://huggingface.co/acme/rw-7), in another format.", ["acme/rw-7"]),
        ("`acme/Brook` packages the `reed/brook-2` checkpoint.\n\n- Official checkpoint: `reed/brook-2`", ["reed/brook-2"]),
        ("Derivative of **Acme XTTS-v2**.\n\nBase model: [`acme/XTTS-v2`](https://huggingface.co/acme/XTTS-v2).", ["acme/XTTS-v2"]),
        ("SFT mixes public sources:\n\n- GSM8K\n- AcmeMath-2", []),
        ("| File | What |\n|---|---|\n| a.bin | fine-tuned from Wan2.2-5B |\n| dir/b.pt | predicts |", ["Wan2.2-5B"]),
        ("## 模型\n\n模型初始化自\n`acme/guard-2`，并继承其权重。", ["acme/guard-2"]),
        ("A LoRA trained for cartoons on top of `acme/ideo-4`.", ["acme/ideo-4"]),
        ("It runs on top of Wan 2.1's decoder.", []),
        ("ResNet50 pretrained on ImageNet, fine-tuned on X-rays.", ["ResNet50"]),
        ("Uses XLM-RoBERTa-large as backbone.", ["XLM-RoBERTa-large"]),
        ("- **Temel Model:** acme/Qwen2.5-7B", ["acme/Qwen2.5-7B"]),
        ("- 基底：[`acme/Gemma-3-12b`](https://huggingface.co/acme/Gemma-3-12b)", ["acme/Gemma-3-12b"]),
        ("A voice model based on the **Diffusion Transformer (DiT)** with flow matching.", []),
    ],
)
def test_base_models(body: str, found: list[str]) -> None:
    assert values(body, "base_models") == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("## License\n\nApache 2.0. Training data under CC-BY-4.0.", ["Apache 2.0"]),
        ("## License\n\nApache-2.0. The [Brook](https://a.org) training corpus is CC BY-NC-ND 4.0.", ["Apache-2.0"]),
        ("## License\n\nMIT — built on Brook2-Coder (Apache 2.0).", ["MIT"]),
        ("## License\n\nMIT. Underlying Brook (Apache 2.0) and Reed (BSD 3-Clause) licenses apply.", ["MIT"]),
        ("## License\n\nThis model was trained using PyTorch, which is licensed under the BSD 3-Clause License.", []),
        ("## License\n\nTraining data licenses: Brook (Apache-2.0), Reed (CC-BY-4.0).", []),
        ("- **License:** Dataset provided under public domain", []),
        ("Terms are separate from the MIT-licensed workflow code.", []),
        ("## Dataset\n\n- **License**: CC BY 4.0\n\n## License\n\nAGPL-3.0", ["AGPL-3.0"]),
        ("- **Lisans:** Apache 2.0", ["Apache 2.0"]),
        ("[![License: MIT](https://img.shields.io/badge/License-MIT-yellow.svg)](LICENSE)", ["MIT"]),
        ("## License\n\nBSL-1.1 until 2028. Which license applies depends.", ["BSL-1.1"]),
        ("## License\n\nGNU AGPL-3.0. The code is AGPL v3.0.", ["GNU AGPL-3.0"]),
    ],
)
def test_licenses(body: str, found: list[str]) -> None:
    assert values(body, "licenses") == found


def test_licence_of_data_on_a_card_of_data() -> None:
    assert values("## License\n\nThis dataset is licensed under the MIT License.", "licenses", "dataset") == ["MIT"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('model = LAM("acme/lam-v1")', ["acme/lam-v1"]),
        ('model = LAM("models/lam")', []),
        ('model = joblib.load("a1_delay.joblib")', []),
    ],
)
def test_repo_ids(code: str, found: list[str]) -> None:
    assert values(f"```python\n{code}\n```", "repo_ids") == found
