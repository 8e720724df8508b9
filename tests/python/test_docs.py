"""The blocks of docs/python.md, run as they are."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from conftest import ROOT, response

BLOCKS = re.findall(
    r"^```python\n(.*?)^```$", (ROOT / "docs/python.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_runs(block: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    if "boto3.client" in block:
        pytest.importorskip("boto3")
    (pytester.mkdir("fixtures") / "a.json").write_text(json.dumps(response()))
    if "def test_" in block:
        pytester.makepyfile(block)
        pytester.runpytest_subprocess("-p", "imagelint.pytest_plugin").assert_outcomes(passed=1)
        return
    names: dict[str, Any] = {}
    exec(compile(block, "docs/python.md", "exec"), names)  # noqa: S102
    if "report" in names:
        assert names["report"].documents == 1


def test_the_settings_of_pytest_are_known(pytester: pytest.Pytester) -> None:
    text = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    [settings] = re.findall(r"^```ini\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    pytester.makeini(settings)
    for name, platform in [("tests/fixtures/a.json", "linux"), ("samples/deep/b.jsonl", "Linux"), ("c.json", "linux")]:
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"image": {"platform": platform, "state": {"status": "BUILDING"}}}))
    pytester.runpytest_subprocess("-p", "imagelint.pytest_plugin").assert_outcomes(passed=1, failed=1)
