"""Search by words and a picture together, and save all that was found as a table.

python docs/examples/search_and_save.py http://localhost:8000 "fyr" picture.jpg found.csv
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

COLUMNS = ("title", "year", "page_label", "caption", "score", "id")


def asked(answer: httpx.Response) -> Any:
    """The answer's JSON; what cannot be answered is said in a sentence."""
    if answer.is_error:
        sys.exit(answer.json()["detail"])
    return answer.json()


def search(service: httpx.Client, words: str, picture: Path) -> Iterator[dict[str, Any]]:
    """All pictures found, the best first. The file is sent once: its vector asks for the other pages."""
    with picture.open("rb") as file:
        first = asked(service.post("/api/search", data={"q": words}, files={"image": file}))
    yield from first["hits"]
    for number in range(2, first["pages"] + 1):
        question = {"q": words, "vector": first["vector"], "page": number}
        yield from asked(service.get("/api/search", params=question))["hits"]


def main(address: str, words: str, picture: str, table: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as service:
        hits = list(search(service, words, Path(picture)))
    # Excel takes it for UTF-8 by the mark at its beginning (utf-8-sig).
    with Path(table).open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.DictWriter(file, [*COLUMNS, "address"], extrasaction="ignore")
        rows.writeheader()
        rows.writerows({**hit, "address": f"{address}/pictures/{hit['id']}"} for hit in hits)
    print(f"{len(hits)} pictures are in {table}")


if __name__ == "__main__":
    main(*sys.argv[1:])
