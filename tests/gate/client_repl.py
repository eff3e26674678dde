"""Runs the official client as users do: one JSON object a line tells what to call, one answers what came of it.

It is given to the Python whose client is tried, so it imports nothing of cardlint.
"""

import json
import sys
import warnings

import huggingface_hub
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, DatasetCard, HfApi, ModelCard

OPERATIONS = {"add": CommitOperationAdd, "delete": CommitOperationDelete, "copy": CommitOperationCopy}
api = HfApi()


def call(name, arguments):
    if name == "push_card":
        card = (DatasetCard if arguments.pop("dataset", False) else ModelCard)(arguments.pop("content"))
        return str(card.push_to_hub(**arguments))
    if name == "create_commit":
        arguments["operations"] = [OPERATIONS[each.pop("op")](**each) for each in arguments["operations"]]
    if "text" in arguments:
        arguments["path_or_fileobj"] = arguments.pop("text").encode()
    found = getattr(api, name)(**arguments)
    return str(found)


print(json.dumps({"version": huggingface_hub.__version__}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = {"ok": True, "result": call(asked["call"], asked["with"])}
        except Exception as error:  # noqa: BLE001  # whatever the client raises is what a user sees
            answer = {"ok": False, "type": type(error).__name__, "error": str(error)}
    answer["warnings"] = [str(each.message) for each in caught]
    print(json.dumps(answer), flush=True)
