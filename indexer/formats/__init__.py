"""Readers of library files: ALTO, METS, catalogue records, IIIF manifests and tables."""
