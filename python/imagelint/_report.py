"""What the program found. Made of its JSON report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imagelint._program import ImagelintError, check_version


@dataclass(frozen=True)
class Position:
    """A position in a file: a line and a column, counted from 1, and the bytes before it."""

    line: int
    column: int
    offset: int


@dataclass(frozen=True)
class Label:
    """A place that has to do with a finding, and what is said there."""

    file: str
    pointer: str
    start: Position
    end: Position
    message: str


@dataclass(frozen=True)
class Finding:
    """A fault of a document, found by one rule."""

    rule: str
    #: error, warning or info.
    level: str
    message: str
    help: str
    #: The path, or `-` for what was given as text or as a response.
    file: str
    #: The index of the document in its file.
    document: int
    #: RFC 6901.
    pointer: str
    #: The pointer inside the JSON that a string holds.
    embedded_pointer: str | None
    start: Position
    end: Position
    labels: tuple[Label, ...]
    #: The AWS pages, members of the service model or standards behind the rule.
    sources: tuple[str, ...]
    #: What the fix does, if there is one.
    fix: str | None
    #: The lines around it, with carets.
    excerpt: str

    def __str__(self) -> str:
        return f"{self.file}:{self.start.line}:{self.start.column}: {self.level}[{self.rule}] {self.message}"


@dataclass(frozen=True)
class Unreadable:
    """A path that could not be read, and why."""

    file: str
    error: str


@dataclass(frozen=True)
class Report:
    """What was found in the documents of one run."""

    #: Whether everything was read, and no finding is at or above the level that fails: `fail-on` of the settings.
    ok: bool
    findings: tuple[Finding, ...]
    unreadable: tuple[Unreadable, ...]
    #: How many documents were checked, and in how many files.
    documents: int
    files: int
    errors: int
    warnings: int
    infos: int
    #: The version of the program, and the service model that it knows.
    version: str
    model: str

    def text(self) -> str:
        """Returns the findings as people read them: excerpts with carets, then the counts."""
        parts = [finding.excerpt for finding in self.findings]
        parts += [f"{entry.file}: {entry.error}" for entry in self.unreadable]
        return "\n\n".join([*parts, self.summary()])

    def summary(self) -> str:
        """Returns the counts in one line."""
        counts = [
            _counted(self.errors, "error"), _counted(self.warnings, "warning"), _counted(self.infos, "info")
        ]  # fmt: skip
        checked = _counted(self.documents, "document")
        unread = f"; {_counted(len(self.unreadable), 'file')} unreadable" if self.unreadable else ""
        return f"{checked} checked: {', '.join(counts)}{unread}"

    def by_file(self) -> dict[str, list[Finding]]:
        """Returns the findings of each file that has some."""
        files: dict[str, list[Finding]] = {}
        for finding in self.findings:
            files.setdefault(finding.file, []).append(finding)
        return files


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def parse(path: str, status: int, stdout: bytes, stderr: bytes) -> Report:
    """Makes a report of what the program at a path printed."""
    said = stderr.decode(errors="replace").strip()
    try:
        report = json.loads(stdout)
        tool = report["tool"]
        check_version(path, tool["version"])
        summary = report["summary"]
        return Report(
            ok=status == 0,
            findings=tuple(map(parse_finding, report["findings"])),
            unreadable=tuple(Unreadable(entry["file"], entry["error"]) for entry in report["unreadable"]),
            documents=summary["documents"],
            files=summary["files"],
            errors=summary["errors"],
            warnings=summary["warnings"],
            infos=summary["infos"],
            version=tool["version"],
            model=tool["model"],
        )
    except (ValueError, KeyError, TypeError) as error:
        # What is wrong with the usage is said on standard error, and there is no report.
        raise ImagelintError(said or f"{path} printed no report: {stdout[:200]!r}") from error


def parse_finding(entry: Mapping[str, Any]) -> Finding:
    """Makes a finding of its JSON."""
    span = entry["range"]
    return Finding(
        rule=entry["rule"],
        level=entry["severity"],
        message=entry["message"],
        help=entry["help"],
        file=entry["file"],
        document=entry["document"],
        pointer=entry["pointer"],
        embedded_pointer=entry["embeddedPointer"],
        start=_position(span["start"]),
        end=_position(span["end"]),
        labels=tuple(map(_label, entry["labels"])),
        sources=tuple(entry["source"]),
        fix=entry["fix"] and entry["fix"]["title"],
        excerpt=entry["excerpt"],
    )


def _label(entry: Mapping[str, Any]) -> Label:
    span = entry["range"]
    return Label(entry["file"], entry["pointer"], _position(span["start"]), _position(span["end"]), entry["message"])


def _position(entry: Mapping[str, int]) -> Position:
    return Position(entry["line"], entry["column"], entry["offset"])
