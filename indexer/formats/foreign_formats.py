"""The formats that libraries' folders contain besides those that Frontispiece reads: one table.

Only files that belong to no book are looked up here, so a format that becomes readable needs no change in this table.
"""

import re
from pathlib import Path

from core.errors import ProblemCode
from indexer.formats.file_kind import HEAD_BYTES, TAR_HEAD, FileHead, FileKind, content_pattern, suffix_pattern

ALTO_ADVICE = "give the text and the places of the pictures as ALTO, PAGE-XML or hOCR"
PICTURE_ADVICE = "convert them to JPEG, PNG, TIFF or JPEG 2000"
ARCHIVE_ADVICE = "`frontispiece index FILE` reads a zip or tar archive"
UNPACK_ADVICE = "unpack them, or pack them as zip or tar"
SCAN_ADVICE = "give the scans of the pages with their ALTO, PAGE-XML or hOCR"

IIIF_FORMAT = FileKind(
    singular="IIIF document",
    verdict="not indexed as part of a folder",
    advice="`frontispiece index FILE-or-URL` reads a manifest",
    code=ProblemCode.UNUSED,
    names=suffix_pattern("json"),
    content=content_pattern(rb'.*(?:iiif\.io/api/presentation|"sc:(?:Manifest|Collection|Canvas)")'),
)

ZIP_ARCHIVE = FileKind(
    singular="zip archive", advice=ARCHIVE_ADVICE, content=content_pattern(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)")
)
TAR_ARCHIVE = FileKind(singular="tar archive", advice=ARCHIVE_ADVICE, content=TAR_HEAD)
NAMED_TAR_ARCHIVE = FileKind(
    singular="tar archive", advice=ARCHIVE_ADVICE, names=suffix_pattern("tar|tgz|tbz2?|txz|tar\\.(?:gz|bz2|xz)")
)
ARCHIVES = (ZIP_ARCHIVE, TAR_ARCHIVE, NAMED_TAR_ARCHIVE)
"""What `formats.archives` unpacks."""

FORMATS = (
    FileKind(
        singular="file of the operating system",
        plural="files of the operating system",
        verdict="ignored",
        is_ignored=True,
        code=ProblemCode.UNUSED,
        names=re.compile(
            r"thumbs\.db|ehthumbs.*\.db|desktop\.ini|icon\r|.*\.lnk|.*\.(?:bak|tmp|swp|part|crdownload)|.*~"
        ),
    ),
    FileKind(
        singular="list of checksums or packing list",
        plural="lists of checksums and packing lists",
        verdict="ignored",
        is_ignored=True,
        code=ProblemCode.UNUSED,
        names=re.compile(
            r"(?:tag)?manifest-\w+\.txt|bagit\.txt|bag-info\.txt|fetch\.txt|.*\.(?:md5|sha1|sha256|sha512|sfv|crc)"
            r"|(?:md5|sha1|sha256|sha512)sums?(?:\.txt)?"
        ),
    ),
    FileKind(
        singular="note about the files",
        plural="notes about the files",
        verdict="ignored",
        is_ignored=True,
        code=ProblemCode.UNUSED,
        names=re.compile(
            r"(?:readme|licen[cs]e|copying|changelog|notice|liesmich|lesmeg)(?:[._-].*)?|.*\.(?:md|rst|log)"
        ),
    ),
    FileKind(
        singular="hOCR file with an unusual suffix",
        plural="hOCR files with an unusual suffix",
        advice="rename them to .hocr or .html",
        content=content_pattern(rb"\s*<(?=.*(?:ocr_page|ocr-system|ocr-capabilities))"),
    ),
    FileKind(
        singular="ABBYY FineReader XML file",
        advice=ALTO_ADVICE,
        roots=("document",),
        content=content_pattern(rb"(?i).*(?:abbyy|finereader)"),
    ),
    FileKind(
        singular="Internet Archive page list (scandata)",
        plural="Internet Archive page lists (scandata)",
        advice="put the text of the book, such as BOOK_hocr.html or BOOK_djvu.xml, beside BOOK_scandata.xml",
        roots=("book",),
        content=content_pattern(rb".*<(?:bookData|pageData|scanLog)"),
    ),
    FileKind(singular="TEI file", advice=ALTO_ADVICE, roots=("TEI", "TEI.2", "teiCorpus")),
    FileKind(singular="EAD finding aid", roots=("ead",)),
    FileKind(singular="SVG drawing", advice=PICTURE_ADVICE, roots=("svg",)),
    FileKind(
        singular="file of ALTO, PAGE-XML or METS with an unusual suffix",
        plural="files of ALTO, PAGE-XML or METS with an unusual suffix",
        advice="rename them to .xml",
        roots=("alto", "mets", "PcGts", "DjVuXML"),
    ),
    FileKind(singular="web page", roots=("html", "HTML")),
    FileKind(singular="web page", content=content_pattern(rb"(?i)\s*(?:<!doctype html|<html)")),
    FileKind(
        singular="PDF file",
        advice=SCAN_ADVICE,
        content=content_pattern(rb".{0,1024}?%PDF-"),
    ),
    FileKind(
        singular="EPUB file",
        advice=SCAN_ADVICE,
        content=content_pattern(rb"PK\x03\x04.{26}mimetypeapplication/epub"),
    ),
    FileKind(singular="EPUB file", advice=SCAN_ADVICE, names=suffix_pattern("epub")),
    FileKind(
        singular="office document",
        advice="save a table as CSV",
        names=suffix_pattern("docx?|xlsx?|xlsm|pptx?|od[tsp]|rtf|numbers|mdb|accdb|sqlite3?"),
    ),
    FileKind(
        singular="zip archive", advice=ARCHIVE_ADVICE, content=content_pattern(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)")
    ),
    TAR_ARCHIVE,
    NAMED_TAR_ARCHIVE,
    FileKind(
        singular="archive",
        advice=UNPACK_ADVICE,
        content=content_pattern(rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\x00|BZh[1-9]1AY|\x28\xb5\x2f\xfd|\x1f\x8b"),
    ),
    FileKind(singular="binary MARC file", content=content_pattern(rb"\d{5}[a-z][a-z ][a-z ].{2}22\d{5}.{3}45")),
    FileKind(singular="DjVu file", advice=PICTURE_ADVICE, content=content_pattern(rb"AT&TFORM")),
    FileKind(
        singular="JPEG XL picture",
        advice=PICTURE_ADVICE,
        content=content_pattern(rb"\xff\x0a|\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a"),
    ),
    FileKind(singular="Photoshop file", advice=PICTURE_ADVICE, content=content_pattern(rb"8BPS")),
    FileKind(
        singular="raw photograph", advice=PICTURE_ADVICE, names=suffix_pattern("cr[23]|nef|arw|dng|orf|rw2|raf|3fr|iiq")
    ),
    FileKind(
        singular="picture with an unusual suffix",
        plural="pictures with an unusual suffix",
        advice="give them the suffix of their format, such as .jpg or .tif",
        content=content_pattern(
            rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|II[*+]\x00|MM\x00[*+]|RIFF.{4}WEBP|\xff\x4f\xff\x51"
            rb"|\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a|.{4}ftyp(?:avi[fs]|hei[cfmsx]|hev[cx]|mif1|msf1)"
        ),
    ),
    IIIF_FORMAT,
    FileKind(
        singular="IIIF info.json",
        plural="IIIF info.json files",
        code=ProblemCode.UNUSED,
        names=suffix_pattern("json"),
        content=content_pattern(rb".*iiif\.io/api/image"),
    ),
    FileKind(
        singular="COCO file of boxes",
        plural="COCO files of boxes",
        advice=ALTO_ADVICE,
        names=suffix_pattern("json"),
        content=content_pattern(rb'\s*\{(?=.*"images"\s*:\s*\[)(?=.*"(?:annotations|categories|file_name)"\s*:)'),
    ),
    FileKind(
        singular="Label Studio export",
        advice="`frontispiece classify train FILE` learns from it",
        code=ProblemCode.UNUSED,
        names=suffix_pattern("json"),
        content=content_pattern(rb'\s*\[\s*\{(?=.*"(?:annotations|completions|predictions|lead_time)"\s*:)'),
    ),
    FileKind(singular="JSON file", names=suffix_pattern("json|jsonl|ndjson|geojson"), code=ProblemCode.UNUSED),
    FileKind(
        singular="recording",
        names=suffix_pattern("mp[34]|m4[av]|wav|flac|ogg|mov|avi|mkv|webm"),
    ),
    FileKind(
        singular="text file", advice="the text of a page comes from its ALTO", names=suffix_pattern("txt|text|tex|asc")
    ),
)

UNKNOWN_FORMAT = FileKind(singular="file of an unknown kind", plural="files of an unknown kind")


def identify_format(path: Path) -> FileKind:
    """Return the format of a file that is neither ALTO nor METS nor a record.

    Raises OSError if the file cannot be read.
    """
    with path.open("rb") as file:
        data, tail = file.read(HEAD_BYTES), b""
        if path.suffix.lower() == ".json" and len(data) == HEAD_BYTES:
            file.seek(max(HEAD_BYTES, path.stat().st_size - HEAD_BYTES))
            tail = file.read(HEAD_BYTES)
    head = FileHead(path.name.lower(), data, tail)
    return next((candidate for candidate in FORMATS if candidate.matches(head)), None) or _other_format(head)


def _other_format(head: FileHead) -> FileKind:
    if not head.name.endswith((".xml", ".xml.gz")):
        return UNKNOWN_FORMAT
    if not head.root:
        return FileKind(
            singular="file with the suffix .xml contains no XML",
            plural="files with the suffix .xml contain no XML",
            verdict="",
            code=ProblemCode.MALFORMED,
        )
    root_description = f"the root element <{head.root}>, which is not ALTO, METS or a catalogue record"
    return FileKind(
        singular=f"XML file has {root_description}", plural=f"XML files have {root_description}", verdict=""
    )
