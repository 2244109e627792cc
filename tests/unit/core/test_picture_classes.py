"""Labels of catalogues, librarians and classifiers have one vocabulary."""

import pytest

from core.picture_classes import display_labels, label_alternatives, read_classes


@pytest.mark.parametrize(
    ("label", "name"),
    [
        *[(label, "Map") for label in ("Map", "map", "MAP", " map ", "map_plan", "Map plan", "plan")],
        *[(label, "Blank page") for label in ("blank", "Blank_Page", "BLANK PAGE", "blank_margin")],
        ("graphical_element", "Graphical element"),
        ("drop_capital", "Graphical element"),
        ("anomaly", "Segmentation anomaly"),
        # Words that other collections use for segmentation errors say in a catalogue what is printed.
        ("text", "Text"),
        ("crossword", "Crossword"),
        ("coat_of_arms", "Coat of arms"),
        ("QR code", "QR code"),
    ],
)
def test_a_label_of_a_catalogue_is_named_in_the_words_of_the_classes(label: str, name: str) -> None:
    assert read_classes(None).name_label(label) == name


def test_a_filter_by_a_label_takes_any_spelling_and_synonym() -> None:
    assert display_labels(["map", "MAP", "Map", "map_plan"]) == ("Map", "Map plan")
    assert label_alternatives("Map") == ("Map",)
    assert label_alternatives("Map plan") == ("Map plan", "Map")
    assert label_alternatives("Coat of arms") == ("Coat of arms",)
