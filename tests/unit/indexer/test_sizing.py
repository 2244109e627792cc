"""What a collection needs: the arithmetic, and the tables of docs/scaling.md."""

import re
import shlex
from dataclasses import replace

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FrontispieceError
from indexer.commands.size import size
from indexer.sizing import (
    CollectionPlan,
    Prices,
    core_hours,
    crop_bytes,
    fetch_hours,
    first_run_price,
    gpu_hours,
    index_bytes,
    monthly_price,
    nodes,
    picture_bytes,
    run_hours,
    search_memory,
    shards,
    vector_memory,
)
from tests.paths import ROOT

PLAN = CollectionPlan(pictures=1_000_000, pages=500_000)
SCALING = (ROOT / "docs" / "scaling.md").read_text("utf-8")
DOCUMENTED_TABLES = re.findall(r"```sh\nfrontispiece size (.*)\n```\n\n((?:\|.*\n)+)", SCALING)


def test_a_picture_takes_what_was_measured() -> None:
    plan = replace(PLAN, models=("sscd", "siglip", "vit"))
    assert picture_bytes(plan) - 4_096 == pytest.approx(18_980, rel=0.01)
    assert index_bytes(replace(plan, pictures=0, pages=2_500)) == pytest.approx(26_261_336, rel=0.01)


def test_bytes_of_one_model() -> None:
    assert picture_bytes(PLAN) == 4.125 * 512 + 40 + 4_096 + 4_940 + 5_490
    assert index_bytes(PLAN) == 1_000_000 * 16_678 + 500_000 * 10_500
    assert vector_memory(PLAN) == 1_000_000 * (64 + 14 + 64)
    assert search_memory(PLAN) == vector_memory(PLAN) + 4_940_000_000
    assert crop_bytes(PLAN) == 190_000 * 1_000_000
    assert crop_bytes(replace(PLAN, hosts=1)) == 44_000 * 1_000_000, "an image server keeps the larger picture"


def test_nodes_have_a_copy_each_and_room_for_all() -> None:
    assert shards(PLAN) == 1
    assert (nodes(PLAN), nodes(replace(PLAN, replicas=2))) == (2, 3)
    many = replace(PLAN, pictures=57_000_000)
    assert shards(many) == 32
    assert nodes(many) == 19, "2 × 289.7 GB in 32 GB each"
    assert nodes(replace(many, node_memory=1e12)) == 2
    assert nodes(replace(many, node_memory=1e12, node_disk=0.5e12)) == 5, "2 × 956 GB on 425 GB each"


def test_hours_are_those_of_the_slowest_stage() -> None:
    plan = replace(PLAN, pictures=3_600_000, cores=10)
    assert core_hours(plan) == pytest.approx(270)
    assert run_hours(plan) == pytest.approx(27)
    with_gpus = replace(plan, gpus=2, gpu_speed=100)
    assert (gpu_hours(with_gpus), core_hours(with_gpus)) == (pytest.approx(10), pytest.approx(60))
    assert run_hours(with_gpus) == pytest.approx(6)
    assert fetch_hours(replace(plan, hosts=1)) == run_hours(replace(plan, hosts=1)) == pytest.approx(50)


def test_prices() -> None:
    plan = replace(PLAN, pictures=3_600_000, cores=10)
    assert first_run_price(plan, Prices(core_hour=0.5)) == pytest.approx(135)
    prices = Prices(node_month=100, crop_gigabyte_month=0.01)
    assert monthly_price(plan, prices) == pytest.approx(nodes(plan) * 100 + 6.84)


@given(st.integers(1, 10**8), st.integers(1, 10**8), st.integers(0, 3))
def test_more_pictures_never_need_less(pictures: int, more: int, replicas: int) -> None:
    small = CollectionPlan(pictures=pictures, pages=pictures, replicas=replicas)
    large = replace(small, pictures=pictures + more, pages=pictures + more)
    for need in (index_bytes, crop_bytes, search_memory, shards, nodes, core_hours, run_hours):
        assert need(large) >= need(small)  # type: ignore[operator]
    assert nodes(small) >= 1 + replicas


def test_what_is_not_known_is_told() -> None:
    with pytest.raises(FrontispieceError, match="no model is called magic"):
        replace(PLAN, models=("magic",))
    with pytest.raises(FrontispieceError, match="how many pictures a GPU encodes"):
        replace(PLAN, gpus=1)
    with pytest.raises(FrontispieceError, match="how long e5 takes for a picture has not been measured"):
        core_hours(replace(PLAN, models=("e5",)))


def test_a_table_has_a_row_only_for_what_is_there() -> None:
    table = CliRunner().invoke(size, ["--pictures", "1000", "--models", "sscd"]).output
    assert table.startswith("| pictures | 1,000 |\n| --- | ---: |\n")
    assert "price" not in table
    assert "GPU" not in table
    priced = CliRunner().invoke(size, ["--pictures", "1000000", "--models", "sscd", "--node-price", "100"]).output
    assert "| price of a month | 200 |" in priced


@pytest.mark.parametrize(("arguments", "table"), DOCUMENTED_TABLES, ids=lambda text: text[-40:].replace("\n", " "))
def test_documented_tables_are_those_of_the_command(arguments: str, table: str) -> None:
    assert CliRunner().invoke(size, shlex.split(arguments)).output == table


def test_there_are_documented_tables() -> None:
    assert len(DOCUMENTED_TABLES) == 3
