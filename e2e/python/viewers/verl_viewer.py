"""Rollouts in verl's viewer, without a terminal. python verl_viewer.py ROLLOUTS SCRIPT"""

import asyncio
import importlib.util
import json
import sys
from pathlib import Path

spec = importlib.util.spec_from_file_location("rollout_viewer", sys.argv[2])
viewer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(viewer)
from textual.widgets import ProgressBar  # noqa: E402


class Progress:
    def advance(self, _):
        pass


async def main():
    data = {}
    await viewer.load_dir(Path(sys.argv[1]), data, Progress())
    app = viewer.JsonLineViewer(step_num=len(data), data=data, pbar=ProgressBar(total=2, name="data load progress"))
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.pause()
        shown = app.content_display
        text = str(getattr(shown, "_renderable", None) or shown.renderable)
        await pilot.press("n")
        await pilot.pause()
        print(json.dumps({"samples": [len(each["samples"]) for each in data.values()], "text": text[:400], "then": app.selected_sample_index}))


asyncio.run(main())
