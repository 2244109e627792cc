"""A METS whose files are on the web → a volume."""

from collections.abc import Iterator

from core.errors import ProblemCode
from indexer.formats import mets
from indexer.formats.mets import Mets
from indexer.records import Problem, Volume
from indexer.sources.mets_volumes import missing_file_warnings, missing_ocr_files, record_problems


def remote_mets_items(mets_record: Mets, name: str) -> Iterator[Volume | Problem]:
    """Yield the book of a METS, with the pages that have a URL; a problem with `name` if there is none.

    The code of the problem is EMPTY if the METS lists no page, and NO_FILES if no file, or none of OCR, has a URL.
    """
    leaves = tuple(leaf for _, leaf in mets.leaves(mets_record, lambda *_: None, allow_remote=True))
    if not mets_record.files:
        yield Problem(name, "the METS lists no page", ProblemCode.EMPTY)
    elif not leaves:
        reason = f"the METS names {len(mets_record.files):,} files, none of which has an http or https URL"
        yield Problem(name, reason, ProblemCode.NO_FILES)
    elif missing_files := missing_ocr_files(mets_record, leaves):
        # Its scans alone would become pictures of whole pages, in place of those of an earlier run.
        reason = f"the METS names {missing_files}, none of which has an http or https URL, so the book is left out"
        yield Problem(name, reason, ProblemCode.NO_FILES)
    else:
        yield from record_problems(mets_record, name)
        # Without ALTO the pictures on a page are unknown, unless the whole book consists of pictures.
        volume_leaves = tuple(leaf for leaf in leaves if leaf.alto) or leaves
        warnings = missing_file_warnings(len(mets_record.pages), leaves)
        yield Volume(
            book=mets_record.book,
            leaves=volume_leaves,
            source=mets_record.source(name),
            warnings=warnings,
            is_complete=True,
        )
