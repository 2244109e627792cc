"""What to say about a file that is named as a source and is none."""

from pathlib import Path

from core.errors import ProblemCode, SourceError
from indexer.formats import catalogue_records
from indexer.formats.annotation_formats import JSON_FORMAT
from indexer.formats.foreign_formats import FORMATS, IIIF_FORMAT, identify_format
from indexer.sources.folder_listing import is_table


def describe_companion(path: Path) -> str:
    """Return what to do with a catalogue record or a table, which only describe the pages of a folder; else empty."""
    if is_table(path):
        return "a table lists no pages; put it into the folder of the pictures that it describes, and name the folder"
    try:
        count = len(catalogue_records.read_records(path, []))
    except SourceError as error:
        # An answer of a server without records says why.
        return error.reason if error.code == ProblemCode.EMPTY else ""
    records = "a catalogue record lists" if count == 1 else f"{count:,} catalogue records list"
    return f"{records} no pages; put the file into the folder of the book or above it, and name that folder"


def describe_foreign_file(path: Path, root: str) -> str:
    """Return what a file is; `root` is its root element if it is XML."""
    kind = identify_format(path)
    if kind in FORMATS:
        return f"{kind.singular}: {kind.advice}" if kind.advice else kind.singular
    return f"an XML file with the root element <{root}>" if root else "an unknown kind of file"


def is_foreign_json(path: Path) -> bool:
    """Return whether a JSON file is of a known format that is not a IIIF manifest or collection."""
    return identify_format(path) not in (IIIF_FORMAT, JSON_FORMAT)
