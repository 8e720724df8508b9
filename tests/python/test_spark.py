"""Spark on a local cluster: the same verdicts as one process, whatever the partitions, and when an executor is killed.

IMAGELINT_SPARK_DOCUMENTS sets how many documents there are, of some 1.2 KB each; IMAGELINT_SPARK_CLUSTER another master. With a
million, five gigabytes are needed for temporary files; `-s` shows what the executors needed.
"""

from __future__ import annotations

import bisect
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import response

pytest.importorskip("pyspark")
pytest.importorskip("pandas")
pytest.importorskip("pyarrow")
if shutil.which("java") is None:
    pytest.skip("there is no Java", allow_module_level=True)

from imagelint import ImagelintError, ProgramNotFound, spark

COUNT = int(os.environ.get("IMAGELINT_SPARK_DOCUMENTS", "2000"))
MASTER = os.environ.get("IMAGELINT_SPARK_CLUSTER", "local-cluster[2,1,1024]")
PROGRAM = os.environ.get("IMAGELINT_BIN", "imagelint")
#: Each as many as one executor has in memory, if there are many documents.
PARTITIONS = [1, 5] if COUNT < 100_000 else [32]
MIB = 1 << 20
MEMBERS = ["document", "kind", "id", "checked", "ok", "errors", "warnings", "infos"]
FINDING = ["rule", "severity", "pointer", "embeddedPointer", "column", "message", "key"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("spark")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def session(folder: Path) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(MASTER).appName("imagelint").config("spark.ui.enabled", "false")
    for name in ["IMAGELINT_BIN", "PYTHONPATH"]:
        builder = builder.config(f"spark.executorEnv.{name}", os.environ.get(name, ""))
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    builder = builder.config("spark.driver.memory", "1g").config("spark.local.dir", str(folder / "shuffle"))
    session = builder.config("spark.sql.shuffle.partitions", "4" if COUNT < 100_000 else "16").getOrCreate()
    yield session
    session.stop()


def documents() -> Iterator[str]:
    """Captures clean and faulty, texts that break off, two in one text, and pairs that contradict each other."""
    clean = response()
    kept = ["arn", "name", "version", "type", "platform", "state", "osVersion", "outputResources", "dateCreated"]
    clean["image"] = {name: clean["image"][name] for name in kept}
    building = {"image": {"platform": "Linux", "state": {"status": "BUILDING"}}}
    days = [response(f"invalid/x-same-arn/two-dates/{day}.json") for day in ("monday", "tuesday")]
    broken = json.dumps(response(), indent=1)[:900]
    arn = "arn:aws:imagebuilder:us-west-2:123456789012:image/web-server/1.2.3/"
    for index in range(COUNT):
        image = clean["image"]
        image["arn"], image["version"], image["platform"] = f"{arn}{index + 1}", f"1.2.3/{index + 1}", "Linux"
        # Both of a pair have the ARN of the first.
        for day in days:
            day["image"]["arn"] = f"{arn}{index // 100 * 100 + 8}"
        if index % 100 in (7, 57):
            yield json.dumps(days[index % 100 // 50])
        elif index % 100 == 32:
            yield json.dumps(building) + "\n" + "\n".join(map(json.dumps, days)).replace("web-server", "two-in-one")
        elif index % 10 == 3:
            image["platform"] = "linux"
            yield json.dumps(clean, indent=2 if index % 20 == 3 else None)
        elif index % 25 == 4:
            yield broken
        elif index % 25 == 9:
            yield "{}\n" + json.dumps(building)
        elif index % 25 == 14:
            yield json.dumps(building)[:-9] + "\r, \u2028\x85\x1e"
        else:
            yield json.dumps(clean)


def canonical(row: int, verdict: dict[str, Any], start: int = 1) -> str:
    """A line of text that has all of a verdict."""
    findings = [[*map(finding.get, FINDING), finding["line"] - start + 1] for finding in verdict.get("findings", [])]
    return f"{row:09} " + json.dumps([*map(verdict.get, MEMBERS), findings])


def write_sorted(path: Path, lines: Iterable[str]) -> Path:
    """Writes lines in order, without holding all of them."""
    with open(path, "wb") as file:
        sort = subprocess.Popen(
            ["sort", "-T", str(path.parent)], stdin=subprocess.PIPE, stdout=file, env={"LC_ALL": "C"}
        )
        assert sort.stdin is not None
        sort.stdin.writelines(f"{line}\n".encode() for line in lines)
        sort.stdin.close()
        assert sort.wait() == 0
    return path


class OneProcess:
    """What one process says of all documents, which stand in one file: of a stream, not all can be read again and compared."""

    def __init__(self, folder: Path) -> None:
        #: The line of the file on which a row starts, and whether it is on one line alone.
        self.starts, self.has_one_line = array("q"), bytearray()
        #: Verdicts by row, and those on rows of one line, without the row; sorted.
        self.verdicts, self.single_lines = folder / "expected", folder / "expected-single"
        self.across: list[tuple[Any, ...]] = []
        file = folder / "documents"
        self._write(file)
        with subprocess.Popen(
            [PROGRAM, "--format", "verdicts", "--threads", "1", str(file)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            write_sorted(self.verdicts, self._verdicts(process.stdout))
            assert process.stderr is not None
            said = process.stderr.read()
        assert said == b"" or (COUNT > 100_000 and b"too many to compare" in said and said.count(b"\n") == 1)
        file.unlink()
        with open(self.verdicts, encoding="utf-8") as lines:
            single = (line.rstrip("\n") for line in lines)
            write_sorted(self.single_lines, (line[10:] for line in single if self.has_one_line[int(line[:9])]))

    def _write(self, path: Path) -> None:
        """Writes a JSON text sequence."""
        at = 1
        with open(path, "wb") as file:
            for text in documents():
                # The separator is on a line of its own; within a text it would end it.
                self.starts.append(at + 1)
                self.has_one_line.append("\n" not in text and "\r" not in text)
                at += text.count("\n") + 2
                file.write(b"\x1e\n" + text.replace("\x1e", "\x1f").encode() + b"\n")

    def _row(self, line: int) -> int:
        return bisect.bisect_right(self.starts, line) - 1

    def _verdicts(self, stdout: Any) -> Iterator[str]:
        last, count = -1, 0
        for line in stdout:
            verdict = json.loads(line)
            row = self._row(verdict["line"])
            start = self.starts[row]
            if verdict.get("across"):
                for finding in verdict["findings"]:
                    other = self._row(finding["other"]["line"])
                    self.across.append((row, other, finding["rule"], finding["line"] - start + 1, finding["message"]))
                continue
            count = count + 1 if row == last else 0
            last = row
            yield canonical(row, {**verdict, "document": count}, start)


@pytest.fixture(scope="module")
def one_process(folder: Path) -> OneProcess:
    return OneProcess(folder)


@pytest.fixture(scope="module")
def captures(session: Any, folder: Path) -> Any:
    """The documents as a lake has them: Parquet in some files."""
    with open(folder / "captures.json", "w", encoding="utf-8") as file:
        file.writelines(json.dumps({"row": row, "text": text}) + "\n" for row, text in enumerate(documents()))
    read = session.read.schema("row long, text string").json(str(folder / "captures.json"))
    read.repartition(max(16, COUNT // 25_000)).write.parquet(str(folder / "parquet"))
    (folder / "captures.json").unlink()
    return session.read.parquet(str(folder / "parquet"))


def check_same(frame: Any, expected: Path, *, has_rows: bool = True) -> None:
    """Fails unless the verdicts that Spark writes are, to the last byte, those that are expected."""
    results, found = expected.parent / "results", expected.parent / "found"

    def lines() -> Iterator[str]:
        for part in sorted(results.glob("part-*")):
            with open(part, encoding="utf-8") as file:
                for line in file:
                    verdict = json.loads(line)
                    text = canonical(verdict.get("row", 0), verdict)
                    yield text if has_rows else text[10:]

    try:
        started = time.monotonic()
        frame.write.json(str(results))
        print(f"checked in {time.monotonic() - started:.1f} s")
        write_sorted(found, lines())
        same = subprocess.run(["cmp", str(found), str(expected)], capture_output=True, text=True, check=False)
        if same.returncode:
            differences = subprocess.run(
                ["diff", str(found), str(expected)], capture_output=True, text=True, check=False
            )
            pytest.fail(same.stdout + same.stderr + differences.stdout[:4000])
    finally:
        shutil.rmtree(results, ignore_errors=True)
        found.unlink(missing_ok=True)


class Memory:
    """The most memory that the processes of the executors had, by program, in bytes."""

    def __init__(self, session: Any) -> None:
        self.application = session.sparkContext.applicationId
        self.most: dict[str, int] = {}
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def __enter__(self) -> dict[str, int]:
        self.thread.start()
        return self.most

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()
        print({name: f"{most // MIB} MiB" for name, most in self.most.items()})

    def _watch(self) -> None:
        while not self.is_over.wait(0.3):
            parents = {}
            for status in Path("/proc").glob("[0-9]*/status"):
                try:
                    entries = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
                except (OSError, UnicodeDecodeError):
                    continue
                if "VmHWM" in entries:
                    size = int(entries["VmHWM"].split()[0]) * 1024
                    parents[int(status.parent.name)] = (int(entries["PPid"]), entries["Name"].strip(), size)
            for pid in executors(self.application):
                self._add(pid, parents)

    def _add(self, pid: int, parents: dict[int, tuple[int, str, int]]) -> None:
        if pid in parents:
            _, name, size = parents[pid]
            name = name.rstrip("0123456789.")
            self.most[name] = max(self.most.get(name, 0), size)
        for child, (parent, _, _) in parents.items():
            if parent == pid:
                self._add(child, parents)


def executors(application: str) -> list[int]:
    pattern = f"CoarseGrainedExecutorBackend.*--app-id {application}"
    found = subprocess.run(["pgrep", "-f", pattern], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def test_a_text_in_a_stream_is_judged_as_in_a_file(one_process: OneProcess, tmp_path: Path) -> None:
    texts = list(itertools.islice(documents(), 2000))
    for row, text in enumerate(texts):
        (tmp_path / f"{row:09}.json").write_bytes(text.encode())
    listed = "\n".join(f"{row:09}.json" for row in range(len(texts)))
    command = [PROGRAM, "--format", "verdicts", "--files-from", "-"]
    done = subprocess.run(command, cwd=tmp_path, input=listed.encode(), capture_output=True, check=False)
    assert done.stderr == b""
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    lines = [canonical(int(verdict["file"][:9]), verdict) for verdict in verdicts if "across" not in verdict]
    with open(one_process.verdicts, encoding="utf-8") as expected:
        assert sorted(lines) == [next(expected).rstrip("\n") for _ in lines]


@pytest.mark.parametrize("partitions", PARTITIONS)
def test_verdicts_are_those_of_one_process(captures: Any, one_process: OneProcess, partitions: int) -> None:
    verdicts = spark.check(captures.repartition(partitions), "text")
    assert verdicts.columns[:2] == ["row", "document"]
    check_same(verdicts, one_process.verdicts)


@pytest.mark.skipif("cluster" not in MASTER, reason="there are no executors to kill")
def test_an_executor_that_is_killed_loses_and_doubles_nothing(
    session: Any, captures: Any, one_process: OneProcess
) -> None:
    tracker, application = session.sparkContext.statusTracker(), session.sparkContext.applicationId
    stages: set[int] = set()
    killed: list[int] = []
    is_over = threading.Event()

    def kill() -> None:
        """Kills an executor when some of its many tasks are done and others run."""
        while not killed and not is_over.wait(0.05):
            stages.update(tracker.getActiveStageIds())
            infos = filter(None, map(tracker.getStageInfo, tracker.getActiveStageIds()))
            many = (info for info in infos if info.numTasks >= 16)
            if any(info.numCompletedTasks >= info.numTasks // 8 and info.numActiveTasks > 1 for info in many):
                pid = executors(application)[0]
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    before = executors(application)
    thread = threading.Thread(target=kill)
    thread.start()
    try:
        with Memory(session) as most:
            # Else few tasks read all of the small files, and are over before one can be killed.
            session.conf.set("spark.sql.files.openCostInBytes", str(128 * MIB))
            check_same(spark.check(captures, "text"), one_process.verdicts)
    finally:
        session.conf.unset("spark.sql.files.openCostInBytes")
        is_over.set()
        thread.join()
    assert killed
    assert set(killed) <= set(before)
    failed = sum(info.numFailedTasks for info in filter(None, map(tracker.getStageInfo, stages)))
    assert failed >= 1, "the executor was idle"
    assert most["java"] < 2048 * MIB, most
    assert most["python"] < 400 * MIB, most
    # The kernel keeps 15 bytes of a name.
    assert most[Path(PROGRAM).name[:15]] < 64 * MIB, most


@pytest.mark.parametrize("compression", ["none", "gzip"])
def test_lines_of_text_are_checked(
    session: Any, captures: Any, one_process: OneProcess, folder: Path, compression: str
) -> None:
    lines = captures.where("not contains(text, '\n') and not contains(text, '\r')").select("text")
    lines.coalesce(8).write.text(str(folder / "text"), compression=compression)
    assert any(part.suffix == ".gz" for part in (folder / "text").glob("part-*")) == (compression == "gzip")
    try:
        read = session.read.text(str(folder / "text"))
        check_same(spark.check(read, "value"), one_process.single_lines, has_rows=False)
    finally:
        shutil.rmtree(folder / "text")


@pytest.mark.parametrize("partitions", PARTITIONS)
def test_comparisons_do_not_depend_on_partitions(
    captures: Any, request: pytest.FixtureRequest, partitions: int
) -> None:
    found = spark.compare(captures.repartition(partitions), "text", "row").collect()
    # The pairs, and the two in one text.
    pairs = [(at + 57, at + 7, 1) for at in range(0, COUNT, 100)] + [
        (at + 32, at + 32, 3) for at in range(0, COUNT, 100)
    ]
    message = (
        "`dateCreated` is `2026-09-04T05:44:21.121Z`, but `2026-09-03T05:44:21.121Z` in another capture of this build"
    )
    expected = [(row, other, "x-same-arn", line, message) for row, other, line in sorted(pairs)]
    assert sorted((one["row"], one["other"], one["rule"], one["line"], one["message"]) for one in found) == expected
    # One process compares no more than a quarter of a million.
    if COUNT < 100_000:
        assert sorted(request.getfixturevalue("one_process").across) == expected


def test_only_what_can_contradict_is_compared(session: Any) -> None:
    texts = []
    for build in range(3):
        capture = response()
        capture["image"]["arn"] = capture["image"]["arn"].replace("1.2.3/4", f"1.2.3/{build}")
        capture["image"]["version"] = f"1.2.3/{build}"
        texts.append(json.dumps(capture))
    days = [json.dumps(response(f"invalid/x-same-arn/two-dates/{day}.json")) for day in ("monday", "tuesday")]

    def keys(texts: list[str]) -> set[str]:
        documents = session.createDataFrame(enumerate(texts), "imagelint_id long, imagelint_text string")
        return {row["imagelint_key"] for row in spark._meeting(spark._keyed(documents)).collect()}

    assert keys(texts) == set(), "no request is there to be compared with what all were built from"
    key = json.loads(days[0])["image"]["arn"]
    for together in [days, ["\n".join(days)], [f'{{"first": {days[0]}, "second": {days[1]}}}']]:
        assert keys([*texts, *together]) == {key}
        documents = session.createDataFrame(enumerate(together), "row long, text string")
        [found] = spark.compare(documents, "text", "row").collect()
        assert (found["rule"], found["key"]) == ("x-same-arn", key)
    request = {
        "name": "web-server",
        "semanticVersion": "1.2.3",
        "parentImage": "arn:aws:imagebuilder:us-west-2:aws:image/x/x.x.x",
    }
    request["components"] = [{"componentArn": "arn:aws:imagebuilder:us-west-2:aws:component/update-linux/1.0.2/1"}]  # type: ignore[assignment]
    assert keys([*texts, json.dumps(request)]) == {
        "image-recipe/web-server/1.2.3", "image-recipe/web-server"
    }  # fmt: skip


def test_nulls_and_blanks_have_no_verdict(session: Any) -> None:
    frame = session.createDataFrame([(1, None), (2, " \n"), (3, "{}"), (4, "\x1e{}\x1e{}")], "row long, text string")
    verdicts = {row["row"]: row for row in spark.check(frame.coalesce(1), "text").collect()}
    assert verdicts.keys() == {3, 4}
    assert not verdicts[4]["ok"]
    empty = session.createDataFrame([], "row long, text string")
    assert spark.check(empty, "text").collect() == []
    assert spark.compare(empty, "text", "row").collect() == []


def test_other_columns_stay_as_they_are(session: Any) -> None:
    columns = {
        "long": "2305843009213693951L",
        "a name": "'a'",
        "yes": "true",
        "at": "timestamp'2026-01-01 12:00:00.000001'",
        "day": "date'2026-01-01'",
        "price": "cast(1.10 as decimal(20,2))",
        "list": "array(1, null)",
        "map": "map('a', cast(null as int))",
        "struct": "named_struct('x', 1, 'y z', 'b')",
        "bytes": "x'00ff'",
        "float": "double('NaN')",
        "text": "'{}'",
    }
    row, nulls = ", ".join(columns.values()), "null, " * (len(columns) - 1) + "'{}'"
    names = ", ".join(f"`{name}`" for name in columns)
    frame = session.sql(f"SELECT * FROM VALUES ({row}), ({nulls}) AS some({names})").coalesce(1)
    verdicts = spark.check(frame, "text")
    assert verdicts.columns[:11] == frame.columns[:11]
    # NaN is not equal to itself.
    kept = [repr(tuple(row)[:11]) for row in verdicts.collect()]
    assert kept == [repr(tuple(row)[:11]) for row in frame.collect()]
    assert spark.check(frame.select("text"), "text").where("not ok").count() == 2


def test_columns_that_cannot_be_are_refused(session: Any) -> None:
    frame = session.createDataFrame([("a", "{}")], "kind string, text string")
    with pytest.raises(ValueError, match="kind"):
        spark.check(frame, "text")
    with pytest.raises(ValueError, match="there is no column txet; the columns are kind, text"):
        spark.check(frame, "txet")
    with pytest.raises(ValueError, match="there is no column row"):
        spark.compare(frame, "text", "row")
    with pytest.raises(ValueError, match="other"):
        spark.compare(frame.withColumnRenamed("kind", "other"), "text", "other")


def batches(texts: Iterable[Any], size: int = 1000, kind: str = "string") -> Iterator[Any]:
    import pyarrow

    for at in itertools.count(step=size):
        some = list(itertools.islice(texts, size))
        if not some:
            return
        rows = pyarrow.array(range(at, at + len(some)))
        yield pyarrow.RecordBatch.from_arrays([rows, pyarrow.array(some, kind)], names=["row", "text"])


def verdicts(texts: Iterable[Any], *options: str, **named: Any) -> Iterator[dict[str, Any]]:
    for batch in spark._verdicts(batches(iter(texts), **named), "text", ["row"], options):
        yield from batch.to_pylist()


def test_many_short_rows_pass_through_one_process() -> None:
    count = 20_000
    assert [row["row"] for row in verdicts(["{}"] * count, "--skip-unknown")] == list(range(count))


@pytest.mark.parametrize("kind", ["string", "large_string", "binary"])
def test_rows_are_told_apart_whatever_is_in_them(kind: str) -> None:
    odd = [*'\r\v\f\x85\u2028\0\x1e\x1f\ufeff\u00a0"[]', "\r\n", "{\n{"]
    texts: list[Any] = [
        text for one in odd for text in (one, f"{{}}{one}", f"{one}{{}}", f'{{"a": "{one}"}}', f"{{{one}")
    ]
    texts = [text for one in texts for text in (one, '{"image": {"platform": "linux"}}')]
    if kind == "binary":
        texts = [*(text.encode() for text in texts), b"\xff\xfe", b'{"a": "\xff"}', b"{}"]
    found = list(verdicts(texts, size=7, kind=kind))
    for row, text in enumerate(texts):
        text = text if isinstance(text, bytes) else text.encode()
        record = b"\x1e\n" + text.replace(b"\x1e", b"\x1f")
        alone = subprocess.run([PROGRAM, "--format", "verdicts", "-"], input=record, capture_output=True, check=False)
        expected = [canonical(row, json.loads(line), 2) for line in alone.stdout.splitlines()]
        assert [canonical(row, one) for one in found if one["row"] == row] == expected, text


def test_a_task_that_ends_early_leaves_no_process() -> None:
    endless = spark._verdicts(batches(itertools.repeat("{}")), "text", ["row"], ["--skip-unknown"])
    assert next(endless).num_rows > 0
    endless.close()  # type: ignore[attr-defined]
    left = subprocess.run(["pgrep", "-P", str(os.getpid()), "imagelint"], capture_output=True, check=False)
    assert left.stdout == b""


def test_a_program_that_fails_fails_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGELINT_BIN", "/no/such/imagelint")
    with pytest.raises(ProgramNotFound):
        list(verdicts(["{}"]))
    monkeypatch.setenv("IMAGELINT_BIN", PROGRAM)
    with pytest.raises(ImagelintError, match="get-imag"):
        list(verdicts(["{}"], "--kind", "get-imag"))


def test_a_program_that_is_killed_fails_the_task() -> None:
    def texts() -> Iterator[str]:
        yield from ["{}"] * 10_000
        [pid] = subprocess.run(
            ["pgrep", "-P", str(os.getpid()), "imagelint"], capture_output=True, check=False
        ).stdout.split()
        os.kill(int(pid), signal.SIGKILL)
        yield from ["{}"] * 10_000

    with pytest.raises(ImagelintError, match="SIGKILL"):
        list(verdicts(texts()))
