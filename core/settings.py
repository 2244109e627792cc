"""Everything that differs between two installations, read once and handed on."""

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
"""What Elasticsearch takes as a name, with room for `-v12` after it."""


class Settings(BaseSettings):
    """Each field is the environment variable `FRONTISPIECE_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, frozen=True, extra="forbid")

    elasticsearch_url: str = ""
    """Any Elasticsearch 9, `https://host:9200`; empty means the embedded node that `frontispiece node start` made."""
    elasticsearch_api_key: SecretStr = SecretStr("")
    """Base64 as Kibana shows it once; empty for a node without security."""
    elasticsearch_ca: Path | None = None
    """The cluster's CA certificate (PEM), where it is not one that the system trusts."""
    elasticsearch_fingerprint: str = Field(default="", pattern=r"^([0-9a-fA-F]{2}:?){32}$|^$")
    """SHA-256 of the cluster's own certificate in hexadecimal: no other is spoken to."""
    alias: str = Field(default="pictures", pattern=rf"^{ALIAS_PATTERN}$")
    """The name that is searched; the indices behind it are `<alias>-v1`, `<alias>-v2`…"""
    data: Path = Path(".frontispiece")
    """Where the crops and the embedded node's index lie."""
    cache: Path = Path(platformdirs.user_cache_dir("frontispiece"))
    """What was downloaded and can be downloaded again: jars, IIIF answers."""
    models: str = ""
    """Which models to use, `sscd,siglip`; empty means every one that is installed here."""
    weights: Path | None = None
    """A folder with one folder of weights per model; without it they come from the Hugging Face hub."""
    classifier: Path | None = None
    """What `frontispiece classify train` wrote; with it `frontispiece index` labels new pictures."""
    device: str = ""
    """`cuda`, `mps` or `cpu` for torch; empty takes the best there is."""
    batch_size: int = Field(default=16, ge=1, le=1024)
    """Pictures that a model sees at once."""
    max_upload_bytes: int = Field(default=20_000_000, ge=10_000)
    """The largest picture that a reader may upload."""
    max_image_pixels: int = Field(default=200_000_000, ge=1_000_000)
    """The largest picture that is opened, scans included; beyond it lies a decompression bomb."""
    allowed_image_hosts: str = Field(default="", pattern=r"^[^/@]*$")
    """Hosts whose pictures a reader may ask with, `iiif.example.org,images.example.org:8080`; empty means none."""
    contact: str = ""
    """A mail address or page that IIIF servers find in our User-Agent."""

    @property
    def crops_folder(self) -> Path:
        """The pictures as they were cut, one JPEG each; the API serves them."""
        return self.data / "crops"

    @property
    def user_agent(self) -> str:
        """The User-Agent that libraries' servers see."""
        return f"Frontispiece/{version('frontispiece')}" + (f" (+{self.contact})" if self.contact else "")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """An unknown `FRONTISPIECE_*` is an error, not a shrug."""
        setting_names = {name.removeprefix(ENV_PREFIX).lower() for name in environ if name.startswith(ENV_PREFIX)}
        if unknown_names := setting_names - cls.model_fields.keys():
            variable_names = ", ".join(f"{ENV_PREFIX}{name.upper()}" for name in sorted(unknown_names))
            raise FrontispieceError(f"no such setting: {variable_names} (`frontispiece settings` lists them)")
        return cls()
