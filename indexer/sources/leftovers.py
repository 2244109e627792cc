"""Files of a folder that belong to no book: one problem for each kind of file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import ProblemCode
from indexer.formats import mets
from indexer.records import Problem
from indexer.sources.catalogue import Catalogue
from indexer.sources.folder_listing import FolderListing

MAX_NAMED_FILES = 3
"""Files that a summary names; the user finds the others beside them."""


def leftover_problems(listing: FolderListing, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield the problems of the catalogue, then unreadable folders and files that no book uses."""
    yield from catalogue.problems
    yield from (Problem(folder, reason, ProblemCode.UNREADABLE) for folder, reason in listing.unreadable)
    unused_records = [
        record_file for record_file in catalogue.record_files if record_file not in catalogue.used_records
    ]
    yield from summarise(
        listing,
        unused_records,
        singular="catalogue record matches no book by its file name",
        plural="catalogue records match no book by their file names",
    )
    yield from _foreign_xml_problems(listing, catalogue)
    manifests = [path for path in listing.json_files if catalogue.is_manifest(path)]
    advice = "not indexed as part of a folder; `frontispiece index FILE-or-URL` reads a manifest"
    yield from summarise(
        listing, manifests, singular=f"IIIF document is {advice}", plural=f"IIIF documents are {advice}"
    )


def summarise(
    listing: FolderListing,
    paths: Sequence[Path],
    *,
    singular: str,
    plural: str,
    code: ProblemCode = ProblemCode.UNUSED,
) -> Iterator[Problem]:
    """Yield one problem for all the paths, which says how many there are and names the first; none without paths.

    `singular` and `plural` are the sentence after the number.
    """
    if paths:
        examples = ", ".join(listing.relative_path(path) for path in paths[:MAX_NAMED_FILES])
        ellipsis = ", …" if len(paths) > MAX_NAMED_FILES else ""
        sentence = singular if len(paths) == 1 else plural
        yield Problem(str(listing.root), f"{len(paths)} {sentence} ({examples}{ellipsis})", code)


def _foreign_xml_problems(listing: FolderListing, catalogue: Catalogue) -> Iterator[Problem]:
    known_roots = {"alto", *mets.ROOT_ELEMENTS, *catalogue.RECORD_ROOTS}
    paths_by_root: dict[str, list[Path]] = {}
    for path in listing.xml_files:
        if listing.root_element(path) not in known_roots:
            paths_by_root.setdefault(listing.root_element(path), []).append(path)
    for root, paths in paths_by_root.items():
        if root:
            root_description = f"the root element <{root}>, which is not ALTO, METS or a catalogue record"
            yield from summarise(
                listing,
                paths,
                singular=f"XML file has {root_description}",
                plural=f"XML files have {root_description}",
                code=ProblemCode.UNSUPPORTED,
            )
        else:
            yield from summarise(
                listing,
                paths,
                singular="file with the suffix .xml contains no XML",
                plural="files with the suffix .xml contain no XML",
                code=ProblemCode.MALFORMED,
            )
