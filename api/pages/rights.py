"""What a licence or rights statement of the record allows: its short name, and which sentence explains it.

The codes are those of Creative Commons (https://creativecommons.org/share-your-work/cclicenses/) and of
RightsStatements.org 1.0 (https://rightsstatements.org/en/statements/); `templates/partials/rights.html.jinja` has the
sentences.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from api.iiif.presentation import rights_uri

Permission = Literal["free", "conditions", "restricted", "unknown"]
"""Free to use for all; under conditions; only with the consent of somebody; nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """A licence or a rights statement."""

    code: str
    """The code in its URI, `by-sa` or `InC`; empty for a text that is none of the known ones."""
    name: str
    """`CC BY-SA 4.0`; empty for a rights statement, whose name is a sentence of the pages, and for a text."""
    url: str
    """Where it is explained; empty for a text."""
    text: str
    """The record's own words."""
    permission: Permission


LICENCES: Mapping[str, Permission] = {
    "zero": "free",
    "mark": "free",
    "by": "conditions",
    "by-sa": "conditions",
    "by-nd": "conditions",
    "by-nc": "conditions",
    "by-nc-sa": "conditions",
    "by-nc-nd": "conditions",
}
"""Code of Creative Commons → what it permits."""

STATEMENTS: Mapping[str, Permission] = {
    "InC": "restricted",
    "InC-OW-EU": "restricted",
    "InC-EDU": "conditions",
    "InC-NC": "conditions",
    "InC-RUU": "restricted",
    "NoC-CR": "conditions",
    "NoC-NC": "conditions",
    "NoC-OKLR": "conditions",
    "NoC-US": "conditions",
    "CNE": "unknown",
    "UND": "unknown",
    "NKC": "unknown",
}
"""Code of RightsStatements.org → what it permits."""

_LICENCE_TEXT = re.compile(
    r"(?:cc|creative commons)[ -]*(by(?:[ -](?:nc|nd|sa))*|zero|0)[ ,-]*(?:v?(\d\.\d))?[a-z ()]*", re.IGNORECASE
)
"""`CC BY-SA 4.0`, `cc-by`, `CC0 1.0 Universal`: a licence that the record writes as a text."""
_ADDRESS = re.compile(r"https?://\S+")
DEFAULT_VERSIONS: Mapping[str, str] = {"zero": "1.0", "mark": "1.0"}


def read_rights(licence: str) -> Rights | None:
    """Return what the record says; None if it says nothing."""
    text = licence.strip()
    if not text:
        return None
    address = _ADDRESS.search(text)
    if address and (uri := rights_uri(address[0])):
        return _known_rights(uri, text) or _as_printed(text)
    if match := _LICENCE_TEXT.fullmatch(text):
        code = "-".join(re.split("[ -]", match[1].lower())).replace("0", "zero")
        version = match[2] or DEFAULT_VERSIONS.get(code, "")
        if code in LICENCES:
            return _creative_commons(code, version, text)
    return _as_printed(text)


def _known_rights(uri: str, text: str) -> Rights | None:
    """Return what a canonical URI stands for; None if its code is not known."""
    kind, code, version, *_ = uri.removeprefix("http://").partition("/")[2].split("/")
    if kind == "vocab":
        if code not in STATEMENTS:
            return None
        url = f"https://rightsstatements.org/page/{code}/1.0/"
        return Rights(code=code, name="", url=url, text=text, permission=STATEMENTS[code])
    return _creative_commons(code, version, text, uri.replace("http://", "https://")) if code in LICENCES else None


def _creative_commons(code: str, version: str, text: str, url: str = "") -> Rights:
    names = {"zero": "CC0", "mark": "Public Domain Mark"}
    name = f"{names.get(code, f'CC {code.upper()}')} {version}".strip()
    folder = "publicdomain" if code in names else "licenses"
    # Without a version the licence is not known exactly; its newest version explains what it means.
    url = url or f"https://creativecommons.org/{folder}/{code}/{version or '4.0'}/"
    return Rights(code=code, name=name, url=url, text=text, permission=LICENCES[code])


def _as_printed(text: str) -> Rights:
    url = text if _ADDRESS.fullmatch(text) else ""
    return Rights(code="", name="", url=url, text=text, permission="unknown")
