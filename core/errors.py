"""The exceptions that Frontispiece raises on purpose, and the codes of problems.

* FrontispieceError
  - FileError             a file cannot be used; it carries a `ProblemCode`
    - OcrError            a file of OCR (ALTO, PAGE-XML, hOCR, DjVu XML) has no page that can be read
      + AltoError         the same of ALTO
    - SourceError         METS, a record, a manifest, a table or a folder cannot be read
    - FileUnavailable     a file or URL cannot be fetched, or a picture decoded; the run goes on and reports it
  - EncoderUnavailable    a model is unknown, not installed, or its weights cannot be loaded
    - HubUnreachable      the Hugging Face hub does not answer, so none of its models can be loaded
  - WrongVector           a vector without unit length or with wrong dimensions; the run stops
  - IncompatibleIndex     the index is missing, belongs to another program, or has another version of the mapping
    - FingerprintMismatch   another model filled the index, or another one is installed
  - CollectionBusy        another run writes into the collection
  - LeaseLost             another run has taken the collection over; this one stops
  - NodeError             the embedded node does not start, or its jars have unexpected checksums
"""

from enum import StrEnum
from functools import partial
from typing import Any, ClassVar


class ProblemCode(StrEnum):
    """What kind of problem it is. Code branches on this and never on the text of a message."""

    OTHER = "other"
    NOT_FOUND = "not_found"
    """The file or folder does not exist."""
    EMPTY = "empty"
    """The file has no content, or the folder has nothing to index."""
    TOO_LARGE = "too_large"
    """More bytes or pixels than the limit."""
    OUT_OF_MEMORY = "out_of_memory"
    """A picture whose decoding needs more memory than there is, or than is allowed."""
    UNREADABLE = "unreadable"
    """The file exists and cannot be read or decoded."""
    MALFORMED = "malformed"
    """The content breaks the rules of its format."""
    UNSUPPORTED = "unsupported"
    """A valid file of a format or version that Frontispiece does not read."""
    UNAVAILABLE = "unavailable"
    """A server does not answer or refuses the request."""
    NO_SCAN = "no_scan"
    """A page without a scan, so its pictures cannot be cut out."""
    OUTSIDE_SCAN = "outside_scan"
    """A region that lies outside its scan."""
    NO_FILES = "no_files"
    """None of the files that a METS document lists exists here."""
    DUPLICATE = "duplicate"
    """Another page or book has the same id."""
    UNUSED = "unused"
    """The file belongs to no book of the run."""


class FrontispieceError(Exception):
    """An error whose message says what the user should do."""


class FileError(FrontispieceError):
    """A file that cannot be used: its name, the place in it, the reason, and a code for the reason."""

    default_code: ClassVar[ProblemCode] = ProblemCode.OTHER

    def __init__(self, file: str, reason: str, location: str = "", *, code: ProblemCode | None = None) -> None:
        self.file, self.location, self.reason = file, location, reason
        self.code = code or self.default_code
        super().__init__(": ".join(part for part in (file, location, reason) if part))

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error pass from one process to another."""
        return partial(type(self), self.file, self.reason, self.location, code=self.code), ()

    @property
    def cause(self) -> str:
        """Return the message without the file, for a report that has a column for the file."""
        return ": ".join(part for part in (self.location, self.reason) if part)


class OcrError(FileError):
    """ALTO, PAGE-XML, hOCR or DjVu XML that has no page that can be read."""

    default_code = ProblemCode.MALFORMED


class AltoError(OcrError):
    """A file that is not ALTO, or has no page that can be read."""


class SourceError(FileError):
    """METS, a catalogue record, a IIIF manifest, a table or a folder that cannot be read."""

    default_code = ProblemCode.MALFORMED


class FileUnavailable(FileError):
    """A file that cannot be fetched, or a picture that cannot be decoded."""

    default_code = ProblemCode.UNREADABLE


class EncoderUnavailable(FrontispieceError):
    """A model is unknown, not installed, or its weights cannot be loaded."""


class HubUnreachable(EncoderUnavailable):
    """The Hugging Face hub does not answer, so none of its models can be loaded."""


class WrongVector(FrontispieceError):
    """A vector without unit length, or without its model's number of dimensions."""


class IncompatibleIndex(FrontispieceError):
    """The index is missing, belongs to another program, or has another kind or version of the mapping."""


class FingerprintMismatch(IncompatibleIndex):
    """A model differs from the one that filled the index or trained the classifier."""


class CollectionBusy(FrontispieceError):
    """Another run writes into the collection."""


class LeaseLost(FrontispieceError):
    """Another run has taken the collection over, so this one may write no more."""


class NodeError(FrontispieceError):
    """The embedded node cannot be installed or does not start."""
