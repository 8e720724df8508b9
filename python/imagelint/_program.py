"""Finds the program and runs it. Knows no report."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Sequence

#: The oldest program that this package can talk to.
OLDEST = (0, 1, 0)


class ImagelintError(Exception):
    """The program could not do what was asked. No document was found good or bad."""


class ProgramNotFound(ImagelintError, FileNotFoundError):
    """The program is not installed where this package expects it."""


class ProgramTooOld(ImagelintError):
    """The program is older than this package."""


class ProgramKilled(ImagelintError):
    """The program was ended before it was done, or crashed."""


# Tracebacks name them as they are imported.
for _error in (ImagelintError, ProgramNotFound, ProgramTooOld, ProgramKilled):
    _error.__module__ = "imagelint"


def find_imagelint_bin() -> str:
    """Returns the path of the program that this package installed."""
    name = "imagelint" + (sysconfig.get_config_var("EXE") or "")
    # `pip install --target FOLDER` puts scripts into FOLDER/bin.
    target = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin")
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", scheme=_user_scheme()), target]
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    raise ProgramNotFound(f"{name} is in none of: {', '.join(folders)}; IMAGELINT_BIN can name it")


def _user_scheme() -> str:
    """Returns the name of the scheme of `pip install --user`, which Python 3.9 does not tell."""
    if sys.version_info >= (3, 10):
        return sysconfig.get_preferred_scheme("user")
    return "nt_user" if os.name == "nt" else "posix_user"


def program() -> str:
    """Returns the path of the program to run: the one that the variable IMAGELINT_BIN names, or the installed one."""
    return os.environ.get("IMAGELINT_BIN") or find_imagelint_bin()


def run(arguments: Sequence[str], stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs the program to its end.

    Raises an ImagelintError unless it ended by itself with a status that it documents.
    """
    path = program()
    try:
        done = subprocess.run(
            [path, *arguments], input=stdin if stdin is not None else b"", capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise ProgramNotFound(f"there is no program {path}") from error
    except OSError as error:
        raise ImagelintError(f"{path} cannot be run: {error}") from error
    check_end(path, done.returncode, done.stderr)
    return done


def check_end(path: str, status: int, stderr: bytes) -> None:
    """Raises an error unless a program ended by itself and knew its arguments."""
    said = stderr.decode(errors="replace").strip()
    if status < 0:
        raise ProgramKilled(f"{path} was killed by {_signal_name(-status)}" + (f": {said}" if said else ""))
    if status not in (0, 1, 2):
        raise ProgramKilled(f"{path} ended with status {status}" + (f": {said}" if said else ""))
    if status == 2 and "unexpected argument" in said or "unrecognized subcommand" in said:
        raise ProgramTooOld(f"{path} is {version_text(path)}, older than this package: {said.splitlines()[0]}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def version_text(path: str) -> str:
    """Returns what the program says of its version."""
    try:
        done = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise ProgramNotFound(f"there is no program {path}") from error
    except OSError as error:
        raise ImagelintError(f"{path} cannot be run: {error}") from error
    return done.stdout.decode(errors="replace").strip() or "of no version that it tells"


def check_version(path: str, text: str) -> None:
    """Raises an error if the text names a version that is too old, or none."""
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    if found is None:
        raise ImagelintError(f"{path} does not say which version it is: {text!r}")
    if tuple(int(part) for part in found.groups()) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise ProgramTooOld(f"{path} is version {found.group()}; this package needs {oldest} or newer")
