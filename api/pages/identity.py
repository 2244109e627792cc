"""Who offers the service: names, logo, colours and links of the library, from the settings."""

import re
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from api.pages.colours import build_theme
from api.pages.languages import local_name
from core.errors import FrontispieceError
from core.settings import Settings

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
MAX_LOGO_BYTES = 500_000
LOGO_HEIGHT = 40
_VIEW_BOX = re.compile(r"""\bviewBox=["']\s*\S+\s+\S+\s+([\d.]+)\s+([\d.]+)""")


@dataclass(frozen=True, slots=True)
class StaticContent:
    """A small file that the settings define."""

    data: bytes
    media_type: str
    version: str
    """Changes with the content, for the file's address."""


@dataclass(frozen=True, slots=True)
class Logo:
    """The library's logo."""

    file: StaticContent
    width: int
    """CSS pixels at a height of `LOGO_HEIGHT`, so that nothing moves when it is loaded."""


@dataclass(frozen=True, slots=True)
class FooterLink:
    names: str
    url: str

    @property
    def name(self) -> str:
        """The name in the page's language."""
        return local_name(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceIdentity:
    """What the pages say about the service and its library."""

    names: str
    """The names of the service by language, as in the setting."""
    library_names: str
    library_url: str
    contact: str
    """A mail address or a web address; empty if there is none."""
    links: tuple[FooterLink, ...]
    logo: Logo | None
    theme: StaticContent | None
    """The style sheet with the library's colours."""
    public_url: str
    """The address that readers use, without a slash at its end; empty: that of the request."""
    security_contact: str
    """A mail address or a web address for reports of security problems; empty if there is none."""

    @property
    def name(self) -> str:
        """The name of the service in the page's language."""
        return local_name(self.names)

    @property
    def library_name(self) -> str:
        return local_name(self.library_names)

    @property
    def contact_url(self) -> str:
        """The contact as the target of a link."""
        return self.contact if "://" in self.contact or not self.contact else f"mailto:{self.contact}"


def create_identity(settings: Settings) -> ServiceIdentity:
    """Return the identity that the settings describe; raise `FrontispieceError` if a part of it cannot be used."""
    theme = build_theme(settings.colours)
    return ServiceIdentity(
        names=settings.service_name,
        library_names=settings.library_name,
        library_url=settings.library_url,
        contact=settings.reader_contact,
        links=parse_links(settings.links),
        logo=_read_logo(settings.logo) if settings.logo else None,
        theme=_create_content(theme.encode(), "text/css") if theme else None,
        public_url=settings.public_url.rstrip("/"),
        security_contact=settings.security_contact,
    )


def parse_links(text: str) -> tuple[FooterLink, ...]:
    """Return the links of `Name=https://…; Other name=https://…`."""
    links = []
    for item in filter(None, (part.strip() for part in text.split(";"))):
        name, _, url = (part.strip() for part in item.partition("="))
        if not name or not url.startswith(("https://", "http://", "mailto:", "/")):
            raise FrontispieceError(
                f"FRONTISPIECE_LINKS: `{item[:80]}` is not a link; write `Name=https://…`, with `;` between two"
            )
        links.append(FooterLink(name, url))
    return tuple(links)


def _read_logo(file: Path) -> Logo:
    media_type = LOGO_TYPES.get(file.suffix.lower())
    if media_type is None:
        raise FrontispieceError(f"FRONTISPIECE_LOGO: {file} is not one of {', '.join(LOGO_TYPES)}")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise FrontispieceError(f"FRONTISPIECE_LOGO: {file}: {error.strerror or error}") from error
    if len(data) > MAX_LOGO_BYTES:
        raise FrontispieceError(f"FRONTISPIECE_LOGO: {file} has more than {MAX_LOGO_BYTES // 1000} kB; make it smaller")
    try:
        width, height = _svg_size(data) if file.suffix.lower() == ".svg" else Image.open(BytesIO(data)).size
    except (UnidentifiedImageError, ValueError) as error:
        raise FrontispieceError(f"FRONTISPIECE_LOGO: {file}: {error}") from error
    return Logo(_create_content(data, media_type), max(1, round(LOGO_HEIGHT * width / height)))


def _svg_size(data: bytes) -> tuple[float, float]:
    match = _VIEW_BOX.search(data.decode("utf-8", "replace"))
    if match is None or not float(match[2]):
        raise ValueError('the SVG does not say how wide it is; add a viewBox, as in viewBox="0 0 120 40"')
    return float(match[1]), float(match[2])


def _create_content(data: bytes, media_type: str) -> StaticContent:
    return StaticContent(data, media_type, sha256(data).hexdigest()[:12])
