"""References for people, as far as the record goes."""

from api.exports import Citation, bibliography_entry, footnote
from tests.hit_factory import make_export, make_hit


def citation_of(**changes: object) -> Citation:
    return make_export(make_hit(**changes)).citations[0]


def test_a_full_record() -> None:
    citation = citation_of()
    assert "s. iv, «Et fyr», URN" in footnote(citation, "s. iv", "«»")
    assert "S. iv: «Et fyr». URN" in bibliography_entry(citation, "s. iv", "«»")
    assert bibliography_entry(citation, "p. iv") == (
        "Moe, Anna; Grøndahl and Søn: Norges kyst. Kristiania: Aschehoug, 1885. P. iv: “Et fyr”. "
        "URN:NBN:no-nb_digibok_1. https://pictures.example.org/pictures/0"
    )
    assert footnote(citation, "p. iv") == (
        "Anna Moe, Grøndahl and Søn, Norges kyst (Kristiania: Aschehoug, 1885), p. iv, “Et fyr”, "
        "URN:NBN:no-nb_digibok_1, https://pictures.example.org/pictures/0."
    )


def test_what_the_record_lacks_leaves_no_punctuation_behind() -> None:
    bare = citation_of(
        authors=[], title="", publisher="", place="", year=None, last_year=None, caption=None, identifiers=[]
    )
    assert bibliography_entry(bare, "") == "https://pictures.example.org/pictures/0"
    assert footnote(bare, "") == "https://pictures.example.org/pictures/0."
    assert bibliography_entry(bare, "image 7") == "Image 7. https://pictures.example.org/pictures/0"


def test_a_caption_that_ends_with_a_full_stop_and_a_title_with_line_breaks() -> None:
    citation = citation_of(caption={"text": "Et fyr."}, title="Norges\nkyst?", authors=[])
    assert bibliography_entry(citation, "p. 1").startswith("Norges kyst? Kristiania: Aschehoug, 1885. P. 1: “Et fyr”. ")
