"""Publish the Markdown files outside docs/ on the site, and point links at the published copy."""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]

PUBLISHED = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "es-mappings/README.md", "specimen/README.md")
"""Files of the repository that are pages of the site."""

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")
"""A relative link: its text, its target and its anchor."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the published files at the paths that they have in the repository."""
    for name in PUBLISHED:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Point each relative link at the site's copy; a link to a file that is not published becomes its text."""
    own_path = page.file.src_uri
    repository_path = own_path if own_path in PUBLISHED else f"docs/{own_path}"

    def rewrite(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(repository_path), link[2]))
        site_path = target.removeprefix("docs/")
        if files.get_file_from_path(site_path) is not None:
            return f"[{link[1]}]({posixpath.relpath(site_path, posixpath.dirname(own_path) or '.')}{link[3] or ''})"
        # What does not exist at all stays a link, and the strict build reports it.
        return link[1] if (ROOT / target).exists() else link[0]

    return _LINK.sub(rewrite, markdown)
