"""Checks a column of documents with Apache Spark: a process of the program for each task, fed row by row.

The second stage compares documents that describe the same thing, whatever partition they are in.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

from imagelint._program import ImagelintError, check_end, check_version, program, version_text

if TYPE_CHECKING:
    import pandas
    from pyspark.sql import DataFrame

__all__ = ["check", "compare"]

_FINDING = (
    "struct<rule: string, severity: string, pointer: string, embeddedPointer: string, line: int, column: int, "
    "message: string, key: string>"
)
_VERDICT = (
    "document int, kind string, id string, checked boolean, ok boolean, errors int, warnings int, infos int, "
    f"findings array<{_FINDING}>"
)
#: How much of documents a process compares at once, at least; documents that describe one thing are never separated.
_BATCH = 32 << 20


def check(df: DataFrame, column: str, *, options: Sequence[str] = ()) -> DataFrame:
    """Returns the verdicts on the documents in a column of text, with the other columns of their rows.

    There is a row for each document: one for each row of `df`, unless its text holds several, or none. `line` of a
    finding counts from the start of the text. `options` are further arguments of the program, such as
    `["--fail-on", "warning"]` or `["--skip-unknown"]`. Rows where the column is null or blank have no verdict.

    Nothing is lost or doubled where Spark runs a task again: a task that fails returns nothing.
    """
    kept = [field for field in df.schema.fields if field.name != column]
    clash = {"document", "kind", "id", "checked", "ok", "errors", "warnings", "infos", "findings"}
    clash &= {field.name for field in kept}
    if clash:
        raise ValueError(f"verdicts have columns of these names as well: {', '.join(sorted(clash))}")
    names, arguments = [field.name for field in kept], list(options)

    def task(batches: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
        return _verdicts(batches, column, names, arguments)

    fields = [f"{_quoted(field.name)} {field.dataType.simpleString()}" for field in kept]
    return df.mapInPandas(task, schema=", ".join([*fields, _VERDICT]))


def compare(df: DataFrame, column: str, id_column: str, *, options: Sequence[str] = ()) -> DataFrame:
    """Returns the findings of the rules that compare documents, with the id of the row of each.

    Documents are brought together by the keys that `imagelint keys` tells, so that the result does not depend on
    partitions: it is that of one process on all documents in the order of `id_column`, whose values must be unique. The
    columns are the id, `other` (the id of the row that contradicts), `document`, and those of findings.
    """
    from pyspark.sql import functions as f

    arguments = list(options)
    id_type = df.schema[id_column].dataType.simpleString()

    def keys(batches: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
        return _keys(batches, column, id_column)

    def groups(batches: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
        return _compared(batches, column, id_column, arguments)

    documents = df.select(id_column, column)
    keyed = documents.mapInPandas(keys, schema=f"{_quoted(id_column)} {id_type}, imagelint_key string")
    # Only what describes the same thing as another document is read again.
    shared = keyed.groupBy("imagelint_key").count().where("count > 1").select("imagelint_key")
    wanted = keyed.join(shared, "imagelint_key")
    together = (
        wanted.join(documents, id_column)
        .repartition(f.col("imagelint_key"))
        .sortWithinPartitions("imagelint_key", id_column)
    )
    quoted = _quoted(id_column)
    schema = f"{quoted} {id_type}, other {id_type}, document int, {_FINDING[len('struct<') : -1].replace(': ', ' ')}"
    return together.select(id_column, column, "imagelint_key").mapInPandas(groups, schema=schema)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


class _Process:
    """A process of the program that is fed rows while its lines are read."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.path = program()
        # Executors are machines of their own: each may have another program, or none.
        check_version(self.path, version_text(self.path))
        self.said = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            [self.path, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said
        )
        self.failure: BaseException | None = None

    def feed(self, write: Any) -> Iterator[bytes]:
        """Yields the lines that the process prints while a function writes to it, in a thread of its own."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        stdin: IO[bytes] = self.process.stdin

        def run() -> None:
            try:
                with contextlib.suppress(BrokenPipeError), stdin:
                    write(stdin)
            except BaseException as error:  # noqa: BLE001
                self.failure = error

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield from self.process.stdout
        thread.join()
        status = self.process.wait()
        self.said.seek(0)
        said = self.said.read()
        if self.failure is not None:
            raise self.failure
        check_end(self.path, status, said)
        if status == 2:
            raise ImagelintError(said.decode(errors="replace").strip())

    def close(self) -> None:
        """Ends the process, where Spark ends the task early."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.said.close()


def _record(text: str) -> bytes:
    """A record of a JSON text sequence (RFC 7464). A separator in a text is no JSON, and must not end the record."""
    return b"\x1e\n" + text.encode("utf-8", "replace").replace(b"\x1e", b"\x1f") + b"\n"


class _Rows:
    """The rows that a process was fed and has not answered, by the lines that they stand on in its input.

    They are as many as the process has room for in its buffers: it reads no further before its lines are read.
    """

    def __init__(self) -> None:
        self.starts: deque[int] = deque()
        self.rows: deque[Any] = deque()
        self.line = 1
        self.lock = threading.Lock()

    def add(self, row: Any, record: bytes) -> None:
        with self.lock:
            # The separator is on a line of its own.
            self.starts.append(self.line + 1)
            self.rows.append(row)
            self.line += record.count(b"\n")

    def find(self, line: int) -> tuple[int, Any]:
        """Returns the row that a line is of, and where that starts. Rows are asked for in order."""
        with self.lock:
            index = bisect_right(self.starts, line) - 1
            for _ in range(index):
                self.starts.popleft()
                self.rows.popleft()
            return self.starts[0], self.rows[0]


def _texts(
    batches: Iterable[pandas.DataFrame], column: str, names: Sequence[str]
) -> Iterator[tuple[tuple[Any, ...], str]]:
    for batch in batches:
        columns = [batch[name].tolist() for name in names]
        rows = zip(*columns) if columns else (() for _ in range(len(batch)))
        for row, text in zip(rows, batch[column].tolist()):
            if isinstance(text, (bytes, bytearray)):
                text = bytes(text).decode("utf-8", "replace")
            if isinstance(text, str) and text.strip():
                yield row, text


def _fed(
    batches: Iterable[pandas.DataFrame], column: str, names: Sequence[str], arguments: Sequence[str]
) -> Iterator[tuple[Any, int, dict[str, Any]]]:
    """Yields each line of the program with its row and where that starts in the input."""
    rows = _Rows()

    def write(stdin: IO[bytes]) -> None:
        for row, text in _texts(batches, column, names):
            record = _record(text)
            rows.add(row, record)
            stdin.write(record)

    process = _Process(arguments)
    try:
        for line in process.feed(write):
            entry = json.loads(line)
            start, row = rows.find(entry["line"])
            yield row, start, entry
    finally:
        process.close()


def _frames(rows: Iterable[tuple[Any, ...]], names: Sequence[str]) -> Iterator[pandas.DataFrame]:
    """Makes frames of rows, a few thousand in each."""
    import pandas

    kept: list[tuple[Any, ...]] = []
    for row in rows:
        kept.append(row)
        if len(kept) == 4096:
            yield pandas.DataFrame(kept, columns=list(names), dtype=object)
            kept = []
    if kept:
        yield pandas.DataFrame(kept, columns=list(names), dtype=object)


def _verdicts(
    batches: Iterator[pandas.DataFrame], column: str, names: Sequence[str], options: Sequence[str]
) -> Iterator[pandas.DataFrame]:
    arguments = ["check", "--threads", "1", *options, "--format", "verdicts", "--no-across", "-"]
    members = ["kind", "id", "checked", "ok", "errors", "warnings", "infos"]

    def rows() -> Iterator[tuple[Any, ...]]:
        last, count = None, 0
        for row, start, entry in _fed(batches, column, names, arguments):
            # Documents are counted in their row.
            count = count + 1 if last == start else 0
            last = start
            findings = [_finding(finding, start) for finding in entry["findings"]]
            yield (*row, count, *(entry[member] for member in members), findings)

    yield from _frames(rows(), [*names, "document", *members, "findings"])


def _finding(finding: dict[str, Any], start: int) -> dict[str, Any]:
    return {
        "rule": finding["rule"],
        "severity": finding["severity"],
        "pointer": finding["pointer"],
        "embeddedPointer": finding.get("embeddedPointer"),
        "line": finding["line"] - start + 1,
        "column": finding["column"],
        "message": finding["message"],
        "key": finding.get("key"),
    }


def _keys(batches: Iterator[pandas.DataFrame], column: str, id_column: str) -> Iterator[pandas.DataFrame]:
    def rows() -> Iterator[tuple[Any, ...]]:
        last: int | None = None
        known: set[str] = set()
        for (id_,), start, entry in _fed(batches, column, [id_column], ["keys", "-"]):
            known = known if last == start else set()
            last = start
            for key in {key["key"] for key in entry["keys"]} - known:
                known.add(key)
                yield id_, key

    yield from _frames(rows(), [id_column, "imagelint_key"])


def _compared(
    batches: Iterator[pandas.DataFrame], column: str, id_column: str, options: Sequence[str]
) -> Iterator[pandas.DataFrame]:
    names = ["rule", "severity", "pointer", "embeddedPointer", "line", "column", "message", "key"]

    def rows() -> Iterator[tuple[Any, ...]]:
        with tempfile.TemporaryDirectory(prefix="imagelint-") as folder:
            batch = _Batch(folder)
            for (id_, key), text in _texts(batches, column, [id_column, "imagelint_key"]):
                if key != batch.last and batch.size >= _BATCH:
                    yield from batch.findings(options)
                    batch = _Batch(folder)
                batch.add(id_, key, text)
            yield from batch.findings(options)

    yield from _frames(rows(), [id_column, "other", "document", *names])


class _Batch:
    """The documents of some keys, each once, on disk: the program reads those again that it compares."""

    def __init__(self, folder: str) -> None:
        self.folder = tempfile.mkdtemp(dir=folder)
        self.keys: set[str] = set()
        self.ids: dict[Any, int] = {}
        self.last: str | None = None
        self.size = 0

    def add(self, id_: Any, key: str, text: str) -> None:
        self.keys.add(key)
        self.last = key
        if id_ in self.ids:
            return
        path = os.path.join(self.folder, str(len(self.ids)))
        self.ids[id_] = len(self.ids)
        with open(path, "wb") as file:
            self.size += file.write(_record(text))

    def findings(self, options: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yields the findings about the keys, all of whose documents are here."""
        if not self.ids:
            return
        # In the order of the ids, as one run on all documents has them.
        ordered = sorted(self.ids)
        paths = {}
        for index, id_ in enumerate(ordered):
            path = os.path.join(self.folder, f"{index:012}.json-seq")
            os.rename(os.path.join(self.folder, str(self.ids[id_])), path)
            paths[path] = id_
        process = _Process(["check", "--threads", "1", *options, "--format", "verdicts", "--files-from", "-"])

        def write(stdin: IO[bytes]) -> None:
            for path in paths:
                stdin.write(os.fsencode(path) + b"\0")

        try:
            for line in process.feed(write):
                entry = json.loads(line)
                for finding in entry["findings"] if entry.get("across") else []:
                    # About other keys there may be documents elsewhere.
                    if finding["key"] in self.keys:
                        other = paths[finding["other"]["file"]]
                        yield (paths[entry["file"]], other, entry["document"], *_finding(finding, 2).values())
        finally:
            process.close()
            shutil.rmtree(self.folder)
