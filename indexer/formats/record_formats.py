"""Files of catalogue records that are not read, or not where they are."""

from core.errors import ProblemCode
from indexer.formats.file_kind import FileKind, content_pattern, suffix_pattern

RECORD_ADVICE = "give MARC, MODS or Dublin Core"

RECORD_FORMATS = (
    FileKind(
        singular="catalogue record with an unusual suffix",
        plural="catalogue records with an unusual suffix",
        advice="the suffix must be .xml",
        roots=("mods", "modsCollection", "OAI-PMH", "searchRetrieveResponse", "oai_dc", "dc", "RDF"),
    ),
    FileKind(
        singular="catalogue record in another format",
        plural="catalogue records in other formats",
        advice=RECORD_ADVICE,
        names=suffix_pattern("mrk8?|ris|bib|bibtex|enw|nbib|ttl|n3|nt|nq|jsonld"),
    ),
    FileKind(
        singular="file of MARC in JSON",
        plural="files of MARC in JSON",
        advice=RECORD_ADVICE,
        names=suffix_pattern("json"),
        content=content_pattern(rb'\s*[\[{].{0,200}?"leader"\s*:\s*"\d{5}'),
    ),
    FileKind(
        singular="binary MARC file",
        advice="the suffix must be .mrc, and the place the folder of the book",
        content=content_pattern(rb"\d{5}[a-z][a-z ][a-z ].{2}22\d{5}.{3}45"),
    ),
    FileKind(
        singular="file with a suffix of binary MARC contains no MARC record",
        plural="files with a suffix of binary MARC contain no MARC record",
        verdict="",
        code=ProblemCode.MALFORMED,
        names=suffix_pattern("mrc8?|marc"),
    ),
)
