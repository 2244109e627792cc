"""`evaluate retrieval`: is a picture found again when a reader brings a turned, cut, scaled or worse copy of it?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from core.encoders import Encoder
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.altered import Kind, kinds, seed_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.material import gathered
from evaluation.reporting.report import Section
from evaluation.reporting.tables import show
from evaluation.retrieval import fusion, plots, served
from evaluation.retrieval.fusion import Seen, Together
from evaluation.retrieval.hashing import hashed
from evaluation.retrieval.retrieved import retrieval, seen
from evaluation.retrieval.served import measure_served
from evaluation.retrieval.tables import tables

HASH = "pHash"
"""The perceptual hash that an index keeps of every picture."""


def asked_together(
    pictures: Sequence[LabelledPicture], models: Mapping[str, Seen], asked: Sequence[Kind], settings: Settings
) -> list[Together]:
    """Each model with the hash and, where there are several, all models at once."""
    digests, names = [picture.digest for picture in pictures], [kind.name for kind in asked]
    by_hash = hashed(pictures, asked, settings)[HASH]
    groups = [{name: one, HASH: by_hash} for name, one in models.items()]
    groups += [dict(models)] if len(models) > 1 else []
    return [each for group in groups for each in fusion.compared(group, digests, names)]


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part: the paper's queries and the harder ones, alone and together, and as the service answers."""
    asked = kinds(len(pictures), harder=True)
    models = seen(pictures, encoders, settings, asked)
    measured = retrieval(pictures, models, [kind.name for kind in asked])
    positions = plots.positions([measured.of(method) for method in measured.methods])
    together = fusion.table(asked_together(pictures, models, asked, settings))
    shown, drawn, note = [*tables(measured), together], [positions], ""
    try:
        answered = measure_served(models, settings)
    except FrontispieceError as error:
        note = f"Recall against latency is not measured: {error}."
    else:
        shown.append(served.table(answered))
        drawn.append(served.plot(answered))
    return Section("Retrieval", shown, drawn, note)


@click.command("retrieval")
@images_option
@labels_option
@models_option
@seed_option
@click.option(
    "--paper-quirk", is_flag=True, help="Cut the bottom by what was drawn for the top, as the paper's code does."
)
@click.option("--harder", is_flag=True, help="Also grey, JPEG, bleed-through, half the picture, a photograph of it.")
@click.option("--together", is_flag=True, help="Also models at once, and each with a perceptual hash.")
@click.option("--served", "as_served", is_flag=True, help="Also through Elasticsearch: recall against latency.")
@json_option
def command(
    images: Path,
    labels: Path | None,
    models: str,
    seed: int,
    *,
    paper_quirk: bool,
    harder: bool,
    together: bool,
    as_served: bool,
    as_json: bool,
) -> None:
    """Alter every picture and look whether it finds itself among all of them."""
    pictures, encoders, settings = gathered(images, labels, models)
    asked = kinds(len(pictures), seed=seed, quirk=paper_quirk, harder=harder)
    vectors = seen(pictures, encoders, settings, asked)
    measured = retrieval(pictures, vectors, [kind.name for kind in asked])
    shown, answer = tables(measured), measured.figures()
    if together:
        compared = asked_together(pictures, vectors, asked, settings)
        shown.append(fusion.table(compared))
        answer["together"] = fusion.figures(compared)
    if as_served:
        answered = measure_served(vectors, settings)
        shown.append(served.table(answered))
        answer["served"] = served.figures(answered)
    show(shown, answer, as_json=as_json)
