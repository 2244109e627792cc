"""XML with less ink: one call an element, in and out of a namespace."""

from pathlib import Path

from lxml import etree

XmlElement = etree._Element


def create_root(namespace: str, name: str, **prefixes: str) -> XmlElement:
    """A root whose own namespace needs no prefix."""
    namespaces: dict[str | None, str] = {None: namespace}
    namespaces.update(prefixes.items())
    return etree.Element(f"{{{namespace}}}{name}", nsmap=namespaces)  # type: ignore[arg-type]  # lxml-stubs forget None


def add_element(parent: XmlElement, name: str, text: str = "", /, **attributes: str | int) -> XmlElement:
    """A child in its parent's namespace."""
    namespace = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace and "{" not in name else name)
    for key, value in attributes.items():
        child.set(key, str(value))
    if text:
        child.text = text
    return child


def write_xml(root: XmlElement, path: Path) -> None:
    etree.indent(root, "\t")
    path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n")
