"""TRL's tables of completions in pandas: rows, columns and the mean reward of each. python tables.py FOLDER"""

import json
import sys
from pathlib import Path

import pandas as pd

found = []
for file in sorted(Path(sys.argv[1]).glob("completions/*.parquet")):
    table = pd.read_parquet(file)
    roles = sorted({message["role"] for messages in table.completion for message in messages})
    found.append({"step": int(table.step[0]), "rows": len(table), "reward": float(table.reward.mean()), "advantage": float(table.advantage.sum()), "columns": list(table.columns), "roles": roles})
print(json.dumps({"version": pd.__version__, "tables": found}))
