// Export for TRL: the run's settings in the names of GRPOConfig and PEFT's LoraConfig, a script, and what is lost on the
// way. Names were read in the sources of TRL 1.10.0.dev0; option-names.fixture.ts has them.
import { evaluationTemperature, learningRateAt, type TrainConfig } from '../training/config.ts'
import { commonFiles, commonWords, json, pythonDiffers, type ExportedRun, type ExportFile } from './files.ts'
import { trainPy } from './trl-py.ts'

/** ρ is not clipped from here on, for all practical purposes. */
const noClip = { epsilon: 1, epsilon_high: 1e6 }

function lossType({ aggregation }: TrainConfig): 'dapo' | 'grpo' | 'dr_grpo' {
  switch (aggregation) {
    case 'token-mean':
      return 'dapo'
    case 'sequence-mean':
      return 'grpo'
    case 'dr-grpo':
      return 'dr_grpo'
  }
}

/** Linear down to a share of the rate is a polynomial of power 1 there. */
function schedulerOf(config: TrainConfig): { lr_scheduler_type: string; lr_scheduler_kwargs?: { lr_end: number; power: number } } {
  switch (config.schedule) {
    case 'constant':
      return { lr_scheduler_type: 'constant_with_warmup' }
    case 'linear':
      return { lr_scheduler_type: 'polynomial', lr_scheduler_kwargs: { lr_end: learningRateAt(config, config.steps), power: 1 } }
  }
}

/** Settings by the names of TRL's GRPOConfig and of PEFT's LoraConfig. */
export function trlConfig(config: TrainConfig) {
  const { adamw, clip, lora, episode, evaluation } = config
  const scaled = config.advantage.form !== 'none' && config.advantage.form !== 'leave-one-out'
  return {
    grpo: {
      output_dir: 'trained',
      seed: config.seed,
      max_steps: config.steps,
      // A batch is the step's B groups of K rollouts; a group goes through the model at a time.
      num_generations: config.k,
      per_device_train_batch_size: config.k,
      gradient_accumulation_steps: config.b,
      num_iterations: config.epochs,
      shuffle_dataset: false,
      learning_rate: config.learning_rate,
      ...schedulerOf(config),
      warmup_steps: config.warm_up_steps === 0 ? 0 : config.warm_up_steps + 1,
      adam_beta1: adamw.betas[0],
      adam_beta2: adamw.betas[1],
      adam_epsilon: adamw.epsilon,
      weight_decay: adamw.weight_decay,
      max_grad_norm: config.max_norm ?? 0,
      beta: config.beta,
      ...(clip ? { epsilon: clip.low, epsilon_high: clip.high } : noClip),
      loss_type: lossType(config),
      scale_rewards: scaled ? 'group' : 'none',
      temperature: episode.temperature,
      ...(episode.min_p > 0 ? { min_p: episode.min_p } : {}),
      // Of a whole sequence, what the environment says included.
      max_completion_length: Math.max(episode.t_max, ...config.batching.lengths),
      ...(evaluation.every > 0 ? { eval_strategy: 'steps', eval_steps: evaluation.every, per_device_eval_batch_size: config.k, num_generations_eval: 1 } : { eval_strategy: 'no' }),
      save_strategy: 'steps',
      save_steps: config.checkpoint_every,
      logging_steps: 1,
      report_to: 'none',
      // The run was trained in 32-bit floats.
      bf16: false,
    },
    lora: { r: lora.rank, lora_alpha: lora.alpha, target_modules: [...lora.targets], lora_dropout: 0, bias: 'none', task_type: 'CAUSAL_LM' },
  }
}

/** What TRL has no name for, in sentences. */
function lost(config: TrainConfig): string[] {
  const { kl_estimator, beta, reference, advantage, credit, warm_up_steps, clip, episode, evaluation, exploration } = config
  const heldOut = evaluationTemperature(config)
  return [
    'GRPOTrainer learns from one sequence for each rollout; an episode has several, for a context edit begins a new one. The script draws one of them at random and gives it the reward of the whole episode: on average every step gets the advantage of its trajectory, as in step-wise GRPO, at the price of more noise.',
    'Rollouts are generated with transformers, in one process, without vLLM.',
    'A token that the tokenizer merely added and does not call special, such as <think> in some, is that token whoever spells it; the playground reads it as text where the user or a tool says it.',
    `The advantage's ε is 1e-4 in TRL${advantage.epsilon === 1e-4 ? ', as in this run' : `; this run has ${advantage.epsilon}`}.`,
    'Adam begins anew: its moments are not exported.',
    ...(clip ? [] : [`This run clips nothing; ε is set so wide (${noClip.epsilon}, ${noClip.epsilon_high}) that TRL clips nothing either.`]),
    ...(warm_up_steps > 0 ? ['The warm-up of transformers begins with a learning rate of 0: its first update changes nothing, and the others are one step behind.'] : []),
    ...(beta > 0 && kl_estimator !== 'k3' ? [`TRL estimates the KL divergence with k3; this run with ${kl_estimator}.`] : []),
    ...(episode.temperature === 1 ? [] : [`TRL takes log π at the temperature that it samples with; this run sampled at ${episode.temperature} and took it at 1.`]),
    ...(exploration === null ? [] : [`TRL samples at one temperature, ${episode.temperature}; that of this run went there from ${exploration.temperature} in its first ${exploration.steps} steps.`]),
    ...(evaluation.every > 0 && heldOut !== episode.temperature ? [`TRL evaluates at the temperature of the rollouts, ${episode.temperature}; this run at ${heldOut}.`] : []),
    ...(beta > 0 && reference === 'start' ? ['The KL term keeps to the base model. A run here that began from an adapter keeps to that one.'] : []),
    ...(advantage.form === 'population' ? ['TRL takes σ with 1/(K−1); this run with 1/K.'] : []),
    ...(advantage.form === 'leave-one-out' ? ['TRL has no leave-one-out baseline here: advantages are r − μ, smaller by the factor (K−1)/K.'] : []),
    ...(advantage.form === 'decoupled'
      ? ['This run normalises each term of the reward by itself (GDPO). TRL can do that, with multi_objective_aggregation="normalize_then_sum" and a reward function for each term; the script hands it one reward, the total, which TRL normalises as a whole.']
      : []),
    ...(credit === 'step-normalised' ? ['Advantages are not divided by the number of steps.'] : []),
    ...(credit === 'last-stage' ? ['Credit for the last stage only: the script draws the last sequence of each episode.'] : []),
  ]
}

/** The folder for TRL. */
export function trlFiles(run: ExportedRun): ExportFile[] {
  const readme = `# “${run.name}” for TRL

Exported by the AgeMem Playground, to go on with in [TRL](https://github.com/huggingface/trl). The option names were
checked against the sources of TRL 1.10.0.dev0 (commit f2cd577), transformers and PEFT 0.20.1.dev0. **The script was
written against those sources and compiled; it has not been run in training.**

## Commands
\`\`\`sh
pip install "trl[peft]" datasets
python train_agemem.py --model MODEL            # goes on with the adapter
python train_agemem.py --model MODEL --fresh    # with a fresh one
\`\`\`

## What is here
${commonWords(run)}
- \`trl_config.json\`: the settings in the names of GRPOConfig (\`grpo\`) and LoraConfig (\`lora\`). \`train_agemem.py\`: plays the episodes through GRPOTrainer's \`rollout_func\` and trains.

## What is not the same
${lost(run.config).map((line) => `- ${line}`).join('\n')}
${pythonDiffers}
`
  return [...commonFiles(run), { path: 'trl_config.json', content: json(trlConfig(run.config)) }, { path: 'train_agemem.py', content: trainPy }, { path: 'README.md', content: readme }]
}
