"""Everything that goes wrong on purpose, drawn once.

* FrontispieceError
  - AltoError             the file is not ALTO, or has no page
  - SourceError           METS, a record, a manifest or a folder that cannot be read
  - CropUnavailable       a picture could not be had; the book goes on, the report names it
  - EncoderUnavailable    a model is unknown, not installed, or its weights cannot be had
    - HubUnreachable      the Hugging Face hub does not answer, so none of its models can be had
  - WrongVector           not unit length, or not the model's dimensions; the run stops
  - ContractBroken        an index was filled by another model or mapping than this one
  - NodeError             the embedded node did not start, or its jars are not the ones we know
"""


class FrontispieceError(Exception):
    """A sentence for the person who runs the command; its text says what to do."""


class FileError(FrontispieceError):
    """A file that cannot be used: which, where in it, and why."""

    def __init__(self, file: str, reason: str, location: str = "") -> None:
        self.file, self.location, self.reason = file, location, reason
        super().__init__(": ".join(part for part in (file, location, reason) if part))

    @property
    def cause(self) -> str:
        """The same without the file, for a report that names it apart."""
        return ": ".join(part for part in (self.location, self.reason) if part)


class AltoError(FileError):
    """The file is not ALTO, or has no page that can be read."""


class SourceError(FileError):
    """METS, a catalogue record, a IIIF manifest or a folder that cannot be read."""


class CropUnavailable(FileError):
    """A picture could not be had: no scan, an unreadable one, or a server that says no."""


class EncoderUnavailable(FrontispieceError):
    """A model is unknown, not installed, or its weights cannot be had."""


class HubUnreachable(EncoderUnavailable):
    """The Hugging Face hub does not answer, so none of its models can be had."""


class WrongVector(FrontispieceError):
    """A vector that is not of unit length or not of its model's dimensions."""


class FingerprintMismatch(FrontispieceError):
    """An index was filled by another model or mapping than the one at hand."""


class NodeError(FrontispieceError):
    """The embedded node cannot be had or did not start."""
