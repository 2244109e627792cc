"""The settings of an installation, read once from the environment and passed on."""

import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Literal, Self

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import FrontispieceError

ENV_PREFIX = "FRONTISPIECE_"

ALIAS_PATTERN = r"[a-z0-9][a-z0-9_-]{0,99}"
"""A valid name in Elasticsearch, with room for a suffix such as `-v12`."""


HOST_ADDRESS_PATTERN = r"^(https?://[^/\s\"<>?#@]+/?)?$"
WEB_ADDRESS_PATTERN = r"^(https?://[^\s\"<>]+)?$"
LISTEN_ADDRESS_PATTERN = r"^([^\s/@]+:[0-9]{1,5})?$"
READER_CONTACT_PATTERN = r"^(https?://[^\s\"<>]+|[^@\s\"<>]+@[^@\s\"<>]+)?$"

MAX_IMAGE_PIXELS = 200_000_000
"""The default of `Settings.max_image_pixels`."""


class Settings(BaseSettings):
    """The settings; each field is read from the environment variable `FRONTISPIECE_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="forbid")

    elasticsearch_url: str = ""
    """Any Elasticsearch 9, `https://host:9200`; empty means the embedded node that `frontispiece node start` runs."""
    elasticsearch_api_key: SecretStr = SecretStr("")
    """The API key in Base64, as Kibana shows it once; empty for a node without security."""
    elasticsearch_ca: Path | None = None
    """The cluster's CA certificate (PEM), if the system does not trust it already."""
    elasticsearch_fingerprint: str = Field(default="", pattern=r"^([0-9a-fA-F]{2}:?){32}$|^$")
    """SHA-256 of the cluster's own certificate in hexadecimal; connections to any other certificate are refused."""
    alias: str = Field(default="pictures", pattern=rf"^{ALIAS_PATTERN}$")
    """The alias that is searched; the indices behind it are `<alias>-v1`, `<alias>-v2`…"""
    data: Path = Path(".frontispiece")
    """The folder of the crops and of the embedded node's index."""
    crops: str = ""
    """Where the crops are: a folder, or an address for fsspec, `s3://bucket/crops`; empty means `crops` in `data`."""
    cache: Path = Path(platformdirs.user_cache_dir("frontispiece"))
    """The folder of files that can be downloaded again: jars, IIIF responses."""
    models: str = ""
    """The models to use, for example `sscd,siglip,e5`; empty means all that are installed."""
    weights: Path | None = None
    """A folder with one subfolder of weights per model; without it weights come from the Hugging Face hub."""
    classifier: Path | None = None
    """The classifier file of `frontispiece classify train`; with it `frontispiece index` labels new pictures."""
    places: Path | None = None
    """A table of your own names of places (CSV, `name,place`); its rows come before those of Frontispiece."""
    device: str = ""
    """`cuda`, `mps` or `cpu` for torch; empty means the fastest available."""
    batch_size: int = Field(default=16, ge=1, le=1024)
    """Pictures that a model encodes at a time; on a GPU, unless it is set, as many as a trial finds to be fastest."""
    precision: Literal["", "float32", "bfloat16", "float16"] = ""
    """`float32`, `bfloat16` or `float16`: the precision of torch when `index` runs; empty means the fastest in a trial.
    One that is no faster than `float32`, or that changes the vectors, is not used."""
    max_upload_bytes: int = Field(default=20_000_000, ge=10_000)
    """The largest file that a reader may upload, in bytes."""
    max_upload_pixels: int = Field(default=40_000_000, ge=1_000_000)
    """The largest picture that a reader may upload or name by its address, in pixels."""
    max_image_pixels: int = Field(default=MAX_IMAGE_PIXELS, ge=1_000_000)
    """The largest picture that is opened, in pixels, including scans; protects against decompression bombs."""
    allowed_image_hosts: str = Field(default="", pattern=r"^[^/@]*$")
    """Hosts whose pictures a reader may search with, `iiif.example.org,images.example.org:8080`; empty means none."""
    scans: str = ""
    """Folders of scans that the service may send, `/srv/books:/srv/maps`; set it for `index` and `serve` alike."""
    max_served_pixels: int = Field(default=25_000_000, ge=1_000_000)
    """The largest image that the service sends of a scan, in pixels."""
    image_cache_bytes: int = Field(default=2_000_000_000, ge=0)
    """The size of the cache of images that were cut from scans and crops, in bytes; 0 means no cache. Copies of crops
    that are at an address may take as much again."""
    contact: str = ""
    """A mail address or web page for the User-Agent that IIIF servers see."""
    requests_per_host: int = Field(default=4, ge=1, le=32)
    """Requests that `index` sends to one server at the same time; several servers are asked at once."""
    host_patience: float = Field(default=120, ge=1, le=3600)
    """Seconds that a server without answers may cost a run; what it still owes then is reported as left out."""
    ignore_robots: str = Field(default="", pattern=r"^[^/@]*$")
    """Servers that allow you more than their robots.txt says, `iiif.example.org,images.example.org:8080`."""
    pages_in_flight: int = Field(default=64, ge=1, le=10_000)
    """Pages that `index` has between reading and encoding at the same time; more need more memory."""
    decoders: int = Field(default=2, ge=1, le=64)
    """Pages on disk that are read, and scans that are decoded, at the same time."""
    bulk_requests: int = Field(default=1, ge=1, le=16)
    """Requests with documents that `index` sends to Elasticsearch at the same time."""

    service_name: str = Field(default="Frontispiece", min_length=1, max_length=300)
    """The name of the service on its pages; in other languages after it, `Bilder i bøker|en:Pictures in books`."""
    library_name: str = Field(default="", max_length=600)
    """The name of the library that offers the service, for the head and foot of every page and the texts; in other
    languages after it, `Nasjonalbiblioteket|en:National Library`."""
    library_url: str = Field(default="", pattern=WEB_ADDRESS_PATTERN)
    """The library's web site."""
    featured: Path | None = None
    """A table of searches for the start page (CSV, `title,search`), shown in place of the most frequent subjects."""
    logo: Path | None = None
    """The library's logo, an SVG, PNG or WebP file, shown 40 pixels high at the head of every page."""
    colours: str = Field(default="", pattern=r"^(#[0-9a-fA-F]{6}(, *#[0-9a-fA-F]{6})?)?$")
    """The colour of links and buttons, `#003a70`; after a comma that for dark screens, otherwise it is lightened."""
    links: str = ""
    """Links at the foot of every page, `Opening hours|nb:Åpningstider=https://example.org/hours; Loans=…`."""
    reader_contact: str = Field(default="", pattern=READER_CONTACT_PATTERN)
    """A mail address or web page where readers ask questions and report errors."""
    texts: Path | None = None
    """A folder of texts that replace pages or add some, `nb/about.md` ([how](operators.md#names-colours-and-texts))."""
    public_url: str = Field(default="", pattern=HOST_ADDRESS_PATTERN)
    """The address that readers use, `https://pictures.example.org`; empty means the host of each request."""
    trusted_proxies: str = ""
    """Proxies whose `X-Forwarded-…` and `X-Request-ID` count, `127.0.0.1,192.0.2.0/24`; empty means this machine."""
    searches_per_minute: int = Field(default=600, ge=0)
    """Pages and searches that one visitor may ask for in a minute; 0 means no limit."""
    uploads_per_minute: int = Field(default=30, ge=0)
    """Pictures that one visitor may search with in a minute, by file, address or region; 0 means no limit."""
    exports_per_minute: int = Field(default=60, ge=0)
    """Lists and citations that one visitor may download in a minute; 0 means no limit."""
    iiif_per_minute: int = Field(default=3000, ge=0)
    """Images, tiles and manifests that one visitor may ask for in a minute; 0 means no limit."""
    hsts_seconds: int = Field(default=0, ge=0)
    """How long browsers use https alone for this host, 31,536,000 for a year; 0 sends no such header."""
    security_contact: str = Field(default="", pattern=READER_CONTACT_PATTERN)
    """A mail address or web page for reports of security problems, in `/.well-known/security.txt`."""
    status_token: SecretStr = SecretStr("")
    """With it `/metrics`, `/health`, `/health/ready` need `Authorization: Bearer <token>`; empty hides `/metrics`."""
    status_address: str = Field(default="", pattern=LISTEN_ADDRESS_PATTERN)
    """An address of their own for `/metrics` and `/health`, `127.0.0.1:9100`; elsewhere they then need the token."""
    log_format: Literal["text", "json"] = "text"
    """How `serve` writes its log: for people, or one JSON object a line."""
    log_requests: bool = False
    """Whether the log has a line for each request: method, route, status and time, no words and no addresses."""
    unanswered_days: int = Field(default=0, ge=0, le=3650)
    """Days for which words are kept that found nothing; 0 keeps none ([how](operators.md#unanswered-searches))."""

    @property
    def model_names(self) -> tuple[str, ...]:
        """The names in `models`."""
        return tuple(name.strip() for name in self.models.split(",") if name.strip())

    @property
    def image_hosts(self) -> tuple[str, ...]:
        """The hosts in `allowed_image_hosts`."""
        return tuple(host.strip() for host in self.allowed_image_hosts.split(",") if host.strip())

    @property
    def hosts_without_robots(self) -> frozenset[str]:
        """The hosts in `ignore_robots`."""
        return frozenset(host.strip().lower() for host in self.ignore_robots.split(",") if host.strip())

    @property
    def crops_folder(self) -> Path:
        """The folder of the crops, one JPEG per picture, which the API serves, unless they are at an address."""
        return Path(self.crops) if self.crops and not self.has_remote_crops else self.data / "crops"

    @property
    def has_remote_crops(self) -> bool:
        """Whether `crops` is an address."""
        return "://" in self.crops

    @property
    def image_cache_folder(self) -> Path:
        """The folder of images that the service has cut from scans and crops."""
        return self.cache / "images"

    @property
    def unpacked_folder(self) -> Path:
        """The folder where archives are unpacked for the time of a run."""
        return self.data / "unpacked"

    @property
    def user_agent(self) -> str:
        """The User-Agent in requests to the servers of libraries."""
        return f"Frontispiece/{version('frontispiece')}" + (f" (+{self.contact})" if self.contact else "")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; an unknown `FRONTISPIECE_*` variable raises FrontispieceError."""
        setting_names = {name.removeprefix(ENV_PREFIX).lower() for name in environ if name.startswith(ENV_PREFIX)}
        if unknown_names := setting_names - cls.model_fields.keys():
            variable_names = ", ".join(f"{ENV_PREFIX}{name.upper()}" for name in sorted(unknown_names))
            raise FrontispieceError(f"no such setting: {variable_names} (`frontispiece settings` lists them)")
        return cls()
