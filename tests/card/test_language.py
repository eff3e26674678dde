"""The language of a card's prose."""

from __future__ import annotations

import pytest

from cardlint.card.card import Card
from cardlint.card.language import language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "This is the model that we trained for the recognition of names in letters and it is small."),
        ("de", "Das Modell wurde für die Erkennung von Namen in Briefen trainiert und ist nicht groß."),
        ("fr", "Ce modèle est entraîné pour la reconnaissance des noms dans les lettres et il est petit."),
        ("es", "Este modelo se entrenó para el reconocimiento de los nombres en las cartas y es pequeño."),
        ("pt", "Este modelo foi treinado para o reconhecimento dos nomes em cartas e não é grande."),
        ("ja", "このモデルは手紙の名前を認識するために学習しました。"),
        ("zh", "这个模型用于识别信件中的人名。"),
        ("ko", "이 모델은 편지의 이름을 인식하기 위해 학습되었습니다."),
        ("ru", "Эта модель обучена распознавать имена в письмах."),
        ("uk", "Ця модель навчена розпізнавати імена в листах і її розмір невеликий."),
        ("ar", "هذا النموذج مدرب على التعرف على الأسماء في الرسائل."),
        ("hi", "यह मॉडल पत्रों में नाम पहचानने के लिए प्रशिक्षित है।"),
        ("vi", "Mô hình này được huấn luyện để nhận dạng tên trong các bức thư và không lớn."),
    ],
)
def test_language(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "bert-base", "0.5 0.7", "🚢🚢🚢"])
def test_too_little_to_tell(text: str) -> None:
    assert language_of(text) is None


def test_code_and_tables_do_not_count() -> None:
    assert Card.from_text("# m\n\n```\nthe of and is are was this that\n```\n").language is None


def test_foreign_names_in_english_prose() -> None:
    assert language_of("This is a model for the language of the city of 東京 and it was trained with care.") == "en"
