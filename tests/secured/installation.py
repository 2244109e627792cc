"""The files of a node with the security module: jars, the library plugin, and stubs for what is missing."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from indexer.embedded.build import (
    DESCRIPTOR_NAME,
    LAUNCHER_SOURCE,
    Installation,
    compile_java,
    extract_transport_descriptor,
    find_java,
    java_sources,
    plugin_descriptor,
)
from indexer.embedded.jars import Jar, ensure_jars
from tests.secured.lock import LOCK_FILE, VERSION
from tests.secured.stubs import stub_sources


@dataclass(frozen=True, slots=True)
class PlacedJar(Jar):
    """A jar with its folder: a line of the lock file of the secured node."""

    folder: str = "lib"

    @property
    def path(self) -> Path:
        return Path(self.folder, f"{self.artifact}-{self.version}.jar")


ANALYSIS_SOURCE = Path(__file__).with_name("TemplateAnalysis.java")

CLASS_NAMES = {
    "x-pack-core": "org.elasticsearch.xpack.core.XPackPlugin",
    "x-pack-security": "org.elasticsearch.xpack.security.Security",
}


def install_secured(cache: Path) -> Installation:
    """Return the installation in the cache folder; download and compile what is missing."""
    jars, home = read_lock(), cache / "elasticsearch" / f"secured-{VERSION}"
    ensure_jars(jars, home, report_progress=print)
    extract_transport_descriptor(home, [jar for jar in jars if jar.folder != "modules/x-pack-security"])
    for module, class_name in CLASS_NAMES.items():
        descriptor = plugin_descriptor(jars, name=module, class_name=class_name)
        if module == "x-pack-security":
            descriptor += "extended.plugins=x-pack-core\n"
        (home / "modules" / module / DESCRIPTOR_NAME).write_text(descriptor, "utf-8")
    java, plugin, launcher = find_java(), home / "modules" / "frontispiece", home / "launcher.jar"
    _compile_stubs(java, home, jars)
    plugin.mkdir(exist_ok=True)
    analysis = home / "modules" / "template-analysis"
    analysis.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, ANALYSIS_SOURCE.name).write_text(ANALYSIS_SOURCE.read_text("utf-8"), "utf-8")
        compile_java(java, home, jars, Path(scratch), analysis / "template-analysis.jar")
    (analysis / DESCRIPTOR_NAME).write_text(
        plugin_descriptor(jars, name=analysis.name, class_name="frontispiece.secured.TemplateAnalysis"), "utf-8"
    )
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in java_sources().items():
            folder = Path(scratch, "launcher" if name == LAUNCHER_SOURCE else "plugin")
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        compile_java(java, home, jars, Path(scratch, "launcher"), launcher)
        compile_java(java, home, jars, Path(scratch, "plugin"), plugin / "frontispiece.jar")
    (plugin / DESCRIPTOR_NAME).write_text(plugin_descriptor(jars), "utf-8")
    return Installation(java=java, home=home, launcher=launcher, modules=(home / "modules",))


def read_lock() -> tuple[PlacedJar, ...]:
    """Read the lock file: every jar of the secured node, with its folder and checksum."""
    lines = (line for line in LOCK_FILE.read_text("utf-8").splitlines() if not line.startswith("#"))
    placed_jars = ((folder, Jar.parse(rest)) for folder, _, rest in (line.partition(" ") for line in lines))
    return tuple(PlacedJar(jar.group, jar.artifact, jar.version, jar.sha256, folder) for folder, jar in placed_jars)


def _compile_stubs(java: Path, home: Path, jars: tuple[PlacedJar, ...]) -> None:
    target = home / "modules" / "x-pack-security" / "stubs.jar"
    if target.exists():
        return
    (security_jar,) = (home / jar.path for jar in jars if jar.artifact == "x-pack-security")
    with tempfile.TemporaryDirectory() as scratch:
        for path, text in stub_sources(security_jar, [home / jar.path for jar in jars]):
            file = Path(scratch, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        compile_java(java, home, jars, Path(scratch), target)
