"""Makes JSON of what is checked: of responses as boto3 returns them."""

from __future__ import annotations

import base64
import datetime
import decimal
import io
import json
import os
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Union

#: What can be checked: a path, the text or the bytes of documents, a response, several of them, or an open file.
Document = Union[str, bytes, bytearray, memoryview, "os.PathLike[str]", Mapping[str, Any], Sequence[Any], Any]


def is_path(document: Document) -> bool:
    """Whether a document is given by its path: a PathLike, or a line of text that does not begin as JSON does."""
    if isinstance(document, os.PathLike):
        return True
    if not isinstance(document, str) or "\n" in document:
        return False
    text = document.lstrip()
    return bool(text) and text[0] not in '{["' and "\0" not in text


def content(document: Document) -> bytes:
    """Returns the bytes of a document that is no path."""
    if isinstance(document, str):
        return document.encode("utf-8", "surrogatepass")
    if isinstance(document, (bytes, bytearray, memoryview)):
        return bytes(document)
    if isinstance(document, (Mapping, list, tuple)):
        try:
            text = json.dumps(_plain(document), indent=2, ensure_ascii=False, allow_nan=False)
        except RecursionError as error:
            raise ValueError("the response holds itself, or is too deep") from error
        return text.encode("utf-8", "replace")
    if hasattr(document, "read"):
        return _read(document)
    raise TypeError(f"a document is a path, text, bytes or a response, not {type(document).__name__}")


def _plain(value: Any) -> Any:
    """Makes values that JSON has of those that boto3 uses, as the AWS CLI prints them."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {_name(name): _member(value, name) for name in value}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return [_plain(item) for item in sorted(value, key=repr)]
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _text(bytes(value))
    if hasattr(value, "read"):
        return _text(_read(value))
    raise TypeError(f"a response holds no {type(value).__name__}")


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the members of a response are named by strings, not by {name!r}")
    return name


def _member(holder: Mapping[str, Any], name: str) -> Any:
    """Returns a member; a stream in it can still be read afterwards."""
    value = holder[name]
    if not hasattr(value, "read") or (hasattr(value, "seekable") and value.seekable()):
        return _plain(value)
    read = _read(value)
    if isinstance(holder, MutableMapping):
        # botocore's StreamingBody takes the stream and its length.
        try:
            holder[name] = type(value)(io.BytesIO(read), len(read))
        except TypeError:
            holder[name] = io.BytesIO(read)
    return _text(read)


def _read(stream: Any) -> bytes:
    """Reads a stream from where it is, and goes back to there if it can."""
    at = stream.tell() if hasattr(stream, "seekable") and stream.seekable() else None
    read = stream.read()
    if at is not None:
        stream.seek(at)
    return read.encode() if isinstance(read, str) else bytes(read)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()
