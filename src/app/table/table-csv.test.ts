// The lines of a table as a file.
import { describe, expect, it } from 'vitest'
import { episodesCsv, rolloutsCsv } from './table-csv.ts'

const line = {
  title: 'Where does Mira "the fox" Voss live?',
  expected: 'Oslem',
  answer: null,
  outcome: 'none',
  reward: -0.125,
  steps: 9,
  heard: null,
  replies: null,
} as const

describe('the table as a file', () => {
  it('has a line a rollout, counted as people count, and quotes what has quotes', () => {
    const text = rolloutsCsv([{ ...line, key: 'r-1', tools: { Add_memory: 2 }, step: 3, group: 0, rollout: 4, advantage: 0.5 }])
    expect(text).toBe(
      'key,step,group,rollout,task,expected,answer,outcome,reward,turns,tool_calls/Add_memory,tool_calls/Update_memory,tool_calls/Delete_memory,tool_calls/Retrieve_memory,tool_calls/Summary_context,tool_calls/Filter_context,advantage\n' +
        'r-1,3,1,5,"Where does Mira ""the fox"" Voss live?",Oslem,,none,-0.125,9,2,0,0,0,0,0,0.5\n',
    )
  })

  it('leaves empty what is not known of an episode yet', () => {
    const summary = { key: 'e-1', query: line.title, expected: 'Oslem', answer: null, reward: null, steps: 9, status: 'partial', policy: 'oracle', agent: 'mem0', source: 'world', recorded: 0, saved: true, seed: 7 } as const
    const [, written = ''] = episodesCsv([{ ...line, key: 'e-1', reward: null, outcome: null, tools: null, summary }]).split('\n')
    expect(written).toBe('e-1,oracle,mem0,world,partial,1970-01-01T00:00:00.000Z,"Where does Mira ""the fox"" Voss live?",Oslem,,,,9,,,,,,')
  })
})
