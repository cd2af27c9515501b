// Of train_agemem.py: the trainer. Plays episodes, makes a batch of every sequence, and leaves the loss to TRL.

export const trainerPy = String.raw`class Stops(StoppingCriteria):
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
            file.write(json.dumps(line) + "\n")`
