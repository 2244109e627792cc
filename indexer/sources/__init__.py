"""What a person names → volumes: folders, METS files, manifests, folders of pictures."""

from indexer.sources.discovery import volumes

__all__ = ["volumes"]
