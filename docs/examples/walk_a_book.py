"""Walk through one book: its record, its pictures page after page, and its IIIF manifest.

python docs/examples/walk_a_book.py http://localhost:8000 URN:NBN:no-nb_digibok_2099010100017
"""

import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx


def asked(answer: httpx.Response) -> Any:
    """The answer's JSON; what cannot be answered is said in a sentence."""
    if answer.is_error:
        sys.exit(answer.json()["detail"])
    return answer.json()


def pictures(service: httpx.Client, key: str) -> Iterator[dict[str, Any]]:
    """All pictures of a book in page order, a hundred a request."""
    number, pages = 1, 1
    while number <= pages:
        answer = asked(service.get(f"/api/books/{key}/pictures", params={"page": number, "size": 100}))
        yield from answer["hits"]
        number, pages = number + 1, answer["pages"]


def regions(service: httpx.Client, canvas: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each picture of a page as IIIF has it: where it stands, and its caption."""
    for page in canvas.get("annotations", []):
        for annotation in asked(service.get(page["id"]))["items"]:
            words = [body["value"] for body in annotation["body"] if body.get("purpose") == "describing"]
            yield annotation["target"].partition("#")[2], " ".join(words)


def main(address: str, book: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as service:
        found = asked(service.get(f"/api/books/{quote(book, safe=':')}"))
        record, counts = found["record"], found["counts"]
        print(f"{record['title']} ({record['year']}): {counts['pages']} pages, {counts['pictures']} pictures")
        for hit in pictures(service, record["key"]):
            print(f"  image {hit['page']}: {hit['caption'] or '(no caption)'}")
        manifest = asked(service.get(f"/iiif/books/{record['key']}/manifest"))
        print(f"The same as IIIF, {manifest['id']}:")
        for canvas in manifest["items"]:
            print(f"  page {canvas['label']['none'][0]}, {canvas['width']} × {canvas['height']}")
            for where, caption in regions(service, canvas):
                print(f"    {where} {caption}")


if __name__ == "__main__":
    main(*sys.argv[1:])
