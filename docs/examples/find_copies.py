"""Find where else a picture was printed: upload it, and list its copies, oldest first.

python docs/examples/find_copies.py http://localhost:8000 picture.jpg
"""

import sys
from pathlib import Path
from typing import Any

import httpx

HitFields = dict[str, Any]

COPY_THRESHOLD = 0.7
"""Lowest cosine at which `frontispiece families` may take two pictures for copies of one print."""


def read_json(response: httpx.Response) -> Any:
    """Return the JSON of a response; exit with the error message of the service if there is one."""
    if response.is_error:
        sys.exit(response.json()["detail"])
    return response.json()


def find_copies(service: httpx.Client, picture_file: Path) -> tuple[list[HitFields], str]:
    """Return the copies of a picture, and a heading that says how they were found."""
    with picture_file.open("rb") as file:
        page = read_json(service.post("/api/search", data={"model": "sscd"}, files={"image": file}))
    # A search by picture always has results, so drop those that are not similar enough.
    near_hits = [hit for hit in page["hits"] if hit["similarities"].get("sscd", 0) >= COPY_THRESHOLD]
    if not near_hits:
        return [], ""
    family = read_json(service.get(f"/api/pictures/{near_hits[0]['id']}/copies", params={"size": 100}))["hits"]
    return (family, "Its family in the index") if family else (near_hits, "Pictures that look like copies")


def main(address: str, picture_path: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as service:
        copies, evidence = find_copies(service, Path(picture_path))
        print(f"{evidence}:" if copies else "No copy is known here.")
        for hit in sorted(copies, key=lambda hit: (hit["year"] is None, hit["year"])):
            page = hit["page_label"] or hit["page"]
            print(f"{hit['year'] or 'no year'}  {hit['title']}, page {page}  {address}/pictures/{hit['id']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
