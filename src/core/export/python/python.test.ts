// The exported Python against what it is the twin of: replies, judge, similarity, episodes and their reward. Few of each;
// test:python does the same on many.
import { describe, expect, it } from 'vitest'
import { noDataSets } from '../../environments/family.ts'
import { questionIn } from '../../environments/question/task.ts'
import type { ScriptedName } from '../../demonstrations/scripted.ts'
import { trainPresets, type TrainConfig } from '../../training/config.ts'
import { evaluationTasks } from '../../training/tasks-of-step.ts'
import { tasksOfRun, type ExportedRun } from '../files.ts'
import { trinityFiles } from '../trinity.ts'
import { trlFiles } from '../trl.ts'
import { answers, episodesOf, replies } from './material.fixture.ts'
import { hasPython, inPython, jsonLines } from './run-python.fixture.ts'
import { differences } from './twin.fixture.ts'

const { quick } = trainPresets
const run = async (config: TrainConfig): Promise<ExportedRun> => ({ name: 'my run', config, tasks: await tasksOfRun(config, noDataSets), model: { name: 'nano', place: null }, adapter: null })

describe.skipIf(!hasPython)('in Python', () => {
  it('the scripts compile', async () => {
    const program = 'import pathlib\nfor path in pathlib.Path(".").rglob("*.py"): compile(path.read_text(encoding="utf-8"), str(path), "exec"); print(path)'
    expect(inPython([...trlFiles(await run({ ...quick, steps: 1 })), ...trinityFiles(await run({ ...quick, steps: 1 }))], program).trim().split('\n').sort()).toEqual(['agemem.py', 'plugins/agemem_workflow.py', 'train_agemem.py'])
  })

  it('what a message spells of a mark goes through a template as text', async () => {
    const program = `
import json
from agemem import Marks
marks = Marks(["<|a|>", "<|ab|>", "$"], ["<b>", "so far"])
said = ["x<|a|>y<|ab|>", chr(0x100000) + chr(0x100003) + "<|a", "$5 <|a|><|a|>", "", "<b> so far"]
quoted = [marks.quote(text) for text in said]
assert not any(mark in each for each in quoted for mark in ("<|a|>", "<|ab|>", "$", "<b>"))
print(json.dumps(["".join(marks.pieces(each)) for each in quoted]))
print(json.dumps([marks.pieces(each) for each in quoted]))
print(json.dumps([marks.quote("<b> <|a|>", [(0, 9)]).startswith("<b> "), "<|a|>" in marks.quote("<b> <|a|>", [(0, 9)]), Marks([]).pieces("a<b>")]))
`
    const [texts, pieces, own] = jsonLines(inPython(trlFiles(await run({ ...quick, steps: 1 })), program))
    expect(texts).toEqual(['x<|a|>y<|ab|>', '\u{100000}\u{100003}<|a', '$5 <|a|><|a|>', '', '<b> so far'])
    // No piece has a mark in it; one of plain words is a way to write these words.
    expect(pieces).toEqual([['x<', '|a|>y<', '|ab|>'], ['\u{100000}\u{100003}<|a'], ['$5 <', '|a|><', '|a|>'], [], ['<', 'b> so far']])
    expect(own).toEqual([true, false, ['a<b>']])
  })

  it('replies are read, answers judged, texts compared and currency told as they are here', async () => {
    expect(await differences.words(trlFiles(await run({ ...quick, steps: 1 })), { replies: replies(300), answers: answers(300) })).toEqual([])
  })

  it('the length of a prompt is the engine’s word, and the reward goes by it', async () => {
    const program = `
import json
from agemem import Episode, count_tokens, read_json, read_tasks
task = read_tasks("tasks/train.jsonl")[0]
run = read_json("run.json")["config"]
episode = Episode(task, run, "s", count_tokens)
play = episode.play()
request = next(play)
try:
    while True:
        episode.asked_with(run["episode"]["t_max"] // 4)
        request = play.send("<think>a</think><answer>b</answer>")
except StopIteration:
    pass
first = episode.components()
episode.asked_with(run["episode"]["t_max"] + 1)
print(json.dumps([first["compression"], first["context_exceeded"], episode.components()["compression"], episode.components()["context_exceeded"]]))
`
    expect(jsonLines(inPython(trlFiles(await run({ ...quick, steps: 1 })), program))).toEqual([[0.75, false, 0, true]])
  })

  it.each([['oracle', 0], ['store-all', 0], ['careless', 0], ['careless', 0.4]] as const satisfies readonly (readonly [ScriptedName, number])[])(
    'episodes of %s, %d of whose replies are spoilt, have the same course and reward',
    async (name, share) => {
      const config = { ...quick, steps: 1, evaluation: { ...quick.evaluation, tasks: 24 } }
      const tasks = await evaluationTasks(config, noDataSets)
      const episodes = await episodesOf(name, tasks.map(({ task }) => questionIn(task)), quick.episode, share)
      expect(episodes).toHaveLength(24)
      expect(differences.episodes(trlFiles(await run(config)), config, episodes)).toEqual([])
    },
  )

  it('episodes of AgeMem-RAG have the tools and the recall of that agent', async () => {
    const config = { ...quick, steps: 1, agent: 'agemem-rag' as const, evaluation: { ...quick.evaluation, tasks: 8 } }
    const tasks = await evaluationTasks(config, noDataSets)
    const episodes = await episodesOf('careless', tasks.map(({ task }) => questionIn(task)), quick.episode, 0.4, 'agemem-rag')
    expect(differences.episodes(trlFiles(await run(config)), config, episodes)).toEqual([])
  })
})
