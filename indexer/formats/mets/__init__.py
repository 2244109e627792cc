"""METS → its record and its pages, in reading order."""

from indexer.formats.mets.reader import ROOTS, Mets, leaves, parse_mets, read_mets

__all__ = ["ROOTS", "Mets", "leaves", "parse_mets", "read_mets"]
