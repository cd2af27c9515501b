"""Trajectories under harbor's validator, and one that mini-swe-agent wrote, by itself and as harbor makes ATIF of it.

python harbor_atif.py FOLDER
"""

import json
import os
import sys
from importlib.metadata import version
from pathlib import Path

os.environ["MSWEA_SILENT_STARTUP"] = "1"

from harbor.agents.installed.mini_swe_agent import convert_mini_swe_agent_to_atif  # noqa: E402
from harbor.utils.trajectory_validator import TrajectoryValidator  # noqa: E402
from minisweagent.agents.default import DefaultAgent  # noqa: E402
from minisweagent.environments.local import LocalEnvironment  # noqa: E402
from minisweagent.models.test_models import DeterministicToolcallModel, make_toolcall_output  # noqa: E402

folder, wrong = Path(sys.argv[1]), []
files = sorted((folder / "trajectories").glob("*.json"))
for file in files:
    validator = TrajectoryValidator()
    if not validator.validate(file):
        wrong.append(f"{file.name}: {validator.errors[:2]}")


def call(i, command):
    made = [{"id": f"c{i}", "type": "function", "function": {"name": "bash", "arguments": json.dumps({"command": command})}}]
    return made, [{"command": command, "tool_call_id": f"c{i}"}]


said = [("Look first.", "echo hello; ls /nonexistent"), ("Done.", "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT; echo 42")]
outputs = [make_toolcall_output(text, *call(i, command)) for i, (text, command) in enumerate(said)]
agent = DefaultAgent(DeterministicToolcallModel(outputs=outputs), LocalEnvironment(), system_template="You are a helpful assistant.", instance_template="Please solve: {{task}}")
printed, sys.stdout = sys.stdout, sys.stderr
agent.run("Say hello.")
agent.save(folder / "mini.traj.json")
written = json.loads((folder / "mini.traj.json").read_text())
(folder / "mini.atif.json").write_text(json.dumps(convert_mini_swe_agent_to_atif(written, "s1").to_json_dict()))
sys.stdout = printed
print(json.dumps({"version": version("harbor"), "mini": version("mini-swe-agent"), "files": len(files), "wrong": wrong}))
