// Export for Trinity-RFT: the run's settings in the names of its configuration, a workflow that plays the episodes, and
// what is lost on the way. Names were read in its sources; option-names.fixture.ts has them.
import { evaluationTemperature } from '../training/config.ts'
import { commonFiles, commonWords, pythonDiffers, type ExportedRun, type ExportFile } from './files.ts'
import { settingsTable, type SettingPlaces } from './settings-table.ts'
import { workflowPy } from './trinity-py.ts'
import { clipBounds, lossAggregation, normBound, scheduleOf, verlWords } from './verl-names.ts'
import { yaml } from './yaml.ts'

/** Settings by the names of Trinity-RFT's Config. @param folder where this folder lies, as the workers see it */
export function trinityConfig({ name, config, adapter }: ExportedRun, folder = '${oc.env:AGEMEM_FOLDER}') {
  const { adamw, lora, episode, evaluation } = config
  const clip = clipBounds(config)
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
      policy_loss_fn_args: { clip_range_low: clip.low, clip_range_high: clip.high, clip_ratio_c: clip.c },
      kl_loss_fn: config.beta > 0 ? config.kl_estimator : 'none',
      kl_loss_fn_args: { kl_coef: config.beta },
      entropy_loss_fn: 'none',
      loss_agg_mode: lossAggregation(config),
      optimizer: {
        lr: config.learning_rate,
        lr_warmup_steps: config.warm_up_steps,
        ...scheduleOf(config),
        betas: [...adamw.betas],
        weight_decay: adamw.weight_decay,
        clip_grad: normBound(config),
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
    trainer: { trainer_type: 'verl', save_interval: config.checkpoint_every, total_steps: config.steps, grad_clip: normBound(config) },
    synchronizer: { sync_method: 'checkpoint', sync_interval: 1 },
  }
}

const places: SettingPlaces = {
  seed: () => '`explorer.rollout_model.seed`; draws differ',
  steps: () => '`buffer.total_steps`',
  b: () => '`buffer.batch_size`; `buffer.train_batch_size` is left at its default, B · K experiences, and an episode has as many as it has replies: an optimizer step takes in fewer episodes than here unless it is raised',
  k: () => '`algorithm.repeat_times`',
  learning_rate: () => '`algorithm.optimizer.lr`',
  warm_up_steps: () => '`algorithm.optimizer.lr_warmup_steps`',
  schedule: (config) => verlWords.schedule(config, 'algorithm.optimizer.lr_scheduler_type'),
  adamw: () => '`algorithm.optimizer`, but for ε, which it has no name for; the moments begin anew',
  lora: () => '`model.lora_configs`, its adapter in `path`; for all linear layers, for which there is one word',
  beta: () => '`algorithm.kl_loss_fn_args.kl_coef`',
  kl_estimator: () => '`algorithm.kl_loss_fn`',
  reference: verlWords.reference,
  clip: ({ clip }) => (clip ? '`algorithm.policy_loss_fn_args`' : '`algorithm.policy_loss_fn_args`: bounds so wide that nothing is clipped'),
  importance_sampling_cap: () => null,
  epochs: ({ epochs }) => (epochs === 1 ? 'one optimizer step on the rollouts of a step' : `one; for the ${epochs} of this run set \`ppo_epochs\` in \`trainer.trainer_config\``),
  batching: () => 'lengths: `model.max_model_len`; micro-batches are verl’s',
  max_norm: (config) => verlWords.norm(config, 'algorithm.optimizer.clip_grad'),
  aggregation: () => '`algorithm.loss_agg_mode`, over replies',
  advantage: ({ advantage }) => (advantage.form === 'sample' ? '`algorithm.advantage_fn_args`' : `(r − μ) / (σ + ε) with 1/(K−1); this run has the form “${advantage.form}”`),
  credit: ({ credit }) => (credit === 'last-stage' ? 'every step gets the advantage; this run gave it to the last stage only' : credit === 'step-normalised' ? '`algorithm.advantage_fn_args.enable_step_norm`' : 'every step gets the advantage'),
  reward: () => '`reward.json`; the workflow brings it',
  episode: (config) => `\`run.json\`; the workflow plays by it${config.episode.min_p > 0 ? `, but for min-p ${config.episode.min_p}: tokens are drawn from the whole vocabulary` : ''}${verlWords.temperature(config)}`,
  exploration: verlWords.exploration,
  tasks: () => '`buffer.explorer_input`; `tasks/`, drawn beforehand',
  agent: ({ agent }) => (agent === undefined || agent === 'agemem' ? 'AgeMem' : null),
  evaluation: () => '`explorer.eval_interval`, `eval_tasksets`; `tasks/held_out.jsonl`',
  checkpoint_every: () => '`trainer.save_interval`',
}

/** What is no setting. */
const others = [
  { what: 'Sequences', here: 'replies whose prompts extend each other are packed into one', there: 'every reply is an experience of its own, with its whole prompt: the same is learnt, at more tokens' },
  { what: 'Special tokens that a message spells', here: 'text', there: 'Trinity-RFT applies the chat template itself: they are read as those tokens' },
  { what: 'Moments of Adam', here: 'kept with every checkpoint', there: 'not exported: they begin anew' },
]

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

## What is the same, and what is not
${settingsTable(run.config, places, 'Trinity-RFT', others)}

${pythonDiffers}
`
  return [...commonFiles(run), { path: 'agemem.yaml', content: yaml(trinityConfig(run)) }, { path: 'plugins/agemem_workflow.py', content: workflowPy }, { path: 'README.md', content: readme }]
}
