// The script that goes on with a run in TRL: step-wise GRPO as the playground has it, over TRL's own loss.

/** train_agemem.py */
export const trainPy = String.raw`"""Goes on with this run in TRL: python train_agemem.py --model BASE_MODEL [--steps N] [--fresh]. See README.md.

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
    return every > 0 and (step % every == 0 or step == RUN["steps"])


class Thread:
    """The sequences of one rollout. What was sampled is never encoded anew; a prompt that does not extend the last one begins
    the next sequence, and what is asked aside (stage 0) has one of its own."""

    def __init__(self, tokenizer, limit):
        self.tokenizer, self.limit = tokenizer, limit
        self.text, self.ids, self.begins, self.full, self.asked = None, [], False, False, []
        self.sequences, self.current, self.too_long = [], None, 0
        added = {token.content: token.special for token in tokenizer.added_tokens_decoder.values()}
        special = {text for text, special in added.items() if special} | set(tokenizer.all_special_tokens)
        special |= {text for text in added if text.startswith("<|") and text.endswith("|>")}
        self.marks = Marks(special, added)

    def prompt(self, conversation, own, stage):
        quoted = [{**message, "content": self.marks.quote(message["content"], mine)} for message, mine in zip(conversation, own)]
        chat = self.tokenizer.apply_chat_template(quoted, tokenize=False, add_generation_prompt=True)
        if stage == 0:
            self.asked = self._encode(chat)
            return self.asked
        self.begins = self.text is None or not chat.startswith(self.text)
        if self.begins:
            self.text, self.ids = "", []
        self.ids = self.ids + self._encode(chat[len(self.text) :])
        self.text = chat
        return self.ids

    def reply(self, ids, text, stage, step):
        """Notes what was sampled; text is how it stands in the conversation."""
        prompt = self.asked if stage == 0 else self.ids
        if stage > 0:
            self.ids = prompt + ids
            end = self.tokenizer.decode(ids[-1:]) if ids and ids[-1] in self.tokenizer.all_special_ids else ""
            self.text += self.marks.quote(text, [(0, len(text))]) + end
        if stage == 0 or self.begins or self.current is None:
            sequence, full = {"ids": [], "replies": []}, False
            self.sequences.append(sequence)
            if stage > 0:
                self.current, self.full = sequence, False
        else:
            sequence, full = self.current, self.full
        if not ids:
            return
        full = full or len(prompt) + len(ids) > self.limit
        if stage > 0:
            self.full = full
        if full:
            self.too_long += 1
            return
        sequence["ids"] = prompt + ids
        sequence["replies"].append((len(prompt), len(prompt) + len(ids), step))

    def _encode(self, chat):
        return [each for piece in self.marks.pieces(chat) for each in self.tokenizer(piece, add_special_tokens=False)["input_ids"]]


def advantages_of(rewards, form, epsilon, terms=()):
    """Of the rollouts of one group, and whether there is nothing to learn from them. terms: (weight, values) of each."""
    if form == "decoupled" and terms:
        scores = [(weight, advantages_of(values, "sample", epsilon)[0]) for weight, values in terms]
        return advantages_of([sum(weight * each[i] for weight, each in scores) for i in range(len(rewards))], "sample", epsilon)
    k = len(rewards)
    mean = sum(rewards) / k
    if all(abs(r - mean) <= 1e-9 for r in rewards):
        return [0.0] * k, True
    std = math.sqrt(sum((r - mean) ** 2 for r in rewards) / (k if form == "population" else k - 1))
    if form == "none":
        return [r - mean for r in rewards], False
    if form == "leave-one-out":
        return [(r - mean) * k / (k - 1) for r in rewards], False
    return [(r - mean) / (std + epsilon) for r in rewards], False


def credited(advantage, stages):
    """The advantage of each step of a rollout."""
    if RUN["credit"] == "step-normalised":
        return [advantage / len(stages)] * len(stages)
    if RUN["credit"] == "last-stage":
        return [advantage if stage == 3 else 0.0 for stage in stages]
    return [advantage] * len(stages)


def samples_of(sequences, advantages):
    """Rows to learn from: a sequence each, or, where every reply weighs the same, a reply each with all before it as its prompt.

    A row: ids, where its completion begins, mask and advantages of the completion, where in the sequence the targets are.
    """
    rows = []
    for sequence in sequences:
        replies = sequence["replies"]
        for some in [[reply] for reply in replies] if RUN["aggregation"] == "sequence-mean" else [replies]:
            start, end = some[0][0], some[-1][1]
            row = {"ids": sequence["ids"][:end], "start": start, "mask": [0] * (end - start), "advantages": [0.0] * (end - start)}
            for low, high, step in some:
                row["mask"][low - start : high - start] = [1] * (high - low)
                row["advantages"][low - start : high - start] = [advantages[step]] * (high - low)
            rows.append(row)
    return rows


class Stops(StoppingCriteria):
    """A row is over once one of the texts stands at its end; looked for in its last tokens alone."""

    def __init__(self, tokenizer, texts, start):
        self.tokenizer, self.texts, self.start = tokenizer, texts, start

    def __call__(self, input_ids, scores, **_):
        ends = self.tokenizer.batch_decode(input_ids[:, max(self.start, input_ids.shape[1] - 16) :].tolist(), skip_special_tokens=True)
        return torch.tensor([any(text in end for text in self.texts) for end in ends], device=input_ids.device)


class StepwiseTrainer(GRPOTrainer):
    """GRPOTrainer that learns from every sequence of every rollout. The loss is TRL's."""

    def __init__(self, *args, out, **kwargs):
        super().__init__(*args, **kwargs)
        self.out, self.rows_at_once = Path(out), 8
        self.window = min(self.model.config.max_position_embeddings, RUN["episode"].get("window") or math.inf)
        self.limit = min(self.window, max(RUN["batching"]["lengths"]))
        self.played, self.sums, self.evaluated, self.nothing = None, {}, [], False
        self.weighted = list(zip(self.reward_func_names, self.reward_weights.tolist()))

    # -- episodes -----------------------------------------------------------------------------------------------------------

    def play(self, tasks, temperature):
        """One episode for each task, side by side. Returns them with their threads and what was said in each."""
        tokenizer = self.processing_class
        count = lambda text: len(tokenizer(text, add_special_tokens=False)["input_ids"])
        episodes = [Episode(task, RUN, SYSTEM, count) for task in tasks]
        threads, said = [Thread(tokenizer, self.limit) for _ in tasks], [[] for _ in tasks]
        plays = [episode.play() for episode in episodes]
        asked = {i: next(play) for i, play in enumerate(plays)}
        while asked:
            order = list(asked)
            prompts = {i: threads[i].prompt(asked[i][0], episodes[i].own, asked[i][1]) for i in order}
            replies = {}
            for aside in (False, True):
                some = [i for i in order if (asked[i][1] == 0) == aside]
                roomy = [i for i in some if len(prompts[i]) < self.window]
                replies.update({i: None for i in some})
                replies.update(zip(roomy, self.sample([prompts[i] for i in roomy], temperature, [] if aside else STOP)))
            for i in order:
                stage, given = asked[i][1], replies[i]
                if stage > 0:
                    episodes[i].asked_with(len(prompts[i]))
                ids, text, finish = given or ([], "", "overflow")
                threads[i].reply(ids, text, stage, len(episodes[i].steps) - 1)
                said[i].append({"text": text, "token_ids": ids, "prompt_tokens": len(prompts[i]), "finish": finish})
                try:
                    asked[i] = plays[i].send(None if given is None else text)
                except StopIteration:
                    del asked[i]
        return episodes, threads, said

    def sample(self, prompts, temperature, stop):
        """(ids, text, why it ended) for each prompt of token ids. A stop string ends a reply and stays in it."""
        if not prompts:
            return []
        tokenizer, device = self.processing_class, self.accelerator.device
        length, most = max(map(len, prompts)), RUN["episode"]["response_limit"]
        ids = torch.tensor([[tokenizer.pad_token_id] * (length - len(p)) + p for p in prompts], device=device)
        mask = torch.tensor([[0] * (length - len(p)) + [1] * len(p) for p in prompts], device=device)
        how = {"do_sample": temperature > 0, "max_new_tokens": most, "pad_token_id": tokenizer.pad_token_id}
        if temperature > 0:
            how.update(temperature=temperature, top_k=0, top_p=1.0, min_p=RUN["episode"].get("min_p") or None)
        if stop:
            how.update(stopping_criteria=[Stops(tokenizer, stop, length)])
        with unwrap_model_for_generation(self.model_wrapped, self.accelerator) as model, torch.no_grad():
            training = model.training
            model.eval()
            out = model.generate(input_ids=ids, attention_mask=mask, **how)
            model.train(training)
            named = model.generation_config.eos_token_id
        ends = {tokenizer.eos_token_id, *(named if isinstance(named, list) else [named])}
        replies = []
        for prompt, row in zip(prompts, out[:, length:].tolist()):
            reply, finish = row[: min(most, self.window - len(prompt))], "length"
            at = next((i for i, token in enumerate(reply) if token in ends), None)
            if at is not None:
                reply, finish = reply[: at + 1], "stop"
            text = tokenizer.decode(reply, skip_special_tokens=True)
            found = [text.find(each) + len(each) for each in stop if each in text]
            if found:
                text, finish = text[: min(found)], "stop"
                while len(reply) > 1 and any(each in tokenizer.decode(reply[:-1], skip_special_tokens=True) for each in stop):
                    reply = reply[:-1]
            replies.append((reply, text, finish))
        return replies

    # -- from episodes to a batch -------------------------------------------------------------------------------------------

    def _generate_and_score_completions(self, inputs):
        mode = "train" if self.model.training else "eval"
        step = DONE + self.state.global_step // RUN["epochs"] + 1
        evaluation = RUN["evaluation"].get("temperature")
        temperature = temperature_at(step) if mode == "train" else RUN["episode"]["temperature"] if evaluation is None else evaluation
        tasks, prompts = [json.loads(each["task"]) for each in inputs], [each["prompt"] for each in inputs]
        began = time.perf_counter()
        episodes, threads, said = self.play(tasks, temperature)
        rollout = time.perf_counter() - began
        for each, episode in zip(inputs, episodes):
            each.update(episode.reward_parts(), total=episode.reward())
        completions = [[{"role": "assistant", "content": words[-1]["text"]}] for words in said]
        rewards = self._calculate_rewards(inputs, prompts, completions, [words[-1]["token_ids"] for words in said])
        self._log_rewards(mode, rewards, said)
        totals = [episode.reward() for episode in episodes]
        if mode == "eval":
            self.evaluated.append({"tasks": tasks, "rollouts": said, "rewards": totals, "seconds": rollout})
            sequence = threads[0].sequences[-1] if threads[0].sequences[-1]["ids"] else next(s for s in threads[0].sequences if s["ids"])
            return self.batch_of(samples_of([sequence], [0.0] * len(episodes[0].steps)), len(inputs))
        rows, k, idle, advantages = [], self.num_generations, 0, []
        for first in range(0, len(episodes), k):
            group = range(first, first + k)
            # reward_weights and rewards_per_func hold what TRL would normalise; here it is done in 64 bits, with the run's ε.
            terms = [(weight, [inputs[i][name] for i in group]) for name, weight in self.weighted if inputs[first][name] is not None]
            of_group, nothing = advantages_of([totals[i] for i in group], RUN["advantage"]["form"], RUN["advantage"]["epsilon"], terms)
            advantages += of_group
            for i, advantage in zip(group, of_group):
                sequences = [sequence for sequence in threads[i].sequences if sequence["replies"]]
                if nothing:
                    idle += len(sequences)
                else:
                    rows += samples_of(sequences, credited(advantage, [each["stage"] for each in episodes[i].steps]))
        self._metrics[mode]["frac_reward_zero_std"].append(sum(not any(advantages[i : i + k]) for i in range(0, len(advantages), k)) / (len(advantages) / k))
        self._logs["advantages"].extend(advantages)
        began = time.perf_counter()
        batch = self.batch_of(rows, len(episodes))
        self.played = {
            "kind": "step", "step": step, "temperature": temperature, "tasks": tasks[::k], "rollouts": said, "rewards": totals, "advantages": advantages,
            "sampled": sum(len(each["token_ids"]) for words in said for each in words),
            "sequences": {"packed": len(rows), "without_variance": idle, "too_long": sum(thread.too_long for thread in threads)},
            "tokens": {"packed": sum(len(row["ids"]) for row in rows), "loss": sum(sum(row["mask"]) for row in rows), "padded": 0},
            "seconds": {"rollout": rollout, "scoring": time.perf_counter() - began, "from": time.perf_counter()},
        }
        return batch

    def _log_rewards(self, mode, rewards, said):
        """By TRL's names, with TRL's meanings."""
        metrics, weighted = self._metrics[mode], (rewards * self.reward_weights.to(rewards.device)).nansum(dim=1)
        for i, name in enumerate(self.reward_func_names):
            metrics[f"rewards/{name}/mean"].append(rewards[:, i].nanmean().item())
            metrics[f"rewards/{name}/std"].append(rewards[:, i].std().item() if len(said) > 1 else 0.0)
            self._logs["rewards"][name].extend(rewards[:, i].tolist())
        metrics["reward"].append(weighted.mean().item())
        metrics["reward_std"].append(weighted.std().item() if len(said) > 1 else 0.0)
        lengths = [len(each["token_ids"]) for words in said for each in words]
        self.state.num_input_tokens_seen += sum(each["prompt_tokens"] for words in said for each in words) + sum(lengths)
        metrics["num_tokens"] = [self.state.num_input_tokens_seen]
        metrics["completions/mean_length"].append(sum(lengths) / len(lengths))
        metrics["completions/min_length"].append(min(lengths))
        metrics["completions/max_length"].append(max(lengths))
        metrics["completions/clipped_ratio"].append(sum(each["finish"] == "length" for words in said for each in words) / len(lengths))
        self._logs["prompt"].extend([None] * len(said))
        self._logs["completion"].extend(words[-1]["text"] for words in said)

    def batch_of(self, rows, rollouts):
        """What TRL's loss takes. Rows without loss fill it up, so that it can be cut into the micro-batches of a step."""
        real, device, mode = len(rows), self.accelerator.device, "train" if self.model.training else "eval"
        parts = self.args.steps_per_generation if mode == "train" else 1
        self.nothing = not rows
        pad = self.processing_class.pad_token_id
        empty = {"ids": [pad, pad], "start": 1, "mask": [0], "advantages": [0.0]}
        rows = rows + [empty] * (-len(rows) % parts or (parts if not rows else 0))
        before, behind = max(row["start"] for row in rows), max(len(row["mask"]) for row in rows)

        def left(values, size, fill):
            return [fill] * (size - len(values)) + values

        def right(values, size, fill):
            return values + [fill] * (size - len(values))

        whole = {
            "prompt_ids": [left(row["ids"][: row["start"]], before, pad) for row in rows],
            "prompt_mask": [left([1] * row["start"], before, 0) for row in rows],
            "completion_ids": [right(row["ids"][row["start"] :], behind, pad) for row in rows],
            "completion_mask": [right([1] * len(row["mask"]), behind, 0) for row in rows],
            "tool_mask": [right(row["mask"], behind, 0) for row in rows],
        }
        batch = {name: torch.tensor(values, device=device) for name, values in whole.items()}
        # TRL takes advantages of every token from those who give them.
        batch["advantages"] = torch.tensor([right(row["advantages"], behind, 0.0) for row in rows], device=device)
        batch["num_items_in_batch"] = batch["tool_mask"].sum()
        if "old" in rows[0]:
            batch["old_per_token_logps"] = torch.tensor([right(row.get("old", []), behind, 0.0) for row in rows], device=device)
        elif self.num_iterations > 1:
            batch["old_per_token_logps"] = self.logps(batch, None)
        if self.beta != 0.0:
            batch["ref_per_token_logps"] = self.logps(batch, "reference")
        # The mean over rows is over those that carry loss; dr_grpo divides by what is constant, rollouts times reply limit.
        scale = {
            "grpo": len(rows) / max(1, real),
            "dr_grpo": len(rows) * self.max_completion_length / (rollouts * RUN["episode"]["response_limit"]),
        }.get(self.loss_type, 1.0)
        batch["scale"] = torch.tensor(scale, device=device)
        return batch

    def logps(self, batch, adapter):
        """log π of every completion token, a few rows at a time. adapter: None as it is trained; "reference": of the reference."""
        from trl.trainer.utils import use_adapter

        found = torch.zeros(batch["completion_ids"].shape, device=self.accelerator.device)
        model = self.accelerator.unwrap_model(self.model)

        def part(at):
            rows = {name: values[at : at + self.rows_at_once] for name, values in batch.items() if values.ndim > 0}
            rows, width = trimmed(rows)
            ids = torch.cat([rows["prompt_ids"], rows["completion_ids"]], dim=1)
            mask = torch.cat([rows["prompt_mask"], rows["completion_mask"]], dim=1)
            found[at : at + self.rows_at_once, :width] = self._get_per_token_logps_and_entropies(self.model, ids, mask, width)[0]

        with torch.no_grad():
            for at in range(0, len(found), self.rows_at_once):
                if adapter is None:
                    part(at)
                else:
                    with use_adapter(model, adapter_name="ref" if "ref" in model.peft_config else None):
                        part(at)
        return found

    # -- learning -----------------------------------------------------------------------------------------------------------

    def _compute_loss(self, model, inputs):
        scale, tokens = inputs["scale"], inputs["tool_mask"].sum().item()
        inputs = {**inputs, **trimmed({name: values for name, values in inputs.items() if values.ndim > 0})[0]}
        loss = super()._compute_loss(model, inputs) * scale
        if self.model.training:
            mode = self._metrics["train"]
            self.sums["loss"] = self.sums.get("loss", 0.0) + loss.item()
            self.sums["tokens"] = self.sums.get("tokens", 0) + tokens
            self.sums["padded"] = self.sums.get("padded", 0) + inputs["prompt_ids"].numel() + inputs["completion_ids"].numel()
            for name in ("kl", "entropy", "clip_ratio/region_mean"):
                if mode[name]:
                    self.sums[name] = self.sums.get(name, 0.0) + mode[name][-1] * tokens
        return loss

    def training_step(self, model, inputs, num_items_in_batch):
        loss = super().training_step(model, inputs, num_items_in_batch)
        # Nothing was learnt: the moments of the optimizer shall not move the weights by themselves.
        if self.nothing and self._step % self.args.steps_per_generation == 0:
            self.model.zero_grad(set_to_none=True)
        return loss

    def create_scheduler(self, num_training_steps, optimizer=None):
        if self.lr_scheduler is None:
            rate = lambda update: rate_at(DONE + update // RUN["epochs"] + 1)
            self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer or self.optimizer, rate)
        return self.lr_scheduler

    def create_optimizer(self, *args, **kwargs):
        made = super().create_optimizer(*args, **kwargs)
        folder = FOLDER / "adapter"
        if not self.fresh and (folder / "moments.json").exists():
            first, second = (load_file(folder / f"{which}_moment.safetensors") for which in ("first", "second"))
            steps = torch.tensor(float(read_json("adapter/moments.json")["optimizer_step"]))
            for name, parameter in self.model.named_parameters():
                place = name.replace(".default.", ".")
                if parameter.requires_grad:
                    moments = {"exp_avg": first[place].to(parameter.device), "exp_avg_sq": second[place].to(parameter.device)}
                    self.optimizer.state[parameter] = {"step": steps.clone(), **moments}
        return made

    # -- what comes back ----------------------------------------------------------------------------------------------------

    def log(self, logs, start_time=None):
        if self.model.training and "loss" in logs and self.played and self.sums:
            self.finish_step(logs)
        super().log(logs, start_time)

    def finish_step(self, logs):
        """A line for the playground, once all updates on the rollouts are made."""
        sums, step, self.sums = self.sums, self.played, {}
        mean = lambda name: sums[name] / max(1, sums["tokens"]) if name in sums else None
        update = {
            "loss": sums["loss"], "kl": mean("kl"), "entropy": mean("entropy"), "clip_ratio": mean("clip_ratio/region_mean"),
            "grad_norm": float(logs.get("grad_norm", 0.0)), "learning_rate": RUN["learning_rate"] * rate_at(step["step"]),
        }
        step.setdefault("updates", []).append(update)
        step["tokens"]["padded"] = int(sums["padded"])
        if self.state.global_step % RUN["epochs"]:
            return
        seconds, now = step["seconds"], time.perf_counter()
        update_seconds = now - seconds.pop("from")
        step["seconds"] = {**seconds, "update": update_seconds, "other": 0.0, "total": seconds["rollout"] + seconds["scoring"] + update_seconds}
        self.note({**step, "engine": ENGINE})
        self.played = None

    def finish_evaluation(self, step):
        parts, self.evaluated = self.evaluated, []
        if parts:
            joined = {name: [each for part in parts for each in part[name]] for name in ("tasks", "rollouts", "rewards")}
            self.note({"kind": "evaluation", "step": step, "engine": ENGINE, **joined, "seconds": sum(part["seconds"] for part in parts)})

    def note(self, line):
        self.out.mkdir(parents=True, exist_ok=True)
        with open(self.out / "engine.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


ENGINE = f"TRL {trl.__version__}"


class Schedule(TrainerCallback):
    """Evaluates when the run would."""

    trainer = None

    def on_step_end(self, args, state, control, **_):
        step = DONE + state.global_step // RUN["epochs"]
        if state.global_step % RUN["epochs"] == 0 and evaluation_due(step):
            control.should_evaluate = True
        return control

    def on_evaluate(self, args, state, control, **_):
        self.trainer.finish_evaluation(DONE + state.global_step // RUN["epochs"])


def trimmed(batch):
    """Rows without the columns in which none of them has anything, and how wide their completions are then."""
    first = int(batch["prompt_mask"].any(dim=0).int().argmax()) if batch["prompt_mask"].any() else batch["prompt_mask"].shape[1] - 1
    used = batch["completion_mask"].any(dim=0)
    width = int(used.nonzero().max()) + 1 if used.any() else 1
    return {name: values[:, first:] if name.startswith("prompt_") else values[:, :width] for name, values in batch.items()}, width


def reward_function(name):
    """One of TRL's reward functions: what the episode got for this term, or in all."""
    def function(prompts, **given):
        return given[name]

    function.__name__ = name
    return function


def dataset(tasks):
    return Dataset.from_list([{"prompt": [{"role": "user", "content": task["id"]}], "task": json.dumps(task)} for task in tasks])


def model_for(given, config):
    base = AutoModelForCausalLM.from_pretrained(given.model, dtype=torch.float32)
    adapter = FOLDER / "adapter"
    if given.fresh or not adapter.exists():
        return get_peft_model(base, LoraConfig(**config["lora"]))
    return PeftModel.from_pretrained(base, adapter, is_trainable=True)


def trainer_for(given, config):
    steps = given.steps or max(0, RUN["steps"] - DONE)
    train = read_tasks("tasks/train.jsonl")[DONE * RUN["b"] :]
    steps = min(steps, len(train) // RUN["b"])
    if steps == 0:
        raise SystemExit(f"The run has had its {DONE} steps, and there are no tasks for more: export it with more planned steps.")
    tokenizer = AutoTokenizer.from_pretrained(given.model, padding_side="left")
    settings = {**config["grpo"], "max_steps": steps * RUN["epochs"], "output_dir": given.out, "seed": config["grpo"]["seed"] + DONE}
    schedule = Schedule()
    trainer = StepwiseTrainer(
        model=model_for(given, config),
        processing_class=tokenizer,
        args=GRPOConfig(**settings),
        train_dataset=dataset(train[: steps * RUN["b"]]),
        eval_dataset=dataset(read_tasks("tasks/held_out.jsonl")) if RUN["evaluation"]["every"] > 0 else None,
        reward_funcs=[reward_function(name) for name in config["reward_functions"]],
        callbacks=[schedule],
        out=given.out,
    )
    trainer.fresh, schedule.trainer = given.fresh, trainer
    # The reference is what the run began from: another adapter, or the base model. TRL takes the adapter as it is now.
    if "ref" in trainer.model.peft_config:
        began = FOLDER / "reference" / "adapter_model.safetensors"
        if began.exists():
            set_peft_model_state_dict(trainer.model, load_file(began), adapter_name="ref")
        else:
            trainer.model.delete_adapter("ref")
    return trainer


def save(trainer, given):
    """The adapter in PEFT's form with the optimizer's moments, and a file that the playground imports as a run."""
    trainer.save_model()
    out, first, second, steps = Path(given.out), {}, {}, 0
    for name, parameter in trainer.model.named_parameters():
        state = trainer.optimizer.state.get(parameter)
        if parameter.requires_grad and state:
            place, steps = name.replace(".default.", "."), int(state["step"])
            first[place], second[place] = state["exp_avg"].contiguous(), state["exp_avg_sq"].contiguous()
    save_file(first, out / "first_moment.safetensors")
    save_file(second, out / "second_moment.safetensors")
    (out / "moments.json").write_text(json.dumps({"optimizer_step": steps}))
    done = DONE + trainer.state.global_step // RUN["epochs"]
    (out / "agemem.json").write_text(json.dumps({"prompt": RUN["episode"]["prompt"]}))
    (out / "engine.json").write_text(json.dumps({"engine": ENGINE, "step": done}))
    with zipfile.ZipFile(out / "for-playground.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("run.json", "steps.jsonl", "evaluations.jsonl"):
            if (FOLDER / "history" / name).exists():
                file.write(FOLDER / "history" / name, name)
        file.write(out / "engine.jsonl", "engine.jsonl")
        for name in ADAPTER:
            file.write(out / name, f"adapter/{name}")


def main(arguments=None):
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    config = read_json("trl_config.json")
    base = str(FOLDER / "model") if (FOLDER / "model").exists() else config["model"]
    options.add_argument("--model", required=base is None, default=base, help="the base model that the adapter belongs to: a folder or a Hub id")
    options.add_argument("--steps", type=int, help="how many steps; left out: those that the run has left")
    options.add_argument("--fresh", action="store_true", help="a fresh adapter instead of the exported one")
    options.add_argument("--out", default="trained", help="a folder")
    given = options.parse_args(arguments)
    trainer = trainer_for(given, config)
    (Path(given.out) / "engine.jsonl").unlink(missing_ok=True)
    trainer.train()
    save(trainer, given)


if __name__ == "__main__":
    main()
`
