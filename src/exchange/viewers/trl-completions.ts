// TRL's tables of completions, a file a step, as GRPOTrainer writes them with log_completions (trl/trainer/grpo_trainer.py,
// log(), of TRL 1.16.0).
import { keyOf } from '../episodes.ts'
import { wordsAlone } from '../parts.ts'
import { parquetFile, type Column, type Shape } from '../parquet.ts'
import { openAiMessage } from './openai.ts'
import { split } from './verl-rollouts.ts'
import type { Viewer } from './viewer.ts'

/** Conversational, with tools: what apply_chat_template of transformers takes. */
const messages: Shape = {
  list: {
    struct: {
      role: 'text',
      content: 'text',
      name: 'text',
      reasoning_content: 'text',
      tool_calls: { list: { struct: { id: 'text', type: 'text', function: { struct: { name: 'text', arguments: 'text' } } } } },
      tool_call_id: 'text',
    },
  },
}

export const trlCompletions: Viewer = {
  name: 'TRL’s tables of completions',
  about: `\`completions/completions_<step>.parquet\`: an episode a row, as GRPOTrainer writes them with \`log_completions=True\`: \`step\`,
\`prompt\` and \`completion\` (lists of messages), each term of the reward by its name, \`advantage\`; and besides \`reward\`, the
weighted sum, \`task_id\`, \`rollout\`, \`answer\` and \`key\`.
\`\`\`python
import pandas as pd
pd.read_parquet("completions/completions_00001.parquet")
\`\`\``,
  places: {
    ...wordsAlone,
    messages: '`prompt`, `completion`',
    replies: '`completion`',
    thoughts: '`reasoning_content`',
    calls: '`tool_calls`',
    results: 'messages of tools',
    sampled_texts: '`sampled`',
    task: '`task_id`: its id alone',
    answer: '`answer`',
    reward: '`reward`',
    reward_terms: 'a column each',
    advantage: '`advantage`',
    group: '`task_id`',
  },
  async write({ steps }, out, counter) {
    for await (const { step, episodes } of steps) {
      for (const episode of episodes) counter.add(episode)
      if (episodes.length === 0) continue
      const halves = episodes.map(({ trajectory }) => split(trajectory))
      const terms = [...new Set(episodes.flatMap(({ scored }) => scored?.terms.map(({ name }) => name) ?? []))]
      const columns: Column[] = [
        { name: 'step', shape: 'int', data: episodes.map(() => step) },
        { name: 'prompt', shape: messages, data: halves.map(({ prompt }) => prompt.map(openAiMessage)) },
        { name: 'completion', shape: messages, data: halves.map(({ completion }) => completion.map(openAiMessage)) },
        ...terms.map((term): Column => ({ name: term, shape: 'double', data: episodes.map(({ scored }) => scored?.terms.find(({ name }) => name === term)?.value ?? null) })),
        { name: 'reward', shape: 'double', data: episodes.map(({ scored }) => scored?.reward ?? null) },
        { name: 'key', shape: 'text', data: episodes.map(({ trajectory }, place) => keyOf(trajectory, place)) },
        { name: 'task_id', shape: 'text', data: episodes.map(({ trajectory }) => trajectory.id.task) },
        { name: 'rollout', shape: 'int', data: episodes.map(({ trajectory }) => trajectory.id.rollout) },
        { name: 'answer', shape: 'text', data: episodes.map(({ trajectory }) => trajectory.answer) },
        { name: 'sampled', shape: { list: 'text' }, data: episodes.map(({ trajectory }) => trajectory.steps.map(({ reply }) => reply.text)) },
        { name: 'advantage', shape: 'double', data: episodes.map(({ advantage }) => advantage) },
      ]
      out.file(`completions/completions_${String(step).padStart(5, '0')}.parquet`)
      out.write(parquetFile(columns))
    }
  },
}
