// Of train_agemem.py: puts data, model and trainer together, trains, and writes what goes back.

export const mainPy = String.raw`ENGINE = f"TRL {trl.__version__}"


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


def place_of(model):
    """Where transformers finds a model: a folder or a Hub id; of one in a GGUF file the folder, and the file's name."""
    path = Path(model)
    return (str(path.parent), {"gguf_file": path.name}) if path.suffix.lower() == ".gguf" else (model, {})


def base_model(given):
    """The weights in 32-bit floats. What is read from a GGUF file passes for quantised, and would not be trained: it is put into a plain model."""
    place, single = place_of(given.model)
    base = AutoModelForCausalLM.from_pretrained(place, dtype=torch.float32, **single)
    if not single:
        return base
    settings = base.config.to_dict()
    settings.pop("quantization_config", None)
    plain = AutoModelForCausalLM.from_config(type(base.config).from_dict(settings), dtype=torch.float32)
    plain.load_state_dict(base.state_dict())
    plain.config.name_or_path = given.model
    return plain


def model_for(given, config):
    base = base_model(given)
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
    place, single = place_of(given.model)
    tokenizer = AutoTokenizer.from_pretrained(place, padding_side="left", **single)
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
    options.add_argument("--model", required=base is None, default=base, help="the base model that the adapter belongs to: a folder, a Hub id, or a GGUF file")
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
