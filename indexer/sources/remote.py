"""Sources at a URL: IIIF, METS or an OAI-PMH repository, told apart by what the server answers."""

import codecs
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from core.errors import ProblemCode, SourceError
from indexer.formats import mets, xml_loader
from indexer.formats.mets import Mets
from indexer.records import Problem, Volume
from indexer.sources.iiif import read_iiif_document
from indexer.sources.oai_pmh import Harvest
from indexer.sources.remote_mets import remote_mets_items

ACCEPTED_ADDRESSES = "a IIIF manifest or collection, a METS or an OAI-PMH repository"


def find_remote_volumes(url: str, fetch: Callable[[str], bytes]) -> Iterator[Volume | Problem]:
    """Yield the books at a URL; SourceError if there is something else."""
    _check_url(url)
    data = xml_loader.read_bytes(fetch(url), url)
    start = data[:512].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise SourceError(url, f"a web page; name the address of {ACCEPTED_ADDRESSES}", code=ProblemCode.UNSUPPORTED)
    if not start.startswith(b"<"):
        yield from read_iiif_document(data, url, fetch)
        return
    root_name = xml_loader.root_element_name(data)
    if root_name == "OAI-PMH":
        yield from Harvest(url, fetch).run(data)
    elif root_name in (*mets.ROOT_ELEMENTS, *mets.CONTAINER_ELEMENTS):
        for mets_record in mets.parse_all_mets(xml_loader.parse(data, url), url):
            yield from remote_mets_items(_resolve_urls(mets_record, url), url)
    else:
        reason = f"an XML file with the root element <{root_name}>; name the address of {ACCEPTED_ADDRESSES}"
        raise SourceError(url, reason, code=ProblemCode.UNSUPPORTED)


def _check_url(url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        reason = f"not a valid URL ({error}); name the address of {ACCEPTED_ADDRESSES}"
        raise SourceError(url, reason, code=ProblemCode.UNAVAILABLE) from error


def _resolve_urls(mets_record: Mets, url: str) -> Mets:
    try:
        return mets_record.resolve_urls(url)
    except ValueError as error:
        raise SourceError(url, f"the METS has an href that is not a valid URL ({error})") from error
