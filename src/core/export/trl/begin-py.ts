// Of train_agemem.py: what it imports and was exported with, and how temperature, rate and evaluations go from step to step.

export const beginPy = String.raw`"""Goes on with this run in TRL: python train_agemem.py --model BASE_MODEL [--steps N] [--fresh]. See README.md.

What TRL does: the loss of a batch with its clip and its KL term, the optimizer, checkpoints, logging, evaluation.
What is put in its place here: one rollout gives several sequences (a context edit begins a new one), and all of them are
learnt from, each token with the advantage of its step.
"""

import argparse
import json
import math
import time
import zipfile
from pathlib import Path

import torch
import trl
from datasets import Dataset
from peft import LoraConfig, PeftModel, get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, StoppingCriteria, TrainerCallback
from trl import GRPOConfig, GRPOTrainer
from trl.models import unwrap_model_for_generation

from agemem import FOLDER, Episode, Marks, read_json, read_tasks

EXPORTED = read_json("run.json")
RUN, DONE = EXPORTED["config"], EXPORTED["adapter_step"] or 0
SYSTEM = (FOLDER / "system_prompt.txt").read_text(encoding="utf-8")
STOP = ["</tool_call>", "</answer>"]
ADAPTER = ["adapter_config.json", "adapter_model.safetensors", "first_moment.safetensors", "second_moment.safetensors", "moments.json"]


def temperature_at(step):
    """Rollouts of a step are sampled at this temperature. Steps count from 1."""
    exploration, last = RUN["exploration"], RUN["episode"]["temperature"]
    if exploration is None:
        return last
    return last + (exploration["temperature"] - last) * max(0, 1 - (step - 1) / exploration["steps"])


def rate_at(step):
    """The learning rate of a step, as a share of the highest: warm-up, then as the schedule has it, down to a tenth."""
    warm_up, steps = RUN["warm_up_steps"], RUN["steps"]
    warm = min(1, step / (warm_up + 1))
    if RUN["schedule"] == "constant" or step <= warm_up:
        return warm
    return warm * (1 - 0.9 * min(1, (step - warm_up - 1) / max(1, steps - warm_up - 1)))


def evaluation_due(step):
    every = RUN["evaluation"]["every"]
    return every > 0 and (step % every == 0 or step == RUN["steps"])`
