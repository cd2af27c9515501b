// Export for Trinity-RFT: the run's settings in the names of its configuration, a workflow that plays the episodes, and
// what is lost on the way. Names were read in its sources; option-names.fixture.ts has them.
import { evaluationTemperature, learningRateAt, type TrainConfig } from '../training/config.ts'
import { commonFiles, commonWords, pythonDiffers, type ExportedRun, type ExportFile } from './files.ts'
import { workflowPy } from './trinity-py.ts'
import { yaml } from './yaml.ts'

function aggregationMode({ aggregation }: TrainConfig): string {
  switch (aggregation) {
    case 'token-mean':
      return 'token-mean'
    case 'sequence-mean':
      return 'seq-mean-token-mean'
    case 'dr-grpo':
      return 'seq-mean-token-sum-norm'
  }
}

function schedulerOf(config: TrainConfig): { lr_scheduler_type: string; min_lr_ratio: number } {
  switch (config.schedule) {
    case 'constant':
      return { lr_scheduler_type: 'constant', min_lr_ratio: 1 }
    case 'linear':
      return { lr_scheduler_type: 'cosine', min_lr_ratio: learningRateAt(config, config.steps) / config.learning_rate }
  }
}

/** Settings by the names of Trinity-RFT's Config. @param folder where this folder lies, as the workers see it */
export function trinityConfig({ name, config, adapter }: ExportedRun, folder = '${oc.env:AGEMEM_FOLDER}') {
  const { adamw, clip, lora, episode, evaluation } = config
  const rollout_args = { temperature: episode.temperature }
  return {
    project: 'agemem',
    name,
    checkpoint_root_dir: '${oc.env:TRINITY_CHECKPOINT_ROOT_DIR,./checkpoints}',
    algorithm: {
      // Group advantages of the episodes' rewards, given to every step of their trajectory.
      algorithm_type: 'multi_step_grpo',
      repeat_times: config.k,
      advantage_fn: 'step_wise_grpo',
      advantage_fn_args: { epsilon: config.advantage.epsilon, enable_step_norm: config.credit === 'step-normalised', std_threshold: 0 },
      policy_loss_fn: 'ppo',
      // Nothing is clipped twice here: c of dual-clip PPO is out of reach.
      policy_loss_fn_args: { clip_range_low: clip?.low ?? 1, clip_range_high: clip?.high ?? 1e6, clip_ratio_c: 1e6 },
      kl_loss_fn: config.beta > 0 ? config.kl_estimator : 'none',
      kl_loss_fn_args: { kl_coef: config.beta },
      entropy_loss_fn: 'none',
      loss_agg_mode: aggregationMode(config),
      optimizer: {
        lr: config.learning_rate,
        lr_warmup_steps: config.warm_up_steps,
        ...schedulerOf(config),
        betas: [...adamw.betas],
        weight_decay: adamw.weight_decay,
        clip_grad: config.max_norm ?? 1e6,
      },
    },
    model: {
      model_path: '${oc.env:TRINITY_MODEL_PATH}',
      max_model_len: Math.max(episode.t_max, ...config.batching.lengths),
      max_response_tokens: episode.response_limit,
      temperature: episode.temperature,
      lora_configs: [
        { name: 'agemem', lora_rank: lora.rank, lora_alpha: lora.alpha, target_modules: 'all-linear', path: adapter ? `${folder}/adapter` : null },
      ],
    },
    cluster: { node_num: 1, gpu_per_node: 2 },
    buffer: {
      batch_size: config.b,
      total_steps: config.steps,
      explorer_input: {
        taskset: { name: 'train', storage_type: 'file', path: `${folder}/tasks/train.jsonl`, split: 'train', rollout_args },
        eval_tasksets: evaluation.every > 0 ? [{ name: 'held_out', storage_type: 'file', path: `${folder}/tasks/held_out.jsonl`, split: 'train', rollout_args: { temperature: evaluationTemperature(config) } }] : [],
        default_workflow_type: 'agemem_workflow',
      },
      trainer_input: { experience_buffer: { name: 'experiences', storage_type: 'queue' } },
    },
    explorer: {
      eval_interval: Math.max(1, evaluation.every),
      eval_on_startup: evaluation.every > 0,
      rollout_model: { engine_num: 1, tensor_parallel_size: 1, seed: config.seed },
    },
    trainer: { trainer_type: 'verl', save_interval: config.checkpoint_every, total_steps: config.steps, grad_clip: config.max_norm ?? 1e6 },
    synchronizer: { sync_method: 'checkpoint', sync_interval: 1 },
  }
}

/** What Trinity-RFT has no name for, in sentences. */
function lost({ advantage, credit, lora, clip, max_norm, epochs, schedule, episode, exploration }: TrainConfig): string[] {
  return [
    'Every reply is an experience of its own, with its whole prompt; the playground packs replies whose prompts extend each other into one sequence. What is learnt is the same, at more tokens.',
    'LoRA is set for all linear layers, for which Trinity-RFT has one word; this run has ' + lora.targets.join(', ') + '.',
    'The adapter is given as `model.lora_configs[0].path`. The optimizer begins anew: its moments are not exported.',
    '`buffer.train_batch_size` is left at its default, B · K experiences; an episode has as many experiences as it has replies, so an optimizer step takes in fewer episodes than in the playground unless it is raised.',
    'Trinity-RFT applies the chat template itself: a message that spells one of the model’s special tokens is read as that token, where the playground reads it as text.',
    ...(schedule === 'linear' ? ['The learning rate falls as a cosine, where this run has a straight line; both end at the same rate.'] : []),
    ...(episode.min_p > 0 ? [`This run samples with min-p ${episode.min_p}; here tokens are drawn from the whole vocabulary.`] : []),
    ...(episode.temperature === 1 ? [] : [`verl, its trainer, takes log π at the temperature that tokens are sampled with; this run sampled at ${episode.temperature} and took it at 1.`]),
    ...(exploration === null ? [] : [`Tokens are sampled at one temperature, ${episode.temperature}; that of this run went there from ${exploration.temperature} in its first ${exploration.steps} steps.`]),
    ...(clip ? [] : ['This run clips nothing; the limits are set so wide that Trinity-RFT clips nothing either.']),
    ...(max_norm === null ? ['This run does not clip the gradient; the limit is set so high that Trinity-RFT does not either.'] : []),
    ...(epochs > 1 ? [`This run takes ${epochs} optimizer steps on the rollouts of a step; set \`ppo_epochs\` in \`trainer.trainer_config\` for that.`] : []),
    ...(advantage.form === 'sample' ? [] : [`Its advantages are (r − μ) / σ with 1/(K−1); this run has the form “${advantage.form}”.`]),
    ...(credit === 'last-stage' ? ['Every step gets the advantage; this run gave it to the last stage only.'] : []),
  ]
}

/** The folder for Trinity-RFT. */
export function trinityFiles(run: ExportedRun): ExportFile[] {
  const readme = `# “${run.name}” for Trinity-RFT

Exported by the AgeMem Playground, to go on with in [Trinity-RFT](https://github.com/modelscope/Trinity-RFT). The option
names were checked against its sources (\`trinity/common/config.py\` of commit 4c552f4, \`trinity/algorithm\`). **The
configuration and the workflow were written against those sources; they have not been run in training.**

## Commands
\`\`\`sh
pip install trinity-rft
export AGEMEM_FOLDER=$PWD TRINITY_MODEL_PATH=MODEL
ray start --head
trinity run --config agemem.yaml --plugin-dir plugins
\`\`\`
It needs at least two GPUs: one generates, one trains. \`cluster\` and \`explorer.rollout_model\` in \`agemem.yaml\` say how many.

## What is here
${commonWords(run)}
- \`agemem.yaml\`: the settings. \`plugins/agemem_workflow.py\`: plays an episode, and gives every reply of it the episode's reward.

## What is not the same
${lost(run.config).map((line) => `- ${line}`).join('\n')}
${pythonDiffers}
`
  return [...commonFiles(run), { path: 'agemem.yaml', content: yaml(trinityConfig(run)) }, { path: 'plugins/agemem_workflow.py', content: workflowPy }, { path: 'README.md', content: readme }]
}
