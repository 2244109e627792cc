"""`frontispiece classify`: learn classes from labels, label the index, and be corrected."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import click

from core import encoders
from core.console import create_progress_bar, print_warning
from core.encoders import TextEncoder
from core.encoders.fingerprint import check_fingerprint
from core.errors import FrontispieceError
from core.settings import ENV_PREFIX, Settings
from indexer.classification import classifier_training, labelling
from indexer.classification.classes import ClassSet, read_classes
from indexer.classification.model import Classifier
from indexer.classification.zero_shot import PROMPTS_FILE, ZeroShotClassifier, read_prompts
from indexer.commands.options import alias_option, load_settings
from indexer.elasticsearch.client import connect, elasticsearch_url, translate_errors
from indexer.elasticsearch.labelled_pictures import LabelledPictures, unguessed_query, unlabelled_query

existing_file = click.Path(exists=True, dir_okay=False, path_type=Path)
classifier_option = click.option(
    "--classifier", "file", type=existing_file, help="What `train` wrote, where it is not that of the settings."
)
classes_option = click.option("--classes", type=existing_file, help="A file of classes; without it the paper's seven.")


@click.group()
def classify() -> None:
    """Tell maps from music and blank pages: with labels to learn from, or with words alone."""


@classify.command()
@click.argument("labels", nargs=-1, type=existing_file)
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the pictures lie that LABELS names by paths; without it beside each file.",
)
@classes_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the classifier is written.")
@click.option("--models", default="", help="Which models' vectors to learn from, `sscd,siglip`; without it all.")
@alias_option
def train(labels: tuple[Path, ...], images: Path | None, classes: Path | None, **options: Any) -> None:
    """Learn from LABELS (CSV, JSON, Label Studio's export) and from what catalogue and librarians say in the index."""
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
    path = out or _classifier_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    classifier.save(path)
    _print_classifier(classifier)
    click.echo(f"{path}: learnt from {len(training_set.examples):,} pictures")
    if path != settings.classifier:
        click.echo(f"{ENV_PREFIX}CLASSIFIER={path} lets `frontispiece index` label new pictures with it")
        click.echo(f"`frontispiece classify apply --classifier {path}` labels those that are indexed")


@classify.command()
@classifier_option
@alias_option
def apply(file: Path | None, alias: str | None) -> None:
    """Label every picture of the index; what a person labelled stays, and a second run writes nothing."""
    settings = load_settings(alias=alias)
    classifier = Classifier.load(file or _classifier_path(settings))
    with _require_pictures(settings) as pictures, create_progress_bar() as bar:
        labelling.check_models(classifier, pictures.model_fingerprints(), f"the index {settings.alias}")
        task = bar.add_task("labelling", total=pictures.count(unlabelled_query(classifier.model_names, classifier.id)))
        result = labelling.label_pictures(pictures, classifier, _timestamp(), lambda count: bar.advance(task, count))
    click.echo(f"{result.written:,} pictures labelled, {result.hidden:,} of them set aside")


@classify.command()
@click.argument("picture")
@click.argument("label")
@click.option("--by", required=True, metavar="NAME", help="Who says so: kept with the label.")
@classes_option
@alias_option
def correct(picture: str, label: str, by: str, classes: Path | None, alias: str | None) -> None:
    """Give a PICTURE its LABEL for good; the next training learns from it."""
    settings = load_settings(alias=alias)
    class_set = _load_classes(settings, classes)
    class_name = class_set.find_class(label)
    if class_name is None:
        raise FrontispieceError(f"no class is called {label!r}; there are {', '.join(class_set.classes)}")
    with _require_pictures(settings) as pictures:
        previous_label = labelling.correct_label(
            pictures,
            picture,
            class_name,
            labelled_by=by,
            labelled_at=_timestamp(),
            hidden=class_name in class_set.hidden,
        ).label.get("name", "nothing")
    click.echo(f"{picture} is {class_name}; it was {previous_label}")


@classify.command()
@classifier_option
def show(file: Path | None) -> None:
    """What a classifier was made from, its classes and its scores."""
    settings = Settings.from_environ()
    _print_classifier(Classifier.load(file or _classifier_path(settings)))


@classify.command("zero-shot")
@click.option("--model", default="siglip", show_default=True, help="A model that knows words.")
@click.option(
    "--prompts",
    type=existing_file,
    default=PROMPTS_FILE,
    help="JSON, `{class: [prompt, …]}`; without it the paper's seven.",
)
@alias_option
def zero_shot(model: str, prompts: Path, alias: str | None) -> None:
    """Guess classes from words alone, beside the labels; a second run writes nothing."""
    settings = load_settings(alias=alias)
    prompts_by_class = read_prompts(prompts)
    with _require_pictures(settings) as pictures, create_progress_bar() as bar:
        models = pictures.model_fingerprints()
        if model not in models:
            raise FrontispieceError(f"the index has no vectors of {model}; index with `--models` that name it")
        encoder = encoders.load_encoder(model, settings)
        if not isinstance(encoder, TextEncoder):
            raise FrontispieceError(f"{model} knows no words; siglip and clip do")
        check_fingerprint(models[model], encoder)
        classifier = ZeroShotClassifier.from_prompts(encoder, prompts_by_class)
        task = bar.add_task("guessing", total=pictures.count(unguessed_query(model, classifier.id)))
        result = labelling.guess_classes(pictures, classifier, model, lambda count: bar.advance(task, count))
    click.echo(f"{result.written:,} pictures guessed")


@contextmanager
def _open_pictures(settings: Settings, *, is_required: bool) -> Iterator[LabelledPictures | None]:
    """None where there is no index, and files alone are enough."""
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


def _classifier_path(settings: Settings) -> Path:
    return settings.classifier or settings.data / "classifier.npz"


def _load_classes(settings: Settings, file: Path | None) -> ClassSet:
    """Those of the file, else those of the classifier in use, else the paper's."""
    if file is None and _classifier_path(settings).is_file():
        return Classifier.load(_classifier_path(settings)).class_set
    return read_classes(file)


def _print_classifier(classifier: Classifier) -> None:
    click.echo(f"classifier: {classifier.id}")
    for class_name in classifier.classes:
        click.echo(f"  {class_name}{', set aside' if class_name in classifier.hidden_classes else ''}")
    for class_name, value in classifier.provenance.items():
        click.echo(f"{class_name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")


def _timestamp() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
