"""One picture of each stack of prod, so that a change of what is deployed is seen in the change that makes it.

`UPDATE_SNAPSHOTS=1 python -m pytest tests/test_snapshots.py` takes them anew.
"""

import json
import os
import re
from pathlib import Path

import pytest
from conftest import STACKS, Templates

SNAPSHOTS = Path(__file__).parent / "snapshots"
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def normalised(template: dict) -> str:
    """Without what changes by itself: paths of constructs, digests of the CDK's own code, the order of names."""
    kept = {part: template[part] for part in ("Resources", "Outputs") if part in template}
    for resource in kept["Resources"].values():
        resource.pop("Metadata", None)
    return DIGEST.sub("DIGEST", json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False)) + "\n"


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_is_as_it_was(stack: str, prod: Templates) -> None:
    path = SNAPSHOTS / f"{stack}.json"
    now = normalised(json.loads(prod.path(stack).read_text()))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(now)
    assert path.exists(), "no snapshot: see the head of this file"
    assert now.splitlines() == path.read_text().splitlines()
