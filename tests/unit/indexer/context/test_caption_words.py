"""The words with which captions begin."""

import pytest

from indexer.context.caption_words import count_figures, figure_number, is_numbered_caption
from tests.page_factory import ABOVE, BELOW, FIGURE, make_text_block, surrounding_texts


@pytest.mark.parametrize(
    "text",
    [
        *("Fig. 3", "Flg. 3", "Figures 3", "Plate IV", "Taf 2", "Abbildungen 3", "Afb. 3", "Plaat III", "Figura 3"),
        *("Tav. IV", "Lám. 3", "Lámina II", "Estampa III", "Рис. 3", "Kuva 3", "Ryc. 3", "Rys. 3", "Obr. 3"),
    ],
)
def test_a_numbered_caption_needs_no_place_in_the_middle(text: str) -> None:
    assert is_numbered_caption(text)
    caption = make_text_block(f"{text} . Fyret", 200, 610)
    assert surrounding_texts(ABOVE, FIGURE, caption, BELOW)[1] == caption.text


@pytest.mark.parametrize(
    "text", ["Figuren viser", "Plate", "Kartet 3", "Lammet 3", "Kuvaaja 3", "Obrero 3", "Рисунки", "3"]
)
def test_other_words_are_no_numbered_caption(text: str) -> None:
    assert not is_numbered_caption(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Fig. 1. Fyret", 1),
        ("Figs. 1 and 2. Fyret", 2),
        ("Fig. 1 og 2", 2),
        ("Abb. 3 und 4: Leuchtturm", 2),
        ("Figs. 1-4. Churches", 4),
        ("FIGS. 1–4", 4),
        ("Pl. 3, 4 & 5", 3),
        ("Figs. 1, 3-5", 4),
        ("Fig. 3, 1876", 1),
        ("Fig. 2, 1", 1),
        ("Fig. 1-90", 1),
        ("Fyret 1-4", 1),
        ("", 1),
    ],
)
def test_the_number_of_figures_that_a_caption_names(text: str, count: int) -> None:
    assert count_figures(text) == count


def test_the_number_of_a_figure() -> None:
    assert figure_number("— Fig. 12. Fyret") == ("f", 12)
    assert figure_number("Pl. IV") is None
    assert figure_number("12. Fyret") is None
