"""Search by words and a picture together, and save all results as a table.

python docs/examples/search_and_save.py http://localhost:8000 "fyr" picture.jpg found.csv
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

COLUMNS = ("title", "year", "page_label", "caption", "score", "id")


def read_json(response: httpx.Response) -> Any:
    """Return the JSON of a response; exit with the error message of the service if there is one."""
    if response.is_error:
        sys.exit(response.json()["detail"])
    return response.json()


def search(service: httpx.Client, query_text: str, picture_file: Path) -> Iterator[dict[str, Any]]:
    """Yield all results, best first. The file is sent once; the other pages are requested with its vector."""
    with picture_file.open("rb") as file:
        first_page = read_json(service.post("/api/search", data={"q": query_text}, files={"image": file}))
    yield from first_page["hits"]
    for number in range(2, first_page["pages"] + 1):
        params = {"q": query_text, "vector": first_page["vector"], "page": number}
        yield from read_json(service.get("/api/search", params=params))["hits"]


def main(address: str, query_text: str, picture_path: str, table_path: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as service:
        hits = list(search(service, query_text, Path(picture_path)))
    # The byte order mark of utf-8-sig makes Excel read the file as UTF-8.
    with Path(table_path).open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.DictWriter(file, [*COLUMNS, "address"], extrasaction="ignore")
        rows.writeheader()
        rows.writerows({**hit, "address": f"{address}/pictures/{hit['id']}"} for hit in hits)
    print(f"{len(hits)} pictures are in {table_path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
