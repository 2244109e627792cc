"""Write jars.lock; run `python -m tests.secured.lock` after a change of the version."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from core.files import file_sha256
from indexer.embedded.jars import Jar, download_with_jgo

LOCK_FILE = Path(__file__).with_name("jars.lock")

VERSION = "9.1.0"
"""The newest version for which Maven Central has what `x-pack-security` needs, but for SAML and OpenID Connect."""

ROOTS = (
    f"org.elasticsearch:elasticsearch:{VERSION}",
    f"org.elasticsearch.plugin:transport-netty4:{VERSION}",
    "org.eclipse.jdt:ecj:3.42.0",
)

MODULES = {
    "x-pack-core": (
        f"org.elasticsearch.plugin:x-pack-core:{VERSION}",
        "org.apache.httpcomponents:httpclient:4.5.14",
        "org.apache.httpcomponents:httpcore:4.4.16",
        "org.apache.httpcomponents:httpcore-nio:4.4.16",
        "org.apache.httpcomponents:httpasyncclient:4.1.5",
        "org.apache.logging.log4j:log4j-1.2-api:2.19.0",
        "commons-logging:commons-logging:1.2",
        "commons-codec:commons-codec:1.15",
        "com.unboundid:unboundid-ldapsdk:6.0.3",
    ),
    "x-pack-security": (
        f"org.elasticsearch.plugin:x-pack-security:{VERSION}",
        "com.google.code.findbugs:jsr305:3.0.2",
        "com.google.guava:failureaccess:1.0.1",
        "com.google.guava:guava:32.0.1-jre",
        "com.nimbusds:content-type:2.3",
        "com.nimbusds:lang-tag:1.7",
        "com.nimbusds:oauth2-oidc-sdk:11.22.2",
        "com.sun.mail:jakarta.mail:1.6.3",
        "io.dropwizard.metrics:metrics-core:4.1.4",
        "joda-time:joda-time:2.10.10",
        "net.jcip:jcip-annotations:1.0",
        "net.minidev:accessors-smart:2.5.2",
        "net.minidev:json-smart:2.5.2",
        "org.apache.httpcomponents:httpclient-cache:4.5.14",
        "org.apache.santuario:xmlsec:2.3.4",
        "org.cryptacular:cryptacular:1.2.5",
        "org.ow2.asm:asm:9.7.1",
        "org.slf4j:slf4j-api:2.0.6",
        "org.slf4j:slf4j-nop:2.0.6",
    ),
}
"""Module → its jars; what lies in `lib` is not repeated."""

HEADER = """\
# Every jar of the secured node of the tests: its folder, its coordinates, its SHA-256.
# Made by `python -m tests.secured.lock`; not edited by hand.
"""


def lock_lines() -> Iterator[str]:
    """Download every jar and yield a line for each."""
    import jgo  # noqa: PLC0415 - an extra; a test reads the lock file without it

    artifacts = jgo.resolve("+".join(ROOTS))
    resolved = [Jar(artifact.groupId, artifact.artifactId, artifact.version, "") for artifact in artifacts]
    places = [(jar.path.parent.as_posix(), str(jar)) for jar in sorted(resolved, key=str)]
    # A module sees no class of another one, so security has the transport's jars too.
    places += [("modules/x-pack-security", name) for place, name in places if place == "modules/transport-netty4"]
    places += [(f"modules/{module}", name) for module, names in MODULES.items() for name in names]
    with tempfile.TemporaryDirectory() as folder:
        for place, name in places:
            yield f"{place} {name} {file_sha256(download_with_jgo(Jar.parse(f'{name} -'), Path(folder)))}"


if __name__ == "__main__":
    LOCK_FILE.write_text(HEADER + "\n".join(lock_lines()) + "\n", encoding="utf-8")
