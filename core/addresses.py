"""Addresses as people may see them."""

from urllib.parse import urlsplit


def strip_credentials(url: str) -> str:
    """Return the URL without user name and password; any other text as it is."""
    try:
        url_parts = urlsplit(url)
    except ValueError:
        return url
    if not url_parts.scheme or "@" not in url_parts.netloc:
        return url
    return url_parts._replace(netloc=url_parts.netloc.rpartition("@")[2]).geturl()
