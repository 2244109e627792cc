"""Names that have their role at the end, as Dublin Core and IIIF write them: `Hugo, Victor. Auteur du texte`."""

import re
from collections.abc import Iterable

from indexer.formats.catalogue_records.roles import is_author
from indexer.formats.catalogue_records.values import unique_values

BRACKETED_ROLE = re.compile(r"(?P<name>.+?)\s*[\[(](?P<role>[^\[\]()]+)[\])]\.?")
LAST_ROLE = re.compile(r"(?P<name>.+),\s*(?P<role>[^,\[\]()]+)")
FRENCH_ROLE = re.compile(
    r"(?P<name>.+?)\.\s+(?P<role>(?:co-?)?(?:auteur|illustrateur|graveur|dessinateur|lithographe|photographe|traducteur"
    r"|compositeur|librettiste|parolier|préfacier|postfacier|[ée]diteur|imprimeur|libraire|directeur|rédacteur"
    r"|collaborateur|contributeur|cartographe|peintre|sculpteur|architecte|annotateur|commentateur|compilateur"
    r"|adaptateur|arrangeur|interprète|dédicataire|destinataire|ancien|possesseur|donateur|relieur|copiste"
    r"|commanditaire|mécène|enlumineur|scénariste|dialoguiste|fonction indéterminée)\b[^.]*)\.?",
    re.IGNORECASE,
)
"""The BnF's form; the units of a body also follow a full stop, so only these words are roles."""


def author_names(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names without their roles: `Becket, Mr [author]`; owners, donors and printers are no authors."""
    return unique_values(map(_author_name, values))


def _author_name(value: str) -> str:
    """Return the name, or an empty string if its role makes it no author's."""
    match = BRACKETED_ROLE.fullmatch(value) or FRENCH_ROLE.fullmatch(value) or LAST_ROLE.fullmatch(value)
    if not match or re.search(r"\d", match["role"]):
        return value
    role = match["role"]
    if not is_author([role], is_main_entry=True):
        return ""
    # `Smith, Edith` has no role.
    is_marked = match.re is not LAST_ROLE or role[:1].islower()
    return match["name"] if is_marked and is_author([role]) else value
