"""The formats that libraries' folders contain besides those that Frontispiece reads: one table.

Only files that belong to no book are looked up here, so a format that becomes readable needs no change in this table.
"""

import re
from pathlib import Path, PurePath

from core.errors import ProblemCode
from indexer.formats.annotation_formats import ALTO_ADVICE, ANNOTATION_FORMATS, JSON_FORMAT
from indexer.formats.file_kind import HEAD_BYTES, TAR_HEAD, FileHead, FileKind, content_pattern, suffix_pattern
from indexer.formats.record_formats import RECORD_FORMATS

PICTURE_ADVICE = "convert to JPEG, PNG, TIFF or JPEG 2000"
ARCHIVE_ADVICE = "`frontispiece index FILE` reads a zip or tar archive"
UNPACK_ADVICE = "unpack, or pack as zip or tar"
SCAN_ADVICE = "give the scans of the pages with their ALTO, PAGE-XML or hOCR"

IIIF_FORMAT = FileKind(
    singular="IIIF document",
    verdict="not indexed as part of a folder",
    advice="`frontispiece index FILE-or-URL` reads a manifest",
    code=ProblemCode.UNUSED,
    names=suffix_pattern("json"),
    content=content_pattern(
        rb'.*(?:iiif\.io/api/presentation|"sc:(?:Manifest|Collection|Canvas)"|"type"\s*:\s*"Manifest")'
    ),
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
            r"thumbs\.db|ehthumbs.*\.db|(?:desktop|picasa)\.ini|icon\r|.*\.lnk|~\$.*|.*~"
            r"|.*\.(?:bak|tmp|swp|part|crdownload)"
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
        advice="the suffix must be .hocr or .html",
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
        advice="the suffix must be .xml",
        roots=("alto", "mets", "PcGts", "DjVuXML"),
    ),
    *RECORD_FORMATS,
    FileKind(singular="web page", roots=("html", "HTML")),
    FileKind(singular="web page", content=content_pattern(rb"(?i)\s*(?:<!doctype html|<html)")),
    FileKind(singular="web page", names=suffix_pattern("x?html?")),
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
        names=suffix_pattern("docx?|xlsx?|xlsm|pptx?|od[tsp]|rtf|numbers"),
    ),
    FileKind(singular="database", advice="save a table as CSV", content=content_pattern(rb"SQLite format 3\x00|PAR1")),
    FileKind(singular="database", advice="save a table as CSV", names=suffix_pattern("mdb|accdb|sqlite3?|dbf|parquet")),
    ZIP_ARCHIVE,
    TAR_ARCHIVE,
    NAMED_TAR_ARCHIVE,
    FileKind(
        singular="archive",
        advice=UNPACK_ADVICE,
        content=content_pattern(rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\x00|BZh[1-9]1AY|\x28\xb5\x2f\xfd|\x1f\x8b"),
    ),
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
        advice="the suffix must be that of the format, such as .jpg or .tif",
        content=content_pattern(
            rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|II[*+]\x00|MM\x00[*+]|RIFF.{4}WEBP|\xff\x4f\xff\x51"
            rb"|\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a|.{4}ftyp(?:avi[fs]|hei[cfmsx]|hev[cx]|mif1|msf1)"
        ),
    ),
    FileKind(
        singular="picture in another format",
        plural="pictures in other formats",
        advice=PICTURE_ADVICE,
        names=suffix_pattern(
            "p[bgpna]m|pfm|pcx|tga|ico|icns|sgi|rgb|x[bp]m|eps|ps|xcf|jxr|wdp|hdp|exr|hdr|dcm|fits?|dds|[we]mf|cdr|pict?"
            "|sid|ecw|jls|jng|fpx|ras|svgz?"
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
    *ANNOTATION_FORMATS,
    JSON_FORMAT,
    FileKind(
        singular="recording",
        names=suffix_pattern("mp[34]|m4[av]|wav|flac|ogg|mov|avi|mkv|webm"),
    ),
    FileKind(
        singular="text file",
        advice="the text of a page comes from its ALTO, PAGE-XML or hOCR",
        names=suffix_pattern("txt|text|tex|asc|vtt|srt"),
    ),
    FileKind(
        singular="program or file of settings",
        plural="programs and files of settings",
        code=ProblemCode.UNUSED,
        names=re.compile(
            r"makefile|dockerfile|.*\.(?:py|r|js|css|sh|bat|ps1|xsl|xslt|xsd|dtd|rng|sch|ipynb|ya?ml|toml|ini|cfg|conf)"
        ),
    ),
)

USUAL_SUFFIX = re.compile(r"\.\w{1,12}")


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
        return _unknown_format(PurePath(head.name).suffix)
    if not head.root:
        return FileKind(
            singular="file with the suffix .xml contains no XML",
            plural="files with the suffix .xml contain no XML",
            verdict="",
            code=ProblemCode.MALFORMED,
        )
    root_description = f"the root element <{head.root}>, which is not that of ALTO, PAGE-XML, METS or a record"
    return FileKind(
        singular=f"XML file has {root_description}", plural=f"XML files have {root_description}", verdict=""
    )


def _unknown_format(suffix: str) -> FileKind:
    """Return one kind for each suffix, so that the report names an example of each."""
    description = f"an unknown kind ({suffix})" if USUAL_SUFFIX.fullmatch(suffix) else "an unknown kind"
    return FileKind(singular=f"file of {description}", plural=f"files of {description}")
