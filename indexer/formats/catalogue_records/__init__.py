"""Catalogue records as XML: MODS, MARC and Dublin Core → `Book`."""

from indexer.formats.catalogue_records.marc import is_binary_marc
from indexer.formats.catalogue_records.merging import merge_records
from indexer.formats.catalogue_records.reader import RECORD_ELEMENTS, parse_records, read_element, read_records

__all__ = ["RECORD_ELEMENTS", "is_binary_marc", "merge_records", "parse_records", "read_element", "read_records"]
