"""What was measured, as tables, plots, a page and the documents' tables."""
