import fc from 'fast-check'
import { defaultReadOptions } from './record.ts'
import { describe, expect, it } from 'vitest'
import { states, taskSchema } from '../task.ts'
import { containsPhrase, wellFormedValue } from '../../../text.ts'
import { condense } from './musique.ts'
import { readTaskFile, skippedKept, TaskFileError, type ImportReport } from './read.ts'

const context: [string, string[]][] = [
  ['Lake Orlen', ['Lake Orlen is a mountain lake.', ' It lies in the district of Vell.']],
  ['Vell (district)', ['Vell is a district in the north.', ' Its capital is the town of Harrow Bay.', ' It has many sheep.']],
  ['Lake Tarn', ['Lake Tarn is a lake in the south.']],
  ['Harrow', ['A harrow is a farm tool.', ' It has nothing to do with Harrow Bay, the capital.']],
  ['Sheep', ['Sheep are kept in every district.']],
]
const hotpot = {
  _id: 'abc',
  type: 'bridge',
  level: 'easy',
  question: 'What is the capital of the district that Lake Orlen lies in?',
  answer: 'Harrow Bay',
  supporting_facts: [
    ['Lake Orlen', 1],
    ['Vell (district)', 1],
  ],
  context,
}
const dictionary = {
  id: 'abc',
  type: 'bridge',
  level: 'easy',
  question: hotpot.question,
  answer: hotpot.answer,
  supporting_facts: { title: ['Lake Orlen', 'Vell (district)'], sent_id: [1, 1] },
  context: { title: context.map(([title]) => title), sentences: context.map(([, sentences]) => sentences) },
}
const musique = {
  id: '2hop__1_2',
  question: hotpot.question,
  answer: 'Harrow Bay',
  answer_aliases: ['the town of Harrow Bay', 'Harrow Bay', ''],
  answerable: true,
  question_decomposition: [{ id: 1, question: 'Lake Orlen >> district', answer: 'Vell', paragraph_support_idx: 0 }, { answer: 'Harrow Bay' }],
  paragraphs: context.map(([title, sentences], idx) => ({ idx, title, paragraph_text: sentences.join(''), is_supporting: idx < 2 })),
}

const read = (value: unknown, name = 'some.json') => readTaskFile(typeof value === 'string' ? value : JSON.stringify(value), name)
const reason = (value: unknown): string => {
  try {
    read(value)
  } catch (error) {
    if (error instanceof TaskFileError) return error.message
    throw error
  }
  throw new Error('it was read')
}
const onlyTask = (report: ImportReport) => {
  const [task] = report.tasks
  if (!task || report.tasks.length !== 1) throw new Error(`${report.tasks.length} tasks`)
  return task
}

describe('a HotpotQA record', () => {
  const task = onlyTask(read([hotpot]))

  it('becomes a task: supporting sentences are told, each under its title', () => {
    expect(task).toMatchObject({ id: 'hotpotqa-abc', source: 'hotpotqa', kind: 'bridge', split: 'none', query: hotpot.question, answer: 'Harrow Bay', aliases: [] })
    expect(task.facts).toEqual([
      { id: 'f1', text: 'Lake Orlen: It lies in the district of Vell.', keys: [], needed: true, superseded_by: null },
      { id: 'f2', text: 'Vell (district): Its capital is the town of Harrow Bay.', keys: [], needed: true, superseded_by: null },
    ])
    const told = task.build.filter((message) => message.kind === 'fact')
    expect(told.map((message) => message.facts)).toEqual([['f1'], ['f2']])
    expect(told[0]?.text).toMatch(/Lake Orlen: It lies in the district of Vell\.$/)
    for (const [index, message] of told.entries()) expect(task.facts.filter((fact) => states(message.text, fact)).map((fact) => fact.id)).toEqual([`f${index + 1}`])
  })
  it('has small talk among what it tells, so that keeping everything is not the best there is', () => {
    expect(task.build.filter((message) => message.kind === 'small-talk')).toHaveLength(1)
    const places = Array.from({ length: 12 }, (_, i) => onlyTask(read([{ ...hotpot, _id: `r${i}` }])).build.findIndex((message) => message.kind === 'small-talk'))
    expect([...new Set(places)].sort()).toEqual([0, 1, 2])
    const quiet = onlyTask(readTaskFile(JSON.stringify([hotpot]), 'f', undefined, { ...defaultReadOptions, smallTalk: 0 }))
    expect(quiet.build.map((message) => message.kind)).toEqual(['fact', 'fact'])
  })
  it('keeps other paragraphs as distractors, but none with the answer in it', () => {
    expect(task.resist.map((message) => message.text.replace(/^.*?:/, ''))).toEqual([' Lake Tarn is a lake in the south.', ' Sheep are kept in every district.'])
    expect(task.resist.every((message) => message.kind === 'distractor' && message.facts.length === 0)).toBe(true)
  })
  it('is the same in the dictionary form', () => {
    const report = read([dictionary])
    expect(report.format).toBe('hotpotqa-hf')
    expect(onlyTask(report)).toEqual(task)
  })
  it('keeps a yes as an answer, and the distractors that have the word', () => {
    const yes = onlyTask(read([{ ...hotpot, answer: 'yes', context: [...context, ['Votes', ['They said yes to the district.']]] }]))
    expect(yes.answer).toBe('yes')
    expect(yes.resist.some((message) => containsPhrase(message.text, 'yes'))).toBe(true)
  })
  it('may have its answer in the question, as comparisons do', () => {
    expect(onlyTask(read([{ ...hotpot, question: 'Is it Harrow Bay or Tarn?' }])).query).toBe('Is it Harrow Bay or Tarn?')
  })
  it('names the same sentence once', () => {
    expect(onlyTask(read([{ ...hotpot, supporting_facts: [['Lake Orlen', 1], ['Lake Orlen', 1]] }])).facts).toHaveLength(1)
  })
  it('has as many distractors as are asked for, the nearest to the question', () => {
    const text = JSON.stringify([hotpot])
    expect(onlyTask(readTaskFile(text, 'f', undefined, { ...defaultReadOptions, distractors: 0 })).resist).toEqual([])
    // "lake" of the question stands in the first, "district" and nothing else in the other: one word each, the earlier wins.
    expect(onlyTask(readTaskFile(text, 'f', undefined, { ...defaultReadOptions, distractors: 1 })).resist.map((message) => containsPhrase(message.text, 'Lake Tarn'))).toEqual([true])
  })
  it('is shortened as a distractor at the end of a sentence', () => {
    const sentence = 'This one tells of a district without any end to it, and of the lake, and of the capital as well.'
    const long = onlyTask(read([{ ...hotpot, context: [...context.slice(0, 2), ['Long', Array.from({ length: 30 }, () => sentence)]] }]))
    const [distractor] = long.resist
    expect(distractor?.text.length).toBeLessThan(400)
    expect(distractor?.text.endsWith('as well.')).toBe(true)
  })
})

describe('a MuSiQue record', () => {
  const report = read([musique])
  const task = onlyTask(report)
  it('becomes a task: supporting paragraphs are the facts', () => {
    expect(report.format).toBe('musique')
    expect(task).toMatchObject({ id: 'musique-2hop__1_2', source: 'musique', kind: '2-hop', answer: 'Harrow Bay', aliases: ['the town of Harrow Bay'] })
    expect(task.facts.map((fact) => fact.text)).toEqual([
      'Lake Orlen: Lake Orlen is a mountain lake. It lies in the district of Vell.',
      'Vell (district): Vell is a district in the north. Its capital is the town of Harrow Bay. It has many sheep.',
    ])
    expect(task.resist).toHaveLength(2)
  })
  it('is no task when it cannot be answered', () => {
    expect(reason([{ ...musique, answerable: false }])).toContain('answerable')
    expect(reason([{ ...musique, paragraphs: musique.paragraphs.map((paragraph) => ({ ...paragraph, is_supporting: false })) }])).toContain('is_supporting')
  })
})

describe('a record that would be a wrong task', () => {
  const skippedOf = (value: object) => {
    const report = read([hotpot, value])
    expect(report.tasks).toHaveLength(1)
    const [skipped] = report.skipped
    return `${skipped?.field ?? ''}: ${skipped?.message ?? ''}`
  }
  it.each<[string, object, string]>([
    ['of a test file', { ...hotpot, answer: undefined, supporting_facts: undefined }, 'answer: There is no answer, as in the files that tests are made with'],
    ['with an empty answer', { ...hotpot, answer: ' ' }, 'answer: There is no answer'],
    ['with null for an answer, in dictionaries', { ...dictionary, answer: null, supporting_facts: { title: [], sent_id: [] } }, 'answer: There is no answer'],
    ['of MuSiQue without answers', { ...musique, answer: undefined, paragraphs: [{ idx: 0, title: 't', paragraph_text: 'x' }] }, 'answer: There is no answer'],
    ['of fullwiki, a gold paragraph missing', { ...hotpot, context: context.slice(1) }, 'supporting_facts.0: There is no paragraph "Lake Orlen" in context; files of the fullwiki setting lack some'],
    ['with an empty supporting sentence', { ...hotpot, context: [['Lake Orlen', ['a', ' ']], ...context.slice(1)] }, 'supporting_facts.0: Sentence 1 of the paragraph "Lake Orlen" is empty'],
    ['with a sentence that is not there', { ...hotpot, supporting_facts: [['Lake Orlen', 2]] }, 'supporting_facts.0: The paragraph "Lake Orlen" has no sentence 2 (it has 2, counted from 0)'],
    ['with two paragraphs of a title', { ...hotpot, context: [...context, ['Lake Orlen', ['Another lake.', 'It lies elsewhere.']]] }, 'supporting_facts.0: Several paragraphs are called "Lake Orlen", and nothing says which is meant'],
    ['with a needed paragraph that cannot be read', { ...hotpot, context: [['Lake Orlen', [1, 2]], ...context.slice(1)] }, 'context.0.1.0: needs text, not 1; the question needs this paragraph, "Lake Orlen"'],
    ['without supporting facts', { ...hotpot, supporting_facts: [] }, 'supporting_facts: There is none'],
    ['that cannot be answered', { ...musique, answerable: false }, 'answerable: The question cannot be answered from its paragraphs'],
    ['that cannot be answered and says so only in its steps', { ...musique, answerable: undefined, question_decomposition: [{ answer: 'Vell', paragraph_support_idx: null }, { answer: 'x', paragraph_support_idx: 1 }] }, 'answerable: The question cannot be answered'],
    ['whose steps need another paragraph', { ...musique, question_decomposition: [{ answer: 'Vell', paragraph_support_idx: 3 }] }, 'question_decomposition: A step needs the paragraph 3'],
    ['with a needed paragraph of MuSiQue that cannot be read', { ...musique, paragraphs: musique.paragraphs.map((each) => (each.idx === 0 ? { ...each, paragraph_text: null } : each)) }, 'paragraphs.0.paragraph_text: needs text, not null; the question needs this paragraph'],
    ['with a paragraph that may be needed', { ...musique, paragraphs: musique.paragraphs.map((each) => (each.idx === 4 ? { ...each, is_supporting: 'no' } : each)) }, 'paragraphs.4.is_supporting: needs true or false, not text; the question may need this paragraph'],
    ['cut short by the dataset viewer', { row_idx: 0, row: { ...dictionary, context: '{"title": ["Lake' }, truncated_cells: ['context'] }, 'truncated_cells: The dataset viewer has cut context short: download the file itself'],
    ['with an answer that JSON has rounded', { ...hotpot, answer: 2 ** 60 }, 'answer: '],
  ])('is skipped with the reason: %s', (_, value, why) => {
    expect(skippedOf(value)).toContain(why)
  })
  it('says of a whole file of them only that', () => {
    expect(reason([{ ...hotpot, answer: undefined }, { ...hotpot, answer: undefined }])).toBe(
      'None of the 2 records of some.json fits. There is no answer, as in the files that tests are made with: take the file of the training or development (validation) part.',
    )
    expect(reason([{ qa: [], conversation: {} }])).toContain('There are no questions in it')
    expect(reason({ error: 'Access to the dataset is restricted' })).toContain('"Access to the dataset is restricted"')
    expect(reason({ data: [{ title: 't', paragraphs: [{ context: 'c', qas: [] }] }] })).toContain('SQuAD')
    expect(reason([{ id: 'nq', question: 'q', golden_answers: ['a'], metadata: {} }])).toContain('no passages to be told')
  })
})

describe('what costs a paragraph, not the record', () => {
  it('is counted and said', () => {
    const report = read([
      { ...hotpot, context: [...context, ['Odd', 'no list'], null, ['', ['x']]] },
      { ...musique, paragraphs: [...musique.paragraphs, { idx: 5, title: '', paragraph_text: 'x', is_supporting: false }, 7] },
    ])
    expect(report.tasks).toHaveLength(2)
    expect(report.notes).toEqual(['5 paragraphs cannot be read and were left out; no question needs them.'])
  })
})

describe('the same records in other clothes', () => {
  const task = onlyTask(read([hotpot]))
  const flash = { id: 'abc', question: hotpot.question, golden_answers: ['Harrow Bay', 'the town of Harrow Bay'] }
  it.each<[string, unknown]>([
    ['rows of a dataset viewer', { features: [], rows: [{ row_idx: 0, row: dictionary, truncated_cells: [] }], num_rows_total: 1 }],
    ['a list under data', { version: '1', data: [hotpot] }],
    ['2WikiMultihopQA, with JSON in strings', [{ ...hotpot, context: JSON.stringify(context), supporting_facts: JSON.stringify(hotpot.supporting_facts), evidences: '[]' }]],
    ['titles that differ in an accent', [{ ...hotpot, supporting_facts: [['Lake Orlén', 1], ['Vell – district', 1]] }]],
  ])('give the same task: %s', (_, value) => {
    expect(onlyTask(read(value))).toEqual(task)
  })
  it('give the same task and the other answers: FlashRAG', () => {
    const inDictionaries = { ...flash, metadata: { type: 'bridge', supporting_facts: dictionary.supporting_facts, context: { title: dictionary.context.title, content: dictionary.context.sentences } } }
    expect(onlyTask(read(`${JSON.stringify(inDictionaries)}\n`))).toEqual({ ...task, aliases: ['the town of Harrow Bay'] })
    const { id: _, question: __, answer: ___, answer_aliases: ____, ...metadata } = musique
    expect(onlyTask(read([{ ...flash, id: musique.id, metadata }]))).toEqual(onlyTask(read([musique])))
  })
  it('says that text like JSON is none', () => {
    expect(reason([{ ...hotpot, context: "[['Lake Orlen', ['It is a lake.']]]" }])).toContain('context: is text that begins like JSON and is none')
  })
  it('has a number as an answer as text', () => {
    expect(onlyTask(read([{ ...hotpot, answer: 1918 }])).answer).toBe('1918')
    expect(onlyTask(read([{ ...musique, answer_aliases: [1918, null, { a: 1 }, 'x'] }])).aliases).toEqual(['1918', 'x'])
  })
  it('takes the one of two paragraphs of a title that has the sentence', () => {
    const twice = [...context, ['Lake Orlen', ['Only this.']]]
    expect(onlyTask(read([{ ...hotpot, context: twice }])).facts).toEqual(task.facts)
  })
  it('tells the sentence that has the answer when the supporting facts leave it out', () => {
    const short = onlyTask(read([{ ...hotpot, supporting_facts: [['Lake Orlen', 1], ['Vell (district)', 0]] }]))
    expect(short.facts.map((fact) => fact.text)).toEqual([
      'Lake Orlen: It lies in the district of Vell.',
      'Vell (district): Vell is a district in the north.',
      'Vell (district): Its capital is the town of Harrow Bay.',
    ])
  })
  it('says how many answers have to be derived', () => {
    expect(read([{ ...hotpot, answer: 'a port' }, hotpot]).notes).toEqual(['1 task has an answer that stands word for word in none of its facts: it has to be derived from them.'])
    expect(read([hotpot, { ...hotpot, answer: 'yes' }]).notes).toEqual([])
  })
})

describe('condense', () => {
  const filler = (n: number) => Array.from({ length: n }, (_, index) => `Sentence ${index} says a few words about nothing at all.`)
  it('leaves a paragraph of up to 900 characters whole', () => {
    const text = filler(15).join(' ')
    expect(text.length).toBeLessThan(900)
    expect(condense(text, [])).toBe(text)
  })
  it('keeps the first sentence and what a step needs, in order, wherever it stands', () => {
    const text = [...filler(40), 'The key is Harrow Bay.', ...filler(5)].join(' ')
    const short = condense(text, ['Harrow Bay'])
    expect(short.length).toBeLessThanOrEqual(900)
    expect(short.startsWith('Sentence 0 says')).toBe(true)
    expect(short.endsWith('The key is Harrow Bay.')).toBe(true)
  })
})

describe('a file', () => {
  it('may be JSON Lines, with a byte order mark and Windows line ends', () => {
    const text = `\uFEFF${JSON.stringify(hotpot)}\r\n\r\n${JSON.stringify({ ...hotpot, _id: 'def' })}\r\n`
    expect(read(text).tasks.map((task) => task.id)).toEqual(['hotpotqa-abc', 'hotpotqa-def'])
    expect(read(`${JSON.stringify(dictionary)}\n`).format).toBe('hotpotqa-hf')
    expect(read(`${JSON.stringify(musique)}\n`).format).toBe('musique')
  })
  it('may hold half a character, as JSON can spell it: the task has none', () => {
    const title = 'Harrow Bay \uD83D'
    const text = JSON.stringify([{ ...hotpot, answer: title, supporting_facts: [['Vell (district)', 0]], context: [['Vell (district)', [`Its capital is ${title}.`]], ...context.slice(2)] }])
    expect(text).toContain('\\ud83d')
    const task = onlyTask(read(text))
    expect(task.answer).toBe('Harrow Bay \uFFFD')
    expect(wellFormedValue(task)).toEqual(task)
  })
  it('may be one record, written over several lines', () => {
    expect(read(JSON.stringify(hotpot, null, 2)).tasks).toHaveLength(1)
  })
  it('gives each task its own id, also when records share one or have none', () => {
    const report = read([hotpot, hotpot, { ...hotpot, _id: undefined }])
    expect(report.tasks.map((task) => task.id)).toEqual(['hotpotqa-abc', 'hotpotqa-abc-1', 'hotpotqa-record-2'])
    const clash = read([hotpot, hotpot, { ...hotpot, _id: 'abc-1' }, { ...hotpot, _id: '' }, { ...hotpot, _id: null, id: 'def' }])
    expect(clash.tasks.map((task) => task.id)).toEqual(['hotpotqa-abc', 'hotpotqa-abc-1', 'hotpotqa-abc-1-2', 'hotpotqa-record-3', 'hotpotqa-def'])
  })
  it('has records skipped that do not fit, with index, id and field', () => {
    const report = read([
      hotpot,
      { ...hotpot, _id: 'no-answer', answer: undefined },
      { ...hotpot, _id: 'bad-index', supporting_facts: [['Lake Orlen', 7]] },
      { ...hotpot, _id: 'bad-title', supporting_facts: [['Lake Nowhere', 0]] },
      { ...hotpot, _id: 'bad-context', context: [['T', 'no list']] },
      { _id: 'other', question: 'q' },
      'text',
      { ...dictionary, id: 'uneven', context: { title: ['A', 'B'], sentences: [['x']] } },
      { ...hotpot, _id: 'blank', question: '  ' },
      { ...hotpot, _id: 'huge', answer: 'x'.repeat(2001) },
    ])
    expect(report.records).toBe(10)
    expect(report.tasks).toHaveLength(1)
    expect(report.skipped.map(({ index, id, field }) => [index, id, field])).toEqual([
      [1, 'no-answer', 'answer'],
      [2, 'bad-index', 'supporting_facts.0'],
      [3, 'bad-title', 'supporting_facts.0'],
      [4, 'bad-context', 'supporting_facts.0'],
      [5, 'other', 'context'],
      [6, null, '(record)'],
      [7, 'uneven', 'context.sentences'],
      [8, 'blank', 'question'],
      [9, 'huge', 'answer'],
    ])
    expect(report.skipped[1]?.message).toContain('has no sentence 7 (it has 2')
  })
  it('has a broken line skipped, and the rest read', () => {
    const report = read(`${JSON.stringify(hotpot)}\n{"question": "cut o\n${JSON.stringify(musique)}`)
    expect(report.tasks.map((task) => task.source)).toEqual(['hotpotqa', 'musique'])
    expect(report.skipped.map(({ index, message }) => [index, message.slice(0, 21)])).toEqual([[1, 'It is not valid JSON:']])
  })
  it('may be asked for the first tasks only', () => {
    const many = Array.from({ length: 50 }, (_, i) => ({ ...hotpot, _id: `r${i}`, answer: i === 1 ? null : 'Harrow Bay' }))
    const report = readTaskFile(JSON.stringify(many), 'f', undefined, { ...defaultReadOptions, atMost: 3 })
    expect([report.tasks.map((task) => task.id), report.records, report.skipped.length, report.head]).toEqual([['hotpotqa-r0', 'hotpotqa-r2', 'hotpotqa-r3'], 4, 1, null])
  })
  it('has so many skipped records described, and all counted', () => {
    const report = read(`${JSON.stringify(hotpot)}\n${'{}\n'.repeat(1500)}`)
    expect(report.skipped).toHaveLength(skippedKept)
    expect(report.records).toBe(1501)
  })
  it('is refused with an explanation when none fits', () => {
    const message = reason([{ question: 'q', answers: [] }])
    expect(message).toContain('some.json')
    expect(message).toContain('context')
    expect(message).toContain('{"question":"q","answers":[]}')
    expect(reason('')).toContain('empty')
    expect(reason(' \n ')).toContain('empty')
    expect(reason('[]')).toContain('no records')
    expect(reason('<html>')).toContain('begins with "<"')
    expect(message).toContain('Record 1, context: It has neither context (HotpotQA) nor paragraphs (MuSiQue).')
    expect(reason('{"a": 1')).toContain('The file ends in the middle of this record')
  })
})

describe('whatever a file holds, it is a report or a TaskFileError', () => {
  const outcome = (text: string) => {
    try {
      const report = readTaskFile(text, 'fuzz')
      expect(report.tasks.length).toBeGreaterThan(0)
      expect(report.tasks.length + Math.min(report.skipped.length, skippedKept)).toBeLessThanOrEqual(report.records)
      for (const task of report.tasks) expect(taskSchema.safeParse(task).success).toBe(true)
    } catch (error) {
      expect(error).toBeInstanceOf(TaskFileError)
    }
  }
  it('any string', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string().map((text) => `[${text}`), fc.string().map((text) => `{${text}`)), outcome), { numRuns: 2000 })
  })
  it('any JSON', () => {
    fc.assert(fc.property(fc.json(), outcome), { numRuns: 500 })
  })
  it('a good file with a piece cut out or put in', () => {
    const good = [JSON.stringify([hotpot, musique, dictionary]), [hotpot, musique, dictionary].map((record) => JSON.stringify(record)).join('\n')]
    fc.assert(
      fc.property(fc.constantFrom(...good), fc.nat(3000), fc.nat(300), fc.string({ unit: 'binary', maxLength: 5 }), (text, at, length, put) => {
        outcome(text.slice(0, at) + put + text.slice(at + length))
      }),
      { numRuns: 2000 },
    )
  })
  it('a record with fields of any kind', () => {
    const any = fc.jsonValue()
    const field = <T>(value: T) => fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, any)
    const records = fc.oneof(
      fc.record({ _id: field('x'), question: field('q'), answer: field('a'), type: field('bridge'), context: field(context), supporting_facts: field(hotpot.supporting_facts) }),
      fc.record({ question: field('q'), answer: field('a'), context: field(dictionary.context), supporting_facts: field(dictionary.supporting_facts) }),
      fc.record({ id: field('x'), question: field('q'), answer: field('a'), answer_aliases: field([]), paragraphs: field(musique.paragraphs), question_decomposition: field([]) }),
    )
    fc.assert(fc.property(fc.array(records, { maxLength: 4 }), (values) => { outcome(JSON.stringify(values)) }), { numRuns: 1000 })
  })
})
