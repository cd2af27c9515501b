// Made-up conversations in the forms of the data sets, with the faults that their files have.

const turn = (speaker: string, dia_id: string, text: string, more: object = {}) => ({ speaker, dia_id, text, ...more })

const sessions = {
  session_1: [
    turn('Ada', 'D1:1', 'Hey Bo! Good to see you.'),
    turn('Bo', 'D1:2', 'I bought a canoe at the harbour market yesterday, a green one.'),
    turn('Ada', 'D1:3', 'Look at my new dog!', { blip_caption: 'a photo of a spotted dog on a sofa', img_url: ['x'], query: 'dog' }),
  ],
  session_1_date_time: '1:56 pm on 8 May, 2023',
  session_2: [
    turn('Ada', 'D2:1', 'My sister Cleo moved to Harrow Bay and opened a bakery there.'),
    turn('Bo', 'D2:2', 'A bakery, how lovely. I have started to learn the cello with an old teacher.'),
  ],
  session_2_date_time: '10:00 am on 2 June, 2023',
  session_3: [turn('Bo', 'D3:1', 'The canoe leaks, so I painted it with tar last Sunday.'), turn('Ada', 'D3:2', 'Oh no!')],
  session_3_date_time: '9:15 am on 30 June, 2023',
  // A date of a session that is not there.
  session_4_date_time: '9:15 am on 1 July, 2023',
}

const observations = {
  session_1_observation: { Ada: [['Ada has a new spotted dog.', 'D1:3']], Bo: [['Bo bought a green canoe at the harbour market.', 'D1:2']] },
  session_2_observation: { Ada: [['Cleo, the sister of Ada, runs a bakery in Harrow Bay.', ['D2:1']]], Bo: [['Bo learns the cello.', 'D2:2, D2:1']] },
  session_3_observation: { Bo: [] },
}

const qa = [
  { question: 'What does the sister of Ada run?', answer: 'a bakery', evidence: ['D2:1'], category: 4 },
  { question: 'When did Bo buy the canoe?', answer: '7 May 2023', evidence: ['D1:2'], category: 2 },
  { question: 'What did Bo do to the canoe, and what instrument does he learn?', answer: 'tar, cello', evidence: ['D3:1; D:2:2', 'D', 'D9:9'], category: 1 },
  { question: 'Would Bo enjoy a concert?', answer: 'Likely yes; he learns the cello', evidence: [], category: 3 },
  { question: 'How many canoes does Bo have?', answer: 1, evidence: ['D01:02'], category: 1 },
  { question: 'What instrument does Ada learn?', adversarial_answer: 'the cello', evidence: ['D2:2'], category: 5 },
  { question: 'Did Ada buy the canoe?', adversarial_answer: 'Yes', answer: 'No', evidence: ['D1:2'], category: 5 },
  { question: 'Who is Cleo?', evidence: ['D2:1'], category: 4 },
]

/** A conversation of locomo10.json. */
export const locomo = { sample_id: 'conv-1', qa, conversation: { speaker_a: 'Ada', speaker_b: 'Bo', ...sessions }, observation: observations, event_summary: {}, session_summary: {} }

/** The same as the zip before it has it: all in one object. */
export const locomoBefore = { speaker_a: 'Ada', speaker_b: 'Bo', ...sessions, ...observations, events_session_1: {}, session_1_summary: 'They met.', qa }

const said = (role: string, content: string, has_answer?: boolean) => ({ role, content, ...(has_answer === undefined ? {} : { has_answer }) })

/** A record of LongMemEval, its sessions not in order of time, as in the oracle file. */
export const longMemEval = {
  question_id: 'a1b2',
  question_type: 'knowledge-update',
  question: 'How many plants do I have on my balcony?',
  answer: 5,
  question_date: '2023/06/01 (Thu) 10:00',
  haystack_session_ids: ['answer_2', 'chat_7', 'answer_1'],
  haystack_dates: ['2023/05/20 (Sat) 02:21', '2023/05/11 (Thu) 08:00', '2023/04/02 (Sun) 18:30'],
  haystack_sessions: [
    [said('user', 'I bought another fern, so there are five plants on my balcony by now.', true), said('assistant', 'Lovely. Ferns like shade.')],
    [said('user', 'How does one bake bread without an oven?'), said('assistant', 'In a pan with a lid.')],
    [said('user', 'There are four plants on my balcony, and all of them are thirsty.', true), said('assistant', 'Water them in the evening.'), said('user', '')],
  ],
  answer_session_ids: ['answer_1', 'answer_2', 'answer_3'],
}

export const temporal = { ...longMemEval, question_id: 'c3', question_type: 'temporal-reasoning', question: 'How many days ago did I buy a fern?', answer: '12 days. 13 days (including the last day) is also acceptable.' }
export const abstention = { ...longMemEval, question_id: 'd4_abs', question_type: 'single-session-user', question: 'How many cats do I have?', answer: 'You did not mention any cats.' }

/** A row of MemoryAgentBench: facts of which later ones hold. */
export const factConsolidation = {
  context:
    'Here is a list of facts:\n0. Ada Moor was born in the city of Tarn. 1. The author of The Long Tide is Bo Reed.\n' +
    '2. Bo Reed is a citizen of Velmora. 3. Velmora is located in the continent of Ostia.\n4. Ada Moor was born in the city of Harrow Bay. ' +
    '5. In 1848. a comet was seen.\n6. The author of The Long Tide is Cleo Quist. 7. Cleo Quist is a citizen of Arden. 8. Arden is located in the continent of Ostia.',
  questions: ['Where was Ada Moor born?', 'On which continent is the country of which the author of The Long Tide is a citizen?', 'Who is the author of The Long Tide?', 'Who wrote nothing?'],
  answers: [['Harrow Bay', 'the town of Harrow Bay'], ['Ostia'], ['Cleo Quist'], ['nobody']],
  metadata: { source: 'factconsolidation_sh_6k', qa_pair_ids: ['factconsolidation_sh_6k_no0'], demo: null },
}
