"""More outputs for an ONNX file: values that its graph has on the way and does not give.

The file is a protocol buffer (`onnx.proto3`); what is needed of it is written here, since the package `onnx` would be
one more dependency of 17 MB for thirty lines.
"""

from collections.abc import Iterator, Sequence

MODEL_GRAPH = 7
"""Number of the field `graph` in `ModelProto`."""
GRAPH_OUTPUT = 12
"""Of the field `output` in `GraphProto`."""
INFO_NAME = 1
"""Of the field `name` in `ValueInfoProto`."""
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
"""Wire types."""


def with_outputs(model: bytes, names: Sequence[str]) -> bytes:
    """The same model, whose graph also gives these values; onnxruntime finds their types itself.

    `ValueError` for what is no ONNX file, or not all of one.
    """
    outputs = b"".join(_field(GRAPH_OUTPUT, _field(INFO_NAME, name.encode())) for name in names)
    parts = (
        _field(number, body + outputs) if number == MODEL_GRAPH else whole for number, body, whole in _fields(model)
    )
    return b"".join(parts)


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, content and whole of each field; the content of numbers is empty."""
    at = 0
    while at < len(message):
        start = at
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        body = b""
        if wire == VARINT:
            _, at = _varint(message, at)
        elif wire == LENGTH:
            length, at = _varint(message, at)
            body, at = message[at : at + length], at + length
        elif wire in (FIXED32, FIXED64):
            at += 4 if wire == FIXED32 else 8
        else:
            raise ValueError(f"no ONNX file: wire type {wire} at byte {start}")
        if at > len(message):
            raise _cut(start)
        yield number, body, message[start:at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    for place in range(at, len(message)):
        number |= (message[place] & 127) << shift
        if message[place] < 128:
            return number, place + 1
        shift += 7
    raise _cut(at)


def _cut(start: int) -> ValueError:
    return ValueError(f"no ONNX file: what begins at byte {start} has no end")


def _field(number: int, body: bytes) -> bytes:
    return _written(number << 3 | LENGTH) + _written(len(body)) + body


def _written(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])
