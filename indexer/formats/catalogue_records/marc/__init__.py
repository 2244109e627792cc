"""MARC 21 and UNIMARC, as MARCXML or in binary form (ISO 2709) → `Book`."""

from indexer.formats.catalogue_records.marc.dispatch import intermarc_reason, read_marc
from indexer.formats.catalogue_records.marc.iso2709 import is_binary_marc, read_binary_marc
from indexer.formats.catalogue_records.marc.marcxml import build_record

__all__ = ["build_record", "intermarc_reason", "is_binary_marc", "read_binary_marc", "read_marc"]
