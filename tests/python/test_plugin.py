"""The plugin, in a repository of fixtures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import response

# Where the package is not installed, its entry point is not there either.
PLUGIN = ["-p", "imagelint.pytest_plugin"]


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    try:
        from importlib.metadata import entry_points

        found = entry_points(group="pytest11", name="imagelint")  # type: ignore[call-arg]
    except TypeError:
        from importlib.metadata import entry_points

        found = [entry for entry in entry_points().get("pytest11", []) if entry.name == "imagelint"]  # type: ignore
    return pytester.runpytest_subprocess(*([] if found else PLUGIN), "-p", "no:cacheprovider", *arguments)


@pytest.fixture
def repository(pytester: pytest.Pytester, faulty: Any) -> pytest.Pytester:
    """Fixtures clean and faulty, another program's file, and a test."""
    pytester.mkdir("fixtures")
    for name, document in [("good.json", response()), ("bad.json", faulty), ("package.json", {"name": "web"})]:
        (pytester.path / "fixtures" / name).write_text(json.dumps(document, indent=2))
    (pytester.path / "fixtures/log.jsonl").write_text(json.dumps(response()) + "\n" + json.dumps(faulty) + "\n")
    pytester.makepyfile(test_other="def test_other(): pass")
    return pytester


def test_fixtures_are_items(repository: pytest.Pytester) -> None:
    result = run(repository, "--imagelint", "-v")
    result.assert_outcomes(passed=2, failed=2, skipped=1)
    result.stdout.fnmatch_lines_random([
        "fixtures/good.json::imagelint PASSED*",
        "*error?enum-value?: `platform`: unknown value `linux`; did you mean `Linux`?",
        "*bad.json:*:* /image/platform",
        "*^^^^^^^*",
    ])  # fmt: skip
    # A failure is an excerpt, not a traceback.
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_nothing_is_collected_unasked(repository: pytest.Pytester) -> None:
    run(repository).assert_outcomes(passed=1)


def test_items_are_selected(repository: pytest.Pytester) -> None:
    run(repository, "--imagelint", "-k", "good").assert_outcomes(passed=1, deselected=4)
    run(repository, "--imagelint", "-x", "fixtures").assert_outcomes(failed=1)
    run(repository, "--imagelint", "fixtures/bad.json").assert_outcomes(failed=1)


def test_failures_run_again(repository: pytest.Pytester) -> None:
    first = repository.runpytest_subprocess(*PLUGIN, "--imagelint")
    first.assert_outcomes(passed=2, failed=2, skipped=1)
    repository.runpytest_subprocess(*PLUGIN, "--imagelint", "--lf").assert_outcomes(failed=2)


def test_paths_and_level_are_set(repository: pytest.Pytester) -> None:
    repository.makeini("[pytest]\nimagelint_paths =\n    fixtures/*.json\n")
    result = run(repository, "--imagelint", "fixtures")
    # What is matched must be from Image Builder.
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*unknown-kind*"])
    (repository.path / "fixtures/good.json").write_text('{"image": {"platform": "Linux"}}')
    repository.makeini("[pytest]\nimagelint_paths = fixtures/good.json\n")
    run(repository, "--imagelint", "fixtures").assert_outcomes(passed=1)
    repository.makeini("[pytest]\nimagelint_paths = fixtures/good.json\nimagelint_level = info\n")
    run(repository, "--imagelint", "fixtures").assert_outcomes(failed=1)
    repository.makeini("[pytest]\nimagelint_level = bad\n")
    result = run(repository, "--imagelint")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*imagelint_level is 'bad'*"])


def test_the_program_runs_once(repository: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    count = repository.path / "runs"
    wrapper = repository.path / "imagelint"
    wrapper.write_text(f'#!/bin/sh\necho >> "{count}"\nexec "{os.environ["IMAGELINT_BIN"]}" "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("IMAGELINT_BIN", str(wrapper))
    run(repository, "--imagelint").assert_outcomes(passed=2, failed=2, skipped=1)
    assert count.read_text() == "\n"


def test_a_program_that_fails_passes_nothing(repository: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGELINT_BIN", "/no/such/imagelint")
    result = run(repository, "--imagelint", "fixtures")
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(["*could not check anything: there is no program /no/such/imagelint"])
    result.stdout.no_fnmatch_line("*_program.py*")


def test_a_program_that_is_killed_runs_once(repository: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    count, killed = repository.path / "runs", repository.path / "imagelint"
    killed.write_text(f'#!/bin/sh\necho >> "{count}"\nkill -9 $$\n')
    killed.chmod(0o755)
    monkeypatch.setenv("IMAGELINT_BIN", str(killed))
    result = run(repository, "--imagelint", "fixtures")
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(["*was killed by SIGKILL*"])
    assert count.read_text() == "\n"


@pytest.mark.parametrize(
    ("glob", "says"),
    [
        ("fixture", "nothing matches 'fixture'"),
        ("fixtures/*.yaml", "nothing matches"),
        ("/fixtures", "is no glob relative"),
    ],
)
def test_paths_that_are_none_are_refused(repository: pytest.Pytester, glob: str, says: str) -> None:
    repository.makeini(f"[pytest]\nimagelint_paths = {glob}\n")
    result = run(repository, "--imagelint")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*imagelint_paths: *{says}*"])
    run(repository).assert_outcomes(passed=1)


def test_items_are_distributed(repository: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    result = repository.runpytest_subprocess(*PLUGIN, "-p", "xdist", "-n", "2", "--imagelint")
    result.assert_outcomes(passed=2, failed=2, skipped=1)
    result.stdout.fnmatch_lines(["*^^^^^^^*"])


def test_the_fixture_checks_documents(repository: pytest.Pytester) -> None:
    repository.makepyfile(
        test_fixture="""
        import json
        def test_good(imagelint):
            response = json.load(open("fixtures/good.json"))
            imagelint.assert_valid(response)
            assert imagelint.check(response).ok and imagelint.check_paths(["fixtures/good.json"]).ok
        def test_bad(imagelint):
            imagelint.assert_valid(json.load(open("fixtures/bad.json")))
        """
    )
    result = run(repository, "test_fixture.py")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*unknown value `linux`*"])
