"""`frontispiece classify`: train a classifier, label the index, correct labels, and guess classes from prompts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click

from core.console import create_progress_bar, print_warning
from core.errors import FrontispieceError
from core.picture_classes import read_classes
from core.settings import ENV_PREFIX, Settings
from core.timestamps import utc_timestamp
from indexer.classification import classifier_training, labelling
from indexer.classification.model import QUALITY, Classifier
from indexer.classification.quality import describe_quality, quality_warnings
from indexer.classification.zero_shot import PROMPTS_FILE, load_zero_shot_classifier, read_prompts
from indexer.commands.options import alias_option, load_settings
from indexer.elasticsearch.client import connect, elasticsearch_url, translate_errors
from indexer.elasticsearch.labelled_pictures import LabelledPictures, unguessed_query, unlabelled_query

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
classifier_option = click.option(
    "--classifier",
    "file",
    type=existing_file,
    help="A classifier that `train` wrote, if it is not the one in the settings.",
)
classes_option = click.option(
    "--classes",
    type=existing_file,
    help="A JSON file with the classes; the default is Illustration or photograph, Map, Musical notation, Mathematical "
    "chart, Graphical element, Blank page and Segmentation anomaly.",
)


@click.group()
def classify() -> None:
    """Classify pictures: maps, music, blank pages and others.

    `train` learns from labels and `apply` labels the index. `zero-shot` needs no labels; it compares pictures with
    descriptions of the classes.
    """


@classify.command()
@click.argument("labels", nargs=-1, type=existing_file)
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the pictures that LABELS name by path; the default is the folder of each file.",
)
@classes_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; the default is the classifier in the settings, else classifier.npz in the data folder.",
)
@click.option(
    "--models", default="", help="The models whose vectors are used, such as `sscd,siglip`; the default is all."
)
@alias_option
def train(labels: tuple[Path, ...], images: Path | None, classes: Path | None, **options: Any) -> None:
    """Train a classifier.

    It learns from the files LABELS (CSV, JSON, or Label Studio's export) and from the labels that the catalogue and
    librarians gave in the index.
    """
    settings, out = load_settings(alias=options["alias"], models=options["models"]), options["out"]
    class_set = read_classes(classes)
    with _open_pictures(settings, is_required=not labels) as pictures, create_progress_bar() as bar:
        task = bar.add_task("encoding", total=None, visible=False)
        training_set = classifier_training.build_training_set(
            settings,
            pictures,
            labels,
            images,
            report_skipped=print_warning,
            advance=lambda count, total: bar.update(task, advance=count, total=total, visible=True),
        )
    classifier = classifier_training.train_classifier(training_set, class_set, report_skipped=print_warning)
    path = out or labelling.classifier_path(settings)
    classifier.save(path)
    _print_classifier(classifier)
    _warn_of_poor_quality(classifier)
    click.echo(f"{path}: trained on {len(training_set.examples):,} pictures")
    if path != settings.classifier:
        click.echo(f"to label new pictures with it, set {ENV_PREFIX}CLASSIFIER={path} for `frontispiece index`")
        click.echo(f"to label indexed pictures, run `frontispiece classify apply --classifier {path}`")


@classify.command()
@classifier_option
@alias_option
def apply(file: Path | None, alias: str | None) -> None:
    """Label every picture in the index with a classifier.

    Labels from people are kept. Running it again writes only what is not labelled yet.
    """
    settings = load_settings(alias=alias)
    classifier = Classifier.load(file or labelling.classifier_path(settings))
    with _require_pictures(settings) as pictures, create_progress_bar() as bar:
        identities = {name: fingerprint.identity for name, fingerprint in pictures.model_fingerprints().items()}
        labelling.check_models(classifier, identities, f"the index {settings.alias}")
        task = bar.add_task("labelling", total=pictures.count(unlabelled_query(classifier.model_names, classifier.id)))
        result = labelling.label_pictures(pictures, classifier, utc_timestamp(), lambda count: bar.advance(task, count))
    click.echo(f"{result.written:,} pictures labelled, {result.hidden:,} of them hidden")


@classify.command()
@click.argument("picture")
@click.argument("label")
@click.option("--by", required=True, metavar="NAME", help="Your name, which is stored with the label.")
@classes_option
@alias_option
def correct(picture: str, label: str, by: str, classes: Path | None, alias: str | None) -> None:
    """Set the label of a picture by hand.

    PICTURE is the id of the picture, LABEL the name of a class. No classifier overwrites the label, and the next
    training learns from it.
    """
    settings = load_settings(alias=alias)
    class_set = labelling.load_class_set(settings, classes)
    class_name = class_set.find_class(label)
    if class_name is None:
        raise FrontispieceError(f"no class is called {label!r}; the classes are {', '.join(class_set.classes)}")
    with _require_pictures(settings) as pictures:
        previous_label = labelling.correct_label(
            pictures,
            picture,
            class_name,
            labelled_by=by,
            labelled_at=utc_timestamp(),
            hidden=class_name in class_set.hidden,
        ).label.get("name", "nothing")
    click.echo(f"{picture} is {class_name}; it was {previous_label}")


@classify.command()
@classifier_option
def show(file: Path | None) -> None:
    """Show the classes, training data and score of a classifier."""
    settings = Settings.from_environ()
    classifier = Classifier.load(file or labelling.classifier_path(settings))
    _print_classifier(classifier)
    _warn_of_poor_quality(classifier)


@classify.command("zero-shot")
@click.option(
    "--model", default="siglip", show_default=True, help="A model with a text encoder, such as siglip or clip."
)
@click.option(
    "--prompts",
    type=existing_file,
    default=PROMPTS_FILE,
    help="A JSON file `{class: [prompt, …]}`; the default covers the default classes, in English and Norwegian.",
)
@alias_option
def zero_shot(model: str, prompts: Path, alias: str | None) -> None:
    """Guess classes by comparing pictures with prompts.

    The guesses are stored beside the labels. Running it again writes only what has no guess yet.
    """
    settings = load_settings(alias=alias)
    prompts_by_class = read_prompts(prompts)
    with _require_pictures(settings) as pictures, create_progress_bar() as bar:
        classifier = load_zero_shot_classifier(model, prompts_by_class, pictures.model_fingerprints(), settings)
        task = bar.add_task("guessing", total=pictures.count(unguessed_query(model, classifier.id)))
        result = labelling.write_zero_shot_guesses(pictures, classifier, model, lambda count: bar.advance(task, count))
    click.echo(f"guessed the class of {result.written:,} pictures")


@contextmanager
def _open_pictures(settings: Settings, *, is_required: bool) -> Iterator[LabelledPictures | None]:
    """Open the index, or yield None if there is no Elasticsearch and it is not required."""
    try:
        url = elasticsearch_url(settings)
    except FrontispieceError:
        if is_required:
            raise
        yield None
        return
    with connect(settings, url) as client, translate_errors(url):
        yield LabelledPictures(client, settings.alias)


@contextmanager
def _require_pictures(settings: Settings) -> Iterator[LabelledPictures]:
    with _open_pictures(settings, is_required=True) as pictures:
        yield cast(LabelledPictures, pictures)


def _print_classifier(classifier: Classifier) -> None:
    click.echo(f"classifier: {classifier.id}")
    if classifier.quality:
        for line in describe_quality(classifier.quality, classifier.hidden_classes):
            click.echo(line)
    else:
        for class_name in classifier.classes:
            click.echo(f"  {class_name}{', hidden' if class_name in classifier.hidden_classes else ''}")
    for name, value in classifier.provenance.items():
        if name != QUALITY:
            click.echo(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")


def _warn_of_poor_quality(classifier: Classifier) -> None:
    if classifier.quality:
        for sentence in quality_warnings(classifier.quality, classifier.hidden_classes):
            print_warning(sentence)
