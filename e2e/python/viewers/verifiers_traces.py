"""Traces as verifiers reads them. python verifiers_traces.py FOLDER"""

import json
import sys
from pathlib import Path

import verifiers
from verifiers.v1.trace import WireTrace
from verifiers.v1.utils.trace_store import read_episodes

episodes = read_episodes(Path(sys.argv[1]), WireTrace)
traces = [trace for episode in episodes for trace in episode.traces]
print(json.dumps({"version": verifiers.__version__, "episodes": len(episodes), "reward": sum(trace.reward for trace in traces) / len(traces), "turns": sum(trace.num_turns for trace in traces)}))
