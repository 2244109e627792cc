"""Find where else a picture was printed: upload it, and list its copies, the oldest first.

python docs/examples/find_copies.py http://localhost:8000 picture.jpg
"""

import sys
from pathlib import Path
from typing import Any

import httpx

HitFields = dict[str, Any]

COPY_THRESHOLD = 0.7
"""Cosine of copies: where `frontispiece families` begins to take two pictures for one print."""


def read_json(response: httpx.Response) -> Any:
    """The answer's JSON; what cannot be answered is said in a sentence."""
    if response.is_error:
        sys.exit(response.json()["detail"])
    return response.json()


def find_copies(service: httpx.Client, picture_file: Path) -> tuple[list[HitFields], str]:
    """What is printed from the same block or plate, and how that is known."""
    with picture_file.open("rb") as file:
        page = read_json(service.post("/api/search", data={"model": "sscd"}, files={"image": file}))
    # By a picture something is always the nearest.
    near_hits = [hit for hit in page["hits"] if hit["similarities"].get("sscd", 0) >= COPY_THRESHOLD]
    if not near_hits:
        return [], ""
    family = read_json(service.get(f"/api/pictures/{near_hits[0]['id']}/copies", params={"size": 100}))["hits"]
    return (family, "Its family in the index") if family else (near_hits, "What looks like a copy")


def main(address: str, picture_path: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as service:
        copies, evidence = find_copies(service, Path(picture_path))
        print(f"{evidence}:" if copies else "No copy is known here.")
        for hit in sorted(copies, key=lambda hit: (hit["year"] is None, hit["year"])):
            page = hit["page_label"] or hit["page"]
            print(f"{hit['year'] or 'no year'}  {hit['title']}, page {page}  {address}/pictures/{hit['id']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
