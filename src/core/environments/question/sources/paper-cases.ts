// Three episodes written by hand, after the case studies of the paper (appendix, a study assistant) and in our own
// words: a preference that is corrected, interests that distract, a plan that needs what was stored.
import { chat, corrected, distractor, fact, told, type Scenario } from './scenario.ts'

const longerSessions: Scenario = {
  title: 'The longer sessions',
  about: 'A learner asks for 60-minute study sessions, then corrects it to 120: the old memory has to be updated.',
  id: 'scenario-longer-sessions',
  source: 'scenario',
  kind: 'update',
  split: 'none',
  facts: [
    fact('f1', 'The user is preparing for a certificate in machine learning.', [['certificate'], ['machine learning']]),
    fact('f2', 'The user learns best from diagrams and pictures.', [['diagrams', 'diagram'], ['learn', 'learns', 'learning', 'prefers', 'prefer']]),
    fact('f3', "The user's study sessions last 60 minutes.", [['session', 'sessions'], ['60 minutes', '60 minute', 'sixty minutes', 'one hour']], {
      superseded_by: 'f5',
    }),
    fact('f4', 'The user studies in the evening, after the children are in bed.', [['evening', 'evenings'], ['children', 'kids']]),
    fact('f5', "The user's study sessions last 120 minutes.", [['session', 'sessions'], ['120 minutes', '120 minute', 'two hours', '2 hours', 'two hour', '2 hour']], {
      needed: true,
    }),
  ],
  build: [
    chat('Hello! I hear you are going to help me study. I am a bit nervous.'),
    told('f1', 'So, this is what I am up to: I want to get a certificate in machine learning.'),
    told('f2', 'Long walls of text put me to sleep. I learn best when there are diagrams and pictures.'),
    told('f3', 'Please keep my study sessions to 60 minutes, I cannot sit still any longer than that.'),
    chat('My tea has gone cold again, typical.'),
    told('f4', 'I can only study in the evening, once the children are in bed.'),
    corrected('f5', 'About the length: I tried it this week and was always cut off in the middle. Make my sessions 120 minutes from now on.'),
    chat('Anyway, thanks for being so patient with me.'),
  ],
  resist: [
    distractor('My brother swears by 25-minute blocks with a kitchen timer, but that is him, not me.'),
    distractor('I read that the lectures at the university take 90 minutes each. Who can listen for so long?'),
    distractor('Back when I was at school a study session was 45 minutes, with a bell at the end.'),
    distractor('There is a documentary on neural networks on television tonight. It is supposed to be rather shallow.'),
  ],
  query: 'How many minutes should you plan for my next study session?',
  answer: '120 minutes',
  aliases: ['120', '2 hours', 'two hours', '120-minute session', '120 minutes per session'],
}

const distractingInterests: Scenario = {
  title: 'The distracting interests',
  about: 'Before the question comes, the talk wanders off to bread, telescopes and whales: noise has to be kept out.',
  id: 'scenario-distracting-interests',
  source: 'scenario',
  kind: 'two facts',
  split: 'none',
  facts: [
    fact('f1', 'The user gives a talk in the biology class.', [['talk'], ['biology']]),
    fact('f2', "The user's talk is about sea otters.", [['talk'], ['sea otters', 'sea otter']], { needed: true }),
    fact('f3', "The user's talk is on Tuesday.", [['talk'], ['Tuesday']], { superseded_by: 'f5' }),
    fact('f4', 'The user wants to practise with short quizzes.', [['quizzes', 'quiz'], ['practise', 'practice', 'practising', 'practicing']]),
    fact('f5', "The user's talk is on Thursday.", [['talk'], ['Thursday']], { needed: true }),
  ],
  build: [
    chat('Hi again! Is it always this quiet where you are?'),
    told('f1', 'I have to give a talk in my biology class, and I would like your help with it.'),
    told('f2', 'I have picked my animal: my talk is going to be about sea otters.'),
    told('f3', 'It is not long to go, the talk is on Tuesday.'),
    chat('Sorry, somebody was at the door. Back now.'),
    told('f4', 'The way I practise best is with short quizzes, a few questions at a time.'),
    corrected('f5', 'Good news: the teacher has moved my talk. It is on Thursday now, so I have a little more time.'),
  ],
  resist: [
    distractor('I have started baking sourdough bread. Do you know why the crust cracks?'),
    distractor('A friend of mine lent me a telescope, and now I want to see the rings of Saturn on Saturday.'),
    distractor('There was a wonderful film about humpback whales, and one about penguins on Monday.'),
    distractor('A girl in my class talks about river beavers, on Friday I believe. Hers will be full of dams.'),
    distractor('I cannot stop watching videos of old game consoles being repaired.'),
  ],
  query: 'Which animal is my biology class going to hear about from me, and on which day of the week?',
  answer: 'sea otters on Thursday',
  aliases: ['sea otters, Thursday', 'sea otters, on Thursday', 'sea otters; Thursday', 'sea otters and Thursday'],
}

const studyPlan: Scenario = {
  title: 'The study plan',
  about: 'The question asks for a plan that can only be put together from four preferences told long before.',
  id: 'scenario-study-plan',
  source: 'scenario',
  kind: 'plan',
  split: 'none',
  facts: [
    fact('f1', 'The user wants to begin with linear algebra.', [['linear algebra'], ['begin', 'begins', 'start', 'starts', 'first', 'topic']], { needed: true }),
    fact('f2', 'The user studies at 5 pm.', [['study', 'studies', 'studying', 'start'], ['5 pm', '5pm', 'five']], { superseded_by: 'f5' }),
    fact('f3', 'The user studies with video lectures.', [['video lectures', 'video lecture']], { needed: true }),
    fact('f4', 'The user takes a break of 10 minutes after every session.', [['break', 'breaks'], ['10 minutes', '10 minute', 'ten minutes']], { needed: true }),
    fact('f5', 'The user studies at 7 pm.', [['study', 'studies', 'studying', 'start'], ['7 pm', '7pm', 'seven']], { needed: true }),
  ],
  build: [
    chat('Good evening! What a day that was.'),
    told('f1', 'I want to learn what is behind neural networks, and I would like to begin with linear algebra.'),
    told('f2', 'After work suits me, so I will study at 5 pm.'),
    told('f3', 'I get nowhere with books. Give me video lectures, then things stick.'),
    chat('The neighbours are drilling again, can you hear it?'),
    told('f4', 'After every session I need a break of 10 minutes, or my head explodes.'),
    corrected('f5', 'Hm, that time does not work out, I am always stuck in traffic. Let me study at 7 pm instead.'),
    chat('Right, I am off to feed the cat.'),
  ],
  resist: [
    distractor('My sister is learning Spanish with flash cards, at 6 am of all times.'),
    distractor('A colleague told me to read a thick book on probability before anything else. No, thank you.'),
    distractor('They show a quiz on television at 8 pm in which people solve sums in their heads.'),
    distractor('Our gym has a new course: 30 minutes on the treadmill and then 15 minutes on a mat.'),
  ],
  query: 'Please plan my first evening. Give me topic, material, starting time and the break after it, in this order, with commas in between.',
  answer: 'linear algebra, video lectures, 7 pm, 10 minutes',
  aliases: ['linear algebra, video lectures, 7pm, 10 minutes', 'linear algebra, video lectures, 7 pm, 10-minute break', 'linear algebra, video lectures, 7 pm, break of 10 minutes'],
}

/** In the order of the paper's cases: the long-term memory, the short-term memory, both. */
export const paperCases: readonly Scenario[] = [longerSessions, distractingInterests, studyPlan]
