"""Resumption tokens that expire while the books of an answer are indexed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.errors import ProblemCode
from core.settings import Settings
from indexer.images.fetching import Fetcher
from indexer.records import Problem, Volume
from indexer.sources import find_volumes
from tests.http_servers import LoopbackHandler, run_server
from tests.unit.indexer.sources.test_oai_pmh import book, oai_answer

pytestmark = pytest.mark.network

EXPIRED = '<error code="badResumptionToken">unknown</error>'
LIST = "verb=ListRecords&metadataPrefix=mets"

Respond = Callable[[dict[str, str]], str]


class ListServer:
    """A list of dated records, two in an answer, whose tokens expire after so many answers."""

    def __init__(self, datestamps: list[str], answers_per_token: int) -> None:
        self.datestamps, self.answers_per_token = datestamps, answers_per_token
        self.requests: list[dict[str, str]] = []
        self.url = ""

    def answer(self, arguments: dict[str, str]) -> str:
        self.requests.append(arguments)
        start, _, used = arguments.get("resumptionToken", "").partition(" ")
        if int(used or 0) >= self.answers_per_token:
            return EXPIRED
        first_date, position = (
            (start.split("/")[0], int(start.split("/")[1])) if start else (arguments.get("from", ""), 0)
        )
        listed = [(number, date) for number, date in enumerate(self.datestamps, 1) if date >= first_date]
        records = "".join(book(number, date) for number, date in listed[position : position + 2])
        token = f"{first_date}/{position + 2} {int(used or 0) + 1}" if position + 2 < len(listed) else ""
        return f"<ListRecords>{records}<resumptionToken>{token}</resumptionToken></ListRecords>"

    def harvest(self, query: str, tmp_path: Path) -> tuple[list[str], list[Problem]]:
        """Return the ids of the books and the problems."""
        with Fetcher(Settings(data=tmp_path, cache=tmp_path), sleep=lambda _: None) as fetcher:
            items = list(find_volumes(f"{self.url}?{query}", fetcher.get))
        books = [item.book.id for item in items if isinstance(item, Volume)]
        return books, [item for item in items if isinstance(item, Problem)]


@pytest.fixture
def list_server() -> Iterator[ListServer]:
    server = ListServer([f"2020-0{month}-01" for month in (1, 1, 2, 3, 4, 5, 6, 7, 8)], answers_per_token=2)

    class Handler(LoopbackHandler):
        def respond(self) -> None:
            arguments = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            self.send_reply(200, oai_answer(server.answer(arguments)), {"content-type": "text/xml"})

    with run_server(Handler) as url:
        server.url = f"{url}/oai"
        yield server


def test_the_rest_of_a_list_is_listed_from_its_last_date(list_server: ListServer, tmp_path: Path) -> None:
    books, problems = list_server.harvest(f"{LIST}&set=maps&login=1", tmp_path)
    assert (books, problems) == ([str(number) for number in range(1, 10)], [])
    new_lists = [request for request in list_server.requests if "resumptionToken" not in request]
    assert [request.get("from") for request in new_lists] == [None, "2020-03-01", "2020-06-01"]
    assert all((request["set"], request["login"]) == ("maps", "1") for request in new_lists)


def test_a_list_that_is_not_in_order_is_listed_from_its_start(list_server: ListServer, tmp_path: Path) -> None:
    list_server.datestamps = ["2020-02-01", "2020-01-01", "2020-03-01", "2020-01-01", "2020-02-01", "2020-01-01"]
    list_server.answers_per_token = 2
    books, (problem,) = list_server.harvest(LIST, tmp_path)
    assert books == ["1", "2", "3", "4"]
    assert problem.file == f"{list_server.url}?{LIST}"
    assert problem.reason == (
        "the OAI-PMH server answers badResumptionToken: unknown; the harvest stops after 4 records, "
        "as the token has expired; run this address again"
    )
    list_server.requests.clear()
    list_server.answers_per_token = 3
    assert list_server.harvest(LIST, tmp_path) == (["1", "2", "3", "4", "5", "6"], [])


def test_a_list_that_cannot_go_on_names_the_address_of_its_rest(list_server: ListServer, tmp_path: Path) -> None:
    """More records have one date than the server lists before its token expires."""
    list_server.datestamps = ["2020-01-01", *["2020-02-01"] * 6]
    books, (problem,) = list_server.harvest(f"{LIST}&until=2020-12", tmp_path)
    assert books == ["1", "2", "3", "4", "5"]
    assert problem.file == f"{list_server.url}?{LIST}&until=2020-12&from=2020-02"
    assert problem.reason.endswith("as the token has expired; run this address, the first one with from=2020-02")
    assert problem.code is ProblemCode.EMPTY


def test_a_harvest_that_begins_at_a_token_says_which_address_to_run(list_server: ListServer, tmp_path: Path) -> None:
    books, (problem,) = list_server.harvest("verb=ListRecords&resumptionToken=/2%201", tmp_path)
    assert books == ["3", "4"]
    assert problem.reason == (
        "the OAI-PMH server answers badResumptionToken: unknown; the harvest stops after 2 records, "
        "as the token has expired; run the first address of the harvest again, with from=2020-03-01"
    )
    books, (problem,) = list_server.harvest("verb=ListRecords&resumptionToken=/2%209", tmp_path)
    assert (books, problem.reason) == (
        [],
        "the OAI-PMH server answers badResumptionToken: unknown, as the token has expired; "
        "run the first address of the harvest again",
    )
