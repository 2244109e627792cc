"""IIIF Presentation 2 and 3 → `Volume`."""

from indexer.formats.manifests.collections import is_collection, read_members
from indexer.formats.manifests.documents import load_document
from indexer.formats.manifests.reader import read_manifest, read_manifest_document

__all__ = ["is_collection", "load_document", "read_manifest", "read_manifest_document", "read_members"]
