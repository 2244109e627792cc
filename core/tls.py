"""TLS to Elasticsearch: trust in the system's authorities, the settings' CA, or one certificate by fingerprint."""

import hashlib
import ssl
from pathlib import Path
from typing import Any

from core.errors import FrontispieceError
from core.settings import Settings


def client_options(settings: Settings) -> dict[str, Any]:
    """Return the TLS options of the indexer's client, which uses urllib3."""
    if not settings.elasticsearch_fingerprint:
        if settings.elasticsearch_ca is None:
            return {}
        _create_context(settings.elasticsearch_ca)  # urllib3 reports a file that it cannot read without its name
        return {"ca_certs": str(settings.elasticsearch_ca)}
    # Otherwise urllib3 also checks the authorities, and the fingerprint is meant to replace that check.
    return {
        "ssl_context": create_ssl_context(settings),
        "verify_certs": settings.elasticsearch_ca is not None,
        "ssl_show_warn": False,
    }


def create_ssl_context(settings: Settings) -> ssl.SSLContext:
    """Return the SSL context of the client of the service, and of httpx in `frontispiece setup`."""
    if settings.elasticsearch_fingerprint:
        return _create_pinned_context(
            settings.elasticsearch_fingerprint.replace(":", "").lower(), settings.elasticsearch_ca
        )
    return _create_context(settings.elasticsearch_ca)


def _create_context(ca: Path | None) -> ssl.SSLContext:
    """Trust the authority in the file, by default those of the system."""
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise FrontispieceError(
            f"FRONTISPIECE_ELASTICSEARCH_CA: {ca} has no certificate in PEM format: {error.strerror or error}"
        ) from error


def _create_pinned_context(fingerprint: str, ca: Path | None) -> ssl.SSLContext:
    """Checks the fingerprint in the handshake, before the API key is sent; httpx has no such option."""

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

    context = _create_context(ca)
    if ca is None:
        # The fingerprint identifies the certificate; checks of authority and name would add nothing.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.sslsocket_class, context.sslobject_class = PinnedSocket, PinnedObject
    return context
