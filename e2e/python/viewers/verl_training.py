"""The folder for verl in verl: its configuration composed and checked, an episode in the agent loop, and the advantages of its
sequences. python verl_training.py FOLDER MODEL"""

import asyncio
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

folder, model = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
os.environ.update(AGEMEM_FOLDER=str(folder), AGEMEM_MODEL=str(model))
sys.path.insert(0, str(folder))
printed, sys.stdout = sys.stdout, sys.stderr

import pandas as pd  # noqa: E402
import verl  # noqa: E402
from hydra import compose, initialize_config_dir  # noqa: E402
from omegaconf import OmegaConf  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402
from verl.experimental.agent_loop.agent_loop import DictConfigWrap  # noqa: E402
from verl.utils.config import validate_config  # noqa: E402

with initialize_config_dir(config_dir=str(folder), version_base=None):
    config = compose(config_name="agemem_verl")
OmegaConf.resolve(config)
# Its checks of vLLM import it; those of sglang do not.
config.actor_rollout_ref.rollout.name = "sglang"
validate_config(config, use_reference_policy=config.actor_rollout_ref.actor.use_kl_loss, use_critic=False)

import agemem_verl  # noqa: E402

tokenizer, rows, asked = AutoTokenizer.from_pretrained(model), pd.read_parquet(folder / "prompts" / "train.parquet"), []


class Server:
    """Says what is in the list, over and over: notes, a summary of the context, which begins a new sequence, and answers."""

    WORDS = [
        '<tool_call>[{"name":"Add_memory","arguments":{"content":"a note"}}]</tool_call>',
        "<answer>ok</answer>",
        '<tool_call>[{"name":"Summary_context","arguments":{"span":"all"}}]</tool_call>',
        "What was said so far.",
        "<answer>ok</answer>",
    ]

    async def generate(self, request_id, *, prompt_ids, sampling_params):
        asked.append(len(prompt_ids))
        ids = tokenizer("<think>a</think>" + self.WORDS[(len(asked) - 1) % len(self.WORDS)], add_special_tokens=False)["input_ids"]
        return SimpleNamespace(token_ids=ids + [tokenizer.eos_token_id], log_probs=None)


async def play():
    loop = agemem_verl.AgeMemLoop(
        trainer_config=DictConfigWrap(config), server_manager=Server(), tokenizer=tokenizer, processor=None, dataset_cls=None,
        data_config=DictConfigWrap(config.data), hf_model_type="llama",
    )
    return await loop.run({"temperature": 1.0}, extra_info=rows.iloc[0].extra_info, raw_prompt=rows.iloc[0].prompt)


outputs = asyncio.run(play())
longest = config.data.max_response_length
found = {
    "version": verl.__version__,
    "prompts": len(rows),
    "columns": list(rows.columns),
    "estimator": config.algorithm.adv_estimator,
    "asked": len(asked),
    "sequences": [{"prompt": len(o.prompt_ids), "response": len(o.response_ids), "learnt": sum(o.response_mask), "mask": len(o.response_mask), "reward": o.reward_score} for o in outputs],
    "fits": all(len(o.prompt_ids) + len(o.response_ids) <= longest for o in outputs),
    "alone": agemem_verl.compute_score("x", f"<think>a</think><answer>{rows.iloc[0].reward_model['ground_truth']}</answer>", "", rows.iloc[0].extra_info),
}

import numpy as np  # noqa: E402
import torch  # noqa: E402
from verl import DataProto  # noqa: E402
from verl.trainer.ppo.v1.utils import compute_advantage_for_multi_trajectories  # noqa: E402

# This rollout and another one of its group, with one sequence and reward 0.
masks = [o.response_mask for o in outputs] + [[1, 1]]
rewards, width = [o.reward_score for o in outputs] + [0.0], max(map(len, masks))
response_mask = torch.tensor([mask + [0] * (width - len(mask)) for mask in masks])
scores = torch.zeros(len(masks), width)
for i, (mask, reward) in enumerate(zip(masks, rewards)):
    scores[i, len(mask) - 1] = reward
data = DataProto.from_dict(tensors={"response_mask": response_mask, "token_level_rewards": scores, "token_level_scores": scores}, non_tensors={"uid": np.array(["u"] * len(masks), dtype=object)})
keys = [f"u_0_{i}" for i in range(len(outputs))] + ["u_1_0"]
data = compute_advantage_for_multi_trajectories(data, keys, "grpo", num_repeat=2, norm_adv_by_std_in_grpo=True, config=config.algorithm)
found["advantages"] = [[round(float(row[at]), 6) for at in (mask.nonzero()[0], mask.nonzero()[-1])] for row, mask in zip(data.batch["advantages"], response_mask)]
sys.stdout = printed
print(json.dumps(found))
