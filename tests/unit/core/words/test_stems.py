"""Words without their endings, where Snowball leaves them."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.words.forms import index_forms, query_forms
from core.words.stems import stem_word

SAME_STEM: dict[str, tuple[str, ...]] = {
    "no": (
        "by Byen Byer Byerne Byens", "sjø Søen Søer sjøene", "øy øyen øyene", "vei Veien veier veiene",
        "bro Broen Broer",
        "kne kneet", "snø Snøen", "å Aaen åene", "øks Øxen", "stue Stuen Stuer", "due Duen",
        "engel Englene", "vinter Vintre", "kloster Klostre", "teater teatrene", "artikkel Artikler",
    ),
    "da": ("ø Øen Øer Øerne", "træ Træet Træer Træerne", "vej Vejen Vejene", "bro Broens", "ko Koen Køer", "sne Sneen"),
    "sv": (
        "kyrka kyrkan kyrkans kyrkor", "sjö sjön sjöar sjöarna", "ö ön öarna", "by byn byar byarna", "bro bron broar",
        "gata gatan", "blomma blomman", "fågel fåglar fåglarna", "ängel änglar", "vinter vintrar", "knä knän", "å ån",
    ),
    "fr": ("roi rois", "jeu jeux", "lieu lieux", "rue rues", "trou trous", "clou cloux"),
}  # fmt: skip
"""Language → words that find each other."""


@pytest.mark.parametrize(("language", "words"), [(key, words) for key, rows in SAME_STEM.items() for words in rows])
def test_a_short_word_is_found_with_its_endings(language: str, words: str) -> None:
    typed, *inflected = words.split()
    missed = [word for word in inflected if not set(query_forms(typed).all) & set(index_forms(word, [language]))]
    assert missed == []


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("been", "no"), ("diet", "no"), ("den", "da"), ("Wien", "da"), ("poet", "no"), ("yet", "da"), ("Meier", "en"),
        ("Sultan", "sv"), ("gentleman", "sv"), ("lån", "sv"), ("stor", "sv"), ("bror", "sv"),
        ("mois", "fr"), ("fois", "fr"), ("croix", "fr"), ("Jordan", "sv"),
    ],
)  # fmt: skip
def test_a_word_that_only_looks_like_a_short_one_keeps_its_letters(word: str, language: str) -> None:
    assert stem_word(word, language) == word.lower()


def test_threads_stem_words_at_the_same_time() -> None:
    """Snowball's stemmers keep the place in a word in themselves."""
    words = [word * count for word in ("fyrtaarnet", "bogen", "skibene", "husets") for count in range(1, 12)]
    expected = [stem_word.__wrapped__(word, "no") for word in words]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as executor:
            rounds = list(executor.map(lambda _: [stem_word.__wrapped__(word, "no") for word in words], range(40)))
    finally:
        sys.setswitchinterval(interval)
    assert all(stems == expected for stems in rounds)
