"""Walk through one book: its record, its pictures in page order, and its IIIF manifest.

python docs/examples/walk_a_book.py http://localhost:8000 URN:NBN:no-nb_digibok_2099010100017
"""

import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx


def read_json(response: httpx.Response) -> Any:
    """Return the JSON of a response; exit with the error message of the service if there is one."""
    if response.is_error:
        sys.exit(response.json()["detail"])
    return response.json()


def book_pictures(service: httpx.Client, book_key: str) -> Iterator[dict[str, Any]]:
    """Yield all pictures of a book in page order, ornaments included, with up to 100 per request."""
    page_number, page_count = 1, 1
    while page_number <= page_count:
        params = {"page": page_number, "size": 100, "decoration": "include"}
        page = read_json(service.get(f"/api/books/{book_key}/pictures", params=params))
        yield from page["hits"]
        page_number, page_count = page_number + 1, page["pages"]


def picture_regions(service: httpx.Client, canvas: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the region and the caption of each picture on a IIIF canvas."""
    for annotation_page in canvas.get("annotations", []):
        for annotation in read_json(service.get(annotation_page["id"]))["items"]:
            caption_texts = [body["value"] for body in annotation["body"] if body.get("purpose") == "describing"]
            yield annotation["target"].partition("#")[2], " ".join(caption_texts)


def main(address: str, book_id: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as service:
        book_response = read_json(service.get(f"/api/books/{quote(book_id, safe=':')}"))
        record, counts = book_response["record"], book_response["counts"]
        print(f"{record['title']} ({record['year']}): {counts['pages']} pages, {counts['pictures']} pictures")
        for hit in book_pictures(service, record["key"]):
            print(f"  image {hit['page']}: {hit['caption'] or '(no caption)'}")
        manifest = read_json(service.get(f"/iiif/books/{record['key']}/manifest"))
        print(f"The same as IIIF, {manifest['id']}:")
        for canvas in manifest["items"]:
            print(f"  page {canvas['label']['none'][0]}, {canvas['width']} × {canvas['height']}")
            for region, caption in picture_regions(service, canvas):
                print(f"    {region} {caption}")


if __name__ == "__main__":
    main(*sys.argv[1:])
