"""Has botocore's Stubber check captured GetImage responses, as unit tests do: stubber.py FOLDER."""

import json
import pathlib
import sys

import botocore.session
from botocore.stub import Stubber

client = botocore.session.get_session().create_client(
    "imagebuilder", region_name="us-west-2", aws_access_key_id="none", aws_secret_access_key="none"
)
stubber = Stubber(client)
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.json")):
    stubber.add_response("get_image", json.loads(path.read_bytes()))
