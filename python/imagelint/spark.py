"""Checks a column of documents with Apache Spark: a process of the program for each task, fed row by row.

The second stage compares documents that describe the same thing, whatever partition they are in.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

from imagelint._program import ImagelintError, check_end, check_version, program, version_text

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame

__all__ = ["check", "compare"]

_FINDING = {
    "rule": "string",
    "severity": "string",
    "pointer": "string",
    "embeddedPointer": "string",
    "line": "int",
    "column": "int",
    "message": "string",
    "key": "string",
}
_VERDICT = {
    "document": "int",
    "kind": "string",
    "id": "string",
    "checked": "boolean",
    "ok": "boolean",
    "errors": "int",
    "warnings": "int",
    "infos": "int",
}
_KEY = {"imagelint_key": "string", "side": "string", "opposites": "string", "count": "int"}
#: How many rows the frames of results have at most.
_ROWS = 4096
#: How many rows are converted to bytes at once.
_SLICE = 64
#: How much of documents a process compares at once, at least; documents that describe one thing are never separated.
_BATCH, _DOCUMENTS = 32 << 20, 8192


def check(df: DataFrame, column: str, *, options: Sequence[str] = ()) -> DataFrame:
    """Returns the verdicts on the documents in a column of text or bytes, with the other columns of their rows.

    There is a row for each document: one for each row of `df`, unless its text holds several, or none. `line` of a
    finding counts from the start of the text. `options` are further arguments of the program, such as
    `["--fail-on", "warning"]` or `["--skip-unknown"]`. Rows where the column is null or blank have no verdict.

    Nothing is lost or doubled where Spark runs a task again: a task that fails returns nothing.
    """
    from pyspark.sql.types import ArrayType, StructField, StructType

    _find(df, column)
    kept = [field for field in df.schema.fields if field.name != column]
    _refuse_clash({field.name for field in kept}, {*_VERDICT, "findings"})
    names, arguments = [field.name for field in kept], list(options)

    def task(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        return _verdicts(batches, column, names, arguments)

    findings = StructField("findings", ArrayType(StructType(_fields(_FINDING))))
    return df.mapInArrow(task, schema=StructType([*kept, *_fields(_VERDICT), findings]))


def compare(df: DataFrame, column: str, id_column: str, *, options: Sequence[str] = ()) -> DataFrame:
    """Returns the findings of the rules that compare documents, with the id of the row of each.

    Documents are brought together by the keys that `imagelint keys` tells, so that the result does not depend on
    partitions: it is that of one process on all documents in the order of `id_column`, whose values must be unique. The
    columns are the id, `other` (the id of the row that contradicts), `document`, and those of findings.
    """
    from pyspark.sql import functions as f
    from pyspark.sql.types import StructField, StructType

    arguments = list(options)
    id_type = _find(df, id_column).dataType
    _find(df, column)
    _refuse_clash({id_column}, {"other", "document", *_FINDING})

    def groups(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        return _compared(batches, "imagelint_text", id_column, arguments)

    documents = df.select(
        f.col(_quoted(id_column)).alias("imagelint_id"), f.col(_quoted(column)).alias("imagelint_text")
    )
    keyed = _keyed(documents)
    meeting = _meeting(keyed)
    wanted = keyed.join(meeting, "imagelint_key").select("imagelint_id", "imagelint_key").distinct()
    together = (
        wanted.join(documents, "imagelint_id")
        .repartition(f.col("imagelint_key"))
        .sortWithinPartitions("imagelint_key", "imagelint_id")
    )
    schema = StructType(
        [StructField(id_column, id_type), StructField("other", id_type), *_fields({"document": "int", **_FINDING})]
    )
    return together.select("imagelint_id", "imagelint_text", "imagelint_key").mapInArrow(groups, schema=schema)


def _keyed(documents: DataFrame) -> DataFrame:
    """What each document describes."""
    from pyspark.sql.types import StructType

    def keys(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        return _keys(batches, "imagelint_text", ["imagelint_id"])

    return documents.mapInArrow(keys, schema=StructType([_find(documents, "imagelint_id"), *_fields(_KEY)]))


def _meeting(keyed: DataFrame) -> DataFrame:
    """The keys of what can contradict another document.

    All captures of a pipeline share the key of its configuration, but unless there is a request for that, nothing is
    compared; all of them would be in one task.
    """
    from pyspark.sql import functions as f

    sides = keyed.groupBy("imagelint_key", "side", "opposites").agg(f.sum("count").alias("count"))
    meeting = sides.groupBy("imagelint_key").agg(f.collect_list(f.struct("side", "opposites", "count")).alias("sides"))
    return meeting.where(
        "exists(sides, one -> exists(sides, other -> array_contains(split(one.opposites, ' '), other.side)"
        " and (one.side <> other.side or other.count > 1)))"
    ).select("imagelint_key")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _find(df: DataFrame, name: str) -> Any:
    """Returns a field of a frame."""
    for field in df.schema.fields:
        if field.name == name:
            return field
    raise ValueError(f"there is no column {name}; the columns are {', '.join(df.columns)}")


def _refuse_clash(names: set[str], own: set[str]) -> None:
    if names & own:
        raise ValueError(f"verdicts have columns of these names as well: {', '.join(sorted(names & own))}")


def _fields(columns: dict[str, str]) -> list[Any]:
    """The fields of a frame of Spark with columns of these names and types."""
    from pyspark.sql.types import BooleanType, IntegerType, StringType, StructField

    types = {"string": StringType(), "int": IntegerType(), "boolean": BooleanType()}
    return [StructField(name, types[kind]) for name, kind in columns.items()]


def _arrow(columns: dict[str, str]) -> dict[str, Any]:
    """The types that Arrow has for columns of these names and types."""
    import pyarrow

    types = {"string": pyarrow.string(), "int": pyarrow.int32(), "boolean": pyarrow.bool_()}
    return {name: types[kind] for name, kind in columns.items()}


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
        # It ends up in the log of the executor.
        sys.stderr.write(said.decode(errors="replace"))

    def close(self) -> None:
        """Ends the process, where Spark ends the task early."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.said.close()


def _record(text: bytes) -> bytes:
    """A record of a JSON text sequence (RFC 7464). A separator in a text is no JSON, and must not end the record."""
    return b"\x1e\n" + text.replace(b"\x1e", b"\x1f") + b"\n"


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


def _texts(batches: Iterable[pyarrow.RecordBatch], column: str) -> Iterator[tuple[pyarrow.RecordBatch, int, bytes]]:
    """Yields the texts that are not blank, with the batch of each and the index in there."""
    import pyarrow

    for batch in batches:
        texts = batch.column(batch.schema.get_field_index(column))
        for start in range(0, len(texts), _SLICE):
            # Not all at once: a batch of Spark's has 10000 rows.
            slice_ = texts.slice(start, _SLICE).cast(pyarrow.large_binary()).to_pylist()
            for index, text in enumerate(slice_, start):
                # What the program takes for blank, too.
                if text is not None and text.strip(b" \t\n\r\f"):
                    yield batch, index, text


#: A row of a batch: the batch and the index in there.
_Row = tuple[Any, int]


def _fed(
    batches: Iterable[pyarrow.RecordBatch], column: str, arguments: Sequence[str]
) -> Iterator[tuple[_Row, int, dict[str, Any]]]:
    """Yields each line of the program with its row and where that starts in the input."""
    rows = _Rows()

    def write(stdin: IO[bytes]) -> None:
        for batch, index, text in _texts(batches, column):
            record = _record(text)
            rows.add((batch, index), record)
            stdin.write(record)

    process = _Process(arguments)
    try:
        for line in process.feed(write):
            entry = json.loads(line)
            start, row = rows.find(entry["line"])
            yield row, start, entry
    finally:
        process.close()


def _joined(
    rows: Iterable[tuple[_Row, tuple[Any, ...]]], kept: Sequence[str], types: dict[str, Any]
) -> Iterator[pyarrow.RecordBatch]:
    """Makes batches of columns of rows, exactly as they came, and of further values."""
    import pyarrow

    held: Any = None
    indices: list[int] = []
    values: list[tuple[Any, ...]] = []

    def joined() -> pyarrow.RecordBatch:
        taken = pyarrow.array(indices, pyarrow.int32())
        columns = [held.column(held.schema.get_field_index(name)).take(taken) for name in kept]
        return _batch(values, types, dict(zip(kept, columns)))

    for (batch, index), row in rows:
        if indices and (batch is not held or len(indices) == _ROWS):
            yield joined()
            indices, values = [], []
        held = batch
        indices.append(index)
        values.append(row)
    if indices:
        yield joined()


def _batch(rows: list[tuple[Any, ...]], types: dict[str, Any], kept: dict[str, Any]) -> pyarrow.RecordBatch:
    """Makes a batch of rows, behind columns that are kept."""
    import pyarrow

    columns = [pyarrow.array(column, kind) for column, kind in zip(zip(*rows), types.values())]
    return pyarrow.RecordBatch.from_arrays([*kept.values(), *columns], names=[*kept, *types])


def _verdicts(
    batches: Iterator[pyarrow.RecordBatch], column: str, names: Sequence[str], options: Sequence[str]
) -> Iterator[pyarrow.RecordBatch]:
    import pyarrow

    arguments = ["check", "--threads", "1", *options, "--format", "verdicts", "--no-across", "-"]
    members = list(_VERDICT)[1:]

    def rows() -> Iterator[tuple[_Row, tuple[Any, ...]]]:
        last, count = None, 0
        for row, start, entry in _fed(batches, column, arguments):
            # Documents are counted in their row.
            count = count + 1 if last == start else 0
            last = start
            findings = [_finding(finding, start) for finding in entry["findings"]]
            yield row, (count, *(entry[member] for member in members), findings)

    findings = pyarrow.list_(pyarrow.struct(list(_arrow(_FINDING).items())))
    yield from _joined(rows(), names, {**_arrow(_VERDICT), "findings": findings})


def _finding(finding: dict[str, Any], start: int) -> dict[str, Any]:
    return {**{name: finding.get(name) for name in _FINDING}, "line": finding["line"] - start + 1}


def _keys(batches: Iterator[pyarrow.RecordBatch], column: str, names: Sequence[str]) -> Iterator[pyarrow.RecordBatch]:
    """What each row describes: a key, the side that it takes in comparisons, and those that it is compared with."""

    def rows() -> Iterator[tuple[_Row, tuple[Any, ...]]]:
        for row, _, entry in _fed(batches, column, ["keys", "-"]):
            found: dict[tuple[str, str], tuple[set[str], int]] = {}
            for key in entry["keys"]:
                opposites, _ = found.setdefault((key["key"], key["side"]), (set(), key.get("count", 1)))
                opposites.add(key.get("with", key["side"]))
            for (text, side), (opposites, count) in found.items():
                yield row, (text, side, " ".join(sorted(opposites)), count)

    yield from _joined(rows(), names, _arrow(_KEY))


def _compared(
    batches: Iterator[pyarrow.RecordBatch], column: str, id_column: str, options: Sequence[str]
) -> Iterator[pyarrow.RecordBatch]:
    types: dict[str, Any] = {}

    def rows() -> Iterator[tuple[Any, ...]]:
        with tempfile.TemporaryDirectory(prefix="imagelint-") as folder:
            group = _Group(folder)
            for batch, index, text in _texts(batches, column):
                if not types:
                    id_type = batch.schema.field("imagelint_id").type
                    types.update({id_column: id_type, "other": id_type, **_arrow({"document": "int", **_FINDING})})
                id_, key = (
                    batch.column(batch.schema.get_field_index(name))[index].as_py()
                    for name in ["imagelint_id", "imagelint_key"]
                )
                if key != group.last and (group.size >= _BATCH or len(group.ids) >= _DOCUMENTS):
                    yield from group.findings(options)
                    group = _Group(folder)
                group.add(id_, key, text)
            yield from group.findings(options)

    found: list[tuple[Any, ...]] = []
    for row in rows():
        found.append(row)
        if len(found) == _ROWS:
            yield _batch(found, types, {})
            found = []
    if found:
        yield _batch(found, types, {})


class _Group:
    """The documents of some keys, each once, on disk: the program reads those again that it compares."""

    def __init__(self, folder: str) -> None:
        self.folder = tempfile.mkdtemp(dir=folder)
        self.keys: set[str] = set()
        self.ids: dict[Any, int] = {}
        self.last: str | None = None
        self.size = 0

    def add(self, id_: Any, key: str, text: bytes) -> None:
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
