"""Catalogue records as XML: MODS, MARC and Dublin Core → `Book`."""

from indexer.formats.catalogue_records.reader import RECORDS, merged, read_element, read_records, records

__all__ = ["RECORDS", "merged", "read_element", "read_records", "records"]
