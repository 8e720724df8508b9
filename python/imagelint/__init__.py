"""Checks captured EC2 Image Builder documents against what AWS documents about them.

    >>> import imagelint
    >>> imagelint.check({"image": {"platform": "linux"}}).ok
    False

The work is done by the program that comes with this package.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import cast

from imagelint._documents import Document, content, is_path
from imagelint._program import (
    ImagelintError,
    ProgramKilled,
    ProgramNotFound,
    ProgramTooOld,
    find_imagelint_bin,
    program,
    run,
)
from imagelint._report import Finding, Label, Position, Report, Unreadable, parse
from imagelint._settings import Settings, arguments

__all__ = [
    "Finding",
    "ImagelintError",
    "Label",
    "Position",
    "ProgramKilled",
    "ProgramNotFound",
    "ProgramTooOld",
    "Report",
    "Unreadable",
    "assert_valid",
    "check",
    "check_paths",
    "find_imagelint_bin",
]


def check(document: Document, *, kind: str | None = None, settings: Settings | None = None) -> Report:
    """Checks a document, or several in one file or text.

    The document is a path, text, bytes, an open file, or a response as boto3 returns it, with datetimes, bodies and
    `ResponseMetadata` in it. A `str` of one line that does not begin as JSON does is a path.

    `kind` is one of those that `imagelint kinds` lists; without it, the document shows its kind. `settings` is the path
    of an `imagelint.toml`, a mapping of what one would hold, or `"none"`; without it, the nearest file applies.

    Raises FileNotFoundError or another OSError if a path cannot be read, and ImagelintError if the program is missing,
    too old or killed, does not understand the kind or the settings, or there is no document.
    """
    if not is_path(document):
        return _some(_run(["-"], kind, settings, content(document)))
    path: str = os.fspath(cast("os.PathLike[str]", document))
    # Python says best why a file cannot be opened.
    with open(path, "rb"):
        pass
    return _some(_run([], kind, settings, _listed([path]), listed=True))


def check_paths(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    kind: str | None = None,
    settings: Settings | None = None,
) -> Report:
    """Checks files and folders, or one, in one run of the program, and so compares their documents with each other.

    What cannot be read is in `unreadable` of the report, which then is not `ok`. Of a folder, what is from other
    programs is skipped.
    """
    # The letters of a path are paths, too, one of them `/`.
    names = [os.fspath(path) for path in ([paths] if isinstance(paths, (str, bytes, os.PathLike)) else paths)]
    if not names:
        raise ValueError("there are no paths to check")
    return _run([], kind, settings, _listed(names), listed=True)


def assert_valid(document: Document, *, kind: str | None = None, settings: Settings | None = None) -> None:
    """Raises an AssertionError that shows what is wrong with a document, unless the report on it is `ok`."""
    __tracebackhide__ = True
    report = check(document, kind=kind, settings=settings)
    if not report.ok:
        raise AssertionError(f"imagelint found faults\n\n{report.text()}")


def _some(report: Report) -> Report:
    """Returns a report, unless it is about nothing."""
    if report.documents == 0 and report.ok:
        raise ImagelintError("there is no document, or the settings exclude it")
    return report


def _listed(paths: list[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def _run(
    inputs: list[str], kind: str | None, settings: Settings | None, stdin: bytes, *, listed: bool = False
) -> Report:
    with arguments(settings) as chosen:
        options = ["--format", "json", "--excerpts", "--quiet", *chosen]
        options += ["--files-from", "-"] if listed else []
        options += ["--kind", kind] if kind is not None else []
        done = run(["check", *options, *inputs], stdin)
    return parse(program(), done.returncode, done.stdout, done.stderr)
