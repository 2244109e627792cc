"""Whose certificate is believed: of the system's authorities, of the settings' CA, or one by its fingerprint."""

import hashlib
import ssl
from pathlib import Path
from typing import Any

from core.settings import Settings


def client_options(settings: Settings) -> dict[str, Any]:
    """What the indexer's client is made with, over urllib3."""
    if not settings.elasticsearch_fingerprint:
        return {"ca_certs": str(settings.elasticsearch_ca)} if settings.elasticsearch_ca else {}
    # Unless told, urllib3 turns the check by authorities on again, which the fingerprint alone is instead of.
    return {
        "ssl_context": create_ssl_context(settings),
        "verify_certs": settings.elasticsearch_ca is not None,
        "ssl_show_warn": False,
    }


def create_ssl_context(settings: Settings) -> ssl.SSLContext:
    """What is spoken over httpx: by the service, whose client by itself would ask for no name, and by `setup`."""
    if settings.elasticsearch_fingerprint:
        return _create_pinned_context(
            settings.elasticsearch_fingerprint.replace(":", "").lower(), settings.elasticsearch_ca
        )
    return ssl.create_default_context(cafile=settings.elasticsearch_ca)


def _create_pinned_context(fingerprint: str, ca: Path | None) -> ssl.SSLContext:
    """Refuses in the handshake, before a key is sent; checked here because httpx has no such option."""

    def check_certificate(certificate: bytes | None) -> None:
        actual_fingerprint = hashlib.sha256(certificate or b"").hexdigest()
        if actual_fingerprint != fingerprint:
            raise ssl.SSLCertVerificationError(
                f"the certificate of Elasticsearch has the fingerprint {actual_fingerprint}, "
                "FRONTISPIECE_ELASTICSEARCH_FINGERPRINT "
                f"expects {fingerprint}"
            )

    class PinnedSocket(ssl.SSLSocket):
        def do_handshake(self, *args: Any, **kwargs: Any) -> None:
            super().do_handshake(*args, **kwargs)
            check_certificate(self.getpeercert(binary_form=True))

    class PinnedObject(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            check_certificate(self.getpeercert(binary_form=True))

    context = ssl.create_default_context(cafile=ca)
    if ca is None:
        # The fingerprint alone says whom to believe: no authority and no name would add to it.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.sslsocket_class, context.sslobject_class = PinnedSocket, PinnedObject
    return context
