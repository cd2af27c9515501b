// Export for TRL: the run's settings in the names of GRPOConfig and PEFT's LoraConfig, a script, and a table of what is lost on
// the way. Names were read in the sources of TRL 1.16; option-names.fixture.ts has them.
import type { TrainConfig } from '../training/config.ts'
import { commonFiles, commonWords, json, pythonDiffers, type ExportedRun, type ExportFile } from './files.ts'
import { differencesOf, tableOf } from './trl/differences.ts'
import { baseModel, goesOn } from './trl/goes-on.ts'
import { isGguf } from '../policy/catalogue/weights-source.ts'
import { trainPy } from './trl/train-py.ts'

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

/** The reward functions with their weights: one for each term where the terms are normalised one by one, else the total. */
function rewardFunctions({ advantage, reward: { weights } }: TrainConfig): { names: string[]; weights: number[] } {
  if (advantage.form !== 'decoupled') return { names: ['total'], weights: [1] }
  const { task, currency, tool_use, context, memory } = weights
  const terms = Object.entries({ task, currency, tool_use, context, memory, penalty: 1 }).filter(([, weight]) => weight > 0)
  return { names: terms.map(([name]) => name), weights: terms.map(([, weight]) => weight) }
}

/** Settings by the names of TRL's GRPOConfig and of PEFT's LoraConfig, and the names of the script's reward functions. */
export function trlConfig(config: TrainConfig) {
  const { adamw, clip, lora, episode } = config
  const scaled = config.advantage.form !== 'none' && config.advantage.form !== 'leave-one-out'
  const functions = rewardFunctions(config)
  return {
    grpo: {
      output_dir: 'trained',
      seed: config.seed,
      max_steps: config.steps * config.epochs,
      // A batch is the step's B groups of K rollouts; the sequences of about one rollout go through the model at a time.
      num_generations: config.k,
      per_device_train_batch_size: 1,
      gradient_accumulation_steps: config.b * config.k,
      num_iterations: config.epochs,
      shuffle_dataset: false,
      // The script lets it rise and fall as the run does.
      learning_rate: config.learning_rate,
      lr_scheduler_type: 'constant',
      adam_beta1: adamw.betas[0],
      adam_beta2: adamw.betas[1],
      adam_epsilon: adamw.epsilon,
      weight_decay: adamw.weight_decay,
      max_grad_norm: config.max_norm ?? 0,
      beta: config.beta,
      // The KL term as it is: by default TRL takes it times ρ.
      use_bias_correction_kl: false,
      ...(clip ? { epsilon: clip.low, epsilon_high: clip.high } : noClip),
      loss_type: lossType(config),
      reward_weights: functions.weights,
      multi_objective_aggregation: config.advantage.form === 'decoupled' ? 'normalize_then_sum' : 'sum_then_normalize',
      scale_rewards: scaled ? 'group' : 'none',
      // Of log π in the loss; the script samples at the run's own temperatures.
      temperature: 1,
      // Of a whole sequence, what the environment says included.
      max_completion_length: Math.max(episode.t_max, ...config.batching.lengths),
      // The script evaluates when the run would.
      eval_strategy: 'no',
      per_device_eval_batch_size: config.k,
      num_generations_eval: 1,
      save_strategy: 'steps',
      save_steps: config.checkpoint_every * config.epochs,
      logging_steps: 1,
      report_to: 'none',
      // The run was trained in 32-bit floats, and a small model's activations fit.
      bf16: false,
      gradient_checkpointing: false,
    },
    lora: { r: lora.rank, lora_alpha: lora.alpha, target_modules: [...lora.targets], lora_dropout: 0, bias: 'none', task_type: 'CAUSAL_LM' },
    reward_functions: functions.names,
  }
}

/** The folder for TRL. */
export function trlFiles(given: ExportedRun): ExportFile[] {
  const { run, model } = baseModel(given)
  const readme = `# “${run.name}” for TRL

Exported by the AgeMem Playground, to go on with in [TRL](https://github.com/huggingface/trl). The project's \`npm run test:python\`
runs this folder for two steps in TRL 1.16 with transformers 5.24 and PEFT 0.21, and holds rewards, loss and gradient against its own.

## Commands
\`\`\`sh
pip install "trl[peft]==1.16.0" datasets${model !== null && isGguf(model) ? ' gguf' : ''}
python train_agemem.py${model === null ? ' --model MODEL' : ''}            # goes on with the adapter, for the steps that are left
python train_agemem.py${model === null ? ' --model MODEL' : ''} --steps 2 --fresh    # two steps, with a fresh adapter
\`\`\`
${model === null ? '' : `MODEL is \`${model}\` where it is left out. `}Back into the playground: \`trained/for-playground.zip\` is imported under Runs, with the steps from before and those made here in
one chart and the episodes of these, or on the command line put into the folder of the run (\`import --run\`); \`trained/adapter_config.json\` and \`trained/adapter_model.safetensors\` are the adapter.

## What is here
${commonWords(run)}
- \`trl_config.json\`: the settings in the names of GRPOConfig (\`grpo\`) and LoraConfig (\`lora\`). \`train_agemem.py\`: plays the episodes and learns from every sequence of each, over GRPOTrainer's own loss.${goesOn.words(run)}

## What is not the same
${tableOf(differencesOf(run))}

${pythonDiffers}
`
  return [...commonFiles(run), ...goesOn.files(run), { path: 'trl_config.json', content: json({ ...trlConfig(run.config), model }) }, { path: 'train_agemem.py', content: trainPy }, { path: 'README.md', content: readme }]
}
