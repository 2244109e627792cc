"""One run at a time writes into a collection; the others are refused, wait, or take over."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from core.errors import CollectionBusy, FrontispieceError, IncompatibleIndex, LeaseLost
from indexer.commands.index import index
from indexer.elasticsearch import lease
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.lease import LeaseWatch, WhenHeld, hold_lease
from indexer.elasticsearch.lease_store import LeaseHolder, LeaseStore
from indexer.elasticsearch.rebuilding import open_rebuild
from tests.node.test_index import MeanGreyEncoder, picture_document, version_names, write_documents
from tests.paths import SPECIMEN
from tests.waiting import PATIENCE_SECONDS

REBUILD_COMMAND = "frontispiece index --rebuild /srv/books"


@pytest.fixture(autouse=True)
def _short_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(lease, "POLL_SECONDS", 0.02)


@pytest.fixture
def warnings() -> list[str]:
    return []


RunIndex = Callable[..., Result]


@pytest.fixture
def run_index(node_url: str, index_name: str, tmp_path: Path) -> RunIndex:
    """Return a function that runs `frontispiece index` over the specimen with these options."""
    environment = {
        "FRONTISPIECE_ELASTICSEARCH_URL": node_url,
        "FRONTISPIECE_DATA": str(tmp_path),
        "FRONTISPIECE_MODELS": "sscd",
    }

    def run_index(*options: str, answer: str = "") -> Result:
        return CliRunner(env=environment).invoke(index, ["--alias", index_name, *options], input=answer)

    return run_index


def test_of_runs_that_begin_at_once_one_gets_the_lease(client: Elasticsearch, index_name: str) -> None:
    """They also begin at once to make the index of the lease, as the first runs of a collection do."""
    barrier = Barrier(4)

    def take_lease(number: int) -> bool:
        store = LeaseStore(client, index_name)
        barrier.wait(PATIENCE_SECONDS)
        store.ensure_index()
        return store.create(LeaseHolder.from_process(f"run {number}", expires_after=60)) is not None

    with ThreadPoolExecutor(4) as executor:
        assert sorted(executor.map(take_lease, range(4))) == [False, False, False, True]


@pytest.mark.parametrize(
    ("holder", "options"),
    [
        ("frontispiece index /srv/books", []),
        (REBUILD_COMMAND, []),
        (REBUILD_COMMAND, ["--rebuild"]),
    ],
    ids=["a second first run", "an index during a rebuild", "two rebuilds"],
)
def test_second_run_is_refused_and_changes_nothing(
    client: Elasticsearch, index_name: str, run_index: RunIndex, holder: str, options: list[str]
) -> None:
    with hold_lease(client, index_name, holder, warn=pytest.fail):
        result = run_index(*options, str(SPECIMEN))
        assert isinstance(result.exception, CollectionBusy)
        message = str(result.exception)
        assert f"`{holder}` (process " in message, "who"
        assert ", since 20" in message
        assert "one run at a time" in message
        assert "`--wait`" in message
        assert "`--take-over`" in message
        assert client.indices.get(index=f"{index_name}-v*,{index_name}-pages*,{index_name}-books*").body == {}


def test_lease_is_free_after_a_run_with_or_without_an_error(
    client: Elasticsearch, index_name: str, warnings: list[str]
) -> None:
    with pytest.raises(KeyboardInterrupt), hold_lease(client, index_name, "first", warn=warnings.append):
        raise KeyboardInterrupt
    with hold_lease(client, index_name, "second", warn=warnings.append):
        pass
    assert LeaseStore(client, index_name).read() is None
    assert warnings == []


def test_lease_of_a_killed_run_is_taken_over_after_it_has_expired(
    client: Elasticsearch, node_url: str, index_name: str, warnings: list[str]
) -> None:
    program = (
        "import sys, time\n"
        "from elasticsearch import Elasticsearch\n"
        "from indexer.elasticsearch import lease\n"
        "lease.LEASE_SECONDS, lease.HEARTBEAT_SECONDS = 1.0, 0.1\n"
        "with Elasticsearch(sys.argv[1]) as client:\n"
        "    with lease.hold_lease(client, sys.argv[2], 'frontispiece index a', warn=print):\n"
        "        print('held', flush=True)\n"
        "        time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, node_url, index_name], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        with pytest.raises(CollectionBusy), hold_lease(client, index_name, "too early", warn=warnings.append):
            pass
        process.kill()
    with hold_lease(client, index_name, "frontispiece index b", warn=warnings.append):
        pass
    patience, warning = warnings
    assert patience.endswith("waiting 1 seconds for a sign of life")
    assert f"`frontispiece index a` (process {process.pid} on " in warning
    assert "no sign of life for 1 seconds and was probably killed" in warning
    assert "takes the collection" in warning


def test_run_that_is_taken_over_stops_before_its_next_write(
    client: Elasticsearch, index_name: str, warnings: list[str]
) -> None:
    with hold_lease(client, index_name, "first", warn=warnings.append) as first_lease:
        first_lease.check()
        with hold_lease(client, index_name, "second", when_held="take over", warn=warnings.append) as second_lease:
            first_lease._thread.join(PATIENCE_SECONDS)
            with pytest.raises(LeaseLost, match=r"was taken over by `second`.*the same command continues from there"):
                first_lease.check()
            second_lease.check()
        assert "from `first`" in warnings[0]
        assert "which stops before its next write" in warnings[0]


def test_suspended_run_asks_whether_it_still_holds_the_lease(
    client: Elasticsearch, index_name: str, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", PATIENCE_SECONDS)
    with hold_lease(client, index_name, "first", warn=warnings.append) as first_lease:
        state = LeaseStore(client, index_name).read()
        assert state
        LeaseStore(client, index_name).delete(state.version)
        first_lease.check()
        first_lease._renewed_at -= lease.LEASE_SECONDS
        with pytest.raises(LeaseLost, match="somebody who deleted the lease"):
            first_lease.check()


def test_confirmation_of_the_lease_does_not_wait_for_the_heartbeat(
    client: Elasticsearch, index_name: str, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", PATIENCE_SECONDS)
    with hold_lease(client, index_name, "first", warn=warnings.append) as first_lease:
        first_lease.confirm()
        with hold_lease(client, index_name, "second", when_held="take over", warn=warnings.append):
            first_lease.check()
            with pytest.raises(LeaseLost, match="was taken over by `second`"):
                first_lease.confirm()


def test_lease_index_that_has_lost_its_alias_gets_it_again(client: Elasticsearch, index_name: str) -> None:
    """Otherwise the lease could be neither written nor read, and the run would try for ever."""
    LeaseStore(client, index_name).ensure_index()
    client.indices.delete_alias(index=f"{index_name}-lease-v1", name=f"{index_name}-lease")
    with hold_lease(client, index_name, "first", warn=pytest.fail):
        assert LeaseStore(client, index_name).read()


def test_lease_without_an_index_is_reported(
    client: Elasticsearch, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "UNUSABLE_SECONDS", 0.1)
    monkeypatch.setattr(LeaseStore, "ensure_index", lambda _: None)
    with (
        pytest.raises(FrontispieceError, match=f"DELETE {index_name}-lease-v1"),
        hold_lease(client, index_name, "first", warn=pytest.fail),
    ):
        pass


def test_waiting_run_begins_when_the_other_ends(client: Elasticsearch, index_name: str, warnings: list[str]) -> None:
    waits, finished = Event(), Event()

    def warn(message: str) -> None:
        warnings.append(message)
        waits.set()

    def run_second(when_held: WhenHeld) -> None:
        with hold_lease(client, index_name, "second", when_held=when_held, warn=warn):
            finished.set()

    thread = Thread(target=run_second, args=("wait",))
    with hold_lease(client, index_name, "first", warn=warnings.append):
        thread.start()
        assert waits.wait(PATIENCE_SECONDS)
        assert not finished.is_set()
    thread.join(PATIENCE_SECONDS)
    assert finished.is_set()
    assert warnings[0].startswith("waiting for `first` (process ")


def test_lost_response_to_a_renewal_does_not_lose_the_lease(
    client: Elasticsearch, index_name: str, warnings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", PATIENCE_SECONDS)
    with hold_lease(client, index_name, "first", warn=warnings.append) as held_lease:
        state = LeaseStore(client, index_name).read()
        assert state
        assert LeaseStore(client, index_name).replace(state.holder, state.version)
        held_lease._renewed_at -= lease.LEASE_SECONDS
        held_lease.check()
    assert LeaseStore(client, index_name).read() is None


def test_rebuild_that_is_taken_over_moves_no_alias(client: Elasticsearch, index_name: str) -> None:
    write_documents(Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures, picture_document(1))

    def lose_lease() -> None:
        raise LeaseLost("taken over")

    with (
        pytest.raises(LeaseLost),
        open_rebuild(client, index_name, [MeanGreyEncoder()], confirm_lease=lose_lease) as collection,
    ):
        write_documents(collection.pictures, picture_document(2))
    assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v1"]
    assert set(client.indices.get(index=f"{index_name}*")) == version_names(index_name, 1) | version_names(
        index_name, 2
    ), "the other run may be filling them"


@pytest.mark.parametrize("error", [None, ValueError("a bug")], ids=["at its end", "after an error"])
def test_rebuild_that_is_taken_over_leaves_the_indices_of_the_other_run(
    client: Elasticsearch,
    index_name: str,
    warnings: list[str],
    monkeypatch: pytest.MonkeyPatch,
    error: ValueError | None,
) -> None:
    """The other run has thrown its indices away and made empty ones with the same names and aliases."""
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", PATIENCE_SECONDS)
    encoders = [MeanGreyEncoder()]
    write_documents(Collection.open_or_create(client, index_name, encoders).pictures, picture_document(1))
    with hold_lease(client, index_name, "first", warn=warnings.append) as first_lease:
        first_rebuild = open_rebuild(client, index_name, encoders, confirm_lease=first_lease.confirm)
        write_documents(first_rebuild.__enter__().pictures, picture_document(2))
        with (
            hold_lease(client, index_name, "second", when_held="take over", warn=warnings.append) as second_lease,
            open_rebuild(client, index_name, encoders, fresh=True, confirm_lease=second_lease.confirm) as collection,
        ):
            assert collection.pictures.name == f"{index_name}-v2", "the name that the first rebuild has, too"
            if error:
                assert not first_rebuild.__exit__(type(error), error, None), "the error is raised again"
            else:
                with pytest.raises(LeaseLost, match="was taken over by `second`"):
                    first_rebuild.__exit__(None, None, None)
            assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v1"]
            write_documents(collection.pictures, picture_document(3))
    assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v2"]
    assert client.exists(index=index_name, id=picture_document(3).id)


def test_rebuild_moves_no_alias_to_indices_that_it_has_not_filled(client: Elasticsearch, index_name: str) -> None:
    """Somebody who needs no lease has deleted them, and made others with the same names and aliases."""
    write_documents(Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures, picture_document(1))
    new_name, new_alias = f"{index_name}-v2", f"{index_name}-next"
    rebuild = open_rebuild(client, index_name, [MeanGreyEncoder()])
    write_documents(rebuild.__enter__().pictures, picture_document(2))
    client.indices.delete(index=new_name)
    client.indices.create(index=new_name, aliases={new_alias: {}})
    with pytest.raises(IncompatibleIndex, match=f"{new_name}: deleted, or deleted and made again"):
        rebuild.__exit__(None, None, None)
    assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v1"]
    assert client.indices.exists(index=new_name), "and deletes nothing"


def test_wait_and_take_over_exclude_each_other(run_index: RunIndex) -> None:
    result = run_index("--wait", "--take-over", str(SPECIMEN))
    assert (result.exit_code, "give one of them" in result.output) == (2, True)


def test_another_process_of_the_run_sees_the_loss_of_the_lease(
    client: Elasticsearch, index_name: str, warnings: list[str]
) -> None:
    """Workers of a cluster write for the run, and must stop writing when it has to."""
    with hold_lease(client, index_name, REBUILD_COMMAND, warn=warnings.append) as held_lease:
        watch = LeaseWatch(client, index_name, held_lease.owner)
        watch.check()
        with hold_lease(
            client, index_name, "frontispiece index b", when_held="take over", warn=warnings.append
        ) as other_lease:
            LeaseWatch(client, index_name, other_lease.owner).check()
            lost_watch = LeaseWatch(client, index_name, held_lease.owner)
            with pytest.raises(LeaseLost, match="was taken over by `frontispiece index b`"):
                lost_watch.check()
    with pytest.raises(LeaseLost, match="somebody who deleted the lease"):
        LeaseWatch(client, index_name, other_lease.owner).check()
