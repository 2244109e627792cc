"""`frontispiece classify`: learn classes from labels, label the index, and be corrected."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from core import encoders
from core.encoders import TextEncoder
from core.encoders.fingerprint import agrees
from core.errors import FrontispieceError
from core.settings import PREFIX, Settings
from indexer.classification import applying, learning
from indexer.classification.classes import ClassSet, read_classes
from indexer.classification.model import Classifier
from indexer.classification.zero_shot import FILE, ZeroShot, read_prompts
from indexer.cli import elasticsearch_url
from indexer.elasticsearch.index import connect, explained
from indexer.elasticsearch.labelled_pictures import Collection, to_guess, to_label

console = Console(stderr=True, soft_wrap=True)

a_file = click.Path(exists=True, dir_okay=False, path_type=Path)
alias_option = click.option("--alias", help="The name that is searched, where it is not that of the settings.")
classifier_option = click.option(
    "--classifier", "file", type=a_file, help="What `train` wrote, where it is not that of the settings."
)
classes_option = click.option("--classes", type=a_file, help="A file of classes; without it the paper's seven.")


@click.group()
def classify() -> None:
    """Tell maps from music and blank pages: with labels to learn from, or with words alone."""


@classify.command()
@click.argument("labels", nargs=-1, type=a_file)
@click.option(
    "--images",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the pictures lie that LABELS names by paths; without it beside each file.",
)
@classes_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the classifier is written.")
@click.option("--models", default="", help="Which models' vectors to learn from, `sscd,siglip`; without it all.")
@alias_option
def train(labels: tuple[Path, ...], images: Path | None, classes: Path | None, **chosen: Any) -> None:
    """Learn from LABELS (CSV, JSON, Label Studio's export) and from what catalogue and librarians say in the index."""
    settings, out = _settings(chosen["alias"], chosen["models"]), chosen["out"]
    class_set = read_classes(classes)
    with _collection(settings, needed=not labels) as collection, _bar() as bar:
        task = bar.add_task("encoding", total=None, visible=False)
        found = learning.gathered(
            settings,
            collection,
            labels,
            images,
            report=_warn,
            advance=lambda count, total: bar.update(task, advance=count, total=total, visible=True),
        )
    classifier = learning.learnt(found, class_set, report=_warn)
    path = out or _file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    classifier.save(path)
    _describe(classifier)
    click.echo(f"{path}: learnt from {len(found.examples):,} pictures")
    if path != settings.classifier:
        click.echo(f"{PREFIX}CLASSIFIER={path} lets `frontispiece index` label new pictures with it")
        click.echo(f"`frontispiece classify apply --classifier {path}` labels those that are indexed")


@classify.command()
@classifier_option
@alias_option
def apply(file: Path | None, alias: str | None) -> None:
    """Label every picture of the index; what a person labelled stays, and a second run writes nothing."""
    settings = _settings(alias)
    classifier = Classifier.load(file or _file(settings))
    with _existing(settings) as collection, _bar() as bar:
        applying.accept(classifier, collection.models(), f"the index {settings.alias}")
        task = bar.add_task("labelling", total=collection.count(to_label(classifier.needs, classifier.id)))
        done = applying.apply(collection, classifier, _now(), lambda count: bar.advance(task, count))
    click.echo(f"{done.written:,} pictures labelled, {done.set_aside:,} of them set aside")


@classify.command()
@click.argument("picture")
@click.argument("label")
@click.option("--by", required=True, metavar="NAME", help="Who says so: kept with the label.")
@classes_option
@alias_option
def correct(picture: str, label: str, by: str, classes: Path | None, alias: str | None) -> None:
    """Give a PICTURE its LABEL for good; the next training learns from it."""
    settings = _settings(alias)
    known = _classes(settings, classes)
    name = known.name(label)
    if name is None:
        raise FrontispieceError(f"no class is called {label!r}; there are {', '.join(known.classes)}")
    with _existing(settings) as collection:
        before = applying.correct(
            collection, picture, name, by=by, at=_now(), set_aside=name in known.set_aside
        ).label.get("name", "nothing")
    click.echo(f"{picture} is {name}; it was {before}")


@classify.command()
@classifier_option
def show(file: Path | None) -> None:
    """What a classifier was made from, its classes and its scores."""
    settings = Settings.from_environ()
    _describe(Classifier.load(file or _file(settings)))


@classify.command("zero-shot")
@click.option("--model", default="siglip", show_default=True, help="A model that knows words.")
@click.option(
    "--prompts", type=a_file, default=FILE, help="JSON, `{class: [prompt, …]}`; without it the paper's seven."
)
@alias_option
def zero_shot(model: str, prompts: Path, alias: str | None) -> None:
    """Guess classes from words alone, beside the labels; a second run writes nothing."""
    settings = _settings(alias)
    said = read_prompts(prompts)
    with _existing(settings) as collection, _bar() as bar:
        models = collection.models()
        if model not in models:
            raise FrontispieceError(f"the index has no vectors of {model}; index with `--models` that name it")
        encoder = encoders.load(model, settings)
        if not isinstance(encoder, TextEncoder):
            raise FrontispieceError(f"{model} knows no words; siglip and clip do")
        agrees(models[model], encoder)
        guesser = ZeroShot.of(encoder, said)
        task = bar.add_task("guessing", total=collection.count(to_guess(model, guesser.id)))
        done = applying.guess(collection, guesser, model, lambda count: bar.advance(task, count))
    click.echo(f"{done.written:,} pictures guessed")


@contextmanager
def _collection(settings: Settings, *, needed: bool) -> Iterator[Collection | None]:
    """None where there is no index, and files alone are enough."""
    try:
        url = elasticsearch_url(settings)
    except FrontispieceError:
        if needed:
            raise
        yield None
        return
    with connect(settings, url) as client, explained(url):
        yield Collection(client, settings.alias)


@contextmanager
def _existing(settings: Settings) -> Iterator[Collection]:
    with _collection(settings, needed=True) as collection:
        yield cast(Collection, collection)


def _settings(alias: str | None, models: str = "") -> Settings:
    given = {"alias": alias, "models": models}
    return Settings.from_environ().model_copy(update={name: value for name, value in given.items() if value})


def _file(settings: Settings) -> Path:
    return settings.classifier or settings.data / "classifier.npz"


def _classes(settings: Settings, file: Path | None) -> ClassSet:
    """Those of the file, else those of the classifier in use, else the paper's."""
    if file is None and _file(settings).is_file():
        return Classifier.load(_file(settings)).class_set
    return read_classes(file)


def _describe(classifier: Classifier) -> None:
    click.echo(f"classifier: {classifier.id}")
    for name in classifier.classes:
        click.echo(f"  {name}{', set aside' if name in classifier.set_aside else ''}")
    for name, value in classifier.provenance.items():
        click.echo(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _warn(sentence: str) -> None:
    console.print(sentence, style="yellow", markup=False, highlight=False)


def _bar() -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console)
