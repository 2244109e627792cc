"""XML with less ink: one call an element, in and out of a namespace."""

from pathlib import Path

from lxml import etree

Xml = etree._Element


def document(namespace: str, name: str, **prefixes: str) -> Xml:
    """A root whose own namespace needs no prefix."""
    spaces: dict[str | None, str] = {None: namespace}
    spaces.update(prefixes.items())
    return etree.Element(f"{{{namespace}}}{name}", nsmap=spaces)  # type: ignore[arg-type]  # lxml-stubs forget None


def element(parent: Xml, name: str, text: str = "", /, **attributes: str | int) -> Xml:
    """A child in its parent's namespace."""
    space = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{space}}}{name}" if space and "{" not in name else name)
    for key, value in attributes.items():
        child.set(key, str(value))
    if text:
        child.text = text
    return child


def save(root: Xml, path: Path) -> None:
    etree.indent(root, "\t")
    path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n")
