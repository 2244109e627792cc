"""Where to report security problems, as programs look for it (RFC 9116)."""

from datetime import datetime, timedelta

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from api.errors import AnyRequest
from api.pages.addresses import absolute_url
from api.pages.identity import ServiceIdentity
from core.timestamps import utc_now

SECURITY_PATH = "/.well-known/security.txt"
VALID_DAYS = 180
"""RFC 9116 recommends less than a year."""


@get(SECURITY_PATH, include_in_schema=False, media_type="text/plain", sync_to_thread=False)
def get_security_contact(request: AnyRequest, identity: NamedDependency[ServiceIdentity]) -> str:
    """Return the contact of the settings; 404 if there is none."""
    if not identity.security_contact:
        raise NotFoundException
    return build_security_text(identity.security_contact, absolute_url(request, identity, SECURITY_PATH), utc_now())


def build_security_text(contact: str, address: str, now: datetime) -> str:
    """Return the file; a mail address becomes a `mailto:` URI."""
    contact_uri = contact if contact.startswith(("https://", "http://")) else f"mailto:{contact}"
    expires = (now + timedelta(days=VALID_DAYS)).strftime("%Y-%m-%dT00:00:00Z")
    return f"Contact: {contact_uri}\nExpires: {expires}\nPreferred-Languages: en, nb, nn\nCanonical: {address}\n"
