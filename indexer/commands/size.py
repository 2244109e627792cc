"""`frontispiece size`: what a collection of a given size needs."""

import click

from indexer.sizing import CollectionPlan, Prices, size_rows


@click.command(short_help="Compute disk, memory, hours and prices of a collection.")
@click.option(
    "--pictures",
    type=click.IntRange(1),
    multiple=True,
    required=True,
    help="Pictures of the collection; repeat it for several columns.",
)
@click.option(
    "--pages-per-picture",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    help="Pages with text for each picture; `frontispiece inspect --json` counts both.",
)
@click.option(
    "--models",
    default="sscd,siglip,vit",
    show_default=True,
    help="Models of the index, separated by commas, whether they are installed here or not.",
)
@click.option(
    "--replicas", type=click.IntRange(0), default=1, show_default=True, help="Copies of the index beside the first."
)
@click.option("--node-memory", type=click.FloatRange(1), default=64, show_default=True, help="Memory of a node in GB.")
@click.option("--node-disk", type=click.FloatRange(1), default=2000, show_default=True, help="Disk of a node in GB.")
@click.option("--cores", type=click.IntRange(1), default=32, show_default=True, help="Processors that index.")
@click.option("--gpus", type=click.IntRange(0), default=0, show_default=True, help="GPUs that index.")
@click.option("--gpu-speed", type=click.FloatRange(0), default=0.0, help="Pictures that a GPU encodes in a second.")
@click.option("--hosts", type=click.IntRange(0), default=0, help="Servers of pictures; 0 for scans on disk.")
@click.option("--core-price", type=click.FloatRange(0), default=0.0, help="Price of a processor for an hour.")
@click.option("--gpu-price", type=click.FloatRange(0), default=0.0, help="Price of a GPU for an hour.")
@click.option("--node-price", type=click.FloatRange(0), default=0.0, help="Price of a node for a month.")
@click.option("--crop-price", type=click.FloatRange(0), default=0.0, help="Price of a GB of crops for a month.")
def size(
    *,
    pictures: tuple[int, ...],
    pages_per_picture: float,
    models: str,
    replicas: int,
    node_memory: float,
    node_disk: float,
    cores: int,
    gpus: int,
    gpu_speed: float,
    hosts: int,
    core_price: float,
    gpu_price: float,
    node_price: float,
    crop_price: float,
) -> None:
    """Compute disk, memory, shards, nodes, hours and prices of a collection, as a table in Markdown.

    docs/scaling.md explains the formulas. Prices are in whatever currency you give them.
    """
    plans = [
        CollectionPlan(
            pictures=count,
            pages=round(count * pages_per_picture),
            models=tuple(name.strip() for name in models.split(",") if name.strip()),
            replicas=replicas,
            node_memory=node_memory * 1e9,
            node_disk=node_disk * 1e9,
            cores=cores,
            gpus=gpus,
            gpu_speed=gpu_speed,
            hosts=hosts,
        )
        for count in pictures
    ]
    prices = Prices(core_hour=core_price, gpu_hour=gpu_price, node_month=node_price, crop_gigabyte_month=crop_price)
    (heading, columns), *rows = size_rows(plans, prices)
    click.echo(f"| {heading} | {' | '.join(columns)} |\n| --- |{' ---: |' * len(columns)}")
    for name, values in rows:
        click.echo(f"| {name} | {' | '.join(values)} |")
