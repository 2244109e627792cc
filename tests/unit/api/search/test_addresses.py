"""What pasted addresses name: pure texts, nothing is fetched."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.addresses import MAX_IDENTIFIERS, is_address, read_address

DIGIBOK, ARK = "digibok_2099010100017", "ark:/12148/bpt6k1110784"
URN = f"URN:NBN:no-nb_{DIGIBOK}"

ADDRESSES = [
    # address, an identifier that it contains, page
    (f"https://www.nb.no/items/{URN}", DIGIBOK, None),
    (f"https://www.nb.no/items/{URN}/", URN, None),
    (f"https://www.nb.no/items/{URN}?page=5", URN, 5),
    (f"https://www.nb.no/items/{URN}?searchText=fyr&page=5", DIGIBOK, 5),
    (f"www.nb.no/items/{URN}?page=5", DIGIBOK, 5),
    (f"https://api.nb.no/catalog/v1/iiif/{URN}/manifest", URN, None),
    (f"https://api.nb.no/catalog/v1/iiif/{URN}/canvas/p5", DIGIBOK, 5),
    (f"https://www.nb.no/services/image/resolver/{URN}_0005/0,0,1024,1024/512,/0/default.jpg", f"{DIGIBOK}_0005", 5),
    (f"https://www.nb.no/services/image/resolver/{URN}_0005/info.json", URN, 5),
    (f"{URN}_0005", URN, 5),
    (f"{URN}_0005", f"{DIGIBOK}_0005", 5),
    (f"{URN}?page=5", URN, 5),
    (f"https://www.nb.no/items/{URN}_0005", URN, 5),
    ("urn:nbn:de:bvb:12-bsb00012345-p0007-8", "bsb00012345", 7),
    ("https://nbn-resolving.org/urn:nbn:de:bvb:12-bsb00012345-p0007-8", "urn:nbn:de:bvb:12-bsb00012345", 7),
    ("https://nbn-resolving.org/urn:nbn:de:gbv:3:3-12345-p0012-x", "urn:nbn:de:gbv:3:3-12345", 12),
    ("https://x.de/view?urn=urn%3Anbn%3Ade%3Abvb%3A12-bsb00012345-p0007-8", "bsb00012345", 7),
    ("https://nbn-resolving.org/urn:nbn:de:bvb:12-bsb00012345-7", "bsb00012345", None),
    (f"https://urn.nb.no/{URN}", URN, None),
    (f"https://gallica.bnf.fr/{ARK}", ARK, None),
    (f"https://gallica.bnf.fr/{ARK}/f7.item", ARK, 7),
    (f"https://gallica.bnf.fr/{ARK}/f7n12.pdf", ARK, 7),
    (
        "http://dfg-viewer.de/show/?set[mets]=http%3A%2F%2Fx.de%2Fabc_338826353_mets.xml&set[image]=7",
        "abc_338826353_mets",
        7,
    ),
    ("https://digital.slub-dresden.de/werkansicht?tx_dlf%5Bid%5D=12345&tx_dlf%5Bpage%5D=7", "12345", 7),
    ("https://digital.slub-dresden.de/id338826353", "338826353", None),
    ("https://opendata.uni-halle.de/handle/1981185920/12345", "1981185920/12345", None),
    ("https://hdl.loc.gov/loc.rbc/rbc0001.2009gen12345", "loc.rbc/rbc0001.2009gen12345", None),
    ("https://babel.hathitrust.org/cgi/pt?id=loc.ark:/13960/t1234567x&seq=7", "ark:/13960/t1234567x", 7),
    ("https://content.staatsbibliothek-berlin.de/dc/PPN123456789-00000007/info.json", "PPN123456789", 7),
    ("https://www.e-codices.unifr.ch/en/csg/0390/7", "csg-0390", 7),
    ("https://iiif.lib.harvard.edu/manifests/view/drs:12345678$7i", "drs:12345678", 7),
    ("https://dl.ndl.go.jp/info:ndljp/pid/1234567/7", "info:ndljp/pid/1234567", 7),
    ("https://lib.ugent.be/viewer/archive.ugent.be:12345678-ABCD#?cv=6", "12345678-ABCD", 7),
    (f"https://gallica.bnf.fr/{ARK}/f7.item.r=phare.zoom", ARK, 7),
    (f"https://gallica.bnf.fr/{ARK}/f7.image?lang=EN", "bpt6k1110784", 7),
    (f"https://gallica.bnf.fr/{ARK}?rk=21459;2", ARK, None),
    (f"https://gallica.bnf.fr/{ARK}.texteImage", ARK, None),
    (f"gallica.bnf.fr/{ARK}.texteImage", ARK, None),
    (f"https://gallica.bnf.fr/iiif/{ARK}/manifest.json", ARK, None),
    (f"https://gallica.bnf.fr/iiif/{ARK}/canvas/f7", ARK, 7),
    (f"https://gallica.bnf.fr/iiif/{ARK}/f7/full/full/0/native.jpg", ARK, 7),
    (f"https://gallica.bnf.fr/iiif/{ARK}/f7/pct:10,10,20.5,20/!600,600/!90.5/gray.png", ARK, 7),
    (ARK, "bpt6k1110784", None),
    (f"https://gallica.bnf.fr/{ARK}/f7.item.r=phare%20de%20mer.zoom", ARK, 7),
    (f"https://www.nb.no/items/{URN}?page=5&searchText=fyr%20og%20kyst", DIGIBOK, 5),
    (f"https://www.nb.no/items/{URN}?page=5&amp;searchText=fyr", DIGIBOK, 5),
    (f"https://www.nb.no/items/{URN}&quot", DIGIBOK, None),
    (f"//www.nb.no/items/{URN}", URN, None),
    (f"/books/{URN}", URN, None),
    (f"/pictures/{DIGIBOK}_0004:P4_CB00001:1,2,3,4", f"{DIGIBOK}_0004:P4_CB00001:1,2,3,4", None),
    (f"oai:nb.no:{DIGIBOK}", DIGIBOK, None),
    ("ark:12148/bpt6k1110784", ARK, None),
    ("https://www.europeana.eu/en/item/9200518/ark__12148_bpt6k1110784", ARK, None),
    ("https://babel.hathitrust.org/cgi/pt?id=mdp.39015012345678;view=1up;seq=11", "mdp.39015012345678", 11),
    ("https://hdl.handle.net/2027/mdp.39015012345678?urlappend=%3Bseq=11", "2027/mdp.39015012345678", 11),
    ("info:hdl/2027/mdp.39015012345678", "2027/mdp.39015012345678", None),
    ("https://books.google.com/books?id=aBcDeFgHiJkC&pg=PA12&dq=lighthouse", "aBcDeFgHiJkC", 12),
    ("https://www.e-codices.unifr.ch/en/csg/0390/7/0/", "csg-0390", None),
    ("https://mdz-nbn-resolving.de/details:bsb00012345", "bsb00012345", None),
    ("https://digital.slub-dresden.de/werkansicht/dlf/12345/7", "12345", 7),
    ("http://resolver.sub.uni-goettingen.de/purl?PPN123456789", "PPN123456789", None),
    ("https://gdz.sub.uni-goettingen.de/id/PPN123456789?tify=%7B%22pages%22%3A%5B7%5D%7D", "PPN123456789", 7),
    (
        "https://mirador.example/?manifest=https%3A%2F%2Fexample.org%2Fiiif%2Fbook1234%2Fmanifest.json"
        "&canvas=https%3A%2F%2Fexample.org%2Fiiif%2Fbook1234%2Fcanvas%2F7",
        "book1234",
        7,
    ),
    ("https://uv.example/#?manifest=https://example.org/iiif/book1234/manifest.json&c=0&m=0&cv=6", "book1234", 7),
    ("ark:12148/bpt6k1110784", ARK, None),
    ("https://n2t.net/ark:/13960/t5z64fc55", "ark:/13960/t5z64fc55", None),
    ("https://digi.ub.uni-heidelberg.de/diglit/duerer1528", "duerer1528", None),
    ("https://digi.ub.uni-heidelberg.de/diglit/duerer1528/0005", "duerer1528", 5),
    ("https://digi.ub.uni-heidelberg.de/diglit/duerer1528/0005/image,info", "duerer1528", 5),
    ("https://digi.ub.uni-heidelberg.de/diglit/iiif/duerer1528/manifest.json", "duerer1528", None),
    ("https://digi.ub.uni-heidelberg.de/iiif/2/duerer1528:0005.jpg/full/max/0/default.jpg", "duerer1528", 5),
    ("https://archive.org/details/childrensbook00smit", "childrensbook00smit", None),
    ("https://archive.org/details/childrensbook00smit/page/n5/mode/2up", "childrensbook00smit", 6),
    ("https://archive.org/details/alice_in_wonderland", "alice_in_wonderland", None),
    ("https://iiif.archive.org/iiif/childrensbook00smit$5/canvas", "childrensbook00smit", 6),
    ("https://archive.org/download/childrensbook00smit/childrensbook00smit.pdf", "childrensbook00smit", None),
    ("https://babel.hathitrust.org/cgi/pt?id=mdp.39015012345678&seq=25", "mdp.39015012345678", 25),
    ("https://hdl.handle.net/2027/mdp.39015012345678", "2027/mdp.39015012345678", None),
    ("https://doi.org/10.3931/e-rara-12345", "10.3931/e-rara-12345", None),
    ("doi:10.3931/e-rara-12345", "10.3931/e-rara-12345", None),
    ("https://www.digitale-sammlungen.de/en/view/bsb10012345?page=4,5", "bsb10012345", 4),
    ("https://api.digitale-sammlungen.de/iiif/image/v2/bsb10012345_00005/full/full/0/default.jpg", "bsb10012345", 5),
    ("urn:nbn:de:bvb:12-bsb10012345-6", "bsb10012345", None),
    ("https://digital.staatsbibliothek-berlin.de/werkansicht?PPN=PPN625829321&PHYSID=PHYS_0005", "PPN625829321", 5),
    ("https://books.google.com/books?id=AbCdEf1234C&pg=PA5", "AbCdEf1234C", 5),
    ("https://www.e-rara.ch/zut/content/titleinfo/1234567", "1234567", None),
    (f"https://projectmirador.org/embed/?manifest=https://api.nb.no/catalog/v1/iiif/{URN}/manifest", URN, None),
    (
        f"https://uv.example.org/#?manifest={quote(f'https://gallica.bnf.fr/iiif/{ARK}/manifest.json', safe='')}",
        ARK,
        None,
    ),
]


@pytest.mark.parametrize(("address", "identifier", "page"), ADDRESSES)
def test_address_contains_an_identifier_and_perhaps_a_page(address: str, identifier: str, page: int | None) -> None:
    assert is_address(address)
    read = read_address(address)
    assert identifier in read.identifiers
    assert page is None or read.page == page


@pytest.mark.parametrize(("address", "identifier", "page"), ADDRESSES)
@pytest.mark.parametrize("times", [1, 2])
def test_percent_encoded_address_is_read_like_the_address(
    address: str, identifier: str, page: int | None, times: int
) -> None:
    encoded = address
    for _ in range(times):
        encoded = quote(encoded, safe="")
    assert identifier in read_address(encoded).identifiers
    assert page is None or read_address(encoded).page == page


@pytest.mark.parametrize(
    "address",
    [
        "https://urn.fi/URN:NBN:fi-fd2010-00001234",
        "https://www5.kb.dk/images/billed/2010/okt/object12345/da/",
        f"https://gallica.bnf.fr/{ARK}",
        f"https://www.nb.no/items/{URN}",
        "doi:10.3931/e-rara-12345",
    ],
)
def test_number_of_an_identifier_is_no_page(address: str) -> None:
    assert read_address(address).page is None


@pytest.mark.parametrize(
    "text",
    [
        "fyr",
        "12:30",
        "and/or",
        "1850/60",
        "Joh.3:16",
        "e.g./i.e.",
        "fyr.no",
        "title:kyst",
        "3.5/4.0",
        "978-82-02-12345-6",
        "%",
        "",
    ],
)
def test_words_are_no_addresses(text: str) -> None:
    assert not is_address(text)


@given(st.text(max_size=300), st.sampled_from(["https://", "urn:", "http://[", "ark:/12148/", "%25%", "", "www."]))
def test_any_text_is_read(text: str, beginning: str) -> None:
    address = read_address(f"{beginning}{text}")
    assert len(address.identifiers) <= MAX_IDENTIFIERS
    assert address.page is None or address.page > 0
