"""A lane of the benchmark in Python: python lane.py KIND FOLDER THREADS. Calls come as lines of JSON on standard input:
{"open": job} or {"run": number}; each is answered by a line of JSON on standard output, whatever else a library prints goes to
standard error. KIND is pytorch, transformers, llama.cpp or onnxsim. FOLDER has the models that bench/beside/python-lane.ts
wrote there."""

import json
import os
import sys
import time

kind, folder, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
os.environ.update({"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"})
sys.path.insert(0, os.path.dirname(__file__))


def library():
    if kind in ("pytorch", "transformers"):
        import torch_lane

        return torch_lane
    if kind == "llama.cpp":
        import llama_lane

        return llama_lane
    import onnxsim_lane

    return onnxsim_lane


def answer(value):
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def main():
    try:
        made = library()
        answer({"description": made.describe(threads)})
    except Exception as error:
        answer({"problem": f"{type(error).__name__}: {error}"})
        return
    jobs = []
    for line in sys.stdin:
        call = json.loads(line)
        try:
            if "open" in call:
                jobs.append(made.open_job(call["open"], folder, threads))
                answer({"job": len(jobs) - 1})
            else:
                # A job tells the seconds of what is timed by itself, where preparing a run is not part of it.
                started = time.perf_counter()
                value, seconds = jobs[call["run"]]()
                answer({"ms": 1000 * (time.perf_counter() - started if seconds is None else seconds), "value": value})
        except Exception as error:
            answer({"problem": f"{type(error).__name__}: {str(error)[:400]}"})


main()
