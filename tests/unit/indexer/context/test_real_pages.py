"""Contexts of pages of real libraries."""

import pytest

from indexer.context import extract_graphical_elements
from indexer.formats import alto
from tests.paths import SHARED

EXPECTED_CONTEXTS = {
    "bnf_mono9612399_22.xml": ("indique suffi-", "Fig. Il.", "samment l'usage"),
    "bnf_mono9612399_90.xml": ("retirée sous le thorax.", "Fig. 1. Tète.", ""),
    "bnf_mag6519971_34.xml": ("", "FIC. 28.", ""),
    "bnf_mag6519970_41.xml": ("", "Planche 1", ""),
    "bnf_pji1900_p8.xml": ("", "ACTE ADMIRABLE DE DÉVOUEMENT", ""),
    "bnf_5628146_06.xml": ("12 ANS ET 8 MOIS.", "", "LILLE. h. LEFORT,"),
    "gc_impr16_bpt6k79040t_f52.xml": ("à Huon qui tantoſt le vestit.", "", "Vant Huon eut entendu"),
    "gc_impr16_bpt6k70526g_f10.xml": ("ſon amy GVENELIC.", "", "V temps que la déeſſe"),
    "gc_impr18_bpt6k6495917k_bpt6k6495917k_f14.xml": ("ſombre, ſouvent badin.", "", ""),
    "gc_impr18_bpt6k6495917k_bpt6k6495917k_f15.xml": ("", "", "ARSACE ET ISMÉNIE, HISTOIRE ORIENTALE."),
}
"""For the first picture: how `before` ends, the caption, how `after` begins; read off the scan where one lies in
`pages/`, off the ALTO's own lines and boxes for the others."""


@pytest.mark.parametrize("file", EXPECTED_CONTEXTS)
def test_contexts_of_real_pages_match_the_printed_text(file: str) -> None:
    end_before, caption, start_after = EXPECTED_CONTEXTS[file]
    context = extract_graphical_elements(alto.read_page(SHARED / "alto" / file))[0].context
    assert context.before.text.endswith(end_before)
    assert bool(context.before.text) == bool(end_before)
    assert context.caption.text == caption
    assert context.after.text.startswith(start_after)
    assert bool(context.after.text) == bool(start_after)


def test_photographs_of_a_newspaper_cover_have_their_own_captions() -> None:
    first, second = extract_graphical_elements(alto.read_page(SHARED / "alto" / "bnf_excelsior_4600034_1.xml"))
    assert first.context.before.text.endswith("La Tempête sur les Côtes de France")
    assert first.context.caption.text.startswith("Phot. de notre correspondant M. Lefebvre. LA JETÉE OUEST")
    assert first.context.after.text == "Le procès des faux tableaux, à Tours"
    assert second.context.caption.text.startswith("Phot. Peigné.")
    assert second.context.after.text == ""
