"""The saved objects as files: what they name is there, and the way into a Kibana and back."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.errors import FrontispieceError
from indexer.commands.kibana import kibana
from indexer.kibana.saved_objects import (
    ALIAS,
    FILES,
    OBJECTS,
    SavedObject,
    mapped_fields,
    moved,
    named_fields,
    problems,
    read,
)
from tests.doors import Door, listening
from tests.paths import ROOT

FIELDS = mapped_fields()


@dataclass
class Kibana:
    """The two endpoints that saved objects go through, and what a Kibana adds to an object."""

    url: str = ""
    objects: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    refuses: bool = False

    def load(self, ndjson: str) -> dict[str, Any]:
        lines = [json.loads(line) for line in ndjson.splitlines()]
        if self.refuses:
            error = {"type": lines[0]["type"], "id": lines[0]["id"], "error": {"type": "unsupported_type"}}
            return {"success": False, "successCount": len(lines) - 1, "errors": [error]}
        self.objects |= {(each["type"], each["id"]): each for each in lines}
        return {"success": True, "successCount": len(lines)}

    def save(self, wanted: list[dict[str, str]], *, deep: bool) -> str:
        found = [self.objects[each["type"], each["id"]] for each in wanted]
        for each in found if deep else []:
            for name in each["references"]:
                if (referred := self.objects[name["type"], name["id"]]) not in found:
                    found.append(referred)
        added = {"updated_at": "2026-01-01T00:00:00Z", "version": "WzE3MSwxXQ==", "managed": False}
        return "\n".join(json.dumps(added | each) for each in found)


@pytest.fixture
def fake() -> Iterator[Kibana]:
    made = Kibana()

    class Fake(Door):
        def respond(self) -> None:
            body = self.body()
            if self.headers["kbn-xsrf"] is None:
                self._say(400, '{"message": "Request must contain a kbn-xsrf header."}')
            elif self.path == "/api/saved_objects/_import?overwrite=true":
                form = message_from_bytes(f"content-type: {self.headers['content-type']}\n\n".encode() + body)
                [part] = form.get_payload()
                self._say(200, json.dumps(made.load(part.get_payload(decode=True).decode())))
            elif self.path == "/api/saved_objects/_export":
                asked = json.loads(body)
                self._say(200, made.save(asked["objects"], deep=asked["includeReferencesDeep"]))
            else:
                self._say(404, "{}")

        def _say(self, status: int, text: str) -> None:
            self.say(status, text.encode())

    with listening(Fake) as made.url:
        yield made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(kibana, arguments)


def test_all_that_the_files_name_is_there() -> None:
    assert problems(read(), FIELDS) == []
    assert run("check").exit_code == 0


def test_every_field_that_a_librarian_sorts_or_adds_up_by_is_one_that_the_panels_may_use() -> None:
    """Else the test above would pass on objects that name nothing."""
    named = {field for each in read() for field in named_fields(each)}
    assert {"year", "publisher", "place", "language", "label.name", "indexed_at", "page_text.confidence"} <= {
        field.name for field in named if field.aggregated
    }
    assert {"set_aside", "caption.text", "vectors.sscd", "label.confidence"} <= {field.name for field in named}


def altered(id_: str, old: str, new: str) -> list[SavedObject]:
    """The files' objects with one change in one of them."""
    lines = {each.id: each.line for each in read()}
    assert old in lines[id_]
    return [SavedObject.of(line.replace(old, new) if name == id_ else line) for name, line in lines.items()]


@pytest.mark.parametrize(
    ("id_", "old", "new", "problem"),
    [
        ("frontispiece-panel-places", '"sourceField":"place"', '"sourceField":"city"', "names the field city"),
        ("frontispiece-panel-places", '"sourceField":"place"', '"sourceField":"title"', "adds up title"),
        (
            "frontispiece-panel-places",
            '"id":"frontispiece-pictures"',
            '"id":"gone"',
            "refers to the index-pattern gone",
        ),
        ("frontispiece-panel-models", "vectors.vit:*", "vectors.dino:*", "names the field vectors.dino"),
        ("frontispiece-search-no-label", "NOT label.name:*", "NOT label.said:*", "names the field label.said"),
        ("frontispiece-search-no-label", '["year","asc"]', '["title","asc"]', "adds up title"),
        ("frontispiece-search-bad-ocr", '"page_id"', '"leaf_id"', "names the field leaf_id"),
        ("frontispiece-pictures", '"title":"pictures"', '"title":"paintings"', "no mapping is called paintings"),
        ("frontispiece-pictures", '\\"image.crop\\"', '\\"image.cut\\"', "names the field image.cut"),
        ("frontispiece-pictures", "vectors.*", "embeddings.*", "names embeddings.*"),
        ("frontispiece-dashboard-quality", '"type":"lens"}', '"type":"map"}', "has a panel without its reference"),
    ],
)
def test_what_is_not_there_is_told(id_: str, old: str, new: str, problem: str) -> None:
    assert any(each.startswith(id_) and problem in each for each in problems(altered(id_, old, new), FIELDS))


def test_a_panel_that_a_dashboard_keeps_inside_itself_is_looked_into() -> None:
    """Kibana keeps a panel there that nobody saved to the library."""
    [places] = [each for each in read() if each.id == "frontispiece-panel-places"]
    inside = json.loads(places.line.replace('"sourceField":"place"', '"sourceField":"city"'))
    panel = {"type": "lens", "panelIndex": "1", "embeddableConfig": {"attributes": inside["attributes"]}}
    dashboard = {**inside, "type": "dashboard", "id": "own", "attributes": {"panelsJSON": json.dumps([panel])}}
    found = problems([*read(), SavedObject("dashboard", "own", dashboard)], FIELDS)
    assert found == ["own names the field city, which the mapping has not"]


def test_check_says_all_that_is_missing_and_fails(tmp_path: Path) -> None:
    for name in dict.fromkeys(FILES.values()):
        (tmp_path / name).write_text((OBJECTS / name).read_text("utf-8").replace("label.name", "label.title"), "utf-8")
    done = run("check", str(tmp_path))
    assert isinstance(done.exception, FrontispieceError)
    assert str(done.exception).count("label.title") > 2


def test_thumbnails_are_pictures_ids_are_links_and_years_have_no_comma() -> None:
    [view] = [each for each in read() if each.id == "frontispiece-pictures"]
    formats = json.loads(view.attributes["fieldFormatMap"])
    assert formats["image.crop"]["params"]["type"] == "img"
    assert formats["_id"]["params"]["urlTemplate"].endswith("/pictures/{{value}}")
    assert formats["image.viewer"]["id"] == "url"
    assert formats["year"] == {"id": "number", "params": {"pattern": "0"}}


def test_no_data_view_has_a_time_field() -> None:
    """Else Kibana would show the last fifteen minutes only, which is nothing."""
    assert not any("timeFieldName" in each.attributes for each in read() if each.type == "index-pattern")


def test_objects_go_to_another_alias_and_another_address_and_come_back() -> None:
    to = {"alias": (ALIAS, "prints"), "site": ("http://localhost:8000", "https://prints.example.org")}
    back = {name: (new, old) for name, (old, new) in to.items()}
    sent = [moved(each, **to) for each in read()]
    titles = [each.attributes["title"] for each in sent if each.type == "index-pattern"]
    assert sorted(titles) == ["prints", "prints-books", "prints-pages", "prints-runs"]
    assert "localhost" not in "".join(each.line for each in sent)
    assert [moved(each, **back).line for each in sent] == [each.line for each in read()]


def test_what_is_pushed_and_pulled_is_what_was_there(fake: Kibana, tmp_path: Path) -> None:
    options = ["--url", fake.url, "--site", "https://prints.example.org/", "--alias", "prints"]
    assert run("push", *options).exit_code == 0
    assert len(fake.objects) == len(read())
    assert run("pull", "--into", str(tmp_path), *options).exit_code == 0
    for name in dict.fromkeys(FILES.values()):
        assert (tmp_path / name).read_text("utf-8") == (OBJECTS / name).read_text("utf-8")


def test_a_new_panel_of_a_dashboard_is_pulled_too(fake: Kibana, tmp_path: Path) -> None:
    run("push", "--url", fake.url)
    mine = {**fake.objects["lens", "frontispiece-panel-places"], "id": "mine"}
    fake.objects["lens", "mine"] = mine
    dashboard = fake.objects["dashboard", "frontispiece-dashboard-collection"]
    dashboard["references"].append({"type": "lens", "id": "mine", "name": "mine:panel_mine"})
    assert run("pull", "--into", str(tmp_path), "--url", fake.url).exit_code == 0
    assert "mine" in {each.id for each in read(tmp_path)}


def test_what_kibana_refuses_is_told(fake: Kibana) -> None:
    fake.refuses = True
    assert re.search("took only .* unsupported_type", str(run("push", "--url", fake.url).exception))
    assert "does not answer" in str(run("push", "--url", "http://127.0.0.1:9").exception)


def test_every_search_and_dashboard_is_told_of_in_the_librarians_page() -> None:
    page = (ROOT / "docs" / "kibana.md").read_text("utf-8")
    titles = [each.attributes["title"] for each in read() if each.type in ("search", "dashboard", "lens")]
    assert [title for title in titles if title not in page] == []
