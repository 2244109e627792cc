"""Canvases with several images, parts of images, and choices between images."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geometry import Box
from indexer.formats.manifests import read_manifest
from indexer.formats.manifests.paintings import fragment_box, parse_fragment
from indexer.records import Leaf, Volume
from tests.paths import CASES, SHARED

CANVAS = "https://x/c1"


def image(name: str, **fields: Any) -> dict[str, Any]:
    service = {"id": f"https://x/{name}", "type": "ImageService3", "profile": "level1"}
    return {"id": f"https://x/{name}/full/max/0/default.jpg", "type": "Image", "service": [service], **fields}


def painting_3(body: dict[str, Any], target: Any = CANVAS) -> dict[str, Any]:
    return {"type": "Annotation", "motivation": "painting", "body": body, "target": target}


def volume_3(*annotations: dict[str, Any]) -> Volume:
    page = {"type": "AnnotationPage", "items": list(annotations)}
    canvas = {"id": CANVAS, "type": "Canvas", "width": 1200, "height": 1600, "items": [page]}
    return read_manifest(json.dumps({"type": "Manifest", "id": "https://x/m", "items": [canvas]}).encode(), "m")


def volume_2(*annotations: dict[str, Any]) -> Volume:
    canvas = {"@id": CANVAS, "@type": "sc:Canvas", "width": 1200, "height": 1600, "images": list(annotations)}
    manifest = {"@type": "sc:Manifest", "@id": "https://x/m", "sequences": [{"canvases": [canvas]}]}
    return read_manifest(json.dumps(manifest).encode(), "m")


def all_images(volume: Volume) -> list[Leaf]:
    return [image for leaf in volume.leaves for image in (leaf, *leaf.other_images)]


def test_each_image_of_a_canvas_is_read_with_its_place() -> None:
    """The case `iiif-several-images-on-a-canvas`."""
    manifest = (CASES / "iiif-several-images-on-a-canvas" / "multi.json").read_bytes()
    first, second = all_images(read_manifest(manifest, "multi.json"))
    assert (first.image_service, second.image_service) == ("http://127.0.0.1:8190/l2/p7", "http://127.0.0.1:8190/l2/p8")
    assert (first.selection.place, second.selection.place) == (Box(0, 0, 0.5, 1), Box(0.5, 0, 0.5, 1))
    assert first.id == second.id
    assert first.number == second.number == 1
    assert first.image_key != second.image_key


@pytest.mark.parametrize(
    "target",
    [
        f"{CANVAS}#xywh=600,0,600,1600",
        f"{CANVAS}#xywh=pixel:600,0,600,1600",
        f"{CANVAS}#xywh=percent:50,0,50,100",
        {"type": "SpecificResource", "source": f"{CANVAS}#xywh=600,0,600,1600"},
        {
            "type": "SpecificResource",
            "source": {"id": CANVAS, "type": "Canvas"},
            "selector": {"type": "FragmentSelector", "value": "xywh=600,0,600,1600"},
        },
        [{"source": CANVAS, "selector": [{"type": "FragmentSelector", "value": "xywh=600,0,600,1600"}]}],
    ],
)
def test_the_place_of_an_image_is_read_in_every_form(target: Any) -> None:
    assert all_images(volume_3(painting_3(image("a")), painting_3(image("b"), target)))[1].selection.place == Box(
        0.5, 0, 0.5, 1
    )


def test_version_2_states_the_place_under_on() -> None:
    fragment = {"@type": "oa:FragmentSelector", "value": "xywh=0,800,1200,800"}
    upper = {"motivation": "sc:painting", "resource": image("a"), "on": f"{CANVAS}#xywh=0,0,1200,800"}
    on = {"@type": "oa:SpecificResource", "full": CANVAS, "selector": fragment}
    lower = {"motivation": "sc:painting", "resource": image("b"), "on": on}
    places = [image.selection.place for image in all_images(volume_2(upper, lower))]
    assert places == [Box(0, 0, 1, 0.5), Box(0, 0.5, 1, 0.5)]


def test_the_scan_of_the_page_comes_before_its_details() -> None:
    """It keeps the id that it had before details were added, wherever they stand in the manifest."""
    detail, scan = painting_3(image("detail"), f"{CANVAS}#xywh=10,10,300,300"), painting_3(image("scan"))
    first, second = all_images(volume_3(detail, scan))
    assert (first.image_service, first.image_key) == ("https://x/scan", "")
    assert (second.image_service, second.image_key) == ("https://x/detail", "xywh=10,10,300,300:detail")


def test_keys_of_images_do_not_depend_on_their_order() -> None:
    annotations = [painting_3(image(name)) for name in ("a", "b", "c")]
    keys = {image.image_service: image.image_key for image in all_images(volume_3(*annotations))}
    assert {**keys, "https://x/a": ""} == {"https://x/a": "", "https://x/b": "b", "https://x/c": "c"}
    reordered = all_images(volume_3(annotations[0], annotations[2], annotations[1]))
    assert {image.image_service: image.image_key for image in reordered} == keys


def test_an_image_that_is_listed_twice_is_read_once() -> None:
    """As in a manifest of e-codices."""
    assert len(all_images(volume_3(painting_3(image("a")), painting_3(image("a"))))) == 1


def test_alternatives_of_a_choice_are_passed_over_and_counted() -> None:
    choice = {"type": "Choice", "items": [image("a"), image("b"), image("c")]}
    volume = volume_3(painting_3(choice))
    assert [leaf.image_service for leaf in all_images(volume)] == ["https://x/a"]
    assert volume.notes == (
        "2 alternative images of 1 canvas (Choice) passed over; the default, which comes first, is indexed",
    )
    assert volume.warnings == ()


def test_a_choice_of_version_2_has_a_default() -> None:
    choice = {"@type": "oa:Choice", "default": image("a"), "item": [image("b"), "rdf:nil"]}
    volume = volume_2({"motivation": "sc:painting", "resource": choice, "on": CANVAS})
    assert [leaf.image_service for leaf in all_images(volume)] == ["https://x/a"]


@pytest.mark.parametrize(
    "body",
    [
        {
            "type": "SpecificResource",
            "source": image("a"),
            "selector": {"type": "ImageApiSelector", "region": "100,200,300,400"},
        },
        {
            "@type": "oa:SpecificResource",
            "full": image("a"),
            "selector": {"@type": "iiif:ImageApiSelector", "region": "100,200,300,400"},
        },
        image("a") | {"id": "https://x/a/100,200,300,400/full/0/default.jpg"},
        {"id": "https://x/a/100,200,300,400/full/0/default.jpg", "type": "Image"},
        {
            "type": "SpecificResource",
            "source": "https://x/a",
            "selector": {"type": "ImageApiSelector", "region": "100,200,300,400"},
        },
        {
            "type": "SpecificResource",
            "source": image("a"),
            "selector": {"type": "FragmentSelector", "value": "xywh=pixel:100,200,300,400"},
        },
    ],
)
def test_a_body_that_is_a_region_selects_it(body: dict[str, Any]) -> None:
    (leaf,) = all_images(volume_3(painting_3(body)))
    assert (leaf.image_service, leaf.selection.region) == ("https://x/a", "100,200,300,400")


def test_a_selector_can_turn_the_image() -> None:
    selector = {"type": "ImageApiSelector", "region": "full", "size": "max", "rotation": "90"}
    body = {"type": "SpecificResource", "source": image("a"), "selector": selector}
    (leaf,) = all_images(volume_3(painting_3(body)))
    assert (leaf.selection.region, leaf.selection.rotation) == ("", 90)


def test_a_fragment_of_an_image_is_a_share_of_it() -> None:
    """Its numbers are pixels of the picture in the manifest, and the service can have more."""
    selector = {"type": "FragmentSelector", "value": "xywh=0,0,50,40"}
    body = {"type": "SpecificResource", "source": image("a", width=100, height=80), "selector": selector}
    (leaf,) = all_images(volume_3(painting_3(body)))
    assert leaf.selection.region == "pct:0,0,50,50"


def test_the_bare_address_of_a_picture_is_no_service() -> None:
    selector = {"type": "FragmentSelector", "value": "xywh=percent:0,0,50,50"}
    body = {"type": "SpecificResource", "source": "https://x/a.jpg", "selector": selector}
    (leaf,) = all_images(volume_3(painting_3(body)))
    assert (leaf.image_service, leaf.scan, leaf.selection.region) == (None, "https://x/a.jpg", "pct:0,0,50,50")


def test_the_cookbooks_region_is_read() -> None:
    manifest = (SHARED / "iiif" / "cookbook_0299-region.json").read_bytes()
    assert read_manifest(manifest, "0299").leaves[0].selection.region == "1768,2423,1768,2080"


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=12)
    | st.from_regex(r"#?xywh=(pct:)?[-\d.e]+(,[-\d.e]+){3}"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "source", "selector", "value", "type", "full"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON_VALUES, st.tuples(*[st.none() | st.integers(1, 5000)] * 2))
def test_any_target_gives_a_place_on_the_canvas_or_none(target: Any, size: tuple[int | None, int | None]) -> None:
    box = fragment_box(parse_fragment(target), size)
    assert box is None or (0 <= box.x < box.right <= 1 + 1e-9 and 0 <= box.y < box.bottom <= 1 + 1e-9)
