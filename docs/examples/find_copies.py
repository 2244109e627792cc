"""Find where else a picture was printed: upload it, and list its copies, the oldest first.

python docs/examples/find_copies.py http://localhost:8000 picture.jpg
"""

import sys
from pathlib import Path
from typing import Any

import httpx

Hit = dict[str, Any]

COPY = 0.7
"""Cosine of copies: where `frontispiece families` begins to take two pictures for one print."""


def asked(answer: httpx.Response) -> Any:
    """The answer's JSON; what cannot be answered is said in a sentence."""
    if answer.is_error:
        sys.exit(answer.json()["detail"])
    return answer.json()


def look_up(service: httpx.Client, picture: Path) -> tuple[list[Hit], str]:
    """What is printed from the same block or plate, and how that is known."""
    with picture.open("rb") as file:
        answer = asked(service.post("/api/search", data={"model": "sscd"}, files={"image": file}))
    # By a picture something is always the nearest.
    alike = [hit for hit in answer["hits"] if hit["cosines"].get("sscd", 0) >= COPY]
    if not alike:
        return [], ""
    family = asked(service.get(f"/api/pictures/{alike[0]['id']}/copies", params={"size": 100}))["hits"]
    return (family, "Its family in the index") if family else (alike, "What looks like a copy")


def main(address: str, picture: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as service:
        copies, how = look_up(service, Path(picture))
        print(f"{how}:" if copies else "No copy is known here.")
        for hit in sorted(copies, key=lambda hit: (hit["year"] is None, hit["year"])):
            page = hit["page_label"] or hit["page"]
            print(f"{hit['year'] or 'no year'}  {hit['title']}, page {page}  {address}/pictures/{hit['id']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
