"""Files of libraries → records: ALTO, METS, catalogue records, IIIF manifests, and tables."""
