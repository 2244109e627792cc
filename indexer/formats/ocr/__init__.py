"""What the readers of ALTO, PAGE-XML, hOCR and DjVu XML have in common."""
