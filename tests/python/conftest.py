"""What the tests of the Python package share. They run on the package as it is in `python/`, or as it is installed, and on the
program that IMAGELINT_BIN names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]
ARN = "arn:aws:imagebuilder:us-west-2:123456789012:image/web-server/1.2.3/4"


def response(name: str = "valid/base/linux-ami.json") -> Any:
    """A document of the corpus."""
    return json.loads((ROOT / "corpus" / name).read_text())


@pytest.fixture
def clean() -> Any:
    return response()


@pytest.fixture
def faulty(clean: Any) -> Any:
    clean["image"]["platform"] = "linux"
    return clean
