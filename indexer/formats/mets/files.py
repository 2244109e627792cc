"""The files that METS lists: their type, location and image size."""

import re
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from core.image_files import IMAGE_SUFFIXES
from indexer.formats.xml_elements import XLINK, attribute, children, descendants, local_name, text
from indexer.records import is_url

URL = re.compile(r"(?P<scheme>https?)://(?P<host>[^/?#]*)(?P<path>[^?#]*)", re.IGNORECASE)
DRIVE = re.compile(r"^/*[A-Za-z][:|](?=/)")
"""Windows' `C:`, in a file URL after a slash."""

NB_RESOLVER = "https://www.nb.no/services/image/resolver/"
"""The Image API of the National Library of Norway, whose identifiers are the URNs of pages."""

XLINK_HREF = f"{XLINK}href".encode()

THUMBNAIL_WORDS = ("thumb", "icon")
HOCR_SUFFIXES = (".hocr", ".html", ".htm", ".xhtml")
FULL_TEXT_WORDS = ("alto", "pagexml", "page-xml", "page_xml", "fulltext", "text", "ocr", "content")


class MetsFile(NamedTuple):
    """A `file` of the fileSec at one of its locations; a tuple, because a METS lists thousands."""

    id: str
    href: str
    use: str = ""
    """The USE of its group and of the enclosing groups."""
    mimetype: str = ""
    image_service: str | None = None
    width: int | None = None
    height: int | None = None

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path.removesuffix(".gz")).suffix.lower()

    @property
    def path(self) -> str:
        """The href as a path: unescaped, with slashes, and without `file://` or a drive; the path of a URL."""
        if url_match := URL.match(self.href):
            return unquote(url_match["path"])
        path, _, fragment = self.literal_path.partition("#")
        # A fragment has no suffix, so `plate#1.tif` is a name.
        return unquote(self.literal_path if "." in fragment else path).removeprefix("URN:NBN:no-nb_")

    @property
    def literal_path(self) -> str:
        """The href as a path that is not unescaped, for names on disk that contain `%20` or `#`; empty for a URL."""
        if URL.match(self.href):
            return ""
        path = self.href.replace("\\", "/")
        if path[:5].lower() != "file:":
            return DRIVE.sub("", path)
        path = DRIVE.sub("", path[5:].removeprefix("//"))
        # `file://./images/1.tif` and `file:///./alto/1.xml` mean relative paths, against the standard.
        return path.removeprefix("/./").removeprefix("./")

    @property
    def web_url(self) -> str:
        """The href if it is an http(s) URL, else empty."""
        return self.href if is_url(self.href) else ""

    @property
    def is_image(self) -> bool:
        if any(word in self.use.lower() for word in THUMBNAIL_WORDS) or self.mimetype.startswith(("video/", "audio/")):
            return False
        return self.suffix in IMAGE_SUFFIXES or self.mimetype.startswith("image/") or self.image_service is not None

    @property
    def is_ocr(self) -> bool:
        """Return whether it is a file of ALTO, PAGE-XML or hOCR."""
        if "alto" in self.mimetype or "prima.page" in self.mimetype or "hocr" in self.mimetype:
            return True
        if self.suffix in HOCR_SUFFIXES and (self.suffix == ".hocr" or "hocr" in self.use.lower()):
            return True
        is_xml = self.suffix == ".xml" or (
            self.suffix not in IMAGE_SUFFIXES and self.mimetype in ("text/xml", "application/xml")
        )
        return is_xml and any(word in self.use.lower() for word in FULL_TEXT_WORDS)


def files_by_id(root: etree._Element) -> dict[str, tuple[MetsFile, ...]]:
    """Return the files of the fileSec by id, in document order, each with its locations: those on the web last.

    OCR-D gives a file that it has downloaded the URL and the path of the copy, which is the nearer one.
    """
    sizes = _image_sizes(root)
    files: dict[str, tuple[MetsFile, ...]] = {}
    group_uses: dict[etree._Element | None, str] = {}
    for element in [file for section in children(root, "fileSec") for file in descendants(section, "file")]:
        hrefs = _hrefs(element)
        identifier = element.get(b"ID")
        if not hrefs or not identifier:
            continue
        group = element.getparent()
        if group not in group_uses:
            group_uses[group] = _group_use(element)
        size: tuple[int | None, int | None] = (None, None)
        if sizes and (section_ids := element.get(b"ADMID")):
            size = next((sizes[section_id] for section_id in section_ids.split() if section_id in sizes), size)
        use = f"{element.get(b'USE') or ''} {group_uses[group]}".strip()
        mimetype = (element.get(b"MIMETYPE") or "").lower()
        files[identifier] = tuple(
            MetsFile(identifier, href, use, mimetype, _nb_image_service(href), *size) for href in hrefs
        )
    return files


def _hrefs(file: etree._Element) -> list[str]:
    """Return the hrefs of a file, each once, those on the web last."""
    locations = [file[0]] if len(file) == 1 else children(file, "FLocat")
    hrefs = []
    for location in locations:
        if local_name(location) == "FLocat":
            href = (location.get(XLINK_HREF) or "").strip() if not location.get(b"href") else ""
            hrefs.append(href or attribute(location, "href"))
    return sorted(dict.fromkeys(hrefs), key=is_url) if len(hrefs) > 1 else hrefs


def file_from_resource(resource: etree._Element) -> MetsFile | None:
    """Return the file of a `resource` in NB's structMap, which has the page's URN, the scan's name and its size."""
    urn = attribute(resource, "href")
    name = resource.get("originalName") or ""
    if not (urn or name):
        return None
    return MetsFile(
        id=urn or name,
        href=urn or name,
        mimetype=(resource.get("MIMETYPE") or "image/jpeg").lower(),
        image_service=_nb_image_service(urn),
        width=_parse_pixels(resource.get("WIDTH")),
        height=_parse_pixels(resource.get("HEIGHT")),
    )


def _nb_image_service(href: str) -> str | None:
    return NB_RESOLVER + href if href.startswith("URN:NBN:no-nb_") else None


def _group_use(file: etree._Element) -> str:
    """Return USE and ID of the groups of a file, such as `Content ALTOFiles`: either can state what it contains."""
    groups = list(file.iterancestors("{*}fileGrp"))
    return " ".join(filter(None, (group.get(key) for group in groups for key in ("USE", "ID"))))


def _image_sizes(root: etree._Element) -> dict[str, tuple[int | None, int | None]]:
    """Return image sizes by the ID of the section or the technical metadata that contains a `mix` element."""
    sizes: dict[str, tuple[int | None, int | None]] = {}
    for section in children(root, "amdSec"):
        for technical_metadata in children(section, "techMD"):
            width = next(map(text, descendants(technical_metadata, "imageWidth", "ImageWidth")), None)
            height = next(map(text, descendants(technical_metadata, "imageHeight", "ImageHeight")), None)
            if width and height:
                for element in (section, technical_metadata):
                    sizes.setdefault(element.get("ID") or "", (_parse_pixels(width), _parse_pixels(height)))
    return sizes


def _parse_pixels(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and int(text) > 0 else None
