"""Where the picture page gets its images and tiles, for scans here, at another IIIF server, and for crops alone."""

import json
from itertools import pairwise

from api.pages.downloads import list_downloads, page_download_url
from api.pages.page_views import detailed_image, page_view, picture_view
from core.image_requests import OutputLimits
from tests.hit_factory import make_book_leaf, make_hit

REGION = "https://iiif.example.org/p12/10,20,3000,4000/full/0/default.jpg"
LARGE_BOX = {"x": 10, "y": 20, "width": 3000, "height": 4000}
LIMITS = OutputLimits(width=12_000, area=25_000_000)


def test_a_scan_on_our_disk_is_shown_and_zoomed_by_our_own_service() -> None:
    view = picture_view(make_hit(box=LARGE_BOX, fingerprint="abcdef0123"), (3000, 4000), is_full=True)
    assert view
    assert view.src == "/iiif/image/digibok_1_0012:GE1:10,20,300,400/full/960,/0/default.webp?v=abcdef01"
    widths = [int(candidate.rpartition(" ")[2][:-1]) for candidate in view.srcset.split(", ")]
    assert widths == [360, 540, 720, 960, 1280, 1600, 1920]
    tiles = json.loads(view.tiles.as_json())
    assert (tiles["service"], tiles["width"], tiles["height"]) == (
        "/iiif/image/digibok_1_0012:GE1:10,20,300,400",
        3000,
        4000,
    )


def test_a_small_picture_is_offered_up_to_its_own_size() -> None:
    view = picture_view(make_hit(), (300, 400), is_full=True)
    assert view
    assert view.srcset.endswith("/full/300,/0/default.webp 300w")
    assert ", 300px)" in view.sizes, "the picture is not enlarged"


def test_with_a_crop_here_and_a_scan_elsewhere_the_viewer_zooms_into_the_scan() -> None:
    view = picture_view(make_hit(box=LARGE_BOX, image={"region": REGION, "crop": "a.jpg"}), (600, 800), is_full=False)
    assert view
    assert view.src.startswith("/iiif/image/")
    assert (view.tiles.service, view.tiles.version) == ("https://iiif.example.org/p12", 2)
    assert (view.tiles.x, view.tiles.y, view.tiles.width, view.tiles.height) == (10, 20, 3000, 4000)


def test_without_a_crop_the_library_sends_the_region_in_sizes() -> None:
    view = picture_view(make_hit(box=LARGE_BOX, image={"region": REGION}), None, is_full=False)
    assert view
    assert view.src == "https://iiif.example.org/p12/10,20,3000,4000/960,/0/default.jpg"
    newest = REGION.replace("/full/0/", "/max/0/")
    view = picture_view(make_hit(box=LARGE_BOX, image={"region": newest}), None, is_full=False)
    assert view
    assert (view.src, view.tiles.version) == ("https://iiif.example.org/p12/10,20,3000,4000/960,1280/0/default.jpg", 3)
    first = REGION.replace("default", "native")
    view = picture_view(make_hit(box=LARGE_BOX, image={"region": first}), None, is_full=False)
    assert view
    assert (view.src.endswith("/960,/0/native.jpg"), view.tiles.version) == (True, 1)


def test_a_turned_region_is_shown_as_it_is() -> None:
    turned = REGION.replace("/full/0/", "/full/90/")
    view = picture_view(make_hit(box=LARGE_BOX, image={"region": turned}), None, is_full=False)
    assert view
    assert (view.src, view.tiles.service, view.tiles.url) == (turned, "", turned)


def test_no_image_no_view() -> None:
    assert picture_view(make_hit(image={}), None, is_full=False) is None
    assert page_view(make_book_leaf(3), has_regions=True) is None
    assert page_view(make_book_leaf(3, scan={}, image={"page": "https://example.org/3.jpg"}), has_regions=False) is None


def test_a_page_at_another_server_has_tiles_only_if_it_serves_regions() -> None:
    leaf = make_book_leaf(3, image={"page": "https://iiif.example.org/p3/full/full/0/default.jpg"})
    with_regions = page_view(leaf, has_regions=True)
    assert with_regions
    assert with_regions.tiles.service == "https://iiif.example.org/p3"
    assert with_regions.src == "https://iiif.example.org/p3/full/960,/0/default.jpg"
    without = page_view(leaf, has_regions=False)
    assert without
    assert (without.tiles.service, without.src) == ("", "https://iiif.example.org/p3/full/full/0/default.jpg")


def test_downloads_grow_and_end_with_the_full_size() -> None:
    downloads = list_downloads(make_hit(box=LARGE_BOX), (3000, 4000), LIMITS, is_full=True)
    assert [(item.size, item.width, item.height) for item in downloads] == [
        ("small", 450, 600),
        ("medium", 900, 1200),
        ("full", 3000, 4000),
    ]
    assert all(a.width < b.width for a, b in pairwise(downloads))
    assert all(set(item.urls) == {"jpg", "webp"} for item in downloads)
    assert downloads[0].urls["jpg"].endswith("/full/!600,600/0/default.jpg")
    assert [item.size for item in list_downloads(make_hit(), (300, 400), LIMITS, is_full=True)] == ["full"]


def test_the_full_size_is_no_larger_than_the_service_sends() -> None:
    limits = OutputLimits(width=1000, area=25_000_000)
    full = list_downloads(make_hit(box=LARGE_BOX), (3000, 4000), limits, is_full=True)[-1]
    assert (full.width, full.height) == (750, 1000)


def test_the_library_sends_the_full_size_of_a_picture_whose_scan_it_has() -> None:
    hit = make_hit(box=LARGE_BOX, image={"region": REGION, "crop": "a.jpg"})
    downloads = list_downloads(hit, (600, 800), LIMITS, is_full=False)
    assert [(item.size, item.is_remote) for item in downloads] == [("small", False), ("full", True)]
    assert downloads[-1].urls == {"jpg": REGION}
    leaf = make_book_leaf(3, image={"page": "https://iiif.example.org/p3/full/full/0/default.jpg"})
    assert page_download_url(leaf) == "https://iiif.example.org/p3/full/full/0/default.jpg"
    assert page_download_url(make_book_leaf(3)) == ""


def test_compared_pictures_have_more_pixels_than_on_cards_if_there_are_more() -> None:
    large = detailed_image(make_hit(box=LARGE_BOX, image={"crop": "a.jpg", "large": "a-large.jpg"}))
    assert large.srcset.endswith("/full/!1600,1600/0/default.webp 1200w")
    assert "!1600" not in detailed_image(make_hit(box=LARGE_BOX, image={"crop": "a.jpg"})).srcset
    assert detailed_image(make_hit(image={"region": REGION})).srcset == ""
