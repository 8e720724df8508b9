"""Stubs and recordings, with the real clients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import imagelint
import pytest
from conftest import ARN, response
from imagelint.testing import checked

boto3 = pytest.importorskip("boto3")


@pytest.fixture
def session() -> Any:
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    return boto3.Session(region_name="us-west-2", **keys)


def test_a_stubber_takes_what_is_valid_only(session: Any, clean: Any) -> None:
    from botocore.stub import Stubber

    client = session.client("imagebuilder")
    stubber = checked(Stubber(client))
    image = response()["image"]
    stubber.add_response("get_image", {"image": image}, {"imageBuildVersionArn": ARN})
    with stubber:
        returned = client.get_image(imageBuildVersionArn=ARN)
    assert imagelint.check(returned).ok
    image["platform"] = "linux"
    # botocore alone takes it without a word.
    Stubber(client).add_response("get_image", {"image": image})
    with pytest.raises(AssertionError, match="unknown value `linux`"):
        stubber.add_response("get_image", {"image": image})
    with pytest.raises(imagelint.ImagelintError, match="another service"):
        checked(Stubber(session.client("s3")))
    with pytest.raises(TypeError, match="no Stubber"):
        checked(object())


def test_answers_that_say_little_are_taken(session: Any) -> None:
    from botocore import xform_name
    from botocore.stub import Stubber

    client = session.client("imagebuilder")
    stubber = checked(Stubber(client))
    for operation in client.meta.service_model.operation_names:
        stubber.add_response(xform_name(operation), {})
    stubber.add_response("delete_image", {"requestId": "a", "imageBuildVersionArn": ARN})
    with pytest.raises(AssertionError, match="arn"):
        stubber.add_response("delete_image", {"imageBuildVersionArn": ARN.replace("123456789012", "1234")})


def test_recordings_of_placebo_are_checked(session: Any, tmp_path: Path, faulty: Any) -> None:
    placebo = pytest.importorskip("placebo")
    recording = tmp_path / "imagebuilder.GetImage_1.json"
    (tmp_path / "s3.ListBuckets_1.json").write_text('{"status_code": 200, "data": {"Buckets": 7}}')

    def play(document: Any) -> Any:
        recording.write_text(json.dumps({"status_code": 200, "data": document}))
        pill = checked(placebo.attach(session, data_path=str(tmp_path)))
        pill.playback()
        return session.client("imagebuilder").get_image(imageBuildVersionArn=ARN)

    assert imagelint.check(play(response())).ok
    with pytest.raises(AssertionError, match="unknown value `linux`"):
        play(faulty)


def test_cassettes_of_vcr_are_checked(session: Any, tmp_path: Path, faulty: Any) -> None:
    vcr = pytest.importorskip("vcr")
    cassette = tmp_path / "get-image.yaml"

    def play(document: Any) -> Any:
        interaction = {
            "request": {
                "method": "GET",
                "uri": f"https://imagebuilder.us-west-2.amazonaws.com/GetImage?imageBuildVersionArn={ARN.replace(':', '%3A').replace('/', '%2F')}",
                "body": "",
                "headers": {},
            },
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {"Content-Type": ["application/json"]},
                "body": {"string": json.dumps(document)},
            },
        }
        cassette.write_text(json.dumps({"version": 1, "interactions": [interaction]}))
        recorder = checked(vcr.VCR(record_mode="none", match_on=["method", "host", "path"]))
        with recorder.use_cassette(str(cassette)):
            return session.client("imagebuilder").get_image(imageBuildVersionArn=ARN)

    assert imagelint.check(play(response())).ok
    with pytest.raises(AssertionError, match="unknown value `linux`"):
        play(faulty)
    # Not from Image Builder.
    play({"Buckets": 7})
