"""METS → its catalogue record and its pages in reading order."""

from indexer.formats.mets.reader import ROOT_ELEMENTS, Mets, leaves, parse_mets, read_mets

__all__ = ["ROOT_ELEMENTS", "Mets", "leaves", "parse_mets", "read_mets"]
