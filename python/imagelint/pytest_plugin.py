"""The plugin for pytest: `pytest --imagelint` checks fixtures, and the fixture `imagelint` checks documents in tests."""

from __future__ import annotations

import json
import os
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import pytest

if TYPE_CHECKING:
    from imagelint import Report, _documents, _settings

LEVELS = ("error", "warning", "info")
SUFFIXES = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("imagelint", "checks of EC2 Image Builder documents")
    group.addoption("--imagelint", action="store_true", help="check the JSON fixtures that are from Image Builder")
    parser.addini(
        "imagelint_paths",
        "globs, relative to the root folder, of the fixtures to check; each must be from Image Builder. Without any, "
        "all JSON files are looked at, and those from other programs skipped",
        type="linelist",
        default=[],
    )
    parser.addini("imagelint_level", "the lowest level of findings that fails: error, warning or info", default="")


def pytest_configure(config: pytest.Config) -> None:
    level = config.getini("imagelint_level")
    if level and level not in LEVELS:
        raise pytest.UsageError(f"imagelint_level is {level!r}; the levels are {', '.join(LEVELS)}")
    if config.getoption("imagelint"):
        for glob in config.getini("imagelint_paths"):
            # A slip would pass in silence.
            if not _matches(config.rootpath, glob):
                raise pytest.UsageError(f"imagelint_paths: nothing matches {glob!r} in {config.rootpath}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    config = parent.config
    if not config.getoption("imagelint") or not file_path.name.endswith(SUFFIXES):
        return None
    globs = config.getini("imagelint_paths")
    if globs and not _is_under(file_path, globs, config.rootpath):
        return None
    return FixtureFile.from_parent(parent, path=file_path)


def _is_under(path: Path, globs: list[str], root: Path) -> bool:
    """Whether a path, or a folder that it is in, matches a glob."""
    candidates = [path, *path.parents]
    return any(candidate in _matches(root, glob) for glob in globs for candidate in candidates)


_MATCHES: dict[Any, Any] = {}


def _matches(root: Path, glob: str) -> Any:
    key = (root, glob)
    if key not in _MATCHES:
        try:
            _MATCHES[key] = set(root.glob(glob.rstrip("/")))
        except (NotImplementedError, ValueError) as error:
            raise pytest.UsageError(f"imagelint_paths: {glob!r} is no glob relative to the root folder") from error
    return _MATCHES[key]


def _shown(path: Path) -> str:
    """A path as excerpts have it: relative to the working directory, if it is below that."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


class Findings(Exception):
    """What is wrong with a fixture."""


class Run:
    """The run of the program on all fixtures that were selected."""

    def __init__(self, items: list[FixtureItem], config: pytest.Config) -> None:
        from imagelint import _program

        globs, level = config.getini("imagelint_paths"), config.getini("imagelint_level")
        paths = [_shown(item.path) for item in items]
        with tempfile.TemporaryDirectory(prefix="imagelint-") as folder:
            report = os.path.join(folder, "report.json")
            options = ["--format", "verdicts", "--excerpts", "--report", f"json={report}", "--files-from", "-"]
            options += ["--fail-on", level] if level else []
            options += [] if globs else ["--skip-unknown"]
            done = _program.run(["check", *options], b"".join(os.fsencode(path) + b"\0" for path in paths))
            try:
                with open(report, encoding="utf-8") as file:
                    findings = json.load(file)["findings"]
            except (OSError, ValueError) as error:
                said = done.stderr.decode(errors="replace").strip()
                raise _program.ImagelintError(said or f"{_program.program()} wrote no report") from error
        self.verdicts: dict[str, list[dict[str, Any]]] = {}
        for line in done.stdout.splitlines():
            verdict = json.loads(line)
            self.verdicts.setdefault(verdict["file"], []).append(verdict)
        self.excerpts: dict[str, list[str]] = {}
        for finding in findings:
            self.excerpts.setdefault(finding["file"], []).append(finding["excerpt"])

    def judge(self, path: str) -> None:
        """Raises what is wrong with a file."""
        verdicts = self.verdicts.get(path, [])
        errors = [verdict["error"] for verdict in verdicts if "error" in verdict]
        if errors:
            raise Findings("\n".join(errors))
        if not all(verdict["ok"] for verdict in verdicts):
            raise Findings("\n\n".join(self.excerpts.get(path, [])))
        if not any(verdict.get("checked") for verdict in verdicts):
            pytest.skip("nothing in it is from Image Builder, or the settings exclude it")


#: The run, or why there is none.
RUN = pytest.StashKey[Union[Run, str]]()


class FixtureFile(pytest.File):
    """A file of fixtures."""

    def collect(self) -> Iterator[pytest.Item]:
        yield FixtureItem.from_parent(self, name="imagelint")


class FixtureItem(pytest.Item):
    """The check of a file. The first one that runs makes the program check all that were selected."""

    def runtest(self) -> None:
        stash = self.session.stash
        if RUN not in stash:
            stash[RUN] = self._run()
        run = stash[RUN]
        if isinstance(run, str):
            raise Findings(run)
        run.judge(_shown(self.path))

    def _run(self) -> Run | str:
        from imagelint import ImagelintError

        try:
            return Run([item for item in self.session.items if isinstance(item, FixtureItem)], self.config)
        except ImagelintError as error:
            # What fails once is not tried again for each file.
            said = f"imagelint could not check anything: {error}"
            lines = (
                textwrap.wrap(line, 80, break_long_words=False, break_on_hyphens=False) for line in said.splitlines()
            )
            return "\n".join("\n".join(line) for line in lines)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Findings):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> Any:
        return self.path, None, f"imagelint: {self.path.name}"


class Imagelint:
    """What the fixture `imagelint` is: the functions of the package of that name."""

    def check(
        self,
        document: _documents.Document,
        *,
        kind: str | None = None,
        settings: _settings.Settings | None = None,
    ) -> Report:
        """As `imagelint.check`."""
        import imagelint

        return imagelint.check(document, kind=kind, settings=settings)

    def check_paths(self, paths: Any, *, kind: str | None = None, settings: _settings.Settings | None = None) -> Report:
        """As `imagelint.check_paths`."""
        import imagelint

        return imagelint.check_paths(paths, kind=kind, settings=settings)

    def assert_valid(
        self,
        document: _documents.Document,
        *,
        kind: str | None = None,
        settings: _settings.Settings | None = None,
    ) -> None:
        """As `imagelint.assert_valid`."""
        __tracebackhide__ = True
        import imagelint

        imagelint.assert_valid(document, kind=kind, settings=settings)


@pytest.fixture(name="imagelint")
def imagelint_fixture() -> Imagelint:
    """Checks documents: `imagelint.assert_valid(response)`, `imagelint.check(document)`."""
    return Imagelint()
