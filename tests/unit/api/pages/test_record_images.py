"""The images of pages and books among the results."""

from api.pages.record_images import scan_image
from api.records import BookLeaf

LEAF = BookLeaf(number=3, label="3", width=1000, height=1480, image="", service="", viewer="", scan_id="book/page 3")


def test_a_scan_of_this_service_is_shown_small() -> None:
    image = scan_image(LEAF)
    assert image is not None
    assert image.src == "/iiif/image/book%2Fpage%203/full/!220,220/0/default.webp"
    assert (image.width, image.height) == (1000, 1480)


def test_a_page_of_another_server_has_no_image() -> None:
    assert (
        scan_image(BookLeaf(number=3, label="", width=9, height=9, image="https://a/b.jpg", service="", viewer=""))
        is None
    )
