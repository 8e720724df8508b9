"""Spark on a local cluster: the same verdicts as one process, whatever the partitions, and when an executor is killed.

IMAGELINT_SPARK_DOCUMENTS sets how many documents there are; IMAGELINT_SPARK_CLUSTER another master.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(MASTER).appName("imagelint").config("spark.ui.enabled", "false")
    for name in ["IMAGELINT_BIN", "PYTHONPATH"]:
        builder = builder.config(f"spark.executorEnv.{name}", os.environ.get(name, ""))
    builder = builder.config("spark.sql.shuffle.partitions", "4").config("spark.driver.bindAddress", "127.0.0.1")
    session = builder.config("spark.driver.host", "127.0.0.1").getOrCreate()
    yield session
    session.stop()


def documents() -> Iterator[str]:
    """Captures clean and faulty, texts that break off, others, and pairs that contradict each other."""
    clean, faulty = response(), response()
    faulty["image"]["platform"] = "linux"
    pair = [response(f"invalid/x-same-arn/two-dates/{day}.json") for day in ("monday", "tuesday")]
    broken = json.dumps(clean, indent=1)[:200]
    for index in range(COUNT):
        if index % 100 in (7, 57):
            capture = pair[index % 100 // 50]
            capture["image"]["arn"] = (
                f"arn:aws:imagebuilder:us-west-2:123456789012:image/web-server/1.2.3/{index // 100 + 1}"
            )
            yield json.dumps(capture)
        elif index % 10 == 3:
            yield json.dumps(faulty, indent=2 if index % 20 == 3 else None)
        elif index % 25 == 4:
            yield broken
        elif index % 25 == 9:
            yield "{}\n" + json.dumps({"image": {"platform": "Linux", "state": {"status": "BUILDING"}}})
        else:
            yield json.dumps({"image": {"platform": "Linux", "state": {"status": "BUILDING"}, "name": f"web {index}"}})


@pytest.fixture(scope="module")
def rows() -> list[tuple[int, str]]:
    return list(enumerate(documents()))


@pytest.fixture(scope="module")
def one_process(rows: list[tuple[int, str]]) -> list[tuple[Any, ...]]:
    """The verdicts of one process, which reads a file for each row."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for index, text in rows:
            (Path(folder) / f"{index:09}.json").write_text(text)
        listed = "\n".join(f"{index:09}.json" for index, _ in rows)
        command = [PROGRAM, "--format", "verdicts", "--files-from", "-"]
        done = subprocess.run(command, cwd=folder, input=listed.encode(), capture_output=True, check=False)
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.splitlines()]


def expected_verdicts(lines: list[Any]) -> list[tuple[Any, ...]]:
    return sorted(
        (int(line["file"][:9]), line["document"], line["kind"], line["id"], line["ok"], places(line["findings"]))
        for line in lines
        if "across" not in line
    )


def places(findings: Any) -> list[tuple[Any, ...]]:
    return [(finding["rule"], finding["line"], finding["column"], finding["pointer"]) for finding in findings]


def collected(frame: Any) -> list[tuple[Any, ...]]:
    return sorted(
        (row["row"], row["document"], row["kind"], row["id"], row["ok"], places(row["findings"]))
        for row in frame.collect()
    )


@pytest.mark.parametrize("partitions", [1, 5])
def test_verdicts_are_those_of_one_process(session: Any, rows: Any, one_process: Any, partitions: int) -> None:
    frame = session.createDataFrame(rows, "row long, text string").repartition(partitions)
    verdicts = spark.check(frame, "text")
    assert verdicts.columns[:2] == ["row", "document"]
    assert collected(verdicts) == expected_verdicts(one_process)


def test_files_of_a_lake_are_checked(session: Any, rows: Any, one_process: Any, tmp_path: Path) -> None:
    frame = session.createDataFrame(rows, "row long, text string")
    frame.write.parquet(str(tmp_path / "parquet"))
    assert collected(spark.check(session.read.parquet(str(tmp_path / "parquet")), "text")) == expected_verdicts(
        one_process
    )
    lines = frame.where("not contains(text, '\n')")
    lines.select("text").write.text(str(tmp_path / "text"), compression="gzip")
    read = spark.check(session.read.text(str(tmp_path / "text")), "value")
    assert read.where("not ok").count() == spark.check(lines, "text").where("not ok").count() > 0


@pytest.mark.parametrize("partitions", [1, 3])
def test_comparisons_do_not_depend_on_partitions(session: Any, rows: Any, one_process: Any, partitions: int) -> None:
    frame = session.createDataFrame(rows, "row long, text string").repartition(partitions)
    found = spark.compare(frame, "text", "row").collect()
    expected = sorted(
        (int(line["file"][:9]), int(finding["other"]["file"][:9]), finding["rule"], finding["line"], finding["message"])
        for line in one_process
        if "across" in line
        for finding in line["findings"]
    )
    assert len(expected) == COUNT // 100
    assert sorted((one["row"], one["other"], one["rule"], one["line"], one["message"]) for one in found) == expected


def test_nulls_and_blanks_have_no_verdict(session: Any) -> None:
    frame = session.createDataFrame([(1, None), (2, " \n"), (3, "{}"), (4, "\x1e{}\x1e{}")], "row long, text string")
    verdicts = {row["row"]: row for row in spark.check(frame.coalesce(1), "text").collect()}
    assert verdicts.keys() == {3, 4}
    assert not verdicts[4]["ok"]
    empty = session.createDataFrame([], "row long, text string")
    assert spark.check(empty, "text").collect() == []
    with pytest.raises(ValueError, match="kind"):
        spark.check(session.createDataFrame([("a", "{}")], "kind string, text string"), "text")


def test_many_short_rows_pass_through_one_process() -> None:
    import pandas

    count = 20_000
    batches = (pandas.DataFrame({"row": range(at, at + 1000), "text": "{}"}) for at in range(0, count, 1000))
    frames = spark._verdicts(iter(batches), "text", ["row"], ["--skip-unknown"])
    assert [row for frame in frames for row in frame["row"]] == list(range(count))


def test_a_task_that_ends_early_leaves_no_process() -> None:
    import pandas

    batches = itertools.repeat(pandas.DataFrame({"row": [1] * 1000, "text": ["{}"] * 1000}))
    frames = spark._verdicts(batches, "text", ["row"], ["--skip-unknown"])
    assert len(next(frames)) > 0
    frames.close()  # type: ignore[attr-defined]
    left = subprocess.run(["pgrep", "-P", str(os.getpid()), "imagelint"], capture_output=True, check=False)
    assert left.stdout == b""


def test_a_program_that_fails_fails_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas

    batches = [pandas.DataFrame({"row": [1], "text": ["{}"]})]
    monkeypatch.setenv("IMAGELINT_BIN", "/no/such/imagelint")
    with pytest.raises(ProgramNotFound):
        list(spark._verdicts(iter(batches), "text", ["row"], []))
    monkeypatch.setenv("IMAGELINT_BIN", PROGRAM)
    with pytest.raises(ImagelintError, match="get-imag"):
        list(spark._verdicts(iter(batches), "text", ["row"], ["--kind", "get-imag"]))


@pytest.mark.skipif("cluster" not in MASTER, reason="there are no executors to kill")
def test_an_executor_that_is_killed_loses_and_doubles_nothing(session: Any, rows: Any, one_process: Any) -> None:
    executors = subprocess.run(
        ["pgrep", "-f", f"CoarseGrainedExecutorBackend.*--app-id {session.sparkContext.applicationId}"],
        capture_output=True,
        text=True,
        check=False,
    )
    children = [int(pid) for pid in executors.stdout.split()]
    assert children
    killed: list[int] = []

    def kill() -> None:
        time.sleep(1)
        for pid in children:
            try:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                return
            except ProcessLookupError:
                continue

    frame = session.createDataFrame(rows, "row long, text string").repartition(16)
    verdicts = spark.check(frame, "text")
    thread = threading.Thread(target=kill)
    thread.start()
    found = collected(verdicts)
    thread.join()
    assert killed
    assert found == expected_verdicts(one_process)
