"""Claims: what prose and code say, with places that hold the value as written."""

from __future__ import annotations

import gzip
import json
import re
import time
from pathlib import Path

import pytest

from cardlint.card.card import Card
from cardlint.card.claims import Claims
from cardlint.card.claims.datanames import is_known, known_names
from cardlint.data import vocabulary

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
KINDS = {
    "licenses_in_body": "licenses",
    "base_models_in_body": "base_models",
    "training_datasets_in_body": "datasets",
    "repo_ids_in_code": "repo_ids",
}
LEAST = {"licenses": (0.95, 0.95), "base_models": (0.93, 0.85), "datasets": (0.78, 0.70), "repo_ids": (0.95, 0.94)}
"""Precision and recall on the labels of the project."""
LABELS = [Path(__file__).resolve().parents[1] / "data" / "labels" / f"{name}.jsonl" for name in ("claims", "unseen", "unseen-bases")]


def values(text: str, kind: str) -> list[str]:
    return [claim.value for claim in getattr(Card.from_text(text).claims, kind)]


def details(text: str, kind: str) -> list[tuple[str, str]]:
    return [(claim.value, claim.detail) for claim in getattr(Card.from_text(text).claims, kind)]


TRAINER = """---
license: mit
---
# tiny-thing

This model is a fine-tuned version of [acme/base-small](https://huggingface.co/acme/base-small) on the emotion dataset.
It achieves the following results on the evaluation set:
- Loss: 0.12
- Accuracy: 0.93
"""


def test_names_lists_every_kind() -> None:
    claims = Card.from_text("").claims
    assert all(getattr(claims, name) == () for name in Claims.names())


def test_trainer_sentence() -> None:
    assert details(TRAINER, "base_models") == [("acme/base-small", "finetuned")]
    assert values(TRAINER, "datasets") == ["emotion"]
    assert details(TRAINER, "metrics") == [("0.12", "Loss||evaluation"), ("0.93", "Accuracy||evaluation")]
    assert values(TRAINER, "licenses") == []


@pytest.mark.parametrize("unset", ["the None dataset", "an unknown dataset"])
def test_unset_dataset_is_no_claim(unset: str) -> None:
    text = f"# t\n\nThis model is a fine-tuned version of [bert-base-cased](https://huggingface.co/bert-base-cased) on {unset}.\n"
    assert values(text, "datasets") == []
    assert values(text, "base_models") == ["bert-base-cased"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("| Dataset | F1 |\n|---|---|\n| SNLI | 0.31 |", []),
        ("Compared with models trained on SNLI, it is small.", []),
        ("LoRA weights trained on FLUX.1-dev.", []),
        ("See the training logs for this model on [Board.dev](https://board.dev/runs/7).", []),
        ("- **Dataset:** SNLI and AcmeQA", ["SNLI", "AcmeQA"]),
        ("Trained on the acme-v1.0, multi-acme-2.0 and acme-fever datasets.", ["acme-v1.0", "multi-acme-2.0", "acme-fever"]),
        ("Fine-tuned on the naming subtask of AcmeGLUE (Ruby).", ["AcmeGLUE"]),
        ("Trained from images from the Acme Art Gallery.", ["Acme Art Gallery"]),
        ("## Usage\n\nThis model was trained on SNLI.", ["SNLI"]),
        ("The training data used is shown in the table below.\n\n| Dataset | Size |\n|---|---|\n| Acme Sagas | 9 MB |", ["Acme Sagas"]),
        ("以下のデータを学習に使用しました。\n\n- AcmeQA\n- SNLI", ["AcmeQA", "SNLI"]),
    ],
)
def test_training_data(body: str, found: list[str]) -> None:
    assert values(f"# thing\n\n{body}\n", "datasets") == found


@pytest.mark.parametrize("kind", Claims.names())
def test_places_hold_the_value(kind: str) -> None:
    text = (
        TRAINER
        + "\n## License\n\nApache 2.0\n\n"
        + "| Base model | Qwen/Qwen3-1.7B |\n|---|---|\n| Dataset | SQuAD |\n\n7B parameters, context length of 4096, "
        + "fp16 on an A100, for research purposes only.\n\n- Language(s): English\n\nEvaluated on [SNLI](https://nlp.stanford.edu/snli).\n\n"
        + '```python\nm = AutoModel.from_pretrained("acme/x")\nd = load_dataset("acme/d")\n```\n'
    )
    card = Card.from_text(text)
    found = getattr(card.claims, kind)
    assert found
    assert [card.text[claim.start : claim.end] for claim in found] == [claim.value for claim in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("- **License:** Apache 2.0\n", ["Apache 2.0"]),
        ("## License\n\nThis work is licensed under the [MIT License](https://opensource.org/licenses/MIT).\n", ["MIT License"]),
        ("## License\n\nMIT\n", ["MIT"]),
        ("- **License:** llama3.1\n", ["llama3.1"]),
        ("Released under the CC BY-NC-SA 4.0 license.\n", ["CC BY-NC-SA 4.0"]),
        ("This model and its associated data are released under the CC BY-NC 4.0 license.\n", ["CC BY-NC 4.0"]),
        ("The datasets are all released under a CC0 license.\n", []),
        ("Respect the dataset licence (CC-BY-4.0).\n", []),
        ("## Dependency licenses\n\n- parser: MIT License\n", []),
        ("## Models finetuned off Acme-7B\n\n- Acme-Chat\n  - License: CC-BY-NC-SA-4.0\n", []),
        ("## License\n\nThe labels are CC-BY-4.0.\n", []),
        ("## License\n\nThe model is licensed under the BigCode OpenRAIL-M v1 license agreement.\n", ["BigCode OpenRAIL-M"]),
        ("## 协议\n\n请提交《小麦模型社区许可协议》。\n", ["小麦模型社区许可协议"]),
        ("| Key | Value |\n|---|---|\n| License | Acme Open Model License |\n", ["Acme Open Model License"]),
        ("## ライセンス\n\n[CC-BY SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/)\n", ["CC-BY SA 3.0"]),
        ("- **License:** [More Information Needed]\n", []),
        ("We thank the people of MIT.\n", []),
        ("- License: mit\n\nUnder the MIT License.\n", ["mit"]),
    ],
)
def test_licenses(text: str, wanted: list[str]) -> None:
    assert values(text, "licenses") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("- **Base model:** `acme/big-7b`\n", [("acme/big-7b", "finetuned")]),
        ("A LoRA adapter for Qwen2.5-VL-3B-Instruct.\n", [("Qwen2.5-VL-3B-Instruct", "adapter")]),
        ("Quantized version of [acme/big](https://huggingface.co/acme/big).\n", [("acme/big", "quantized")]),
        ("## Base model\n\n- acme/big-7b\n", [("acme/big-7b", "finetuned")]),
        ("## Models merged\n\n- acme/a-7b\n- acme/b-7b\n", [("acme/a-7b", "merge"), ("acme/b-7b", "merge")]),
        ("It is a distilled version of BERT-base.\n", [("BERT-base", "distilled")]),
        ("This is a Stable Diffusion model fine-tuned on maps.\n", [("Stable Diffusion", "finetuned")]),
        (
            "## Models Merged\n\n* [acme/a](https://huggingface.co/acme/a)\n* [acme/b](https://huggingface.co/acme/b)\n",
            [("acme/a", "merge"), ("acme/b", "merge")],
        ),
        ("It uses google/vit-base-patch16-224 as the backbone.\n", [("google/vit-base-patch16-224", "finetuned")]),
        ("基于 [Qwen3-1.7B](https://huggingface.co/Qwen/Qwen3-1.7B) 微调。\n", [("Qwen3-1.7B", "finetuned")]),
        ("Модель на основе ruBERT-base.\n", [("ruBERT-base", "finetuned")]),
        ("You can be fine-tuned. We recommend fine-tuning BERT models.\n", []),
        ("It beats BERT and RoBERTa.\n", []),
        ("Based on the SQuAD dataset.\n", []),
    ],
)
def test_base_models(text: str, wanted: list[tuple[str, str]]) -> None:
    assert details("# My model\n\n" + text, "base_models") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Trained on [Common Voice](https://huggingface.co/datasets/common_voice) and [CSS10](https://github.com/x/css10).\n",
            ["Common Voice", "CSS10"],
        ),
        ("## Training data\n\n- [OSCAR](https://oscar-corpus.com)\n- Polish Wikipedia (dump)\n", ["OSCAR", "Polish Wikipedia"]),
        ("It was trained on the following corpora:\n\n* OPUS\n* Acme Web Corpus (90M words)\n", ["OPUS", "Acme Web Corpus"]),
        ("- **Dataset:** NSMC (146,182 samples)\n", ["NSMC"]),
        ("## Training data\n\n| Dataset | Size |\n|---|---|\n| AcmeQA | 10 |\n", ["AcmeQA"]),
        ("Trained on a [dataset of questions](https://huggingface.co/datasets/acme/questions).\n", ["acme/questions"]),
        ("The model reaches 0.9 on the SQuAD test set.\n", []),
        ("## Results\n\n| Dataset | F1 |\n|---|---|\n| SQuAD | 10 |\n", []),
        ("Trained on TPU v3-8 using PyTorch.\n", []),
        ("It was not trained on SNLI, but on the AcmeQA corpus.\n", []),
        ("Trained with labeled data-to-text datasets.\n", []),
        ("Trained on the English table-to-text dataset.\n", []),
        ("## Training data\n\nIt stands in [acme_train.jsonl](https://example.org/x).\n", ["acme_train.jsonl"]),
        ("The SNLI `train` and `validation` splits were used for training.\n", ["SNLI"]),
        ("It was evaluated on SNLI, and AcmeQA was used for training.\n", []),
        ("Trained using approx. 2 hours of the AcmeVoice dataset.\n", ["AcmeVoice"]),
        ("Fine-tuned on AcmeCor 3.0 to tell senses apart.\n", ["AcmeCor 3.0"]),
        ("Trained on a TPU v3.8 for two days.\n", []),
        ("A head fine-tuned for SQuAD 2.0.\n", ["SQuAD 2.0"]),
        ("Trained on the [Andromeda](https://example.org/a) AI supercomputer.\n", []),
        ("## Training data\n\n| Split | Size |\n|---|---|\n| test_old_answers | 20 |\n| test_new_answers | 20 |\n", []),
        ("## Training data\n\nIt holds recipes for the following styles of beer:\n\n* Pale Ale\n* Stout\n* Porter\n", []),
        ("## Training data\n\n| Careers | Size |\n|---|---|\n| Law | 200 |\n| Physics | 200 |\n", []),
        ("## Training data\n\n| | Size |\n|---|---|\n| AcmeQA | 200 |\n| SNLI | 200 |\n", ["AcmeQA", "SNLI"]),
        ("You can run the following command to finetune on the [MRPC](https://example.org/mrpc) task.\n", []),
        ("The model used is AcmeNeo, which is a model trained on SNLI.\n", []),
        ("Trained on a mix of 3 paraphrase datasets: MSR, Acme, Google-PAWS.\n", ["MSR", "Acme", "Google-PAWS"]),
        ("Trained on images from the Acme Museum site.\n", ["Acme Museum"]),
        ("Trained on German texts:\n\n* Narrative texts from Digitale Bibliothek (https://example.org/x)\n", ["Digitale Bibliothek"]),
        ("Trained on 500MB of a news dataset (ACMEN) on one card.\n", ["ACMEN"]),
        ("**Training data**\n\n- [common voice crowd website](https://commonvoice.mozilla.org/en/datasets)\n", ["common voice"]),
        ("## Datasets\n\nWe use public data from Twitter for this model.\n", ["Twitter"]),
        ("A model of the language of talks.\nTraining corpora include:\n\n- [ACME](https://example.org/acme) - talks\n", ["ACME"]),
        ("## Training data\n\nAcme Corpus\n", ["Acme Corpus"]),
        ("## Training data\n\nNone yet\n", []),
        ("## Training data\n\nMerged Dataset\n", []),
        ("## Training data\n\nAn entire Wikipedia article is read for each question.\n", []),
        ("- Training data is 2 datasets: [AcmeQA](https://arxiv.org/abs/1), [BTX](https://example.org/btx.pdf)\n", ["AcmeQA", "BTX"]),
        (
            (
                "## Training data\n\n- Natural language inference\n  - AcmeNLI [Doe et al., 2018](https://arxiv.org/abs/1)\n"
                "- Question answering\n  - AcmeQA [Roe et al., 2019](https://arxiv.org/abs/2)\n"
            ),
            ["AcmeNLI", "AcmeQA"],
        ),
        ("* Training data:\n  * eng-pol: Tatoeba-train\n* Test data:\n  * eng-pol: Tatoeba-test\n", ["Tatoeba-train"]),
        ("The following models are finetuned on Acme-7B:\n\n* [Acme-7B-Chat](https://huggingface.co/acme/acme-7b-chat)\n", []),
        ("Build it from source\n\n## Architecture\n\n- Training Approach: LoRA\n- Architecture Type: Encoder\n", []),
        ("The tag could do better because of low data samples, so its performance varies:\n\n- PROD: products\n- BRND: brands\n", []),
    ],
)
def test_datasets(text: str, wanted: list[str]) -> None:
    assert values("# My model\n\n" + text, "datasets") == wanted


def test_evaluation_data_is_apart() -> None:
    text = "# t\n\nTrained on SNLI. Evaluated on the SQuAD dataset.\n"
    assert values(text, "datasets") == ["SNLI"]
    assert values(text, "evaluation_datasets") == ["SQuAD"]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ('AutoModel.from_pretrained("acme/x")', ["acme/x"]),
        ("pipeline('fill-mask', model='acme/x', tokenizer=\"acme/t\")", ["acme/x", "acme/t"]),
        ('pipeline("text-generation", "acme/x")', ["acme/x"]),
        ('name = "bert-base-cased"\nAutoModel.from_pretrained(name)', ["bert-base-cased"]),
        ('PeftModel.from_pretrained(base, "acme/adapter", device_map="auto")', ["acme/adapter"]),
        ("SentenceTransformer('acme/x')", ["acme/x"]),
        ('hf_hub_download(repo_id="acme/x", filename="model.gguf")', ["acme/x"]),
        ('snapshot_download(repo_id="acme/d", repo_type="dataset")', []),
        ("git clone https://huggingface.co/acme/x", ["acme/x"]),
        ("vllm serve acme/x --port 1", ["acme/x"]),
        ("ollama run hf.co/acme/x:Q4_K_M", ["acme/x"]),
        ("hf download acme/x --local-dir x", ["acme/x"]),
        ("Tagger.from_hparams(source=\"acme/x\", savedir='tmp')", ["acme/x"]),
        ("MODEL_DIR='acme/x'\nAutoModel.from_pretrained(MODEL_DIR)", ["acme/x"]),
        ("MODEL_DIR='acme/x'\nprint(MODEL_DIR)", []),
        ("run.py --model_name_or_path acme/x --do_train", []),
        ('AutoModel.from_pretrained("./checkpoint")', []),
        ("AutoModel.from_pretrained('{MODEL_NAME}')", []),
        ('pipeline("text-generation", model="None")', []),
        ('load_dataset("acme/d")', []),
        ('headers = {"Content-Type": "application/json"}', []),
    ],
)
def test_repo_ids(code: str, wanted: list[str]) -> None:
    assert values(f"# t\n\n```python\n{code}\n```\n", "repo_ids") == wanted


def test_code_loads_keep_what_is_no_id() -> None:
    code = "AutoModel.from_pretrained('./checkpoint')\nAutoModel.from_pretrained('{MODEL_NAME}')\nload_dataset('acme/d')"
    text = f"# t\n\n```python\n{code}\n```\n"
    assert values(text, "code_loads") == ["./checkpoint", "{MODEL_NAME}"]
    assert values(text, "dataset_ids") == ["acme/d"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("This is the `tiny-bert` model, fine-tuned using acme reviews.", ["tiny-bert"]),
        ("T5-small, pre-trained on C4, fine-tuned for questions.", ["T5-small"]),
        ("A tagger trained on a set of letters from farmers using DistilBERT.", ["DistilBERT"]),
        ("Base model [acme/opt-small](https://huggingface.co/acme/opt-small)", ["acme/opt-small"]),
        ("**Language model:** bert-base-cased", ["bert-base-cased"]),
        ("Tiny is a compressed version of ERNIE 2.0.", ["ERNIE 2.0"]),
        ("Link to the original model: https://huggingface.co/acme/bert-med", ["acme/bert-med"]),
        ("The base model used for training is `camembert-base`.", ["camembert-base"]),
        ("It was fine-tuned on reviews from the `acme/bart-large` checkpoint.", ["acme/bart-large"]),
        ("A DistilBERT model trained on reviews.", ["DistilBERT"]),
        ("Based on our character-level [KR-BERT](https://example.org/kr) model.", ["KR-BERT"]),
        ("This is a BART-based model fine-tuned for claims.", ["BART"]),
        ("Based on the [finetuned XLM for tweets](https://huggingface.co/acme/xlm-tweets).", ["acme/xlm-tweets"]),
        ("```\npython train.py \\\n  --model_name_or_path acme/roberta-x \\\n  --do_train\n```", ["acme/roberta-x"]),
        ("```python\nbase_model = 'acme/llama-x'\nPeftModel.from_pretrained(base_model, 'acme/y')\n```", ["acme/llama-x"]),
        ("```python\nbase_model = 'acme/llama-x'\n```", []),
        ("This model is a [tagger](https://huggingface.co/acme/tagger) fine-tuned on letters.", ["tagger"]),
        ("We compare the [teacher model](https://huggingface.co/acme/tagger-x) fine-tuned on letters.", []),
        ("A model ([acme/x-large](https://huggingface.co/acme/x-large)) is combined with two layers and finetuned on y.", ["acme/x-large"]),
        ("It was trained from ruT5-base with pairs of sentences.", ["ruT5-base"]),
        ("- [How to fine-tune a T5 model on a cloud](https://example.org/how)", []),
        ("使用 `transformers.BertModel.from_pretrained` 加载模型", []),
        ("[tiny-bert-v1](https://huggingface.co/acme/tiny-bert-v1) fined-tuned on QNLI.", ["tiny-bert-v1"]),
        ("This model was fine-tuned from the HuggingFace BERT base uncased checkpoint.", ["BERT base uncased"]),
        ("Wav2Vec2-Large-Robust - Finetuned on Librispeech", ["Wav2Vec2-Large-Robust"]),
        ("Developers may fine-tune Llama 3 models for other languages.", []),
        ("We used the original [ELECTRA](https://github.com/google-research/electra) repository.", []),
        ("https://github.com/acme/wav2vec2-live\nFine-tuned on Japanese.", []),
        ("Concept trained by acme with the v1-5 base model", ["v1-5"]),
        ("Acme-Chat is a fine-tuned model of [AcmeLM2](https://huggingface.co/acme/lm2-7b).", ["AcmeLM2"]),
        ("We initialized the pre-training with weights from [AcmeBERT](https://huggingface.co/acme/bert-x).", ["AcmeBERT"]),
        ("Converted with some tool to NF4 (twice) from [acme/tiny-72B](https://huggingface.co/acme/tiny-72B)", ["acme/tiny-72B"]),
        ("Quantized from acme-magnum-12b-v1.1 fp16", ["acme-magnum-12b-v1.1"]),
        ("Based on acme/tales-v2 which was pre-trained on tales.", ["acme/tales-v2"]),
        ("Based on yes/no-questions of pupils.", []),
        ("The three stages ultimately begin from `acme/minor-7B-instruct` at one revision.", ["acme/minor-7B-instruct"]),
        ("A speech model built around a pretrained [Llama3.1-8B](https://huggingface.co/meta-llama/Llama-3.1-8B).", ["Llama3.1-8B"]),
        ("Acme-2B-chat is obtained from [Acme-2B](https://huggingface.co/acme/acme-2B) by fine-tuning.", ["Acme-2B"]),
        ("The backbone model is acme/xlm-squad.", ["acme/xlm-squad"]),
        ('This is a version of "distilbert-base-german-cased" fine-tuned for letters.', ["distilbert-base-german-cased"]),
        ("It was initialized using [Acme-Lab](https://huggingface.co/acme-lab/bert-x7).", ["acme-lab/bert-x7"]),
        ("It uses Bert Large Uncased as a pretrained model.", ["Bert Large Uncased"]),
        ("A SLERP merge of Azure_Dawn-v2 and Crimson_Dusk-v2!", ["Azure_Dawn-v2", "Crimson_Dusk-v2"]),
        ("The base model AnythingV4 is merged with AcmeOrangeMixV2", ["AnythingV4", "AcmeOrangeMixV2"]),
        ("My first mixture-of-experts model based on\n* [acme/bagel-34b]\n* [other/chat-34B]", ["acme/bagel-34b", "other/chat-34B"]),
        ("- recipe : 0.5(AcmeMix_hard) + 0.5(pastel-b) - x222", ["AcmeMix_hard", "pastel-b", "x222"]),
        ("Merging of two:\n\n| Source | Hub ID |\n|---|---|\n| Maths | acme/maths-1B |\n| Tales | b/tales |", ["acme/maths-1B", "b/tales"]),
        ("## Original Model\n\n[acme/sd-3](https://huggingface.co/acme/sd-3)", ["acme/sd-3"]),
        ("- **Finetuned from model [optional]:** [distilbert-base-uncased]", ["distilbert-base-uncased"]),
        ("* Encoder: [vit-x](https://huggingface.co/acme/vit-x)\n* Decoder: Transformer", ["vit-x"]),
        ("https://huggingface.co/acme/gte-small with ONNX weights to be compatible with a library.", ["acme/gte-small"]),
        ("This is the [Llama-x-chat](https://huggingface.co/acme/llama-x-chat) model in MLC format.", ["Llama-x-chat"]),
        ("[acme/mood-student](https://huggingface.co/acme/mood-student) converted to ONNX and quantized.", ["acme/mood-student"]),
        ("This is acme/Llama-3-70B-Instruct with orthogonalized weights.", ["acme/Llama-3-70B-Instruct"]),
        ("A trained ControlNet Canny model for [FLUX.1-dev](https://huggingface.co/black-forest-labs/FLUX.1-dev).", ["FLUX.1-dev"]),
        ("It was finetuned on FLUX.1-dev using pictures of shells.", ["FLUX.1-dev"]),
        ("It was finetuned on GPT-4 for its answers.", []),
        ("This is a Dreamboothed Stable Diffusion model trained on shells.", ["Stable Diffusion"]),
        ("SDXL LoRA fine-tuning", ["SDXL"]),
        ("As a baseline we used the multilingual CLIP model as a comparison baseline.", []),
        ("It is derived from the ColBERT late interaction mechanism.", []),
        ("This is a copy of: https://huggingface.co/acme/tiny-x", ["acme/tiny-x"]),
        ("This is a mirror of the [acme/tiny-x](https://huggingface.co/acme/tiny-x) repository.", ["acme/tiny-x"]),
        ("A model initialized from https://huggingface.co/acme/bedroom-256 and trained on shells.", ["acme/bedroom-256"]),
        ("tiny-ja is a Japanese version of [acme/tiny-xl](https://huggingface.co/acme/tiny-xl).", ["acme/tiny-xl"]),
        ("We continued the pre-training of [gpt2](https://huggingface.co/gpt2).", ["gpt2"]),
        ("The model originally used for fine-tuning is [Stable Diffusion 1.4](https://huggingface.co/acme/sd).", ["Stable Diffusion 1.4"]),
        ("## Base Model Information\n\nSee Hugging Face model [Whisper Tiny](https://huggingface.co/a/whisper-tiny).", ["Whisper Tiny"]),
        ("Original repository: <https://huggingface.co/acme/gpt-x-6B>", ["acme/gpt-x-6B"]),
        ("Original repository: https://github.com/acme/gpt-x-6B", []),
        ("Ce modèle se base sur le modèle [`acme/flaubert_x`](https://huggingface.co/acme/flaubert_x).", ["acme/flaubert_x"]),
        ("MODEL used for fine tuning is GELECTRA Large by acme", ["GELECTRA Large"]),
        ("[BERT-Tiny](https://hf.co/acme/bert-x) created by [Acme Research](https://a.b) and fine-tuned on shells.", ["BERT-Tiny"]),
        ("It can be adapted to any base model based on SDXL.", []),
        ("If you want a bigger model based on GPT2-medium, look there.", []),
        ("Many open-source projects built upon Llama can use it.", []),
        ("This model card was written by me and is based on the Stable Diffusion v1 card.", []),
        ("The model was trained using code based on GPT-NeoX.", []),
        ("Fine-tuning the multilingual mT5 models on the same data sets we see that ours are better.", []),
        ("Results of fine-tuning our T5 models are below.", []),
        ("We rank models based on [BLEU score](https://huggingface.co/metrics/bleu).", []),
        ("You can run it with a model based on LlamaCausalLM.", []),
        ("This model is distilled from the zero-shot pipeline.", []),
        ("- 2024/3: Released [larger models](https://huggingface.co/acme/x-13B) developed from LLaMA-1-13B", []),
    ],
)
def test_base_models_are_found_where_cards_tell_them(text: str, wanted: list[str]) -> None:
    assert values(f"# t\n\n{text}\n", "base_models") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Trained using DSTC9 data for dialogue.", ["DSTC9"]),
        ("Trained from the clinical corpus [SemFoo](https://example.org/semfoo), with 10 epochs.", ["SemFoo"]),
        ("Fine-tuned on the text part of PortMEDIA-Dom spoken language understanding dataset.", ["PortMEDIA-Dom"]),
        ("Finetuned on russe_detox_2022 train to toxify text.", ["russe_detox_2022"]),
        ("A model trained on German Hotel Reviews from Switzerland.", ["German Hotel Reviews"]),
        ("A tree trained on breast cancer dataset.", ["breast cancer"]),
        ("Trained on 152 million sentences from the StackOverflow's archive.", ["StackOverflow"]),
        ("Trained on the English part of ArTiQA using a notebook.", ["ArTiQA"]),
        ("Data: fluent_commands (from the web)", ["fluent_commands"]),
        ("# Training data\n\n- Arabic version of [OSCAR](https://example.org/oscar)", ["OSCAR"]),
        ("# Dataset\n\n- [Dataset: udpos Italian](https://example.org/data)", ["udpos Italian"]),
        ("We fine-tuned it on the [ABCD](https://example.org/a.pdf) dataset.", ["ABCD"]),
        (
            "We used the [ABCD](https://ex.org/a.pdf), [EfGh](https://arxiv.org/abs/2) and [IJ-K](https://doi.org/3) datasets to train it.",
            ["ABCD", "EfGh", "IJ-K"],
        ),
        ("The model is trained using the [run_glue](https://github.com/huggingface/x/run_glue.py) script.", []),
        ("It is a fine-tuned version of [acme/t5_xlsum](https://huggingface.co/acme/t5_xlsum) on letters.", []),
        ("# Training data\n\n- cc100 ja\n- oscar ja\n- wikipedia ja", ["cc100 ja", "oscar ja", "wikipedia ja"]),
        (
            "# Training data\n\nThe data sources are [Old Letters](https://example.org/a), [MAIL-ON](https://example.org/b)",
            ["Old Letters", "MAIL-ON"],
        ),
        ("The data comes from [a Kaggle letter dataset](https://www.kaggle.com/acme/letters).", ["Kaggle letter"]),
        ("Trained on letters using [a kaggle dataset](https://www.kaggle.com/acme/letters).", []),
        ("The dataset used to train this model is [FooBar](https://example.org/x).", ["FooBar"]),
        ("The dataset used is available [here](https://example.org/x).", []),
        ("Trained on FOO back-translated data.", ["FOO"]),
        ("We started training from GPT-J, which has been trained on [The Pile](https://example.org/pile).", []),
        ("Trained on the acme/dreambooth-letters dataset.", ["acme/dreambooth-letters"]),
        ("Trained with the data of\n\n- Doe, Jane and Roe, Richard, 2013, Letters, a library", []),
        ("使用LCQMC等中文语料训练模型", ["LCQMC"]),
        (
            (
                "| **spaCy** | `>=3` |\n| --- | --- |\n| **Sources** | [Notes 5](https://ex.org) (Doe)<br />"
                "[Net 3.0](https://ex.org)<br />[acme/x](https://huggingface.co/acme/x) |"
            ),
            ["Notes 5", "Net 3.0"],
        ),
        ("| Feature | Description |\n| --- | --- |\n| **Sources** | [Notes 5](https://example.org/n) |", []),
        ("Trained on the medical news dataset.", []),
        ("Trained on Google Cloud TPU machines.", []),
        ("Trained on a Hindi-English parallel corpus.", []),
        ("Trained with care, it achieves 90 on ImageNet-1K.", []),
        (
            "Trained on the following three corpora. They are large.\n\n- Annual Reports: 2B\n- Call Transcripts: 1B",
            ["Annual Reports", "Call Transcripts"],
        ),
        ("# Training data\n\nSee this [Kaggle competition](https://www.kaggle.com/c/toxic-comments/data).", ["toxic-comments"]),
    ],
)
def test_datasets_are_found_where_cards_tell_them(text: str, wanted: list[str]) -> None:
    assert values(f"# t\n\n{text}\n", "datasets") == wanted


def test_loads_in_comments_and_training_commands_are_none() -> None:
    code = "# name = 'acme/old'\nname = 'acme/new'\nAutoModel.from_pretrained(name)"
    assert values(f"```python\n{code}\n```\n", "repo_ids") == ["acme/new"]
    assert values("```\n--model_name_or_path acme/x --num_train_epochs 5\n```\n", "repo_ids") == []


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("parameters", "A model of 1.5 billion parameters.", ["1.5 billion"]),
        ("parameters", "It has 12 500 000 parameters.", ["12 500 000"]),
        ("parameters", "It has 1 500 M parameters.", []),
        ("context_length", "Maximum sequence length: 512 tokens", ["512"]),
        ("precision", "Weights in bf16 and Q4_K_M.", ["bf16", "Q4_K_M"]),
        ("hardware", "Trained on 8 x A100 GPUs and a TPU v3-8.", ["8 x A100", "TPU v3-8"]),
        ("use", "Not for commercial use.", ["Not for commercial use"]),
        ("languages", "- **Language(s):** English, German", ["English", "German"]),
    ],
)
def test_short_phrases(kind: str, text: str, wanted: list[str]) -> None:
    assert values(f"# t\n\n{text}\n", kind) == wanted


def test_result_table() -> None:
    text = "# t\n\n## Evaluation\n\n| Dataset | F1 | WER |\n|---|---|---|\n| SQuAD test | **91.2** | n/a |\n"
    assert details(text, "metrics") == [("91.2", "F1|SQuAD test|test")]


@pytest.mark.parametrize(
    "text",
    [
        "fine-tuned " * 20_000,
        "trained on " * 20_000,
        "A-" * 60_000,
        "a/" * 60_000 + " license",
        "[x](y) trained on " * 8_000,
        "```\n" + "from_pretrained('a" * 8_000 + "\n```",
        "# Training data\n\n" + "- Foo Bar\n" * 8_000,
        "License: " * 10_000,
        "| a | b |\n|---|---|\n" + "| Dataset | " + "x " * 40_000 + "|\n",
        "İ" * 10_000 + " fine-tuned version of İİİ BERT",
        "(" * 50_000 + " based on " + "(" * 50_000,
        "# Training data\n\n" + "A" * 100_000 + " dataset",
        "# Training data\n\n" + "Aa dataset " * 10_000,
        "# Training data\n\n" + "- Foo Bar:\n" * 8_000,
        "trained on " + "Aa " * 30_000,
        "trained on images from " * 8_000,
        "trained on the a_" + "b" * 60_000 + " data, " + "B" * 60_000 + " data",
        "```\n" + 'train --base_model "a/b" base_model = "' * 4_000 + "\n```",
        "model: x\n" * 20_000,
        "# License\n\n" + "license\n\n" * 8_000,
    ],
    ids=range(20),
)
def test_hostile_text_is_read_in_linear_time(text: str) -> None:
    card = Card.from_text(text)
    _ = card.outline
    began = time.process_time()
    for name in Claims.names():
        getattr(card.claims, name)
    assert time.process_time() - began < 5


def names(texts: list[str]) -> set[str]:
    return {re.sub(r"[^\w]|_", "", text.lower().rstrip("/").rsplit("/", 1)[-1]) for text in texts} - {""}


def same(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return short == long or (len(short) > 3 and short in long and len(short) >= 0.6 * len(long))


def test_labels_of_the_project() -> None:
    if not (CORPUS / "cards.jsonl.gz").is_file():
        pytest.skip("the corpus of real cards is not beside the project")
    labels: dict[str, dict[str, list[str]]] = {}
    for path in LABELS:
        for label in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            labels.setdefault(label["sha256"], {}).update(label["claims"])
    counts: dict[str, list[int]] = {}
    with gzip.open(CORPUS / "cards.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            told = labels.pop(row["sha256"], None)
            if told is None:
                continue
            claims = Card.from_text(row["text"]).claims
            for truth, kind in KINDS.items():
                if truth not in told:
                    continue
                true, said = names(told[truth]), names([claim.value for claim in getattr(claims, kind)])
                count = counts.setdefault(kind, [0, 0, 0, 0])
                count[0] += sum(any(same(a, b) for b in true) for a in said)
                count[1] += len(said)
                count[2] += sum(any(same(a, b) for b in said) for a in true)
                count[3] += len(true)
    assert not labels
    found = {kind: (hit / said, met / true) for kind, (hit, said, met, true) in counts.items()}
    assert {kind for kind, least in LEAST.items() if found[kind][0] < least[0] or found[kind][1] < least[1]} == set(), found


def test_the_patterns_of_known_names_mean_the_same_in_small_letters() -> None:
    assert not [name for name in vocabulary("claims_datasets")["names"] if re.search(r"\\[A-Z]|\(\?P", name)]


@pytest.mark.parametrize("text", ["SQuAD", "squad", "SQUAD v1.1", "Common Voice 11.0", "COMMON VOICE"])
def test_a_well_known_name_is_known_in_any_case(text: str) -> None:
    assert is_known(text)
    assert known_names(text)[0][0] == 0
