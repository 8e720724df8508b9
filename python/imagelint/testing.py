"""Checks what tests feed to clients of Image Builder: stubbed responses and recordings.

moto is not among it, since it does not know Image Builder.
"""

from __future__ import annotations

import functools
import json
import os
from typing import Any, TypeVar

from imagelint import ImagelintError, _settings, assert_valid, check_paths
from imagelint._documents import content
from imagelint._program import run

__all__ = ["checked"]

Source = TypeVar("Source")


def checked(source: Source, *, settings: _settings.Settings | None = None) -> Source:
    """Makes a source of responses raise an AssertionError for each that is not valid, and returns it.

    The source is a `botocore.stub.Stubber`, whose responses are checked when they are added; a `placebo.Pill`, whose
    recordings are checked when it plays them back; or a `vcr.VCR`, whose responses are checked when they are recorded
    or loaded from a cassette. What is not from Image Builder is left alone.
    """
    if hasattr(source, "add_response"):
        _stubber(source, settings)
    elif hasattr(source, "playback"):
        _pill(source, settings)
    elif hasattr(source, "use_cassette"):
        _vcr(source, settings)
    else:
        raise TypeError(f"{type(source).__name__} is no Stubber, Pill or VCR")
    return source


@functools.cache
def _kinds() -> frozenset[str]:
    done = run(["kinds", "--format", "json"])
    return frozenset(kind["name"] for kind in json.loads(done.stdout) if "name" in kind)


def _is_ours(body: bytes, settings: Any) -> bool:
    """Whether something in a text is from Image Builder."""
    with _settings.arguments(settings) as chosen:
        options = ["--format", "verdicts", "--no-across", "--skip-unknown", *chosen]
        verdicts = run(["check", *options, "-"], body).stdout.splitlines()
    return any(json.loads(line)["checked"] for line in verdicts)


def _stubber(stubber: Any, settings: Any) -> None:
    if stubber.client.meta.service_model.service_name != "imagebuilder":
        raise ImagelintError("the stubber is for a client of another service than Image Builder")
    add = stubber.add_response

    @functools.wraps(add)
    def add_response(method: str, service_response: Any, expected_params: Any = None) -> Any:
        __tracebackhide__ = True
        kind = method.replace("_", "-")
        # Answers that say no more than that it was done, such as to DeleteImage, have no kind, and may be empty.
        if kind in _kinds():
            assert_valid(service_response, kind=kind, settings=settings)
        elif _is_ours(content(service_response), settings):
            assert_valid(service_response, settings=settings)
        return add(method, service_response, expected_params)

    stubber.add_response = add_response


def _pill(pill: Any, settings: Any) -> None:
    play = pill.playback

    @functools.wraps(play)
    def playback(*arguments: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        folder = pill.data_path
        names = sorted(os.listdir(folder)) if folder else []
        recordings = [os.path.join(folder, name) for name in names if name.startswith("imagebuilder.")]
        if recordings:
            report = check_paths(recordings, settings=settings)
            if not report.ok:
                raise AssertionError(f"imagelint found faults in recordings\n\n{report.text()}")
        return play(*arguments, **named)

    pill.playback = playback


def _vcr(recorder: Any, settings: Any) -> None:
    before = recorder.before_record_response
    chain = before if isinstance(before, (list, tuple)) else [before] if before else []

    def check_response(response: Any) -> Any:
        __tracebackhide__ = True
        body = response["body"]["string"]
        body = body.encode() if isinstance(body, str) else body
        # Cassettes hold answers of other services, too.
        if body and _is_ours(body, settings):
            assert_valid(body, settings=settings)
        return response

    recorder.before_record_response = [*chain, check_response]
