// verl's dumps of rollouts, a file a step, as trainer.rollout_data_dir has them and scripts/rollout_viewer.py shows them.
// Names as in RayPPOTrainer._write_generations of verl 0.9.1.
import { familyOf } from '../../core/environments/families.ts'
import type { ContextMessage, Trajectory } from '../../core/record/trajectory.ts'
import type { ShownEpisode } from '../episodes.ts'
import { wordsAlone } from '../parts.ts'
import { transcriptOf, type Turn } from '../transcript.ts'
import type { Viewer } from './viewer.ts'

/** As verl decodes a chat template, its special tokens left out: the role, and what was said. */
const chat = (role: ContextMessage['role'], content: string) => `${role}\n${content}\n`

function textOf(turn: Turn): string {
  switch (turn.kind) {
    case 'message':
      return chat(turn.message.role, turn.message.content)
    case 'reply':
      return chat('assistant', turn.of.reply.text)
    case 'result':
      return chat('tool', turn.of.call.result)
  }
}

/** What was heard before the first reply, and all that came after. */
export function split(trajectory: Trajectory): { prompt: Turn[]; completion: Turn[] } {
  const turns = transcriptOf(trajectory)
  const first = turns.findIndex(({ kind }) => kind === 'reply')
  return first < 0 ? { prompt: turns, completion: [] } : { prompt: turns.slice(0, first), completion: turns.slice(first) }
}

export function verlLine({ trajectory, scored, advantage }: ShownEpisode, step: number) {
  const { prompt, completion } = split(trajectory)
  const { task, answer, id } = trajectory
  return {
    input: prompt.map(textOf).join(''),
    output: completion.map(textOf).join(''),
    gts: familyOf(task).expected(task),
    score: scored?.reward ?? null,
    step,
    uid: id.task,
    rollout: id.rollout,
    answer,
    advantage,
    num_turns: trajectory.steps.length,
    ...Object.fromEntries((scored?.terms ?? []).map(({ name, value }) => [`reward_${name}`, value])),
  }
}

export const verlRollouts: Viewer = {
  name: 'verl’s rollout viewer',
  about: `\`rollouts/<step>.jsonl\`: an episode a line, as verl dumps what it rolled out (\`trainer.rollout_data_dir\`). Its viewer is
a script of its repository, which wants its own version of textual:
\`\`\`sh
pip install textual==0.52.1 typer aiofiles rich packaging
python scripts/rollout_viewer.py rollouts
\`\`\`
\`input\` is what was heard before the first reply, \`output\` all that came after it, environment included; the template's
marks are left out, as verl leaves them out.`,
  places: {
    ...wordsAlone,
    messages: '`input`, `output`',
    replies: '`output`',
    thoughts: 'in the text of the reply',
    calls: 'in the text of the reply',
    results: '`output`',
    sampled_texts: '`output`',
    task: '`gts`: the right answer alone',
    answer: '`answer`',
    reward: '`score`',
    reward_terms: '`reward_<term>`',
    advantage: '`advantage`',
    group: '`uid`',
  },
  async write({ steps }, out, counter) {
    for await (const { step, episodes } of steps) {
      out.file(`rollouts/${step}.jsonl`)
      for (const episode of episodes) {
        counter.add(episode)
        out.write(`${JSON.stringify(verlLine(episode, step))}\n`)
      }
    }
  },
}
