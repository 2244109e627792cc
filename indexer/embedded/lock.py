"""Write jars.lock; run `python -m indexer.embedded.lock` after a change of Elasticsearch's version."""

import tempfile
from pathlib import Path

from core.files import file_sha256
from indexer.embedded.jars import Jar, download_with_jgo

# 9.2.0 is the newest version for which Maven Central has both the server and transport-netty4.
ROOTS = (
    "org.elasticsearch:elasticsearch:9.2.0",
    "org.elasticsearch.plugin:transport-netty4:9.2.0",
    "org.eclipse.jdt:ecj:3.42.0",
)

HEADER = """\
# Every jar of the embedded node, with its SHA-256. Made by `python -m indexer.embedded.lock`; not edited by hand.
"""


def lock_lines() -> list[str]:
    """Resolve the roots, download all jars that they need, and return a line with the checksum of each."""
    import jgo  # noqa: PLC0415 - an extra; tests read ROOTS without it

    artifacts = {
        f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}": artifact
        for artifact in jgo.resolve("+".join(ROOTS))
    }
    with tempfile.TemporaryDirectory() as folder:
        return [
            f"{name} {file_sha256(download_with_jgo(jar, Path(folder)))}"
            for name, artifact in sorted(artifacts.items())
            for jar in [Jar(artifact.groupId, artifact.artifactId, artifact.version, "")]
        ]


if __name__ == "__main__":
    Path(__file__).with_name("jars.lock").write_text(HEADER + "\n".join(lock_lines()) + "\n", encoding="utf-8")
