"""Event files as TensorBoard reads them: tags, the reward of each step, histograms. python tensorboard_events.py FOLDER"""

import json
import sys
from pathlib import Path

import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

(folder,) = {file.parent for file in Path(sys.argv[1]).rglob("events.out.tfevents.*")}
events = EventAccumulator(str(folder), size_guidance={"histograms": 0})
events.Reload()
tags = events.Tags()
histograms = {tag: [each.histogram_value.num for each in events.Histograms(tag)] for tag in tags["histograms"]}
print(json.dumps({"version": tensorboard.__version__, "scalars": len(tags["scalars"]), "reward": [[each.step, each.value] for each in events.Scalars("reward")], "histograms": histograms}))
