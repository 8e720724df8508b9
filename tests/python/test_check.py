"""What `check`, `check_paths` and `assert_valid` take, return and raise."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import imagelint
import pytest
from conftest import ROOT, response

DEMO = ROOT / "corpus/demo/get-image.json"
posix_only = pytest.mark.skipif(os.name != "posix", reason="the stand-ins for the program are shell scripts")


def rules(report: imagelint.Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_a_finding_has_its_place_and_excerpt(faulty: Any) -> None:
    report = imagelint.check(faulty)
    assert not report.ok
    assert (report.errors, report.warnings, report.infos, report.documents, report.files) == (1, 0, 0, 1, 1)
    [finding] = report.findings
    assert (finding.rule, finding.level, finding.pointer) == ("enum-value", "error", "/image/platform")
    assert finding.start.line == finding.end.line
    assert finding.start.column < finding.end.column
    assert "`linux`" in finding.message
    assert "^^^^^^^" in finding.excerpt
    assert finding.excerpt in report.text()
    assert report.text().endswith("1 document checked: 1 error, 0 warnings, 0 infos")
    assert str(finding).startswith("-:")
    with pytest.raises(dataclasses.FrozenInstanceError):
        finding.level = "info"  # type: ignore[misc]


@pytest.mark.parametrize(
    "given",
    [DEMO, str(DEMO), os.path.relpath(DEMO), DEMO.read_text(), DEMO.read_bytes(), io.BytesIO(DEMO.read_bytes())],
)
def test_documents_are_given_in_many_ways(given: Any) -> None:
    report = imagelint.check(given)
    assert not report.ok
    assert len(report.findings) == 5


def test_several_documents_are_checked(clean: Any, faulty: Any) -> None:
    log = "\n".join([json.dumps(response()), json.dumps(faulty)])
    for given in [log, [response(), faulty]]:
        report = imagelint.check(given)
        assert report.documents == 2
        assert [finding.document for finding in report.findings] == [1]


@pytest.mark.parametrize("text", ["{", '"', "{}\0", "{}"])
def test_what_is_no_document_is_never_passed(text: str) -> None:
    assert not imagelint.check(text).ok


@pytest.mark.parametrize("text", ["", b"", " \n", []])
def test_that_there_is_no_document_is_an_error(text: Any) -> None:
    try:
        assert not imagelint.check(text).ok
    except imagelint.ImagelintError as error:
        assert "there is no document" in str(error)


def test_responses_of_boto3_are_taken_as_they_come(clean: Any) -> None:
    clean["ResponseMetadata"] = {
        "RequestId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
        "HTTPStatusCode": 200,
        "HTTPHeaders": {"date": "Mon, 31 Aug 2026 10:00:00 GMT"},
        "RetryAttempts": 0,
    }
    assert imagelint.check(clean).ok
    now = datetime.datetime(2026, 9, 3, 5, 44, 21, 121000, tzinfo=datetime.timezone.utc)
    clean["image"]["dateCreated"] = now
    report = imagelint.check(clean)
    assert "timestamp" not in " ".join(rules(report)), report.text()
    assert clean["image"]["dateCreated"] is now
    # A table of DynamoDB gives numbers so.
    clean["image"]["imageRecipe"]["blockDeviceMappings"][0]["ebs"]["volumeSize"] = decimal.Decimal(-1)
    assert "-1" in imagelint.check(clean).text()


class Body:
    """A stream like botocore's, which can be read once."""

    def __init__(self, raw: Any, length: int) -> None:
        self.raw, self.length = raw, length

    def read(self) -> bytes:
        return bytes(self.raw.read())


def test_a_body_can_be_read_after_the_check(faulty: Any) -> None:
    payload = json.dumps(faulty).encode()
    invoked = {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": Body(io.BytesIO(payload), len(payload))}
    report = imagelint.check(invoked)
    assert rules(report) == ["enum-value"], report.text()
    assert report.findings[0].embedded_pointer == "/image/platform"
    assert invoked["Payload"].read() == payload  # type: ignore[attr-defined]


@pytest.mark.parametrize("given", [3, None, {"image": object()}, {1: 2}, {"image": {"n": float("nan")}}])
def test_what_no_response_holds_is_an_error(given: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        imagelint.check(given)


def test_a_response_that_holds_itself_is_an_error(clean: Any) -> None:
    clean["image"]["itself"] = clean
    with pytest.raises(ValueError, match="holds itself"):
        imagelint.check(clean)


def test_kinds_and_settings_apply(faulty: Any, tmp_path: Path) -> None:
    assert imagelint.check(faulty["image"], kind="get-image").findings
    for settings in [
        {"levels": {"enum-value": "off"}},
        {"fail-on": "never"},
        {"ignore": [{"rule": "enum-value", "reason": 'a "test" – 1\x7f'}]},
    ]:
        assert imagelint.check(faulty, settings=settings).ok
    assert imagelint.check({}, settings={"levels": {"unknown-kind": "off"}}).ok
    file = tmp_path / "my settings.toml"
    file.write_text("levels = { enum-value = 'warning' }\n")
    assert imagelint.check(faulty, settings=file).findings[0].level == "warning"
    with pytest.raises(imagelint.ImagelintError, match="did you mean `get-image`"):
        imagelint.check(faulty, kind="get-imag")
    with pytest.raises(imagelint.ImagelintError, match="pedantik"):
        imagelint.check(faulty, settings={"pedantik": True})
    with pytest.raises(imagelint.ImagelintError, match="gone.toml"):
        imagelint.check(faulty, settings="gone.toml")


def test_paths_are_checked_in_one_run(tmp_path: Path) -> None:
    captures = [response(f"invalid/x-same-arn/two-dates/{day}.json") for day in ("monday", "tuesday")]
    paths = []
    # More than a command line can hold.
    for index in range(3000):
        path = tmp_path / ("a" * 100) / f"capture {index}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            json.dumps(
                captures[index % 2] if index < 2 else {"image": {"platform": "Linux", "state": {"status": "BUILDING"}}}
            )
        )
        paths.append(path)
    report = imagelint.check_paths(paths)
    assert report.ok
    assert report.files == 3000
    assert "x-same-arn" in rules(report)
    assert str(paths[1]) in report.by_file()
    report = imagelint.check_paths([paths[0], tmp_path / "gone.json"])
    assert not report.ok
    assert [entry.file for entry in report.unreadable] == [str(tmp_path / "gone.json")]
    assert "gone.json" in report.text()
    with pytest.raises(ValueError, match="no paths"):
        imagelint.check_paths([])
    # One path is not its letters.
    for one in [paths[1], str(paths[1])]:
        report = imagelint.check_paths(one)
        assert (report.files, report.unreadable) == (1, ())


def test_a_path_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="gone.json"):
        imagelint.check(tmp_path / "gone.json")


def test_assert_valid_shows_the_excerpt(clean: Any, faulty: Any) -> None:
    imagelint.assert_valid(response())
    with pytest.raises(AssertionError) as caught:
        imagelint.assert_valid(faulty)
    assert "unknown value `linux`; did you mean `Linux`?" in str(caught.value)
    assert "^^^^^^^" in str(caught.value)


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGELINT_BIN", "/no/such/imagelint")
    with pytest.raises(imagelint.ProgramNotFound, match="/no/such/imagelint"):
        imagelint.check("{}")


@posix_only
@pytest.mark.parametrize(
    ("script", "error", "says"),
    [
        ("kill -9 $$", imagelint.ProgramKilled, "SIGKILL"),
        ("exit 101", imagelint.ProgramKilled, "101"),
        ("exit 0", imagelint.ImagelintError, "no report"),
        ("echo '{\"version\":1'; exit 1", imagelint.ImagelintError, "no report"),
        (
            "[ \"$1\" = --version ] && echo 'imagelint 0.0.9' && exit; echo \"error: unexpected argument '--excerpts'\" >&2; exit 2",
            imagelint.ProgramTooOld,
            "0.0.9",
        ),
        ('echo \'{"version":1,"tool":{"version":"0.0.9"}}\'', imagelint.ProgramTooOld, "0.0.9"),
    ],
)
def test_nothing_passes_when_the_program_fails(
    script: str, error: type[Exception], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "imagelint"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("IMAGELINT_BIN", str(program))
    with pytest.raises(error, match=says):
        imagelint.check("{}")


def test_the_module_runs_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "imagelint", DEMO], capture_output=True, text=True, check=False)

    assert "placement-exclusive" in run().stdout
    for program in ["/no/such/imagelint", str(ROOT)]:
        monkeypatch.setenv("IMAGELINT_BIN", program)
        ran = run()
        assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 1), ran
        assert f"imagelint: {program} cannot be run: " in ran.stderr


def test_errors_are_named_as_they_are_imported() -> None:
    for error in [
        imagelint.ImagelintError,
        imagelint.ProgramKilled,
        imagelint.ProgramNotFound,
        imagelint.ProgramTooOld,
    ]:
        assert error.__module__ == "imagelint"
