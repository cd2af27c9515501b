"""Metrics in trackio, by its import of CSV and by the script of the export. python trackio_metrics.py FOLDER"""

import json
import os
import runpy
import sys
from pathlib import Path

folder = Path(sys.argv[1]).resolve()
os.environ["TRACKIO_DIR"] = str(folder / "kept")

import trackio  # noqa: E402
from trackio.sqlite_storage import SQLiteStorage  # noqa: E402

printed, sys.stdout = sys.stdout, sys.stderr
trackio.import_csv(str(folder / "metrics.csv"), project="of-csv", name="run")
sys.argv = ["log_to_trackio.py", "of-script"]
runpy.run_path(str(folder / "log_to_trackio.py"), run_name="__main__")
found = {}
for project in ("of-csv", "of-script"):
    (name,) = SQLiteStorage.get_runs(project)
    found[project] = [[each["step"], each["reward"]] for each in SQLiteStorage.get_logs(project, name) if "reward" in each]
sys.stdout = printed
print(json.dumps({"version": trackio.__version__, **found}))
