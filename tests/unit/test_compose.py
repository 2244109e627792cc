"""Check compose.yaml, the Dockerfile and their scripts, without a Docker engine."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from api.cli import commands
from core.settings import ENV_PREFIX, Settings
from tests.paths import ROOT

DOCKER = ROOT / "docker"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOT_SERVICES = {"certificates", "setup", "dashboards", "indexer"}
"""Services that end when their work is done, so they need no health check."""
OWN_SERVICES = {"setup", "dashboards", "api", "indexer"}
STAGES = re.findall(
    r"^FROM .*? AS ([\w-]+)\n(.*?)(?=^FROM |\Z)", (DOCKER / "Dockerfile").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
GENERATED_VARIABLES = {"ELASTIC_PASSWORD", "KIBANA_PASSWORD", "KIBANA_ENCRYPTION_KEY", "LIBRARIAN_PASSWORD"}
"""Variables that docker/make-env generates."""

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())


@every_service
def test_service_runs_without_root_on_a_read_only_system_with_a_memory_limit(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]
    assert any(mount.startswith("/tmp") for mount in service["tmpfs"])  # noqa: S108 the container's own
    assert not {"privileged", "network_mode", "pid", "cap_add"} & service.keys()


def test_long_running_service_has_a_health_check() -> None:
    [image_check] = [body for name, body in STAGES if name == "api"]
    for name, service in SERVICES.items():
        if name in ONE_SHOT_SERVICES:
            assert service["healthcheck"] == {"disable": True}
        else:
            assert "test" in service.get("healthcheck", {}) or (name == "api" and "HEALTHCHECK" in image_check)
            assert service["restart"] == "unless-stopped"


def test_only_api_and_kibana_publish_ports_and_only_on_loopback() -> None:
    published_ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published_ports.keys() == {"api", "kibana"}
    assert all(port.startswith("${BIND:-127.0.0.1}:") for ports in published_ports.values() for port in ports)


def test_every_variable_has_a_default_or_is_generated_by_make_env() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8") + (ROOT / "compose.gpu.yaml").read_text("utf-8")
    variables = re.findall(r"\$\{(\w+)([^}]*)\}", text)
    assert {name for name, default_clause in variables if default_clause.startswith(":?")} == GENERATED_VARIABLES
    assert all(default_clause.startswith((":-", ":?")) for _, default_clause in variables)


def test_installation_page_documents_every_variable_and_service() -> None:
    page = (ROOT / "docs" / "install.md").read_text("utf-8")
    variables = set(re.findall(r"\$\{(\w+):-", (ROOT / "compose.yaml").read_text("utf-8")))
    assert sorted(name for name in variables | SERVICES.keys() if f"`{name}`" not in page) == []


def test_files_contain_no_password() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|KEY$|KEY_FILE", name):
                assert str(value).startswith(("${", "/"))
    assert ".env" not in {line.removeprefix("!") for line in dockerignore_lines() if line.startswith("!")}
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_one_variable_sets_the_stack_and_its_default_is_the_version_of_the_tests() -> None:
    images = COMPOSE["x-images"]
    jars = (ROOT / "indexer" / "embedded" / "jars.lock").read_text("utf-8")
    [node_version] = re.findall(r"^org\.elasticsearch:elasticsearch:(\S+)", jars, re.MULTILINE)
    for name in ("elasticsearch", "kibana"):
        assert images[name] == f"{name}:${{STACK_VERSION:-{node_version}}}"
    known_images = {images["elasticsearch"], images["kibana"], *images["frontispiece"].values()}
    assert {service["image"] for service in SERVICES.values()} == known_images
    assert all(tag.endswith(f":{version('frontispiece')}") for tag in images["frontispiece"].values())


def test_conditions_that_a_service_waits_for_can_be_met() -> None:
    for service in SERVICES.values():
        for name, dependency in service.get("depends_on", {}).items():
            assert dependency["condition"] == (
                "service_completed_successfully" if name in ONE_SHOT_SERVICES else "service_healthy"
            )
            assert name in SERVICES


def test_volumes_are_named_and_used_and_host_folders_are_read_only() -> None:
    mounts = [mount.split(":") for service in SERVICES.values() for mount in service.get("volumes", [])]
    volume_names = {mount[0] for mount in mounts if not mount[0].startswith((".", "$"))}
    assert volume_names == COMPOSE["volumes"].keys()
    assert all(mount[-1] == "ro" for mount in mounts if mount[0].startswith((".", "$")))


def test_key_is_mounted_only_into_setup_and_the_service_that_owns_it() -> None:
    for role in ("api", "indexer"):
        services_with_key = {
            name for name, service in SERVICES.items() if f"key-{role}:" in str(service.get("volumes"))
        }
        assert services_with_key == {"setup", role}


def test_containers_use_only_settings_that_exist() -> None:
    variable_names = {
        name
        for service_name in OWN_SERVICES
        for name in SERVICES[service_name]["environment"]
        if name.startswith(ENV_PREFIX)
    }
    variable_names |= set(re.findall(rf"{ENV_PREFIX}\w+", (DOCKER / "Dockerfile").read_text("utf-8")))
    assert {name.removeprefix(ENV_PREFIX).lower() for name in variable_names} <= Settings.model_fields.keys()


def test_gpu_is_reserved_for_services_with_models_and_every_image_has_the_gpu_build_of_torch() -> None:
    gpu_services = yaml.safe_load((ROOT / "compose.gpu.yaml").read_text("utf-8"))["services"]
    assert gpu_services.keys() == OWN_SERVICES
    assert {name for name, service in gpu_services.items() if "deploy" in service} == {"api", "indexer"}
    assert all(service["build"]["args"]["TORCH"] == "${TORCH:-cuda}" for service in gpu_services.values())


@pytest.mark.skipif(not shutil.which("docker"), reason="the docker client is not here")
@pytest.mark.parametrize("files", [["compose.yaml"], ["compose.yaml", "compose.gpu.yaml"]], ids=["cpu", "gpu"])
@pytest.mark.parametrize("profile", [[], ["--profile", "indexer"]], ids=["service", "indexer"])
def test_docker_compose_accepts_every_profile(files: list[str], profile: list[str]) -> None:
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("the docker client here has no compose plugin")
    file_options = [option for file in files for option in ("--file", file)]
    env = os.environ | dict.fromkeys(GENERATED_VARIABLES, "made")
    result = subprocess.run(
        ["docker", "compose", *file_options, *profile, "config", "--quiet"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_images_install_requirements_before_copying_code() -> None:
    stages = dict(STAGES)
    for image in ("api", "indexer"):
        packages = stages[f"{image}-packages"]
        assert {*re.findall(r"^COPY (.*)$", packages, re.MULTILINE)} <= {"docker/not-in-api.txt ./"}
        assert "type=cache" in packages
        assert "--require-hashes" in packages
        assert stages[image].index(f"COPY --from={image}-packages") < stages[image].index("from=frontispiece-package")


def test_images_run_as_uid_10001_and_use_no_add() -> None:
    stages = dict(STAGES)
    assert all("USER 10001:10001" in stages[image] for image in ("api", "indexer"))
    assert not re.search(r"^(ADD|USER root)", (DOCKER / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    for name in OWN_SERVICES:
        assert SERVICES[name]["user"] == "10001:10001"
        assert SERVICES[name]["build"]["target"] in stages


def test_files_that_an_image_copies_exist_and_are_not_ignored() -> None:
    included_paths = {line.removeprefix("!") for line in dockerignore_lines() if line.startswith("!")}
    copied_paths = [
        name
        for line in re.findall(r"^COPY (?!--from)(.*)$", (DOCKER / "Dockerfile").read_text("utf-8"), re.MULTILINE)
        for name in line.split()[:-1]
        if not name.startswith("--")
    ]
    assert set(copied_paths) == included_paths
    assert all((ROOT / name).exists() for name in copied_paths)


@pytest.mark.slow
def test_wheel_of_the_image_runs_without_evaluation(tmp_path: Path) -> None:
    """The image gets core, indexer and api; `evaluate` says how to install the rest."""
    for line in dockerignore_lines():
        if line.startswith("!"):
            source, target = ROOT / line[1:], tmp_path / line[1:]
            target.parent.mkdir(exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = tmp_path.glob("frontispiece-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packages = {name.partition("/")[0] for name in archive.namelist() if ".dist-info" not in name}
        archive.extractall(tmp_path / "installed")
    assert packages == {"api", "core", "indexer"}
    # The environment of the tests has the checkout on its path, and with it evaluation/.
    program = "import sys; sys.modules['evaluation'] = None; from api.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-P", "-c", program, "evaluate", "all"],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "frontispiece: `evaluate` is not installed: pip install 'frontispiece[evaluation]'\n"


def test_versions_of_torch_are_read_from_the_requirements() -> None:
    """The test runs the same command as the Dockerfile."""
    [sed_script] = re.findall(r"sed -n '(.*?)' requirements-dev\.txt", (DOCKER / "Dockerfile").read_text("utf-8"))
    result = subprocess.run(
        ["sed", "-n", sed_script, ROOT / "requirements-dev.txt"], capture_output=True, text=True, check=True
    )
    lines = result.stdout.splitlines()
    assert {"torch", "transformers", "sentencepiece", "protobuf"} <= {line.split("==")[0] for line in lines}
    assert all(re.fullmatch(r"[\w.-]+==[^ ]+( ; .*[^\\])?", line) for line in lines)


def test_build_without_an_engine_ends_with_a_sentence() -> None:
    environment = os.environ | {"CONTAINER_ENGINE": "no-such-engine"}
    result = subprocess.run([DOCKER / "build-images"], env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert re.fullmatch(
        r"Neither podman nor docker answers here .* Install one of them and start it\.\n", result.stderr
    )


def test_image_of_the_service_leaves_out_what_its_lists_name_and_nothing_else() -> None:
    requirements = (ROOT / "requirements.txt").read_text("utf-8")
    left_out = {name for file in ("not-in-images.txt", "not-in-api.txt") for name in names_in(DOCKER / file)}
    assert left_out <= package_names(requirements)
    result = subprocess.run(
        [DOCKER / "select-packages", "requirements.txt", DOCKER / "not-in-images.txt", DOCKER / "not-in-api.txt"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert package_names(result.stdout) == package_names(requirements) - left_out
    lines = requirements.splitlines()
    assert [line for line in lines if line in set(result.stdout.splitlines())] == result.stdout.splitlines()


@pytest.mark.slow
def test_service_needs_no_package_that_its_image_leaves_out_and_commands_that_do_say_so() -> None:
    """One process proves it all, because each would import the whole service."""
    program = """
import json, sys
sys.modules.update(dict.fromkeys(json.loads(sys.argv.pop()), None))
from PIL import Image
from api import cli
from api.app import create_app
from core.encoders import installed_models, load_encoder
from core.settings import Settings
from litestar.testing import TestClient
with TestClient(create_app(Settings(), elasticsearch_url="http://localhost:9")) as client:
    assert client.get("/docs").status_code == 200
    assert client.get("/schema/openapi.json").json()["paths"]
if "sscd" in installed_models():
    assert load_encoder("sscd", Settings()).encode_queries([Image.new("RGB", (80, 60))]).shape == (1, 512)
for name in ("serve", "setup", "kibana", "status", "switch", "remove", "settings"):
    cli.commands([name, "--help"], standalone_mode=False)
for words in (["index", "/books"], ["inspect", "page.xml"], ["families"]):
    sys.argv[1:] = words
    try:
        cli.main()
    except SystemExit as end:
        assert end.code == 1
"""
    result = subprocess.run(
        [sys.executable, "-c", program, json.dumps(sorted(modules_that_the_service_lacks()))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("Usage:") == 7
    assert re.findall(r"^frontispiece: `(\w+)` needs the package (\w+)", result.stderr, re.MULTILINE) == [
        ("index", "lxml"),
        ("inspect", "lxml"),
        ("families", "imagehash"),
    ]


@pytest.mark.slow
def test_entry_point_reads_the_key_from_its_file_and_runs_the_command(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(base64.b64encode(b"id:secret").decode())
    output = run_entry_point("settings", KEY_FILE=str(tmp_path / "key"))
    assert "FRONTISPIECE_ELASTICSEARCH_API_KEY=**********" in output


@pytest.mark.parametrize("name", sorted(OWN_SERVICES))
def test_command_of_a_service_exists_with_its_options(name: str) -> None:
    [image_command] = re.findall(r"^CMD (\[.*\])$", dict(STAGES)[SERVICES[name]["build"]["target"]], re.MULTILINE)
    command_words = SERVICES[name].get("command") or yaml.safe_load(image_command)
    options = [word for word in command_words if word.startswith("--")]
    command = [word for word in command_words if re.fullmatch(r"[a-z]+", word)]
    result = CliRunner().invoke(commands, [*command, "--help"])
    assert result.exit_code == 0, result.output
    assert [option for option in options if option not in result.output] == []


def test_make_env_generates_passwords_once_and_readable_only_by_the_owner(tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    script = shutil.copy(DOCKER / "make-env", tmp_path / "docker")
    subprocess.run([script], check=True, capture_output=True)
    env_text = (tmp_path / ".env").read_text("utf-8")
    values = dict(re.findall(r"^(\w+)=([A-Za-z0-9]{32})$", env_text, re.MULTILINE))
    assert values.keys() == GENERATED_VARIABLES
    assert len(set(values.values())) == len(GENERATED_VARIABLES)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    subprocess.run([script], check=True, capture_output=True)
    assert (tmp_path / ".env").read_text("utf-8") == env_text


@pytest.mark.parametrize(
    "script",
    [
        "entrypoint",
        "build-images",
        "list-packages",
        "make-env",
        "make-certificates",
        "remove-tests",
        "select-packages",
        "start-elasticsearch",
    ],
)
def test_script_is_executable_and_parsed_by_its_shell(script: str) -> None:
    shell = (DOCKER / script).read_text("utf-8").splitlines()[0].removeprefix("#!")
    subprocess.run([shell, "-n", DOCKER / script], check=True)
    assert os.access(DOCKER / script, os.X_OK)


def package_names(requirements: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+)==", requirements, re.MULTILINE))


def names_in(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]


def modules_that_the_service_lacks() -> set[str]:
    left_out = {name for file in ("not-in-images.txt", "not-in-api.txt") for name in names_in(DOCKER / file)}
    modules = {
        module
        for module, packages in packages_distributions().items()
        if {re.sub(r"[-_.]+", "-", package).lower() for package in packages} <= left_out
    }
    assert {"sklearn", "lxml", "imagehash", "jgo"} <= modules
    return modules


def dockerignore_lines() -> list[str]:
    return (ROOT / ".dockerignore").read_text("utf-8").splitlines()


def run_entry_point(*command: str, **env: str) -> str:
    """Run docker/entrypoint with the environment of an image; return what it prints."""
    base_environment = {name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)}
    base_environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        [DOCKER / "entrypoint", *command], env=base_environment | env, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout
