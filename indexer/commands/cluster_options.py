"""The options of `frontispiece index` that carry a run out on a cluster of Ray."""

from collections.abc import Callable
from typing import Any

import click

from indexer.cluster.ray_session import LOCAL, ClusterOptions


def cluster_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `read_cluster_options` reads."""
    address = click.option(
        "--ray",
        metavar="ADDRESS",
        help="Work on a cluster of Ray: `auto` for that of this machine, HOST:PORT, or `local` for processes here.",
    )
    workers = click.option(
        "--workers", type=click.IntRange(1), help="With --ray: volumes at once; the default is one for each processor."
    )
    encoders = click.option(
        "--encoders",
        type=click.IntRange(1),
        help="With --ray: processes with the models; the default is one for each GPU, without GPUs for each machine.",
    )
    gpus = click.option(
        "--gpus-per-encoder",
        type=click.FloatRange(0),
        help="With --ray: the GPUs of each of them; 0.5 lets two share one. The default is 1 if there are any.",
    )
    return address(workers(encoders(gpus(command))))


def read_cluster_options(
    address: str | None, *, workers: int | None, encoders: int | None, gpus_per_encoder: float | None
) -> ClusterOptions | None:
    """Return where a run works; None if that is this process."""
    if address is None:
        if any(value is not None for value in (workers, encoders, gpus_per_encoder)):
            raise click.UsageError(
                f"--workers, --encoders and --gpus-per-encoder belong to --ray; `--ray {LOCAL}` uses this machine"
            )
        return None
    return ClusterOptions(address=address, workers=workers, encoders=encoders, gpus_per_encoder=gpus_per_encoder)
