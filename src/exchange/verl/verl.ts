// Export for verl: the run's settings as a Hydra configuration over its own, prompts as Parquet in its form, an agent loop and a
// reward function. Names as in verl/trainer/config and verl/workers/config of verl 0.9.1.
import { commonFiles, commonWords, pythonDiffers, type ExportedRun, type ExportFile } from '../../core/export/files.ts'
import { settingsTable, type SettingPlaces } from '../../core/export/settings-table.ts'
import { clipBounds, lossAggregation, normBound, scheduleOf, verlWords } from '../../core/export/verl-names.ts'
import { yaml } from '../../core/export/yaml.ts'
import { taskSchema } from '../../core/environments/question/task.ts'
import { mustFit } from '../../core/fit.ts'
import { evaluationTemperature } from '../../core/training/config.ts'
import { parquetFile } from '../parquet.ts'
import { verlPy } from './verl-py.ts'

const here = '${oc.env:AGEMEM_FOLDER}'

const klTypes = { k1: 'kl', k2: 'mse', k3: 'low_var_kl' } as const

/** Settings by verl's names, over its ppo_trainer. */
export function verlConfig({ name, config, adapter }: ExportedRun) {
  const { adamw, lora, episode, evaluation, advantage } = config
  const clip = clipBounds(config)
  const longest = Math.max(episode.t_max, ...config.batching.lengths)
  return {
    hydra: { searchpath: ['pkg://verl.trainer.config'] },
    defaults: ['ppo_trainer', '_self_'],
    data: {
      train_files: [`${here}/prompts/train.parquet`],
      val_files: [`${here}/prompts/held_out.parquet`],
      prompt_key: 'prompt',
      train_batch_size: config.b,
      max_prompt_length: longest,
      max_response_length: longest,
      return_raw_chat: true,
      shuffle: false,
      seed: config.seed,
    },
    actor_rollout_ref: {
      model: {
        path: '${oc.env:AGEMEM_MODEL}',
        lora_rank: lora.rank,
        lora_alpha: lora.alpha,
        target_modules: [...lora.targets],
        lora_adapter_path: adapter ? `${here}/adapter` : null,
      },
      actor: {
        ppo_mini_batch_size: config.b,
        ppo_micro_batch_size_per_gpu: config.k,
        ppo_epochs: config.epochs,
        clip_ratio: clip.low,
        clip_ratio_low: clip.low,
        clip_ratio_high: clip.high,
        clip_ratio_c: clip.c,
        loss_agg_mode: lossAggregation(config),
        use_kl_loss: config.beta > 0,
        kl_loss_coef: config.beta,
        kl_loss_type: klTypes[config.kl_estimator],
        entropy_coeff: 0,
        grad_clip: normBound(config),
        optim: {
          lr: config.learning_rate,
          lr_warmup_steps: config.warm_up_steps,
          ...scheduleOf(config),
          betas: [...adamw.betas],
          weight_decay: adamw.weight_decay,
          override_optimizer_config: { eps: adamw.epsilon },
        },
      },
      ref: { log_prob_micro_batch_size_per_gpu: config.k },
      rollout: {
        name: 'vllm',
        n: config.k,
        temperature: episode.temperature,
        top_p: 1,
        top_k: -1,
        load_format: 'safetensors',
        log_prob_micro_batch_size_per_gpu: config.k,
        val_kwargs: { temperature: evaluationTemperature(config), do_sample: evaluationTemperature(config) > 0, n: 1 },
        agent: { default_agent_loop: 'agemem', agent_loop_config_path: `${here}/agent_loops.yaml` },
      },
    },
    algorithm: {
      // Of its estimators the one that gives every sequence of a rollout the advantage of the trajectory.
      adv_estimator: 'grpo',
      norm_adv_by_std_in_grpo: advantage.form !== 'none' && advantage.form !== 'leave-one-out',
      use_kl_in_reward: false,
    },
    reward: { custom_reward_function: { path: `${here}/agemem_verl.py`, name: 'compute_score' } },
    trainer: {
      project_name: 'agemem',
      experiment_name: name,
      logger: ['console'],
      total_epochs: 1,
      // The trainer that takes several sequences of a rollout.
      use_v1: true,
      total_training_steps: config.steps,
      nnodes: 1,
      n_gpus_per_node: 1,
      save_freq: config.checkpoint_every,
      test_freq: evaluation.every > 0 ? evaluation.every : -1,
      val_before_train: evaluation.every > 0,
      rollout_data_dir: 'rollouts',
    },
  }
}

const places: SettingPlaces = {
  seed: () => '`data.seed`; draws differ',
  steps: () => '`trainer.total_training_steps`',
  b: () => '`data.train_batch_size`; an optimizer step takes in B · K sequences, and a rollout may have several: a step has as many as it takes',
  k: () => '`rollout.n`',
  learning_rate: () => '`actor.optim.lr`',
  warm_up_steps: () => '`actor.optim.lr_warmup_steps`',
  schedule: (config) => verlWords.schedule(config, 'actor.optim.lr_scheduler_type'),
  adamw: () => '`actor.optim`; the moments begin anew',
  lora: () => '`model.lora_*`, `model.target_modules`',
  beta: () => '`actor.kl_loss_coef`',
  kl_estimator: () => '`actor.kl_loss_type`',
  reference: verlWords.reference,
  clip: ({ clip }) => (clip ? '`actor.clip_ratio_low`, `_high`' : 'bounds so wide that nothing is clipped'),
  importance_sampling_cap: () => null,
  epochs: () => '`actor.ppo_epochs`',
  batching: () => 'lengths: `data.max_prompt_length`, `max_response_length`; a sequence that is longer ends before the reply with which it would be; micro-batches are verl’s',
  max_norm: (config) => verlWords.norm(config, 'actor.grad_clip'),
  aggregation: ({ aggregation }) => (aggregation === 'sequence-mean' ? '`actor.loss_agg_mode`: a mean over sequences, where this run has one over replies' : '`actor.loss_agg_mode`'),
  advantage: ({ advantage }) => {
    if (advantage.form === 'leave-one-out') return '`algorithm`: r − μ, without the factor K / (K − 1)'
    if (advantage.form === 'decoupled' || advantage.form === 'population') return `as (r − μ) / (σ + 1e-6) with 1/(K−1); this run has “${advantage.form}”`
    return `\`algorithm\`; ε is 1e-6, this run has ${advantage.epsilon}`
  },
  credit: ({ credit }) => {
    if (credit === 'last-stage') return 'the replies of the last stage alone carry loss'
    return `every sequence of a rollout is learnt from, each token with the advantage of the trajectory${credit === 'step-normalised' ? ', which this run divided by the number of steps' : ''}`
  },
  reward: () => '`reward.json`; the agent loop brings it',
  episode: (config) => `\`run.json\`; the agent loop plays by it${verlWords.temperature(config)}`,
  exploration: verlWords.exploration,
  tasks: () => '`prompts/`, drawn beforehand',
  agent: ({ agent }) => (agent === undefined || agent === 'agemem' ? 'AgeMem' : null),
  evaluation: () => '`trainer.test_freq`, `rollout.val_kwargs`; `prompts/held_out.parquet`',
  checkpoint_every: () => '`trainer.save_freq`',
}

/** What is no setting. */
const others = [
  { what: 'Groups in which all rewards are equal', here: 'left out', there: 'advantage 0: with a KL term it is learnt from that alone' },
  { what: 'Grammar of replies', here: 'a policy can be held to the protocol', there: 'none: broken replies are read as here' },
]

/**
 * Prompts in verl's form. What is heard in an episode depends on what is replied: the prompt has the question alone, the loop
 * plays. @param lines tasks as JSON
 */
function verlPrompts(lines: readonly string[], split: string, system: string): Uint8Array<ArrayBuffer> {
  const tasks = lines.map((line) => mustFit(taskSchema, JSON.parse(line), 'The task'))
  return parquetFile([
    { name: 'data_source', shape: 'text', data: tasks.map(({ source }) => `agemem/${source}`) },
    { name: 'prompt', shape: { list: { struct: { role: 'text', content: 'text' } } }, data: tasks.map(({ query }) => [{ role: 'system', content: system }, { role: 'user', content: query }]) },
    { name: 'ability', shape: 'text', data: tasks.map(() => 'memory') },
    { name: 'reward_model', shape: { struct: { style: 'text', ground_truth: 'text' } }, data: tasks.map(({ answer }) => ({ style: 'rule', ground_truth: answer })) },
    { name: 'extra_info', shape: { struct: { split: 'text', index: 'int', task: 'text' } }, data: lines.map((task, index) => ({ split, index, task })) },
    { name: 'agent_name', shape: 'text', data: tasks.map(() => 'agemem') },
  ])
}

/** The folder for verl. */
export function verlFiles(run: ExportedRun): ExportFile[] {
  const common = commonFiles(run)
  const text = (path: string) => common.find((file) => file.path === path)?.content
  const system = text('system_prompt.txt')
  const prompts = (path: string, split: string) => {
    // One task a line, with the key phrases of its query, which Python needs besides.
    const lines = text(path)
    const rows = typeof lines === 'string' ? lines.split('\n').filter((line) => line !== '') : []
    return verlPrompts(rows, split, typeof system === 'string' ? system : '')
  }
  const readme = `# “${run.name}” for verl

Exported by the AgeMem Playground, to go on with in [verl](https://github.com/volcengine/verl). The configuration was composed
with Hydra over that of verl 0.9.1 and passed its own checks. **Training takes a GPU with vLLM; it has not been run.**

## Commands
\`\`\`sh
pip install "verl[vllm]"
export AGEMEM_FOLDER=$PWD AGEMEM_MODEL=MODEL PYTHONPATH=$PWD
python -m verl.trainer.main_ppo --config-path $PWD --config-name agemem_verl
\`\`\`

## What is here
${commonWords(run)}
- \`agemem_verl.yaml\`: the settings. \`agent_loops.yaml\`, \`agemem_verl.py\`: the agent loop that plays an episode and brings its reward, and \`compute_score\` for what is generated without it.
- \`prompts/train.parquet\`, \`prompts/held_out.parquet\`: \`data_source\`, \`prompt\`, \`ability\`, \`reward_model\`, \`extra_info\`, \`agent_name\`; the whole task stands in \`extra_info.task\`.

There is no tool configuration for verl's own tool agent: its tools are called within one conversation, and AgeMem's take
messages out of it and are heard of in three stages. The agent loop reads the calls out of the replies instead.

## What is the same, and what is not
${settingsTable(run.config, places, 'verl', others)}

${pythonDiffers}
`
  return [
    ...common,
    { path: 'agemem_verl.yaml', content: yaml(verlConfig(run)) },
    { path: 'agent_loops.yaml', content: yaml([{ name: 'agemem', _target_: 'agemem_verl.AgeMemLoop' }]) },
    { path: 'agemem_verl.py', content: verlPy },
    { path: 'prompts/train.parquet', content: prompts('tasks/train.jsonl', 'train') },
    { path: 'prompts/held_out.parquet', content: prompts('tasks/held_out.jsonl', 'test') },
    { path: 'README.md', content: readme },
  ]
}
