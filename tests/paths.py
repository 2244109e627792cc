"""Folders that tests read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

SHARED = ROOT.parent / "shared" / "data"
"""Real files from libraries, beside the checkout; never part of it."""

CASES = ROOT.parent / "shared" / "cases"
"""Inputs that were once read wrongly, one folder each, beside the checkout."""

SPECIMEN = ROOT / "specimen" / "books"
"""The small books that `specimen/make.py` draws."""

SPECIMEN_TRUTH = ROOT / "specimen" / "truth"
"""What is printed in each specimen book: a JSON file with the book's name."""
