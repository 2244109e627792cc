"""The settings of an installation, read once from the environment and passed on."""

import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Self

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import FrontispieceError

ENV_PREFIX = "FRONTISPIECE_"

ALIAS_PATTERN = r"[a-z0-9][a-z0-9_-]{0,99}"
"""A valid name in Elasticsearch, with room for a suffix such as `-v12`."""


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
    """Pictures that a model encodes at a time."""
    max_upload_bytes: int = Field(default=20_000_000, ge=10_000)
    """The largest file that a reader may upload, in bytes."""
    max_image_pixels: int = Field(default=MAX_IMAGE_PIXELS, ge=1_000_000)
    """The largest picture that is opened, in pixels, including scans; protects against decompression bombs."""
    allowed_image_hosts: str = Field(default="", pattern=r"^[^/@]*$")
    """Hosts whose pictures a reader may search with, `iiif.example.org,images.example.org:8080`; empty means none."""
    scans: str = ""
    """Folders of scans that the service may send, `/srv/books:/srv/maps`; set it for `index` and `serve` alike."""
    max_served_pixels: int = Field(default=25_000_000, ge=1_000_000)
    """The largest image that the service sends of a scan, in pixels."""
    image_cache_bytes: int = Field(default=2_000_000_000, ge=0)
    """The size of the cache of images that were cut from scans and crops, in bytes; 0 means no cache."""
    contact: str = ""
    """A mail address or web page for the User-Agent that IIIF servers see."""

    @property
    def model_names(self) -> tuple[str, ...]:
        """The names in `models`."""
        return tuple(name.strip() for name in self.models.split(",") if name.strip())

    @property
    def crops_folder(self) -> Path:
        """The folder of the crops, one JPEG per picture, which the API serves."""
        return self.data / "crops"

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
