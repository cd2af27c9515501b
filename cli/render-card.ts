// The text of MODEL_CARD.md: what the model is, what it learnt from, what was measured, what it cannot do.
import type { Estimate } from '../src/core/evaluation/estimate.ts'
import { toolNames } from '../src/core/agents/agemem/tools/index.ts'
import { nanoSettings, type Phase } from '../src/pretraining/pretraining.ts'
import type { TrainingRecord } from './card.ts'
import type { Evaluation } from './evaluate.ts'

interface Measured {
  /** At temperature 1. */
  sampled: Evaluation
  greedy: Evaluation
  /** Greedy, nothing told, the facts in the memory from the beginning. */
  given: Evaluation
  tasks: number
}

const percent = (share: number) => (100 * share).toFixed(1)
const share = (estimate: Estimate | null) => (estimate === null ? '–' : `${percent(estimate.mean)} [${percent(estimate.low)}, ${percent(estimate.high)}]`)
const of = ({ right, of: all }: { right: number; of: number }) => (all === 0 ? '–' : percent(right / all))
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`
const table = (head: string[], rows: string[][]) => [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n')

const habitWords: [keyof Evaluation['habits'], string][] = [
  ['add_fact', 'stores something when a message tells a fact'],
  ['add_small_talk', 'stores small talk'],
  ['add_distractor', 'stores a distractor of stage 2'],
  ['update_correction', 'updates an entry when a message corrects a fact'],
  ['delete_correction', 'deletes an entry then'],
  ['filter_episode', 'episodes in which it filters'],
  ['summarise_episode', 'episodes in which it summarises'],
  ['retrieve_first', 'searches its memory before it answers'],
  ['unknown_without_memory', 'says that it does not know when no memory is in its context'],
]

function measuredTables({ sampled, greedy, given }: Measured): string {
  const kinds = Object.keys(given.capability.answers)
  const three = (name: string, value: (evaluation: Evaluation) => string) => [name, value(sampled), value(greedy), value(given)]
  const head = ['%', 'sampled', 'greedy', 'greedy, facts given']
  return [
    '**What it can** (share of occasions, in %, with 95 % intervals)',
    table(head, [
      ...kinds.map((kind) => three(`right answers: ${kind}`, ({ capability }) => share(capability.answers[kind] ?? null))),
      three('entries that are the fact to the letter', ({ capability }) => share(capability.exact_copies)),
      three('well-formed replies', ({ capability }) => share(capability.well_formed)),
      ...toolNames.map((tool) => three(`calls of ${tool} that work`, ({ capability }) => share(capability.calls_that_work[tool]))),
    ]),
    '**What it does**',
    table(head, habitWords.map(([habit, words]) => three(words, ({ habits }) => share(habits[habit])))),
    '**What that is worth** (weights of the paper)',
    table(['', 'sampled', 'greedy', 'greedy, facts given'], [
      three('task reward', ({ reward }) => reward.task.toFixed(3)),
      three('reward', ({ reward }) => reward.total.toFixed(3)),
      three('memory quality', ({ memory_quality }) => memory_quality.toFixed(3)),
      three('tool calls an episode', ({ tool_calls_total }) => tool_calls_total.toFixed(2)),
    ]),
  ].join('\n\n')
}

/** What a phase behind the first one does. */
function latePhase({ budget, learningRate, versatile, given, choice }: Phase): string {
  const length = 'tokens' in budget ? `${budget.tokens / 1e6} M tokens` : `${budget.minutes} minutes`
  return `
Then ${length} with a new optimizer, learning rate ${learningRate.peak} and falling: ${percent(given)} % of the episodes begin with the facts in the memory,
${percent(1 - versatile)} % have habits like those that nano is to have (\`src/pretraining/pretraining.ts\`); the word that tells what is done about a message weighs ${choice}.`
}

/** The card in Markdown. */
export function renderCard(record: TrainingRecord, measured: Measured): string {
  const { model, loss, phases, batching, microBatches } = nanoSettings
  const [first, ...later] = phases
  const minutes = (seconds: number) => (seconds / 60).toFixed(1)
  return `# nano

The embedded language model of the AgeMem Playground: ${(record.parameters / 1e6).toFixed(2)} M parameters, Llama family, trained from nothing
by this project. It plays three-stage memory episodes in a made-up world, in the paper's response protocol, with all six
tools. It has the habits of an untrained agent, so that reinforcement learning has something to teach. It knows nothing else.

- **Architecture**: width ${model.hidden_size}, ${model.num_hidden_layers} layers, ${model.num_attention_heads} heads of ${model.hidden_size / model.num_attention_heads}, feed-forward ${model.intermediate_size}, ${record.vocabulary} tokens, tied embeddings, window of 1,024.
- **Weights**: model.safetensors, float16, SHA-256 \`${record.sha256}\`.
- **Made by**: \`npm run pretrain\` with seed ${record.seed}; ${record.steps} steps, ${(record.tokens / 1e6).toFixed(2)} M tokens, ${minutes(record.seconds)} minutes of training on two CPU cores. The same
  seed on the same kind of machine gives the same weights; another number of threads rounds differently (here ${record.threads.map((each) => each ?? 'all').join(', ')}, phase by phase).
- **Licence**: MIT, as the project.

## Data
Episodes of the procedural world, played by a stochastic demonstrator in the real simulator: facts told in at least twelve
wordings a relation, corrections, small talk, distractors, all kinds of questions, searches that find nothing, tool errors
and how to mend them, summaries. Names are composed of syllables and come from the training split only; a fifth of all
name words is held out for evaluation. Nothing was downloaded, and no person stands behind any name.
${percent(1 - first.versatile)} % of the episodes have the habits that nano is to have; the others use every tool, and which tool is chosen is not
learnt from them, only how. No token of a reply that a tool refused is learnt.

## Recipe
AdamW, learning rate ${first.learningRate.peak} with cosine decay, micro-batches of ${batching.tokens} tokens, ${microBatches} a step. Tokens of the environment weigh
${loss.environment}, facts that are copied and everything in stage 3 weigh ${loss.exact}, other tokens of the policy 1. It begins from random weights with a
hand-set circuit: heads that note the last three tokens, and heads that copy what followed them before
(induction heads, Olsson et al. 2022; \`src/pretraining/circuit-weights.ts\`). Without it copying takes many times as long to learn.${later.map(latePhase).join('')}

## Curve
On held-out episodes of the corpus, each token given all that came before. Copies: facts in Add_memory and Update_memory
without a slip, in % (of single tokens in brackets).

${table(
  ['M tokens', 'minutes', 'loss', 'copies', 'one-hop', 'two-hop', 'update', 'comparison'],
  record.curve.map((point) => [
    (point.tokens / 1e6).toFixed(2),
    minutes(point.seconds),
    point.loss.toFixed(3),
    `${of(point.copies)} (${of(point.copied_tokens)})`,
    ...['one-hop', 'two-hop', 'update', 'comparison'].map((kind) => of(point.answers[kind] ?? { right: 0, of: 0 })),
  ]),
)}

## Measured behaviour
\`npm run agemem -- evaluate --policy nano --split held-out --tasks ${measured.tasks} --seed 7 --json\`: tasks of the default difficulty whose names it has
never seen. Sampled: temperature 1. Greedy: \`--temperature 0\`. Facts given: \`--given-facts\`, nothing is told, and the
facts as they stand at the end are in the long-term memory from the beginning.

${measuredTables(measured)}

## Limits
- It speaks of its own small world, in English, and of nothing else; other words it has never seen.
- A reply at temperature 1 can slip: a wrong name, a broken tag. Training lowers the temperature of habits, not knowledge.
- Its window is 1,024 tokens. Paragraphs of HotpotQA and MuSiQue do not fit it and mean nothing to it.
- It cannot count, reason about numbers beyond comparing years and days, or follow instructions.
`
}
