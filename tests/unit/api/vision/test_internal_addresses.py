"""Forms of addresses that lead a service to other hosts than its operator allows: none is fetched."""

import pytest

from api.errors import InvalidRequest
from api.vision.remote_images import RemoteImages, create_image_client
from core.settings import Settings
from tests.event_loops import run_coroutine

INTERNAL_ADDRESSES = [
    "http://127.0.0.1:9200/_search",
    "http://127.1/",
    "http://127.0.0.1.nip.io/",
    "http://0/",
    "http://0.0.0.0:9200/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://2130706433/",
    "http://[::]/",
    "http://[::1]:9200/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://localhost/",
    "http://xn--/",
    "http://xn--a/",
    "http://xn--\u00e6.example.org/",
    "http://\ud800.example.org/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://localhost.localdomain/",
    "http://\u2460\u2461\u2466.0.0.1/",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://iiif.example.org.evil.example/a.jpg",
    "http://evil.example/iiif.example.org/a.jpg",
    "http://evil.example?iiif.example.org",
    "http://evil.example#iiif.example.org",
    "http://evil.example\\@iiif.example.org/",
    "http://iiif.example.org@evil.example/",
    "http://iiif.example.org:80@evil.example/",
    "http://iiif.example.org\t.evil.example/",
    "http://iiif.example.org:22/",
    "http://iiif.example.org:9200/",
    "http://iiif.example.org./a.jpg",
    "gopher://iiif.example.org:6379/_FLUSHALL",
    "dict://iiif.example.org:11211/stat",
    "file://iiif.example.org/etc/passwd",
    "jar:http://iiif.example.org!/a",
    "http:///127.0.0.1/",
    "http:127.0.0.1/",
    "http://iiif.example.org%2f@127.0.0.1/",
    "http://iiif.example.org%00.evil.example/",
]


@pytest.mark.parametrize("address", INTERNAL_ADDRESSES, ids=range(len(INTERNAL_ADDRESSES)))
def test_no_form_of_an_address_leads_to_another_host(address: str) -> None:
    """The test may open no socket, so a request would be an error too."""
    settings = Settings(allowed_image_hosts="iiif.example.org")

    async def fetch() -> None:
        async with create_image_client(settings) as client:
            with pytest.raises(InvalidRequest):
                await RemoteImages(client, settings).fetch(address, None)

    run_coroutine(fetch)
