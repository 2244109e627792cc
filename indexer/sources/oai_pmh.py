"""Harvesting of METS from an OAI-PMH repository, one answer at a time.

`oaipmh-scythe` and `sickle` bring their own HTTP client and XML parser; this small reader uses our polite fetcher and
our hardened loader instead.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from core.errors import FileError, ProblemCode, SourceError
from indexer.formats import mets, oai_pmh
from indexer.formats.oai_pmh import OaiRecord, OaiResponse
from indexer.formats.xml_elements import children, texts
from indexer.records import Problem, Volume
from indexer.sources.remote_mets import remote_mets_items

SELECTION_ARGUMENTS = ("set", "from", "until")

MAX_NAMED_RECORDS = 3
"""Records that a summary names."""

DELETED = "deleted on the server; `frontispiece remove` removes their books if they are in the index"
WITHOUT_METS = "without METS, so without pages"
WITHOUT_PAGES = "whose METS lists no page, such as the records of works in several volumes"
WITHOUT_URLS = "whose METS names no file, or none of its OCR files, with an http or https URL"


class TokenExpired(SourceError):
    """A resumption token that the server no longer knows, in a list that cannot be listed again."""


@dataclass(slots=True)
class ListPosition:
    """How far a list of records has been read, so that its rest can be listed without a resumption token."""

    identifiers: set[str] = field(default_factory=set)
    first_datestamp: str = ""
    last_datestamp: str = ""
    is_in_order: bool = True
    """Whether no record had an earlier datestamp than the one before it."""

    def add(self, record: OaiRecord) -> None:
        self.identifiers.add(record.identifier)
        if datestamp := _datestamp(record):
            self.first_datestamp = self.first_datestamp or datestamp
            self.is_in_order &= datestamp >= self.last_datestamp
            self.last_datestamp = datestamp

    @property
    def rest_begins_at(self) -> str:
        """The datestamp at which the rest begins; empty if the order of the list does not tell."""
        return self.last_datestamp if self.is_in_order and self.first_datestamp < self.last_datestamp else ""


@dataclass(slots=True)
class Harvest:
    """One harvest: the address that was given, what fetches, and the records that give no book."""

    url: str
    fetch: Callable[[str], bytes]
    record_count: int = 0
    skipped_records: dict[str, list[str]] = field(default_factory=dict)
    """Why records give no book → their identifiers."""
    position: ListPosition = field(default_factory=ListPosition)
    is_listed_again: bool = False
    """Whether the list holds records again that have been read."""

    def run(self, first_answer: bytes) -> Iterator[Volume | Problem]:
        """Yield the books of the answer to `url` and of those that follow, then the reasons of records without a book.

        A server that fails or sends what is no OAI-PMH ends the harvest with a problem that names the next address.
        """
        url = self.url
        try:
            response = yield from _parse(first_answer, url)
            if self._asks_for_no_records(response):
                url = self._request_url(
                    verb="ListRecords", metadataPrefix=self._choose_metadata_prefix(), **self._selection()
                )
                response = yield from _parse(self.fetch(url), url)
            list_url, used_tokens, records_before = url, set[str](), 0
            while True:
                if response.error_code == "badResumptionToken":
                    url = self._url_of_rest(response, list_url, has_progress=self.record_count > records_before)
                    self.is_listed_again, records_before = True, self.record_count
                    used_tokens.clear()
                    response = yield from _parse(self.fetch(url), url)
                yield from self._read_records(response, url)
                if not response.resumption_token:
                    break
                if response.resumption_token in used_tokens:
                    raise SourceError(url, "the server sends the same resumption token twice")
                used_tokens.add(response.resumption_token)
                url = self._request_url(verb="ListRecords", resumptionToken=response.resumption_token)
                response = yield from _parse(self.fetch(url), url)
        except TokenExpired as error:
            yield Problem.from_error(error)
        except FileError as error:
            yield self._describe_stop(error, url)
        yield from self._summaries()

    def _url_of_rest(self, response: OaiResponse, list_url: str, *, has_progress: bool) -> str:
        """Return the address of a list's rest without the token, which has expired; TokenExpired if that cannot help.

        Tokens expire while the books of an answer are indexed. The rest begins with records that have been read.
        """
        arguments = _query_arguments(list_url)
        start = self.position.rest_begins_at[: len(arguments.get("until", "")) or None]
        if "resumptionToken" in arguments:
            url, advice = (
                list_url,
                "run the first address of the harvest again" + (f", with from={start}" if start else ""),
            )
        else:
            prefix = arguments.get("metadataPrefix") or self._choose_metadata_prefix()
            selection = self._selection() | ({"from": start} if start else {})
            url = self._request_url(verb="ListRecords", metadataPrefix=prefix, **selection)
            if has_progress:
                return url
            advice = f"run this address, the first one with from={start}" if start else "run this address again"
        stop = f"; the harvest stops after {_format_count(self.record_count)}" if self.record_count else ""
        reason = f"{_describe_refusal(response)}{stop}, as the token has expired; {advice}"
        raise TokenExpired(url, reason, code=ProblemCode.EMPTY)

    def _read_records(self, response: OaiResponse, url: str) -> Iterator[Volume | Problem]:
        if response.error_code == "cannotDisseminateFormat":
            offered = ", ".join(self._metadata_prefixes())
            raise SourceError(url, f"the server offers the metadata prefixes {offered}", code=ProblemCode.UNSUPPORTED)
        if response.error_code:
            raise SourceError(url, _describe_refusal(response), code=ProblemCode.EMPTY)
        for record in response.records():
            if self.is_listed_again and record.identifier and record.identifier in self.position.identifiers:
                continue
            self.position.add(record)
            self.record_count += 1
            yield from self._read_record(record)

    def _read_record(self, record: OaiRecord) -> Iterator[Volume | Problem]:
        name = f"{self._base_url} {record.identifier}"
        if record.is_deleted:
            self._skip(DELETED, record)
        elif not record.has_mets:
            self._skip(WITHOUT_METS, record)
        else:
            try:
                for mets_record in mets.parse_all_mets(record.element, name):
                    for item in remote_mets_items(mets_record, name):
                        reasons = {ProblemCode.EMPTY: WITHOUT_PAGES, ProblemCode.NO_FILES: WITHOUT_URLS}
                        if isinstance(item, Problem) and item.code in reasons:
                            self._skip(reasons[item.code], record)
                        else:
                            yield item
            except SourceError as error:
                yield Problem.from_error(error)

    def _skip(self, reason: str, record: OaiRecord) -> None:
        self.skipped_records.setdefault(reason, []).append(record.identifier)

    def _summaries(self) -> Iterator[Problem]:
        """Yield one problem for each reason why records give no book."""
        for reason, identifiers in self.skipped_records.items():
            examples = ", ".join(identifiers[:MAX_NAMED_RECORDS])
            ellipsis = ", …" if len(identifiers) > MAX_NAMED_RECORDS else ""
            count = _format_count(len(identifiers))
            yield Problem(self.url, f"{count} {reason} ({examples}{ellipsis})", ProblemCode.UNUSED)

    def _describe_stop(self, error: FileError, url: str) -> Problem:
        if not self.record_count:
            return Problem.from_error(error)
        records = _format_count(self.record_count)
        reason = f"{error.cause}; the harvest stops after {records}, and this address continues it"
        return Problem(url, reason, error.code)

    def _asks_for_no_records(self, response: OaiResponse) -> bool:
        """Return whether the address is that of a repository, or leaves the format of the records open."""
        arguments = self._arguments
        if arguments.get("verb") == "GetRecord" or "resumptionToken" in arguments:
            return False
        is_complete = arguments.get("verb") == "ListRecords" and "metadataPrefix" in arguments
        return not (is_complete or (response.root_has_records and not response.error_code))

    def _choose_metadata_prefix(self) -> str:
        """Return the prefix for METS; SourceError if the repository has none."""
        if prefix := self._arguments.get("metadataPrefix"):
            return prefix
        prefixes = self._metadata_prefixes()
        if "mets" in prefixes:
            return "mets"
        for prefix, description in prefixes.items():
            if "mets" in f"{prefix} {description}".lower():
                return prefix
        offered = ", ".join(prefixes) or "no format"
        reason = f"the OAI-PMH server offers no METS, only {offered}; records without METS have no pages"
        raise SourceError(self._base_url, reason, code=ProblemCode.UNSUPPORTED)

    def _metadata_prefixes(self) -> dict[str, str]:
        url = self._request_url(verb="ListMetadataFormats")
        return oai_pmh.parse_response(self.fetch(url), url, []).metadata_prefixes()

    @property
    def _base_url(self) -> str:
        return urlunsplit((*urlsplit(self.url)[:3], "", ""))

    @property
    def _arguments(self) -> dict[str, str]:
        return _query_arguments(self.url)

    def _selection(self) -> dict[str, str]:
        return {name: value for name, value in self._arguments.items() if name in SELECTION_ARGUMENTS}

    def _request_url(self, **arguments: str) -> str:
        """Return the address of a request; arguments that are not OAI-PMH's, such as a login, stay."""
        protocol_arguments = ("verb", "metadataPrefix", "resumptionToken", "identifier", *SELECTION_ARGUMENTS)
        others = {name: value for name, value in self._arguments.items() if name not in protocol_arguments}
        return f"{self._base_url}?{urlencode({**others, **arguments})}"


def _query_arguments(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _datestamp(record: OaiRecord) -> str:
    """Return when a record was changed, as its header says; empty if it does not."""
    return next((stamp for header in children(record.element, "header") for stamp in texts(header, "datestamp")), "")


def _describe_refusal(response: OaiResponse) -> str:
    return f"the OAI-PMH server answers {response.error_code}: {response.error_text}".rstrip(": ")


def _format_count(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"


def _parse(data: bytes, url: str) -> Generator[Problem, None, OaiResponse]:
    """Return the response, and yield a problem for each fault in its XML."""
    warnings: list[str] = []
    response = oai_pmh.parse_response(data, url, warnings)
    yield from (Problem(url, warning, ProblemCode.MALFORMED) for warning in warnings)
    return response
