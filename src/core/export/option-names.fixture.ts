// Option names as the frameworks' sources have them, to hold our configurations against. Only tests import it.

/** TRL 1.10.0.dev0, commit f2cd57710ae3: fields of GRPOConfig (trl/trainer/grpo_config.py) and of its base (base_config.py); 1.16 takes what is exported (test:python). */
const grpoConfig =
  'learning_rate model_init_kwargs trust_remote_code router_aux_loss_coef disable_dropout cast_lm_head_to_fp32 remove_unused_columns num_generations num_generations_eval max_completion_length ds3_gather_for_generation shuffle_dataset pad_to_multiple_of generation_batch_size steps_per_generation temperature top_p top_k min_p generation_kwargs chat_template_kwargs repetition_penalty cache_implementation use_vllm vllm_mode vllm_model_impl vllm_enable_sleep_mode vllm_structured_outputs_regex vllm_server_base_url vllm_server_host vllm_server_port vllm_server_timeout vllm_group_port vllm_gpu_memory_utilization vllm_max_model_length vllm_tensor_parallel_size beta num_iterations epsilon delta epsilon_high sapo_temperature_neg sapo_temperature_pos vespo_k_pos vespo_lambda_pos vespo_k_neg vespo_lambda_neg importance_sampling_level reward_weights multi_objective_aggregation scale_rewards loss_type mask_truncated_completions sync_ref_model ref_model_mixup_alpha ref_model_sync_steps top_entropy_quantile entropy_coef use_adaptive_entropy entropy_coef_min entropy_coef_max entropy_coef_delta entropy_target max_tool_calling_iterations vllm_importance_sampling_correction vllm_importance_sampling_mode vllm_importance_sampling_clip_max vllm_importance_sampling_clip_min off_policy_mask_threshold use_bias_correction_kl log_completions log_multimodal num_completions_to_print log_unique_prompts log_completions_hub_repo use_transformers_continuous_batching transformers_continuous_batching_config use_transformers_paged vllm_importance_sampling_cap logging_steps gradient_checkpointing bf16 lr_scheduler_kwargs use_liger_kernel torch_empty_cache_steps'

/** transformers, commit fd798335c275: fields of TrainingArguments (src/transformers/training_args.py) that GRPOConfig inherits, in part. */
const trainingArguments =
  'output_dir do_train do_eval eval_strategy per_device_train_batch_size per_device_eval_batch_size gradient_accumulation_steps eval_accumulation_steps eval_delay learning_rate weight_decay adam_beta1 adam_beta2 adam_epsilon max_grad_norm num_train_epochs max_steps lr_scheduler_type warmup_ratio warmup_steps log_level logging_dir logging_strategy logging_first_step logging_steps save_strategy save_steps save_total_limit save_safetensors save_only_model use_cpu seed data_seed bf16 fp16 tf32 dataloader_drop_last eval_steps run_name disable_tqdm remove_unused_columns optim optim_args report_to push_to_hub resume_from_checkpoint gradient_checkpointing'

export const trlNames = new Set(`${grpoConfig} ${trainingArguments}`.split(' '))

/** PEFT 0.20.1.dev0, commit 5d602fdbff04: fields of LoraConfig (src/peft/tuners/lora/config.py); task_type is PeftConfig's. */
export const loraNames = new Set(
  'r target_modules exclude_modules lora_alpha lora_dropout fan_in_fan_out bias use_rslora modules_to_save init_lora_weights layers_to_transform layers_pattern rank_pattern alpha_pattern megatron_config megatron_core trainable_token_indices loftq_config eva_config corda_config lora_ga_config use_dora velora_config alora_invocation_tokens use_qalora qalora_group_size monteclora_config layer_replication runtime_config lora_bias target_parameters use_bdlora arrow_config kasa_config ensure_weight_tying task_type'.split(' '),
)

/** Fields of the dataclass of each section; * stands for the members of a list. */
const names = (text: string) => new Set(text.split(' '))
const taskset = names('name storage_type path default_workflow_type default_reward_fn_type rollout_args workflow_args reward_fn_args task_selector split subset_name format max_retry_times max_retry_interval enable_progress_bar repeat_times')
const generation = names('temperature top_p top_k logprobs max_tokens n')

/**
 * Trinity-RFT: trinity/common/config.py of commit 4c552f4e4bf7; the arguments of the algorithm's functions from
 * trinity/algorithm/advantage_fn/multi_step_grpo_advantage.py (369bf6202bf9), policy_loss_fn/ppo_policy_loss.py
 * (221b0759e0d1) and kl_fn/kl_fn.py (c6742da3c61c).
 */
export const trinityNames: Readonly<Record<string, ReadonlySet<string>>> = {
  '': names('mode project group name checkpoint_root_dir ray_namespace continue_from_checkpoint ignore_suggestions algorithm data_processor model cluster buffer explorer trainer monitor synchronizer service log stages'),
  algorithm: names('algorithm_type repeat_times optimizer sample_strategy sample_strategy_args advantage_fn advantage_fn_args kl_penalty_fn kl_penalty_fn_args policy_loss_fn policy_loss_fn_args kl_loss_fn kl_loss_fn_args entropy_loss_fn entropy_loss_fn_args loss_agg_mode'),
  'algorithm.optimizer': names('lr lr_warmup_steps lr_warmup_steps_ratio min_lr_ratio warmup_style lr_scheduler_type optimizer_type betas weight_decay clip_grad'),
  'algorithm.advantage_fn_args': names('epsilon enable_step_norm std_cal_level std_threshold'),
  'algorithm.policy_loss_fn_args': names('backend clip_range clip_range_low clip_range_high clip_ratio_c loss_agg_mode enable_sequence_masking delta'),
  'algorithm.kl_loss_fn_args': names('adaptive kl_coef target_kl horizon'),
  model: names('model_path critic_model_path custom_chat_template chat_template_path temperature top_p top_k logprobs max_model_len max_prompt_tokens max_response_tokens min_response_tokens enable_prompt_truncation repetition_penalty lora_configs fully_sharded_loras max_cpu_loras rope_scaling rope_theta tinker'),
  'model.lora_configs.*': names('name path base_model_name lora_rank lora_alpha lora_dtype target_modules exclude_modules'),
  cluster: names('ray_address node_num gpu_per_node'),
  buffer: names('batch_size train_batch_size total_epochs total_steps explorer_input trainer_input'),
  'buffer.explorer_input': names('taskset tasksets eval_tasksets default_workflow_type default_eval_workflow_type default_reward_fn_type'),
  'buffer.explorer_input.taskset': taskset,
  'buffer.explorer_input.eval_tasksets.*': taskset,
  'buffer.explorer_input.taskset.rollout_args': generation,
  'buffer.explorer_input.eval_tasksets.*.rollout_args': generation,
  'buffer.trainer_input': names('experience_buffer auxiliary_buffers'),
  'buffer.trainer_input.experience_buffer': names('name storage_type path capacity max_read_timeout replay_buffer max_retry_times max_retry_interval split subset_name format enable_progress_bar'),
  explorer: names('name runner_per_model max_timeout max_retry_times env_vars max_repeat_times_per_runner rollout_model auxiliary_models eval_interval eval_on_startup bench_on_latest_checkpoint proxy_port listen_address service_status_check_interval min_running_model_num db_url over_rollout dynamic_timeout runner_state_report_interval'),
  'explorer.rollout_model': names('name engine_type engine_num tensor_parallel_size use_v1 enforce_eager enable_prefix_caching enable_chunked_prefill gpu_memory_utilization dtype seed max_model_len max_prompt_tokens max_response_tokens min_response_tokens enable_prompt_truncation repetition_penalty ignore_eos chat_template enable_thinking enable_history enable_openai_api enable_log_requests enable_auto_tool_choice tool_call_parser reasoning_parser'),
  trainer: names('name trainer_type trainer_strategy save_interval enable_preview total_steps save_hf_checkpoint grad_clip use_dynamic_bsz max_token_len_per_gpu ulysses_sequence_parallel_size fix_actor_microbatch_loss_scale save_strategy max_checkpoints_to_keep trainer_config trainer_config_path'),
  synchronizer: names('sync_method sync_style sync_interval sync_offset sync_timeout wait_for_checkpoint'),
}

/** Words that options of a choice take, from the same sources. */
export const choices = {
  trl: { loss_type: names('grpo dr_grpo dapo bnpo cispo sapo luspo vespo'), scale_rewards: names('group batch none') },
  trinity: {
    algorithm_type: names('sft ppo grpo reinforceplusplus rloo opmd asymre dpo topr cispo gspo sapo mix mix_chord raft sppo rec multi_step_grpo on_policy_distill jsd'),
    kl_loss_fn: names('none k1 k2 k3 low_var_kl abs corrected_k3'),
    loss_agg_mode: names('token-mean seq-mean-token-sum seq-mean-token-mean seq-mean-token-sum-norm'),
  },
} as const
