"""A sheet is one file that says nothing of where its pictures come from and loads nothing."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from core.errors import FrontispieceError
from evaluation.study.items import StudyKey
from evaluation.study.sheet import MAX_SIDE, render_sheet
from tests.unit.evaluation.study.studies import make_key


@pytest.fixture(scope="module")
def crops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crops")
    key = make_key()
    for name in [*(item.crop for item in key.items.values()), *(query.crop for query in key.queries if query.crop)]:
        Image.new("RGB", (1200, 900), "#" + hashlib.sha256(name.encode()).hexdigest()[:6]).save(folder / name)
    return folder


@pytest.fixture(scope="module")
def key() -> StudyKey:
    return make_key()


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Judging pictures"), ("nb", "Bedømme bilder"), ("nn", "Vurdere bilete")]
)
def test_sheet_is_in_the_language(language: str, word: str, key: StudyKey, crops: Path) -> None:
    page = html.fromstring(render_sheet(key, crops, language))
    assert page.get("lang") == language
    assert page.findtext(".//title") == word
    assert page.xpath("//button[@data-answer]/@data-answer") == ["yes", "partly", "no", "unsure"]


def test_sheet_says_nothing_of_reasons_ranks_ids_and_files(key: StudyKey, crops: Path) -> None:
    sheet = render_sheet(key, crops, "en")
    telling = {item.picture for item in key.items.values()} | {item.crop for item in key.items.values()}
    telling |= {item.reason for item in key.items.values() if item.reason} | {"as served", "drawn by chance"}
    assert [text for text in telling if text in sheet] == []
    data = json.loads(html.fromstring(sheet).xpath("string(//script[@id='data'])"))
    assert [entry["item"] for entry in data["items"]] == list(key.items)
    assert {name for entry in data["items"] for name in entry} == {"item", "image", "query"}


def test_sheet_allows_only_its_own_script_style_and_pictures(key: StudyKey, crops: Path) -> None:
    sheet = render_sheet(key, crops, "en")
    page = html.fromstring(sheet)
    policy = page.xpath("//meta[@http-equiv]/@content")[0]
    assert policy.startswith("default-src 'none'; img-src data:;")
    for content in (page.findtext(".//style"), page.xpath("//script[not(@type)]")[0].text):
        digest = base64.b64encode(hashlib.sha256(str(content).encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not re.search(r"""(?:src|href|action)\s*=\s*["']?(?!data:)[^"'\s>]""", sheet.split("<script>")[0])
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|WebSocket", sheet)


def test_pictures_are_small_and_carry_no_name(key: StudyKey, crops: Path) -> None:
    data = json.loads(html.fromstring(render_sheet(key, crops, "en")).xpath("string(//script[@id='data'])"))
    content = base64.b64decode(data["items"][0]["image"].partition(",")[2])
    path = crops / "embedded.jpg"
    path.write_bytes(content)
    with Image.open(path) as image:
        assert max(image.size) == MAX_SIDE
    assert len(data["queries"][1]["image"]) > 100


def test_typed_query_cannot_break_out_of_the_sheet(key: StudyKey, crops: Path) -> None:
    queries = [type(key.queries[0])(text="</script><script>alert(1)</script>"), key.queries[1]]
    hostile_key = StudyKey(sheet=key.sheet, seed=1, items=key.items, queries=queries)
    sheet = render_sheet(hostile_key, crops, "en")
    assert "<script>alert" not in sheet
    data = json.loads(html.fromstring(sheet).xpath("string(//script[@id='data'])"))
    assert data["queries"][0]["text"] == "</script><script>alert(1)</script>"


def test_missing_crop_and_unknown_language_are_errors(key: StudyKey, crops: Path, tmp_path: Path) -> None:
    with pytest.raises(
        FrontispieceError, match=r"the crop cannot be read .*run the command where the folder of crops is"
    ):
        render_sheet(key, tmp_path, "en")
    with pytest.raises(FrontispieceError, match="there is no sheet in 'xx'; there are sheets in en, nb, nn"):
        render_sheet(key, crops, "xx")
