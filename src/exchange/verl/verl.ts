// Export for verl: the run's settings as a Hydra configuration over its own, prompts as Parquet in its form, an agent loop and a
// reward function. Names as in verl/trainer/config and verl/workers/config of verl 0.9.1.
import { commonFiles, commonWords, type ExportedRun, type ExportFile } from '../../core/export/files.ts'
import { yaml } from '../../core/export/yaml.ts'
import { taskSchema } from '../../core/environments/question/task.ts'
import { mustFit } from '../../core/fit.ts'
import { evaluationTemperature, learningRateAt, type TrainConfig } from '../../core/training/config.ts'
import { namesOf } from '../../core/table.ts'
import { parquetFile } from '../parquet.ts'
import { verlPy } from './verl-py.ts'

const here = '${oc.env:AGEMEM_FOLDER}'

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

const klTypes = { k1: 'kl', k2: 'mse', k3: 'low_var_kl' } as const

/** Settings by verl's names, over its ppo_trainer. */
export function verlConfig({ name, config, adapter }: ExportedRun) {
  const { adamw, clip, lora, episode, evaluation, advantage } = config
  const longest = Math.max(episode.t_max, ...config.batching.lengths)
  const falls = config.schedule === 'linear'
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
        clip_ratio: clip?.low ?? 1,
        clip_ratio_low: clip?.low ?? 1,
        clip_ratio_high: clip?.high ?? 1e6,
        // Nothing is clipped twice here: c of dual-clip PPO is out of reach.
        clip_ratio_c: 1e6,
        loss_agg_mode: aggregationMode(config),
        use_kl_loss: config.beta > 0,
        kl_loss_coef: config.beta,
        kl_loss_type: klTypes[config.kl_estimator],
        entropy_coeff: 0,
        grad_clip: config.max_norm ?? 1e6,
        optim: {
          lr: config.learning_rate,
          lr_warmup_steps: config.warm_up_steps,
          lr_scheduler_type: falls ? 'cosine' : 'constant',
          min_lr_ratio: falls ? learningRateAt(config, config.steps) / config.learning_rate : 1,
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
      adv_estimator: advantage.form === 'leave-one-out' ? 'rloo' : 'grpo',
      norm_adv_by_std_in_grpo: advantage.form !== 'none',
      use_kl_in_reward: false,
    },
    reward: { custom_reward_function: { path: `${here}/agemem_verl.py`, name: 'compute_score' } },
    trainer: {
      project_name: 'agemem',
      experiment_name: name,
      logger: ['console'],
      total_epochs: 1,
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

/** What each setting of a run is in verl; null: nothing. */
const places: Readonly<Record<keyof TrainConfig, (config: TrainConfig) => string | null>> = {
  seed: () => '`data.seed`; draws differ',
  steps: () => '`trainer.total_training_steps`',
  b: () => '`data.train_batch_size`',
  k: () => '`rollout.n`',
  learning_rate: () => '`actor.optim.lr`',
  warm_up_steps: () => '`actor.optim.lr_warmup_steps`',
  schedule: ({ schedule }) => (schedule === 'constant' ? '`actor.optim.lr_scheduler_type`' : 'a cosine that ends at the same rate, where this run has a straight line'),
  adamw: () => '`actor.optim`; the moments begin anew',
  lora: () => '`model.lora_*`, `model.target_modules`',
  beta: () => '`actor.kl_loss_coef`',
  kl_estimator: () => '`actor.kl_loss_type`',
  reference: ({ reference, beta }) => (reference === 'start' && beta > 0 ? 'the base model; a run here that began from an adapter keeps to that one' : 'the base model'),
  clip: ({ clip }) => (clip ? '`actor.clip_ratio_low`, `_high`' : 'bounds so wide that nothing is clipped'),
  importance_sampling_cap: () => null,
  epochs: () => '`actor.ppo_epochs`',
  batching: () => 'lengths: `data.max_prompt_length`, `max_response_length`; micro-batches are verl’s',
  max_norm: ({ max_norm }) => (max_norm === null ? 'a bound so high that nothing is clipped' : '`actor.grad_clip`'),
  aggregation: () => '`actor.loss_agg_mode`, over the one sequence of each rollout',
  advantage: ({ advantage }) => {
    if (advantage.form === 'decoupled' || advantage.form === 'population') return `as (r − μ) / (σ + 1e-6) with 1/(K−1); this run has “${advantage.form}”`
    return advantage.form === 'sample' || advantage.form === 'none' ? `\`algorithm\`; ε is 1e-6, this run has ${advantage.epsilon}` : '`algorithm.adv_estimator`'
  },
  credit: ({ credit }) => (credit === 'last-stage' ? 'the last sequence of each episode is the one that is drawn' : 'one sequence of each episode is drawn at random, with the advantage of the trajectory'),
  reward: () => '`reward.json`; the agent loop brings it',
  episode: () => '`run.json`; the agent loop plays by it',
  exploration: ({ exploration }) => (exploration === null ? 'none here' : null),
  tasks: () => '`prompts/`, drawn beforehand',
  agent: ({ agent }) => (agent === undefined || agent === 'agemem' ? 'AgeMem' : null),
  evaluation: () => '`trainer.test_freq`, `rollout.val_kwargs`; `prompts/held_out.parquet`',
  checkpoint_every: () => '`trainer.save_freq`',
}

const shortJson = (value: unknown): string => {
  const text = value === undefined ? 'left out' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function settingsTable(config: TrainConfig): string {
  const rows = namesOf(places).map((name) => ({ name, value: shortJson(config[name]), place: places[name](config) }))
  const line = ({ name, value, place }: (typeof rows)[number]) => `| \`${name}\` | \`${value.replaceAll('|', '\\|')}\` | ${place ?? '**not held**'} |`
  return ['| setting | in this run | in verl |', '|---|---|---|', ...rows.filter(({ place }) => place === null).map(line), ...rows.filter(({ place }) => place !== null).map(line)].join('\n')
}

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
${settingsTable(run.config)}

Where a context edit begins a new sequence, verl takes one for each rollout: it is drawn, as for TRL before it had steps.
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
