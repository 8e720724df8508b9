"""Settings as arguments of the program."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, Union

#: The path of an `imagelint.toml`, what one would hold, or "none" for no settings at all.
Settings = Union[str, "os.PathLike[str]", Mapping[str, Any]]


@contextlib.contextmanager
def arguments(settings: Settings | None) -> Iterator[list[str]]:
    """Yields the arguments that make the program use these settings; without any, it looks for `imagelint.toml`."""
    if settings is None:
        yield []
    elif isinstance(settings, Mapping):
        lines = [f"{json.dumps(key)} = {_toml(value)}\n" for key, value in settings.items()]
        with tempfile.TemporaryDirectory(prefix="imagelint-") as folder:
            path = os.path.join(folder, "imagelint.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(lines)
            yield ["--config", path]
    else:
        yield ["--config", os.fspath(settings)]


def _toml(value: Any) -> str:
    """Writes a value in TOML, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, (bool, int)):
        return json.dumps(value)
    if isinstance(value, (str, os.PathLike)):
        # TOML has no surrogates, and wants DEL escaped.
        return json.dumps(os.fspath(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    raise TypeError(f"settings hold no {type(value).__name__}")
