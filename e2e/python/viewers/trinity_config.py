"""The configuration as Trinity-RFT loads it. python trinity_config.py FOLDER MODEL"""

import json
import os
import sys
from importlib.metadata import version

os.environ.update(AGEMEM_FOLDER=sys.argv[1], TRINITY_MODEL_PATH=sys.argv[2])
printed, sys.stdout = sys.stdout, sys.stderr
from trinity.common.config import load_config  # noqa: E402

config = load_config(f"{sys.argv[1]}/agemem.yaml")
sys.stdout = printed
print(json.dumps({"version": version("trinity-rft"), "algorithm": config.algorithm.algorithm_type, "repeat_times": config.algorithm.repeat_times, "rate": config.algorithm.optimizer.lr, "batch": config.buffer.batch_size, "rank": config.model.lora_configs[0].lora_rank}))
