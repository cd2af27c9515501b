// The script that goes on with a run in TRL.

/** train_agemem.py */
export const trainPy = String.raw`"""Goes on with this run in TRL: python train_agemem.py --model BASE_MODEL [--fresh]. See README.md."""

import argparse
import random

import torch
from datasets import Dataset
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig, GRPOTrainer
from trl.models import unwrap_model_for_generation

from agemem import Episode, FOLDER, Marks, read_json, read_tasks

RUN = read_json("run.json")["config"]
SYSTEM = (FOLDER / "system_prompt.txt").read_text(encoding="utf-8")
TASKS = {task["id"]: task for name in ("tasks/train.jsonl", "tasks/held_out.jsonl") for task in read_tasks(name)}


class Thread:
    """The sequences of one rollout: what was sampled is never encoded anew, and a context edit begins the next one."""

    def __init__(self, tokenizer):
        self.tokenizer, self.text, self.sequences = tokenizer, None, []
        special = {token.content for token in tokenizer.added_tokens_decoder.values() if token.special}
        self.marks = Marks(special | set(tokenizer.all_special_tokens))

    def prompt(self, conversation, stage):
        quoted = [{**message, "content": self.marks.quote(message["content"])} for message in conversation]
        chat = self.tokenizer.apply_chat_template(quoted, tokenize=False, add_generation_prompt=True)
        if stage == 0 or self.text is None or not chat.startswith(self.text):
            self.text, added = "", chat
            ids = self._encode(added)
            self.sequences.append({"stage": stage, "prompt": ids, "completion": [], "mask": []})
        else:
            ids = self._encode(chat[len(self.text) :])
            self.sequences[-1]["completion"] += ids
            self.sequences[-1]["mask"] += [0] * len(ids)
        self.text = chat
        return self.sequences[-1]["prompt"] + self.sequences[-1]["completion"]

    def reply(self, ids, stage):
        self.sequences[-1]["completion"] += ids
        self.sequences[-1]["mask"] += [1] * len(ids)
        said = self.tokenizer.decode(ids, skip_special_tokens=True)
        end = self.tokenizer.decode(ids[-1:]) if ids and ids[-1] in self.tokenizer.all_special_ids else ""
        # A summary is written apart: what follows does not extend it.
        self.text = None if stage == 0 else self.text + self.marks.quote(said) + end
        return said

    def _encode(self, chat):
        if not any(ord(c) >= self.marks.FIRST for c in chat):
            return self.tokenizer(chat, add_special_tokens=False)["input_ids"]
        ids = []
        for text, is_mark in self.marks.sections(chat):
            if is_mark:
                ids.append(self.tokenizer.convert_tokens_to_ids(text))
            else:
                ids += self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        return ids


def sample(trainer, prompts):
    """One reply for each prompt of token ids."""
    tokenizer, device = trainer.processing_class, trainer.accelerator.device
    length = max(map(len, prompts))
    ids = torch.tensor([[tokenizer.pad_token_id] * (length - len(p)) + p for p in prompts], device=device)
    mask = torch.tensor([[0] * (length - len(p)) + [1] * len(p) for p in prompts], device=device)
    how = {"do_sample": True, "temperature": RUN["episode"]["temperature"], "top_k": 0, "top_p": 1.0, "min_p": RUN["episode"]["min_p"] or None}
    with unwrap_model_for_generation(trainer.model_wrapped, trainer.accelerator) as model, torch.no_grad():
        out = model.generate(input_ids=ids, attention_mask=mask, max_new_tokens=RUN["episode"]["response_limit"], pad_token_id=tokenizer.pad_token_id, **how)
    # Models may end a turn with another token than the tokenizer's end of text.
    named = trainer.model.generation_config.eos_token_id
    ends = {tokenizer.eos_token_id, *(named if isinstance(named, list) else [named])}
    replies = []
    for row in out[:, length:].tolist():
        replies.append(row[: next((i + 1 for i, token in enumerate(row) if token in ends), len(row))])
    return replies


def rollout(prompts, trainer):
    """Plays one episode for each prompt (a task's id) in lockstep; returns one sequence of each, drawn at random."""
    tokenizer = trainer.processing_class
    count = lambda text: len(tokenizer(text, add_special_tokens=False)["input_ids"])
    episodes = [Episode(TASKS[prompt[-1]["content"]], RUN, SYSTEM, count) for prompt in prompts]
    plays = [episode.play() for episode in episodes]
    threads = [Thread(tokenizer) for _ in plays]
    asked = {i: next(play) for i, play in enumerate(plays)}
    while asked:
        order = list(asked)
        prompts = [threads[i].prompt(*asked[i]) for i in order]
        for i, prompt in zip(order, prompts):
            if asked[i][1] > 0:
                episodes[i].asked_with(len(prompt))
        replies = sample(trainer, prompts)
        for i, ids in zip(order, replies):
            text = threads[i].reply(ids, asked[i][1])
            try:
                asked[i] = plays[i].send(text)
            except StopIteration:
                del asked[i]
    drawn = []
    for episode, thread in zip(episodes, threads):
        # With credit for the last stage only, only its sequences can be drawn.
        usable = [s for s in thread.sequences if RUN["credit"] != "last-stage" or s is thread.sequences[-1]]
        drawn.append(random.choice(usable))
    return {
        "prompt_ids": [s["prompt"] for s in drawn],
        "completion_ids": [s["completion"] for s in drawn],
        "env_mask": [s["mask"] for s in drawn],
        "logprobs": None,
        "episode_reward": [episode.reward() for episode in episodes],
    }


def reward(episode_reward, **_):
    return episode_reward


def dataset(name):
    return Dataset.from_list([{"prompt": [{"role": "user", "content": task["id"]}]} for task in read_tasks(name)])


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--model", required=True, help="the base model that the adapter belongs to: a folder or a Hub id")
    options.add_argument("--fresh", action="store_true", help="a fresh adapter instead of the exported one")
    given = options.parse_args()
    config = read_json("trl_config.json")
    random.seed(config["grpo"]["seed"])
    tokenizer = AutoTokenizer.from_pretrained(given.model, padding_side="left")
    base = AutoModelForCausalLM.from_pretrained(given.model, torch_dtype=torch.float32)
    adapter = FOLDER / "adapter"
    if given.fresh or not adapter.exists():
        model = get_peft_model(base, LoraConfig(**config["lora"]))
    else:
        model = PeftModel.from_pretrained(base, adapter, is_trainable=True)
    trainer = GRPOTrainer(
        model=model,
        processing_class=tokenizer,
        args=GRPOConfig(**config["grpo"]),
        train_dataset=dataset("tasks/train.jsonl"),
        eval_dataset=dataset("tasks/held_out.jsonl"),
        reward_funcs=reward,
        rollout_func=rollout,
    )
    # The reference is the base model, not the adapter as it was at the start.
    if "ref" in trainer.model.peft_config:
        trainer.model.delete_adapter("ref")
    trainer.train()
    trainer.save_model()


if __name__ == "__main__":
    main()
`
