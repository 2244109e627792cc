"""IIIF Presentation 2 and 3 → `Volume`."""

from indexer.formats.manifests.reader import read_manifest

__all__ = ["read_manifest"]
