"""The scenario of all bindings, played in Python against the real server."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCENARIO = HERE.parents[2] / "tests" / "scenario"


def test_python_sees_what_every_other_binding_sees():
    command = [os.environ["STAGE"], SCENARIO / "scenario.json", SCENARIO / "seen.jsonl"]
    runner = f"{sys.executable} {HERE / 'runner.py'}"
    environment = os.environ | {"GRIDBOOK_BIN": os.environ["GRIDBOOK"]}
    subprocess.run([*command, runner], check=True, env=environment)
