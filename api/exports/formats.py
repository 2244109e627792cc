"""The export formats: writer, media type and file extension of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from api.exports.bibtex import bibtex
from api.exports.citation import Export
from api.exports.csl import csl_json
from api.exports.ris import ris
from api.exports.tables import csv_text, json_lines

MAX_EXPORTED_PICTURES = 1_000
"""Pictures in one export, about 2 MB of JSON Lines."""

Format = Literal["csv", "jsonl", "bibtex", "ris", "csl"]


@dataclass(frozen=True, slots=True)
class Writer:
    """The writer of a format, its media type and its file extension."""

    write: Callable[[Export], str]
    media_type: str
    extension: str


WRITERS: Mapping[Format, Writer] = {
    "csv": Writer(csv_text, "text/csv; header=present", "csv"),
    "jsonl": Writer(json_lines, "application/jsonl; charset=utf-8", "jsonl"),
    "bibtex": Writer(bibtex, "application/x-bibtex; charset=utf-8", "bib"),
    "ris": Writer(ris, "application/x-research-info-systems; charset=utf-8", "ris"),
    "csl": Writer(csl_json, "application/vnd.citationstyles.csl+json; charset=utf-8", "json"),
}
