"""The program imagelint, installed with pip. It has no Python interface: run it, for example with its JSON report."""

from __future__ import annotations

import os
import sys
import sysconfig

__all__ = ["find_imagelint_bin"]


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
    raise FileNotFoundError(f"{name} is in none of: {', '.join(folders)}")


def _user_scheme() -> str:
    """Returns the name of the scheme of `pip install --user`, which Python 3.9 does not tell."""
    if sys.version_info >= (3, 10):
        return sysconfig.get_preferred_scheme("user")
    return "nt_user" if os.name == "nt" else "posix_user"
