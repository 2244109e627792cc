"""RIS exports."""

import re

from api.exports.ris import ris
from tests.hit_factory import make_export, make_hit


def test_a_picture_is_a_chapter_of_its_book() -> None:
    lines = ris(make_export(make_hit())).split("\r\n")
    assert lines[0] == "TY  - CHAP"
    assert lines[-3:] == ["ER  - ", "", ""]
    assert {"AU  - Moe, Anna", "TI  - Et fyr", "T2  - Norges kyst", "PY  - 1885", "SP  - iv"} <= set(lines)
    assert any(line.startswith("N1  - urn=URN:NBN:no-nb_digibok_1;") and "xywh=10,20,300,400" in line for line in lines)


def test_a_title_cannot_end_the_record() -> None:
    text = ris(make_export(make_hit(title="A\r\nER  - \r\nTY  - BOOK", caption={"text": "B\nER  - \u2028C"})))
    tags = [re.fullmatch(r"([A-Z][A-Z0-9])  - .*", line) for line in text.splitlines() if line]
    assert [tag[1] for tag in tags if tag].count("ER") == 1
    assert all(tags)


def test_a_truncated_export_has_a_note_in_the_last_record() -> None:
    first, last, _ = ris(make_export(make_hit(), make_hit(), total=5000)).split("ER  - \r\n")
    assert "of 5,000 pictures" not in first
    assert "N1  - These are the first 2 of 5,000 pictures" in last
