"""llama.cpp by llama-cpp-python: decoding of one sequence. The model is written as GGUF with gguf, in the type that is asked for."""

import json
import os
import time

import gguf
import llama_cpp
import numpy as np
from safetensors.numpy import load_file


def describe(threads):
    return f"llama.cpp by llama-cpp-python {llama_cpp.__version__}, CPU, {threads} threads"


names = {
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}


def permuted(values, heads):
    """llama.cpp turns neighbouring pairs where transformers turns halves: rows of q and k lie in another order."""
    return values.reshape(heads, 2, values.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(values.shape)


def write_gguf(folder, size, path, stored):
    with open(os.path.join(folder, size, "config.json")) as file:
        config = json.load(file)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("none")
    for name, values in load_file(os.path.join(folder, size, "model.safetensors")).items():
        if name == "model.embed_tokens.weight":
            target = "token_embd.weight"
        elif name == "model.norm.weight":
            target = "output_norm.weight"
        else:
            _, _, layer, rest = name.split(".", 3)
            module = rest.removesuffix(".weight")
            target = f"blk.{layer}.{names[module]}.weight"
            if module == "self_attn.q_proj":
                values = permuted(values, config["num_attention_heads"])
            elif module == "self_attn.k_proj":
                values = permuted(values, config["num_key_value_heads"])
        if stored == "Q8_0" and values.ndim == 2:
            writer.add_tensor(target, gguf.quantize(np.ascontiguousarray(values), gguf.GGMLQuantizationType.Q8_0), raw_dtype=gguf.GGMLQuantizationType.Q8_0)
        else:
            writer.add_tensor(target, np.ascontiguousarray(values, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def open_job(job, folder, threads):
    if job["kind"] != "decode" or job["batch"] != 1:
        raise ValueError(f"llama-cpp-python has no {job['kind']} of {job.get('batch', 1)} rows by its own interface")
    path = os.path.join(folder, f"{job['size']}-{job['stored']}.gguf")
    if not os.path.exists(path):
        write_gguf(folder, job["size"], path, job["stored"])
    [prompt] = job["prompts"]
    llm = llama_cpp.Llama(path, n_ctx=len(prompt) + job["tokens"] + 8, n_threads=threads, n_threads_batch=threads, type_k=0, type_v=0, verbose=False, logits_all=False)

    def run():
        llm.reset()
        llm.eval(prompt[:-1])
        token = prompt[-1]
        made = []
        started = time.perf_counter()
        for _ in range(job["tokens"]):
            llm.eval([token])
            token = int(np.argmax(llama_cpp.llama_get_logits(llm.ctx)[: llm.n_vocab()]))
            made.append(token)
        seconds = time.perf_counter() - started
        return sum(each * (k + 1) for k, each in enumerate(made)), seconds

    return run
