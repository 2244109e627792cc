"""Podman or docker: containers with the options that compose.yaml gives to their service."""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.paths import ROOT

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
RUN_OPTIONS = shlex.split(os.environ.get("CONTAINER_RUN_OPTIONS", ""))
"""Options of `run` that this machine needs, as `--cgroups=disabled`."""
NO_SEPARATE_CGROUP = "--cgroups=disabled"


def find_engine() -> str:
    """Return the name of the engine that answers, or an empty string."""
    names = os.environ.get("CONTAINER_ENGINE", "podman docker").split()
    for name in filter(shutil.which, names):
        if subprocess.run([name, "info"], capture_output=True, check=False).returncode == 0:
            return name
    return ""


@dataclass(frozen=True, slots=True)
class Container:
    """One container to run: the image and the confinement of a service of compose.yaml."""

    service: str
    command: Sequence[str]
    variables: Mapping[str, str]
    volumes: Sequence[str]
    """As in compose.yaml: a volume or folder, the path in the container, and `ro` if it is only read."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A container engine's command line."""

    name: str

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the engine, whatever its exit code."""
        return subprocess.run([self.name, *arguments], capture_output=True, text=True, check=False)

    def run(self, container: Container, *options: str) -> subprocess.CompletedProcess[str]:
        """Run a container in the network of this machine, until it ends or, with `--detach`, until it has started."""
        service = COMPOSE["services"][container.service]
        variables = [f"--env={name}={value}" for name, value in container.variables.items()]
        volumes = [f"--volume={volume}" for volume in container.volumes]
        return self.call(
            *("run", "--network=host", *confinement(service), *RUN_OPTIONS, *variables, *volumes, *options),
            service["image"],
            *container.command,
        )

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what the engine knows of the image of a service."""
        result = self.call("image", "inspect", COMPOSE["services"][service]["image"])
        assert result.returncode == 0, f"{result.stderr}The images are not here: `make containers` builds them."
        [image] = json.loads(result.stdout)
        return dict(image)

    def health_check(self, service: str) -> list[str]:
        """Return the health check of an image: its kind and its command."""
        image = self.inspect(service)
        # Podman has it beside the configuration, docker in it.
        words: list[str] = (image.get("Healthcheck") or image["Config"]["Healthcheck"])["Test"]
        return words


def confinement(service: Mapping[str, Any]) -> list[str]:
    """Return the options of `run` for what compose.yaml says of a service: user, read-only, no capabilities, memory."""
    options = [f"--user={service['user']}", *(f"--tmpfs={mount}" for mount in service["tmpfs"])]
    options += [f"--cap-drop={name.lower()}" for name in service["cap_drop"]]
    options += [f"--security-opt={option.removesuffix(':true')}" for option in service["security_opt"]]
    if service["read_only"]:
        options.append("--read-only")
    if service["init"]:
        options.append("--init")
    if NO_SEPARATE_CGROUP not in RUN_OPTIONS:
        options.append(f"--memory={service['mem_limit'].rpartition('-')[2].rstrip('}')}")
    return options


def folder_of_lists(image: str) -> Path:
    """Return the folder into which docker/build-images copied what an image holds."""
    return ROOT / ".frontispiece" / "containers" / image
