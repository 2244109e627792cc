"""Set-up, indexer and service in their containers, confined as compose.yaml says, on a secured node."""

from pathlib import Path

import httpx
import pytest

from tests.containers.deployment import Deployment, Service
from tests.waiting import wait_for_response

pytestmark = [pytest.mark.secured, pytest.mark.network]


def test_second_set_up_changes_nothing(filled_deployment: Deployment) -> None:
    result = filled_deployment.set_up()
    assert result.returncode == 0, result.stderr
    *lines, _next_step = result.stdout.splitlines()
    assert {line.split()[0] for line in lines} == {"unchanged"}, result.stdout


def test_service_answers_words_pictures_and_pages(service: Service) -> None:
    with httpx.Client(base_url=service.url, timeout=120) as client:
        hit = client.get("/api/search?q=brig").raise_for_status().json()["hits"][0]
        crop = client.get(hit["image"]).raise_for_status().content
        response = client.post("/api/search", files={"image": ("crop.jpg", crop, "image/jpeg")})
        assert response.status_code == 200, response.text
        assert response.json()["hits"][0]["id"] == hit["id"]
        for path in ("/", "/?q=brig", f"/pictures/{hit['id']}", "/docs", "/schema/openapi.json"):
            assert client.get(path).status_code == 200, path


def test_health_check_of_the_image_exists_in_it(service: Service) -> None:
    [kind, *command] = service.engine.health_check("api")
    assert kind == "CMD"
    result = service.execute(*(word.replace(":8000/", f":{service.port}/") for word in command))
    assert (result.returncode, result.stderr) == (0, "")
    assert service.execute(*(word.replace(":8000/", ":1/") for word in command)).returncode != 0


def test_service_has_no_rights_and_writes_only_where_it_may(service: Service) -> None:
    status = service.execute("grep", "-E", "^(Uid|CapEff|NoNewPrivs)", "/proc/1/status").stdout.split()
    assert status[1:5] == ["10001"] * 4
    assert service.execute("id", "-u").stdout == "10001\n"
    for path in ("/usr/x", "/opt/frontispiece/x", "/data/x", "/keys/api/x", "/books/x"):
        assert service.execute("touch", path).returncode != 0, path
    for path in ("/tmp/x", "/cache/x"):  # noqa: S108 the container's own
        assert service.execute("touch", path).returncode == 0, path


def test_service_answers_again_after_a_restart(service: Service) -> None:
    before = httpx.get(f"{service.url}/api/search?q=brig", timeout=120).json()["hits"]
    result = service.engine.call("restart", service.name)
    assert result.returncode == 0, result.stderr
    wait_for_response(f"{service.url}/health", service.is_running)
    assert httpx.get(f"{service.url}/api/search?q=brig", timeout=120).json()["hits"] == before


def test_books_that_the_user_cannot_read_end_with_a_sentence(filled_deployment: Deployment, tmp_path: Path) -> None:
    (tmp_path / "books").mkdir(mode=0o700)
    (tmp_path / "books" / "page.xml").write_text("<alto/>", "utf-8")
    result = filled_deployment.index(str(tmp_path / "books"))
    assert result.returncode == 1
    assert "/books" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["index", "inspect", "families"])
def test_command_of_the_indexer_says_where_it_is(service: Service, command: str) -> None:
    result = service.execute("frontispiece", command, "/books")
    assert (result.returncode, result.stdout) == (1, "")
    assert f"docker compose run --rm indexer {command}" in result.stderr
    assert "Traceback" not in result.stderr
