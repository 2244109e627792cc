"""OAI-PMH: answers as files, and harvesting from a repository on loopback."""

import shutil
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from core.errors import ProblemCode
from core.settings import Settings
from indexer.images.fetching import Fetcher
from indexer.records import Problem, Volume
from indexer.sources import find_volumes
from tests.http_servers import LoopbackHandler, run_server
from tests.mets_factory import NAMESPACES, record_xml
from tests.paths import CASES

pytestmark = pytest.mark.network

CASE_FILE = CASES / "oai-pmh-mets" / "f" / "oai.xml"


def mets_xml(record_id: str, *urls: str) -> str:
    files = "".join(
        f'<m:file ID="F{number}" MIMETYPE="image/jpeg"><m:FLocat x:href="{url}"/></m:file>'
        for number, url in enumerate(urls)
    )
    pages = "".join(f'<m:div TYPE="page"><m:fptr FILEID="F{number}"/></m:div>' for number in range(len(urls)))
    section = record_xml("D", record_id, f"Book {record_id}", "1858") if record_id else ""
    return (
        f"<m:mets {NAMESPACES}>{section}<m:fileSec><m:fileGrp USE='MAX'>{files}</m:fileGrp></m:fileSec>"
        '<m:structMap TYPE="LOGICAL"><m:div TYPE="monograph" DMDID="D"/></m:structMap>'
        f'<m:structMap TYPE="PHYSICAL"><m:div>{pages}</m:div></m:structMap></m:mets>'
    )


def oai_record(identifier: str, metadata: str = "", status: str = "", datestamp: str = "") -> str:
    content = f"<metadata>{metadata}</metadata>" if metadata else ""
    date = f"<datestamp>{datestamp}</datestamp>" if datestamp else ""
    return f"<record><header{status}><identifier>{identifier}</identifier>{date}</header>{content}</record>"


def oai_answer(content: str) -> bytes:
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{content}</OAI-PMH>'.encode()


def book(number: int, datestamp: str = "") -> str:
    metadata = mets_xml(str(number), f"http://x.org/{number}/1.jpg")
    return oai_record(f"oai:x:{number}", metadata, datestamp=datestamp)


FORMATS = "<ListMetadataFormats>{}</ListMetadataFormats>"
METS_FORMAT = (
    "<metadataFormat><metadataPrefix>{}</metadataPrefix><metadataNamespace>{}</metadataNamespace></metadataFormat>"
)
DC_FORMAT = METS_FORMAT.format("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/")
DELETED = ' status="deleted"'
DC = '<d:dc xmlns:d="x" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A</dc:title></d:dc>'


@dataclass(slots=True)
class Repository:
    """A repository on loopback: its answers by arguments, and the requests that it received."""

    url: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    """A resumption token, or verb and prefix → the content of the answer."""
    busy_answers: deque[dict[str, str]] = field(default_factory=deque)
    """Headers of answers of 503 that come first."""
    requests: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str) -> str:
        arguments = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        self.requests.append(arguments)
        if token := arguments.get("resumptionToken"):
            return self.answers.get(token, '<error code="badResumptionToken">unknown</error>')
        key = f"{arguments.get('verb', '')} {arguments.get('metadataPrefix', '')}".strip()
        return self.answers.get(key, '<error code="badVerb">Illegal OAI verb</error>')


@contextmanager
def run_repository() -> Iterator[Repository]:
    repository = Repository()

    class Handler(LoopbackHandler):
        def respond(self) -> None:
            if repository.busy_answers:
                self.send_reply(503, b"", repository.busy_answers.popleft())
            else:
                self.send_reply(200, oai_answer(repository.answer(self.path)), {"content-type": "text/xml"})

    with run_server(Handler) as url:
        repository.url = f"{url}/oai"
        yield repository


@pytest.fixture
def repository() -> Iterator[Repository]:
    with run_repository() as repository:
        repository.answers["ListMetadataFormats"] = FORMATS.format(DC_FORMAT + METS_FORMAT.format("mets", "M"))
        repository.answers["ListRecords mets"] = f"<ListRecords>{book(1)}{book(2)}</ListRecords>"
        yield repository


def harvest(url: str, tmp_path: Path) -> tuple[list[str], list[Problem]]:
    """Return the ids of the books and the problems."""
    with Fetcher(Settings(data=tmp_path), sleep=lambda _: None) as fetcher:
        items = list(find_volumes(url, fetcher.get))
    return (
        [item.book.id for item in items if isinstance(item, Volume)],
        [item for item in items if isinstance(item, Problem)],
    )


def test_a_mets_in_an_answer_is_read_as_a_file() -> None:
    (volume,) = find_volumes(CASE_FILE)
    assert isinstance(volume, Volume)
    assert (volume.book.id, volume.book.year, len(volume.leaves)) == ("567526844", 1574, 249)
    assert volume.book.title.startswith("Austeilung")


def test_a_mets_in_an_answer_is_read_in_a_folder(tmp_path: Path) -> None:
    shutil.copy(CASE_FILE, tmp_path)
    for name in ("00000001.jpg", "00000002.jpg"):
        shutil.copy(next((CASES / "tome-volumes-collide").rglob("*.jpg")), tmp_path / name)
    (volume, *_) = find_volumes(tmp_path)
    assert isinstance(volume, Volume)
    assert volume.book.id == "567526844"
    assert [leaf.scan for leaf in volume.leaves] == [str(tmp_path / f"0000000{number}.jpg") for number in (1, 2)]


def test_a_mets_whose_files_are_on_the_web_says_how_they_are_fetched() -> None:
    (problem, _account) = find_volumes(CASE_FILE.parent)
    assert isinstance(problem, Problem)
    assert problem.reason.endswith("none of which is here; name the METS itself to fetch them from the web")


@pytest.mark.parametrize("root", ["OAI-PMH", "ListRecords", "records", "metadata"])
def test_several_mets_in_one_file_are_several_books(tmp_path: Path, root: str) -> None:
    content = book(1) + oai_record("oai:x:2", "", DELETED) + oai_record("oai:x:3", mets_xml("", "http://x.org/3.jpg"))
    (tmp_path / "harvest.xml").write_text(f"<{root}>{content}</{root}>")
    volumes = list(find_volumes(tmp_path / "harvest.xml"))
    assert [item.book.id for item in volumes if isinstance(item, Volume)] == ["1", "oai:x:3"]


def test_what_a_saved_list_lacks_is_said_once(tmp_path: Path) -> None:
    content = book(1) + book(2) + oai_record("oai:x:2", "", DELETED) + oai_record("oai:x:3", DC)
    content += "<resumptionToken>more</resumptionToken>"
    (tmp_path / "oai.xml").write_bytes(oai_answer(f"<ListRecords>{content}</ListRecords>"))
    problems = [item.reason for item in find_volumes(tmp_path / "oai.xml") if isinstance(item, Problem)]
    assert problems == [
        "one record without METS lists no pages and is left out; "
        "the list goes on in further answers of the server; harvest its address to have all of it"
    ]


def test_an_error_of_a_search_server_is_named(tmp_path: Path) -> None:
    diagnostic = "<diagnostics><diagnostic><message>Query syntax error</message></diagnostic></diagnostics>"
    (tmp_path / "sru.xml").write_text(f"<searchRetrieveResponse>{diagnostic}</searchRetrieveResponse>")
    (problem,) = find_volumes(tmp_path / "sru.xml")
    assert isinstance(problem, Problem)
    assert problem.reason == "the SRU server answered: Query syntax error"


def test_an_answer_without_mets_is_a_record_and_no_source(tmp_path: Path) -> None:
    (tmp_path / "oai.xml").write_bytes(oai_answer(f"<GetRecord>{oai_record('oai:x:1', DC)}</GetRecord>"))
    (problem,) = find_volumes(tmp_path / "oai.xml")
    assert isinstance(problem, Problem)
    assert problem.reason == "an OAI-PMH answer without METS lists no pages; put it beside the pages of its books"


def test_an_error_saved_as_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "oai.xml").write_bytes(oai_answer('<error code="idDoesNotExist">No item 5</error>'))
    (problem,) = find_volumes(tmp_path / "oai.xml")
    assert isinstance(problem, Problem)
    assert problem.reason == "the OAI-PMH server answered idDoesNotExist: No item 5"


@pytest.mark.parametrize("query", ["", "?verb=Identify", "?verb=ListRecords&metadataPrefix=mets", "?verb=ListRecords"])
def test_every_address_of_a_repository_gives_its_books(repository: Repository, tmp_path: Path, query: str) -> None:
    assert harvest(repository.url + query, tmp_path) == (["1", "2"], [])


def test_the_selection_of_an_address_is_kept(repository: Repository, tmp_path: Path) -> None:
    harvest(f"{repository.url}?verb=ListIdentifiers&set=a:b&from=2020-01-01&login=1", tmp_path)
    assert repository.requests[-1] == {
        "verb": "ListRecords",
        "metadataPrefix": "mets",
        "set": "a:b",
        "from": "2020-01-01",
        "login": "1",
    }


def test_one_record_is_fetched_alone(repository: Repository, tmp_path: Path) -> None:
    repository.answers["GetRecord mets"] = f"<GetRecord>{book(7)}</GetRecord>"
    url = f"{repository.url}?verb=GetRecord&metadataPrefix=mets&identifier=oai:x:7"
    assert harvest(url, tmp_path) == (["7"], [])
    assert len(repository.requests) == 1


@pytest.mark.parametrize(
    ("prefix", "namespace"), [("METS", ""), ("dfg_mets", ""), ("digi", "http://www.loc.gov/METS/")]
)
def test_mets_is_found_under_any_prefix(repository: Repository, tmp_path: Path, prefix: str, namespace: str) -> None:
    repository.answers["ListMetadataFormats"] = FORMATS.format(DC_FORMAT + METS_FORMAT.format(prefix, namespace))
    repository.answers[f"ListRecords {prefix}"] = f"<ListRecords>{book(1)}</ListRecords>"
    assert harvest(repository.url, tmp_path) == (["1"], [])


def test_a_repository_without_mets_is_refused(repository: Repository, tmp_path: Path) -> None:
    repository.answers["ListMetadataFormats"] = FORMATS.format(DC_FORMAT)
    books, (problem,) = harvest(repository.url, tmp_path)
    assert not books
    assert problem.reason == "the OAI-PMH server offers no METS, only oai_dc; records without METS have no pages"


def test_a_prefix_that_the_server_lacks_is_named_with_those_that_it_has(repository: Repository, tmp_path: Path) -> None:
    repository.answers["ListRecords mods"] = '<error code="cannotDisseminateFormat">no</error>'
    _, (problem,) = harvest(f"{repository.url}?verb=ListRecords&metadataPrefix=mods", tmp_path)
    assert problem.reason == "the server offers the metadata prefixes oai_dc, mets"


def test_a_list_goes_on_at_each_resumption_token(repository: Repository, tmp_path: Path) -> None:
    position = "a/b?c&d=é+"
    repository.answers["ListRecords mets"] = (
        f"<ListRecords>{book(1)}<resumptionToken>{position.replace('&', '&amp;')}</resumptionToken></ListRecords>"
    )
    repository.answers[position] = (
        f"<ListRecords>{book(2)}<resumptionToken completeListSize='3'>next</resumptionToken></ListRecords>"
    )
    repository.answers["next"] = f"<ListRecords>{book(3)}<resumptionToken completeListSize='3'/></ListRecords>"
    assert harvest(repository.url, tmp_path) == (["1", "2", "3"], [])
    assert repository.requests[-1] == {"verb": "ListRecords", "resumptionToken": "next"}
    assert harvest(f"{repository.url}?verb=ListRecords&resumptionToken={quote(position)}", tmp_path)[0] == ["2", "3"]


def test_a_harvest_that_breaks_off_names_the_address_to_go_on_with(repository: Repository, tmp_path: Path) -> None:
    repository.answers["ListRecords mets"] = (
        f"<ListRecords>{book(1)}<resumptionToken>lost</resumptionToken></ListRecords>"
    )
    repository.answers["lost"] = '<error code="badArgument">try later</error>'
    books, (problem,) = harvest(repository.url, tmp_path)
    assert books == ["1"]
    assert problem.file == f"{repository.url}?verb=ListRecords&resumptionToken=lost"
    assert problem.reason == (
        "the OAI-PMH server answers badArgument: try later; the harvest stops after 1 record, "
        "and this address continues it"
    )


def test_a_server_that_repeats_its_token_does_not_hold_the_run(repository: Repository, tmp_path: Path) -> None:
    answer = f"<ListRecords>{book(1)}<resumptionToken>same</resumptionToken></ListRecords>"
    repository.answers |= {"ListRecords mets": answer, "same": answer}
    books, (problem,) = harvest(repository.url, tmp_path)
    assert books == ["1", "1"]
    assert "the server sends the same resumption token twice" in problem.reason


def test_a_busy_server_is_asked_again_when_it_says(repository: Repository, tmp_path: Path) -> None:
    repository.busy_answers.extend([{"Retry-After": "0"}, {"Retry-After": "0"}])
    assert harvest(repository.url, tmp_path) == (["1", "2"], [])


def test_no_records_is_no_failure_of_the_program(repository: Repository, tmp_path: Path) -> None:
    repository.answers["ListRecords mets"] = '<error code="noRecordsMatch">The set is empty</error>'
    books, (problem,) = harvest(repository.url, tmp_path)
    assert not books
    assert (problem.reason, problem.code) == (
        "the OAI-PMH server answers noRecordsMatch: The set is empty",
        ProblemCode.EMPTY,
    )


def test_records_without_a_book_are_counted_by_reason(repository: Repository, tmp_path: Path) -> None:
    records = [
        *(oai_record(f"oai:x:d{number}", "", DELETED) for number in range(5)),
        oai_record("oai:x:dc", DC),
        oai_record("oai:x:work", mets_xml("9")),
        oai_record("oai:x:local", mets_xml("8", "file:///C:/scans/1.tif")),
        book(1),
    ]
    repository.answers["ListRecords mets"] = f"<ListRecords>{''.join(records)}</ListRecords>"
    books, problems = harvest(repository.url, tmp_path)
    assert books == ["1"]
    assert [problem.reason for problem in problems] == [
        "5 records deleted on the server; `frontispiece remove` removes their books if they are in the index "
        "(oai:x:d0, oai:x:d1, oai:x:d2, …)",
        "1 record without METS, so without pages (oai:x:dc)",
        "1 record whose METS lists no page, such as the records of works in several volumes (oai:x:work)",
        "1 record whose METS names no file, or none of its OCR files, with an http or https URL (oai:x:local)",
    ]


def test_broken_xml_in_an_answer_is_said_and_the_rest_is_read(repository: Repository, tmp_path: Path) -> None:
    broken_record = oai_record("oai:x:0", DC.replace("A<", "A &nbsp; B<"))
    repository.answers["ListRecords mets"] = f"<ListRecords>{broken_record}{book(1)}</ListRecords>"
    books, problems = harvest(repository.url, tmp_path)
    assert books == ["1"]
    assert problems[0].reason.startswith("not well-formed, line 1")


def test_a_mets_at_a_url_is_a_source_with_hrefs_relative_to_it(tmp_path: Path) -> None:
    content = mets_xml("5", "scans/a%201.jpg", "../b.jpg", "https://y.org/c.jpg")

    class Handler(LoopbackHandler):
        def respond(self) -> None:
            self.send_reply(200, content.encode())

    with run_server(Handler) as url, Fetcher(Settings(data=tmp_path)) as fetcher:
        (volume,) = find_volumes(f"{url}/books/5/mets.xml", fetcher.get)
    assert isinstance(volume, Volume)
    assert [leaf.scan for leaf in volume.leaves] == [
        f"{url}/books/5/scans/a%201.jpg",
        f"{url}/books/b.jpg",
        "https://y.org/c.jpg",
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE html><html></html>", "a web page; name the address of a IIIF manifest"),
        (b"\xef\xbb\xbf <html></html>", "a web page; name the address of a IIIF manifest"),
        (b"<alto/>", "an XML file with the root element <alto>; name the address of a IIIF manifest"),
        (b"hello", "not JSON"),
        (b"", "the file is empty"),
    ],
)
def test_another_answer_at_a_url_is_refused_with_what_it_is(body: bytes, reason: str) -> None:
    (problem,) = find_volumes("http://x.org/a", lambda _: body)
    assert isinstance(problem, Problem)
    assert problem.reason.startswith(reason)
