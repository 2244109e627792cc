"""Empty Java types in the place of the SAML and OpenID libraries that Maven Central lacks.

The security module names them, so its classes load only if they exist; the tests use neither SAML nor OpenID.
"""

import re
import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

MISSING_PACKAGES = ("org/opensaml/", "net/shibboleth/", "com/nimbusds/")

_TYPE_IN_DESCRIPTOR = re.compile(rf"L((?:{'|'.join(MISSING_PACKAGES)})[\w/$]*);")

_SIZES = dict.fromkeys((8, 16, 19, 20), 2) | dict.fromkeys((3, 4, 9, 10, 11, 12, 17, 18), 4) | {15: 3}
"""Tag of a constant → bytes after the tag (Java Virtual Machine Specification, table 4.4-A)."""

_UTF8, _CLASS, _LONG, _DOUBLE = 1, 7, 5, 6


class ReferencedTypes(NamedTuple):
    """The types that a class file names."""

    names: frozenset[str]
    superclass: str


def referenced_types(class_file: bytes) -> ReferencedTypes:
    """Read the types out of the constant pool of a class file."""
    (count,) = struct.unpack_from(">H", class_file, 8)
    texts: dict[int, str] = {}
    class_indices: dict[int, int] = {}
    offset, index = 10, 1
    while index < count:
        tag = class_file[offset]
        offset += 1
        if tag == _UTF8:
            (length,) = struct.unpack_from(">H", class_file, offset)
            texts[index] = class_file[offset + 2 : offset + 2 + length].decode("utf-8", "replace")
            offset += 2 + length
        elif tag == _CLASS:
            (class_indices[index],) = struct.unpack_from(">H", class_file, offset)
            offset += 2
        elif tag in (_LONG, _DOUBLE):
            offset, index = offset + 8, index + 1
        else:
            offset += _SIZES[tag]
        index += 1
    (superclass_index,) = struct.unpack_from(">H", class_file, offset + 4)
    in_descriptors = (name for text in texts.values() for name in _TYPE_IN_DESCRIPTOR.findall(text))
    names = frozenset((*(texts[position] for position in class_indices.values()), *in_descriptors))
    return ReferencedTypes(names, texts.get(class_indices.get(superclass_index, 0), ""))


def stub_sources(module_jar: Path, class_path: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield the path and the Java source of each missing type that the jar names."""
    known_names = {name for jar in class_path for name in _class_names(jar)}
    missing_names: set[str] = set()
    superclasses: set[str] = set()
    with zipfile.ZipFile(module_jar) as archive:
        for name in archive.namelist():
            if name.endswith(".class") and "module-info" not in name:
                types = referenced_types(archive.read(name))
                missing_names |= {type_ for type_ in types.names if _is_missing(type_, known_names)}
                superclasses.add(types.superclass)
    nested_names = defaultdict[str, set[str]](set)
    for name in missing_names:
        outer_name, _, nested_name = name.partition("$")
        nested_names[outer_name].add(nested_name)
    for outer_name, nested in nested_names.items():
        yield f"{outer_name}.java", _stub_source(outer_name, nested, is_superclass=outer_name in superclasses)


def _class_names(jar: Path) -> Iterator[str]:
    with zipfile.ZipFile(jar) as archive:
        yield from (name.removesuffix(".class") for name in archive.namelist() if name.endswith(".class"))


def _is_missing(name: str, known_names: set[str]) -> bool:
    return name.startswith(MISSING_PACKAGES) and name not in known_names


def _stub_source(name: str, nested_names: Iterable[str], *, is_superclass: bool) -> str:
    package, _, class_name = name.replace("/", ".").rpartition(".")
    body = " ".join(
        f"public interface {nested} {{}}" for nested in sorted(nested_names) if nested and "$" not in nested
    )
    if class_name.endswith("Exception"):
        declaration = f"public class {class_name} extends Exception"
    else:
        declaration = f"public {'class' if is_superclass else 'interface'} {class_name}"
    return f"package {package};\n{declaration} {{ {body} }}\n"
