"""Short functions to build XML elements."""

from pathlib import Path

from lxml import etree

XmlElement = etree._Element


def create_root(namespace: str, name: str, **prefixes: str) -> XmlElement:
    """Create a root element whose namespace has no prefix."""
    namespaces: dict[str | None, str] = {None: namespace}
    namespaces.update(prefixes.items())
    return etree.Element(f"{{{namespace}}}{name}", nsmap=namespaces)  # type: ignore[arg-type]  # lxml-stubs forget None


def add_element(parent: XmlElement, name: str, text: str = "", /, **attributes: str | int) -> XmlElement:
    """Add a child in the namespace of its parent."""
    namespace = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace and "{" not in name else name)
    for key, value in attributes.items():
        child.set(key, str(value))
    if text:
        child.text = text
    return child


def write_xml(root: XmlElement, path: Path) -> None:
    """Write an indented XML file in UTF-8."""
    etree.indent(root, "\t")
    path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n")
