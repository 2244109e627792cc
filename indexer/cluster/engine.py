"""Carries out a run on Ray: this process holds the lease, finds the volumes and writes the report."""

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from core.addresses import strip_credentials
from core.console import print_message
from core.errors import FingerprintMismatch, FrontispieceError
from core.settings import Settings
from indexer.cluster.coordinator import Coordinator
from indexer.cluster.driver import Attempt, VolumeDriver
from indexer.cluster.encoders import EncoderServer, ModelLoader, ServerFacts, remote_encoders, round_robin
from indexer.cluster.machines import absolute_locations, existing_paths, shared_marker, shared_settings
from indexer.cluster.ray_session import ClusterOptions, connect_ray
from indexer.cluster.remote_host import RemoteHost
from indexer.cluster.worker import WorkerPlan
from indexer.images.fetching import Fetcher
from indexer.ingest.run import find_lanes, load_models
from indexer.ingest.run_job import IngestJob, RunModels

FOREVER = {"max_restarts": -1, "max_task_retries": -1}
"""An actor that dies is started again, and what it was asked is asked again."""


@contextmanager
def open_cluster(options: ClusterOptions, load: ModelLoader = load_models) -> Iterator["ClusterEngine"]:
    """Yield an engine on the Ray of the options; `load` loads the models in their processes."""
    with connect_ray(options) as ray:
        yield ClusterEngine(ray, options, load)


class ClusterEngine:
    """The `RunEngine` of a cluster."""

    def __init__(self, ray: Any, options: ClusterOptions, load: ModelLoader) -> None:
        self._ray, self._options, self._load = ray, options, load
        self._servers: list[Any] = []
        self.servers: tuple[ServerFacts, ...] = ()
        """The processes with the models."""
        self._driver: VolumeDriver | None = None

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The volumes that workers have now."""
        return tuple(self._driver.attempts.values()) if self._driver else ()

    def load_models(self, settings: Settings, warn: Callable[[str], None]) -> RunModels:
        """Start the processes with the models and return what stands for these."""
        resources = self._ray.cluster_resources()
        count, gpus = self.encoder_resources(resources.get("GPU", 0.0))
        server_class = self._ray.remote(EncoderServer).options(
            num_cpus=0, num_gpus=gpus, scheduling_strategy="SPREAD", **FOREVER
        )
        settings = shared_settings(settings, is_local=self._options.is_local)
        self._servers = [
            server_class.remote(self._load, settings, is_local=self._options.is_local) for _ in range(count)
        ]
        self.servers = tuple(self._ray.get([server.describe.remote() for server in self._servers]))
        first = self.servers[0]
        for server in self.servers:
            if server.error:
                raise server.error
            if server.models != first.models:
                names = {facts.name for facts in (*server.models, *first.models)}
                raise FingerprintMismatch(
                    f"{server.host} and {first.host} have not the same models ({', '.join(sorted(names))}): install "
                    "the same on every machine, or name with `--models` what all of them have"
                )
        for warning in first.warnings:
            warn(warning)
        for message in first.messages:
            print_message(message)
        encoders = remote_encoders(first.models, round_robin(self._ray, self._servers))
        return RunModels(encoders=encoders, batch_size=max(server.batch_size for server in self.servers))

    def fill(self, job: IngestJob, locations: Sequence[str]) -> None:
        """Have the volumes of all sources written by workers."""
        ray, settings = self._ray, shared_settings(job.rules.settings, is_local=self._options.is_local)
        self.check_reach(job.url)
        locations = absolute_locations(locations)
        coordinator = (
            ray.remote(Coordinator)
            .options(num_cpus=0, max_concurrency=100_000, scheduling_strategy=self._own_node(), **FOREVER)
            .remote(settings.requests_per_host, settings.host_patience)
        )

        def ask(method: str, *args: Any) -> Any:
            return ray.get(getattr(coordinator, method).remote(*args))

        def tell(method: str, *args: Any) -> None:
            getattr(coordinator, method).remote(*args)

        open_host = partial(RemoteHost, owner="sources", ask=ask, tell=tell)
        with (
            shared_marker(settings.data) as marker,
            Fetcher(job.rules.settings, meters=job.progress.meters, open_host=open_host) as fetcher,
        ):
            plan = WorkerPlan(
                run_id=job.lease.owner,
                rules=replace(job.rules, settings=settings),
                url=job.url,
                lease_owner=job.lease.owner,
                places=job.collection.places,
                models=self.servers[0].models,
                encoder_servers=tuple(self._servers),
                coordinator=coordinator,
                marker=marker,
                source_paths=existing_paths(locations),
                is_local=self._options.is_local,
            )
            self._driver = VolumeDriver(ray, job, ray.put(plan), coordinator, self.capacity)
            lanes = find_lanes(locations, fetcher, settings.unpacked_folder)
            self._driver.run(lanes, settings.unpacked_folder)

    def capacity(self) -> int:
        """Return how many volumes may be worked on at once."""
        cpus = int(self._ray.cluster_resources().get("CPU", 0))
        return max(1, min(self._options.workers or cpus, cpus))

    def encoder_resources(self, cluster_gpus: float) -> tuple[int, float]:
        """Return how many processes with models there are to be, and how many GPUs each gets."""
        options = self._options
        gpus = options.gpus_per_encoder if options.gpus_per_encoder is not None else min(1.0, cluster_gpus)
        machines = sum(bool(node["Alive"] and node["Resources"].get("CPU")) for node in self._ray.nodes())
        count = options.encoders or int(cluster_gpus / gpus if gpus else machines) or 1
        if count * gpus > cluster_gpus:
            raise FrontispieceError(
                f"{count} encoders with {gpus:g} GPUs each need {count * gpus:g}, and the cluster has "
                f"{cluster_gpus:g}: lower `--encoders` or `--gpus-per-encoder`"
            )
        return count, gpus

    def check_reach(self, url: str) -> None:
        """Refuse an Elasticsearch that only this machine reaches, if there are others."""
        host = urlsplit(url).hostname or ""
        machines = sum(bool(node["Alive"]) for node in self._ray.nodes())
        if machines > 1 and _is_loopback(host):
            raise FrontispieceError(
                f"the other machines of the cluster do not reach Elasticsearch at {strip_credentials(url)}: set "
                "FRONTISPIECE_ELASTICSEARCH_URL to an address that all of them reach"
            )

    def _own_node(self) -> Any:
        """Return the scheduling that keeps an actor on this machine."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415 an optional package

        return NodeAffinitySchedulingStrategy(self._ray.get_runtime_context().get_node_id(), soft=False)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
