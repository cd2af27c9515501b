// The demonstrator's words: what it thinks, says, and searches for. Sentences only. The first word of a thought that
// opens a reply tells the act: acts have no first words in common.
import type { RelationName, ValueKind } from '../environments/question/sources/world-relations.ts'

/** What a reply to a new message does. */
export type Act = 'add' | 'add-chat' | 'listen' | 'update' | 'delete' | 'look-up' | 'filter' | 'summarise'

/** {s} is who or what the fact is about, {id} a memory's id. */
export const thoughts: Readonly<Record<Act, readonly string[]>> = {
  add: [
    'Keep this.',
    'Keep this for later.',
    'Keep what I learnt about {s}.',
    'Store this.',
    'Store it, it may be asked for.',
    'Store this about {s}.',
    'Remember this.',
    'Remember it for later.',
    'Worth keeping.',
    'Worth remembering about {s}.',
  ],
  'add-chat': ['Maybe worth keeping.', 'Maybe it comes up again.', 'Perhaps of use later.', 'Perhaps I should keep it.'],
  listen: [
    'Nothing to keep.',
    'Nothing to do here.',
    'Nothing I need to store.',
    'Just talk.',
    'Just listen.',
    'Only chat.',
    'Only something in passing.',
    'No need to keep this.',
  ],
  update: [
    'Changed: replace {id}.',
    'Changed, so the old entry must go.',
    'Correct {id}.',
    'Correct what I have about {s}.',
    'Update {id}.',
    'Update the entry about {s}.',
    'Outdated entry {id}: replace it.',
  ],
  delete: ['Delete {id}, it no longer holds.', 'Delete the old entry.', 'Remove {id}.', 'Remove what is wrong now.'],
  'look-up': ['Which entry was that?', 'Find the old entry first.'],
  filter: ['Irrelevant: take it out.', 'Irrelevant to me, remove it.', 'Distraction: filter it out.', 'Clear this away.', 'Clear the context of this.'],
  summarise: ['Long by now: shorten it.', 'Shorten what was said.', 'Condense the conversation.', 'Summarise so far.'],
}

/** After a tool did its work. */
export const settled = ['Done.', 'That is done.', 'That worked.', 'Good.'] as const
/** After a tool refused. */
export const recovering = ['That failed. Try it properly.', 'An error: correct the call.', 'Not like that. Once more.'] as const

export const said = {
  stored: ['Noted.', 'Got it.', 'I will remember that.', 'Thanks, noted.', 'I have written it down.'],
  cleared: ['All right.', 'Okay.', 'Fine.', 'Good, go on.'],
  heard: ['I see.', 'Okay.', 'All right.', 'Interesting.', 'Fair enough.', 'Thanks for telling me.', 'Ah, I see.', 'Go on.'],
  unknown: ['I do not know.', "I don't know.", 'Sorry, I do not know.', 'I cannot tell.'],
} as const

/** Before the first search for an answer. */
export const searching = ['Look it up.', 'Look up {s}.', 'Search for {s}.', 'What do I have about {s}?', 'Let me search my memory.'] as const
/** Before a further one, after what was found. */
export const searchingOn = ['Now {s}.', 'Next: {s}.', 'Look up {s}.', 'Then look for {s}.'] as const
/** When a search brought nothing of use. */
export const searchingAgain = ['Not there. Try other words.', 'Nothing yet. Search once more.'] as const
/** Before saying that it does not know. */
export const ignorant = ['My memory does not say.', 'No entry says it.', 'It is not in my memory.', 'Nothing here tells me.'] as const
/** Before an answer that stands in memory {id}. */
export const pointing = ['It is in {id}.', 'Entry {id} says it.'] as const

/** What a relation is about, to search for it: goes before the subject's name. */
export const topics: Readonly<Record<RelationName, string>> = {
  lives_in: 'home of',
  works_for: 'employer of',
  manager: 'manager of',
  best_friend: 'best friend of',
  dog: 'dog of',
  favourite_dish: 'favourite dish of',
  favourite_drink: 'favourite drink of',
  instrument: 'instrument of',
  hobby: 'hobby of',
  favourite_colour: 'favourite colour of',
  language: 'language of',
  birthday: 'birthday of',
  birth_year: 'year of birth of',
  meeting: 'meeting with',
  allergy: 'allergy of',
  based_in: 'seat of',
  led_by: 'head of',
  founded_in: 'founding year of',
  makes: 'product of',
  mayor: 'mayor of',
  region: 'region of',
  river: 'river of',
  known_for: 'speciality of',
}

/** Ways to give a value as the answer. A value in small letters stands behind a word, as it does in the memory. */
export function answersFor(kind: ValueKind, relation: RelationName): readonly string[] {
  switch (kind) {
    case 'person':
    case 'dog':
    case 'organisation':
      return ['{v}.', '{v}', 'It is {v}.', 'That is {v}.']
    case 'place':
      return ['{v}.', '{v}', 'In {v}.', 'It is {v}.']
    case 'region':
      return ['In the {v}.', 'It is the {v}.', 'The {v}.']
    case 'river':
      return ['{v}.', 'The river {v}.', 'It is the river {v}.']
    case 'birth-year':
    case 'founding-year':
      return ['In {v}.', '{v}.', '{v}', 'It was {v}.']
    case 'date':
      return ['On {v}.', '{v}.', '{v}', 'It is {v}.']
    case 'instrument':
      return ['The {v}.', 'It is the {v}.']
    case 'allergen':
      return ['To {v}.', 'It is {v}.']
    case 'language':
      return ['{v}.', 'It is {v}.']
    case 'dish':
    case 'drink':
    case 'hobby':
    case 'colour':
    case 'product':
    case 'speciality':
      return relation === 'known_for' ? ['For its {v}.', 'It is {v}.'] : ['It is {v}.', 'That is {v}.']
  }
}

/** A summary of talk that had nothing in it. */
export const emptySummaries = ['Only small talk so far.', 'Nothing that matters was said.', 'Some chat, nothing to keep.'] as const
