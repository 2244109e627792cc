"""METS → its catalogue record and its pages in reading order."""

from indexer.formats.mets.leaves import leaves
from indexer.formats.mets.reader import (
    CONTAINER_ELEMENTS,
    ROOT_ELEMENTS,
    Mets,
    count_mets,
    parse_all_mets,
    parse_mets,
    read_all_mets,
    read_mets,
)

__all__ = [
    "CONTAINER_ELEMENTS",
    "ROOT_ELEMENTS",
    "Mets",
    "count_mets",
    "leaves",
    "parse_all_mets",
    "parse_mets",
    "read_all_mets",
    "read_mets",
]
