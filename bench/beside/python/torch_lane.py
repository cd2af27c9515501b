"""PyTorch: a LoRA step with transformers and PEFT, and decoding with transformers."""

import json
import os
import time

import torch
import transformers
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM


def describe(threads):
    torch.set_num_threads(threads)
    return f"PyTorch {torch.__version__}, transformers {transformers.__version__}, CPU, {threads} threads"


def base_model(folder, size):
    with open(os.path.join(folder, size, "config.json")) as file:
        config = LlamaConfig(**json.load(file))
    model = LlamaForCausalLM(config).to(torch.float32)
    weights = load_file(os.path.join(folder, size, "model.safetensors"))
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or [name for name in missing if name != "lm_head.weight"]:
        raise RuntimeError(f"weights do not fit: {missing[:3]}, {unexpected[:3]}")
    model.tie_weights()
    return model


def training(job, folder):
    from peft import LoraConfig, get_peft_model

    lora = job["lora"]
    model = get_peft_model(
        base_model(folder, job["size"]),
        LoraConfig(r=lora["rank"], lora_alpha=lora["alpha"], target_modules=lora["targets"], lora_dropout=0.0, task_type="CAUSAL_LM"),
    )
    named = dict(model.named_parameters())
    with torch.no_grad():
        for name, values in load_file(os.path.join(folder, job["size"], "adapter.safetensors")).items():
            named["base_model.model." + name.replace(".weight", ".default.weight")].copy_(values)
    trained = [each for each in model.parameters() if each.requires_grad]
    batch = job["batch"]
    ids = torch.tensor(batch["ids"]).view(job["shape"]["batch"], -1)
    at, labels, weights = torch.tensor(batch["at"]), torch.tensor(batch["labels"]), torch.tensor(batch["weights"])
    causal = model.get_base_model()

    def run():
        for each in trained:
            each.grad = None
        started = time.perf_counter()
        hidden = causal.model(input_ids=ids, use_cache=False).last_hidden_state.flatten(0, 1)[at]
        losses = torch.nn.functional.cross_entropy(causal.lm_head(hidden), labels, reduction="none")
        loss = (losses * weights).sum()
        loss.backward()
        return loss.item(), time.perf_counter() - started

    return run


def decoding(job, folder):
    model = base_model(folder, job["size"]).eval()
    prompts = torch.tensor(job["prompts"])

    @torch.inference_mode()
    def run():
        # All but the last token of the prompt are in the cache before the clock starts.
        cache = model(input_ids=prompts[:, :-1], use_cache=True).past_key_values
        token = prompts[:, -1:]
        made = []
        started = time.perf_counter()
        for _ in range(job["tokens"]):
            out = model(input_ids=token, past_key_values=cache, use_cache=True)
            token = out.logits[:, -1].argmax(-1, keepdim=True)
            made.append(token)
        seconds = time.perf_counter() - started
        ids = torch.cat(made, 1).tolist()
        return sum(each * (k + 1) for row in ids for k, each in enumerate(row)), seconds

    return run


def open_job(job, folder, threads):
    if job["kind"] == "training":
        return training(job, folder)
    if job["kind"] == "decode":
        return decoding(job, folder)
    raise ValueError(f"PyTorch does not do {job['kind']} here")
