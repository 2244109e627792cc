"""Sources → volumes: folders, METS files, manifests, folders of pictures."""

from indexer.sources.discovery import find_volumes

__all__ = ["find_volumes"]
