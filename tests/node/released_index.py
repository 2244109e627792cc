"""The index of each release as a small file, which the code of today must be able to meet.

`python -m tests.node.released_index` writes the file of the version that is checked out; `docs/releasing.md` says when.
"""

import gzip
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan

from core.console import print_message
from core.settings import Settings
from indexer.elasticsearch.mappings import INDEX_KINDS, index_alias, index_body
from indexer.embedded import ElasticsearchNode
from indexer.sources import find_volumes
from tests.node.pipelines import open_pipeline
from tests.node.test_index import MeanGreyEncoder
from tests.paths import SPECIMEN

FOLDER = Path(__file__).parent / "released_indices"
BOOK = SPECIMEN / "sange-1891"
SCAN_TIME = 1_700_000_000
"""When the scans of the book were changed last; a checkout gives them the time at which it is made."""


@dataclass(frozen=True, slots=True)
class ReleasedIndex:
    """What a release wrote for one book: the three indices with their documents."""

    indices: dict[str, Any]

    @property
    def picture_count(self) -> int:
        return len(self.indices["pictures"]["documents"])

    @property
    def mapping_version(self) -> int:
        return int(self.indices["pictures"]["mappings"]["_meta"]["version"])

    def write_into(self, client: Elasticsearch, alias: str, mapping_version: int) -> None:
        """Make the indices as the release has left them."""
        for kind in INDEX_KINDS:
            index, name = self.indices[kind], f"{index_alias(alias, kind)}-v1"
            mappings = {**index["mappings"], "_meta": {**index["mappings"]["_meta"], "version": mapping_version}}
            client.indices.create(
                index=name, aliases={index_alias(alias, kind): {}}, settings=index["settings"], mappings=mappings
            )
            documents = ({"_id": id_, "_source": source} for id_, source in index["documents"].items())
            bulk(client, documents, index=name, refresh=True)


def read_released_index(file: Path) -> ReleasedIndex:
    return ReleasedIndex(json.loads(gzip.decompress(file.read_bytes())))


def copy_book(folder: Path) -> Path:
    """Return a copy of the book whose scans have the same time everywhere."""
    book = Path(shutil.copytree(BOOK, folder / BOOK.name))
    for file in (file for file in book.rglob("*") if file.is_file()):
        os.utime(file, (SCAN_TIME, SCAN_TIME))
    return book


def read_index(client: Elasticsearch, alias: str) -> ReleasedIndex:
    """Return what the indices hold, with the vectors, which `_source` leaves out."""
    indices = {}
    for kind in INDEX_KINDS:
        name = f"{index_alias(alias, kind)}-v1"
        hits = scan(client, index=name, query={"fields": ["vectors.*"]})
        indices[kind] = {
            "settings": index_body(kind)["settings"],
            "mappings": client.indices.get_mapping(index=name)[name]["mappings"],
            "documents": {hit["_id"]: _source_with_vectors(hit) for hit in hits},
        }
    return ReleasedIndex(indices)


def _source_with_vectors(hit: dict[str, Any]) -> dict[str, Any]:
    vectors = {name.removeprefix("vectors."): values for name, values in hit.get("fields", {}).items()}
    return hit["_source"] | ({"vectors": vectors} if vectors else {})


def main() -> None:
    """Index the book with the code that is checked out, and write what the index holds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(data=folder, cache=folder / "cache")
        with (
            ElasticsearchNode(folder, Settings.from_environ().cache) as node,
            Elasticsearch(node.url) as client,
            open_pipeline(client, "released", [MeanGreyEncoder()], settings) as (pipeline, fetcher),
        ):
            report = pipeline.run(find_volumes(str(copy_book(folder)), fetcher.get, folder))
            assert not report.problems
            content = json.dumps(read_index(client, "released").indices, ensure_ascii=False)
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{version('frontispiece')}.json.gz"
    file.write_bytes(gzip.compress(content.replace(name, "/srv/books").encode(), mtime=0))
    print_message(f"{file}: {file.stat().st_size:,} bytes, {report.written} pictures")


if __name__ == "__main__":
    main()
