// Wordings of comparisons between two subjects {a} and {b}. {which} and {order} are words for the one that is meant.
// Sentences only.
import type { ComparableRelation } from '../world-relations.ts'

interface ComparisonPhrases {
  words: Readonly<Record<'least' | 'most', Readonly<Record<string, string>>>>
  /** Ask for the compared value itself. */
  questions: readonly string[]
  /** Describe the one that is meant, to ask for something else of it. Empty where that would be too long a sentence. */
  descriptions: readonly string[]
}

export const comparisonPhrases: Readonly<Record<ComparableRelation, ComparisonPhrases>> = {
  birth_year: {
    words: { least: { which: 'older', order: 'first' }, most: { which: 'younger', order: 'later' } },
    questions: [
      'In which year was the {which} of {a} and {b} born?',
      'In what year was the {which} one of {a} and {b} born?',
      'Of {a} and {b}, in which year was the {which} one born?',
      'Which year was the {which} of the two, {a} and {b}, born in?',
      'Think of {a} and {b}. In which year was the {which} of them born?',
      'What is the year of birth of the {which} of {a} and {b}?',
      'Take {a} and {b}: which year of birth does the {which} one have?',
      'Can you tell me in which year the {which} of {a} and {b} was born?',
      'Between {a} and {b}, what is the birth year of the {which} one?',
      'If you compare {a} and {b}, in what year was the {which} one born?',
      '{a} and {b} have different years of birth. What is that of the {which} one?',
      'Remind me: in which year was the {which} of {a} and {b} born?',
      'Of {a} and {b}, one is {which}. In which year was that one born?',
    ],
    descriptions: [
      'the {which} of {a} and {b}',
      'the {which} one of {a} and {b}',
      'the {which} of the two, {a} and {b},',
      'the one of {a} and {b} who was born {order}',
      'the {which} person of the two, {a} and {b},',
      'the {which} one of the two, {a} and {b},',
    ],
  },
  founded_in: {
    words: { least: { which: 'older', order: 'first' }, most: { which: 'younger', order: 'later' } },
    questions: [
      'In which year was the {which} of {a} and {b} founded?',
      'In what year was the {which} one of {a} and {b} founded?',
      'Of {a} and {b}, in which year was the {which} one founded?',
      'Which year was the {which} of the two companies, {a} and {b}, founded in?',
      'Think of {a} and {b}. In which year was the {which} of them founded?',
      'What is the founding year of the {which} of {a} and {b}?',
      'Take {a} and {b}: which founding year does the {which} one have?',
      'Can you tell me in which year the {which} of {a} and {b} was founded?',
      'Between {a} and {b}, what is the founding year of the {which} one?',
      'If you compare {a} and {b}, in what year was the {which} one founded?',
      '{a} and {b} have different founding years. What is that of the {which} one?',
      'Remind me: in which year was the {which} of {a} and {b} founded?',
      'Of the companies {a} and {b}, one is {which}. In which year was that one founded?',
    ],
    descriptions: [
      'the {which} of {a} and {b}',
      'the {which} one of {a} and {b}',
      'the {which} of the two companies, {a} and {b},',
      'the one of {a} and {b} that was founded {order}',
      'the {which} company of the two, {a} and {b},',
      'the {which} one of the two, {a} and {b},',
    ],
  },
  birthday: {
    words: { least: { which: 'earlier', order: 'first' }, most: { which: 'later', order: 'second' } },
    questions: [
      'In the course of a calendar year {a} and {b} both have a birthday. On which date is the {which} one?',
      '{a} and {b} each have a birthday. Counting from New Year, on which date is the {which} one?',
      'Take the birthdays of {a} and {b}. What is the date of the one that is {which} in the calendar year?',
      'Of the birthdays of {a} and {b}, which comes {order} in the calendar year? Give me the date.',
      'Which birthday is {which} in the calendar year, that of {a} or that of {b}? Give me the date.',
      'Within one calendar year, what date is the {which} of the birthdays of {a} and {b}?',
      'Going through a year from New Year on, the birthdays of {a} and {b} come up. What date has the one that comes {order}?',
      'Compare the birthdays of {a} and {b} within one calendar year. What is the date of the {which} one?',
      'Counting from New Year, what is the date of the {order} of the two birthdays, that of {a} and that of {b}?',
      'Can you tell me the date of the birthday that comes {order} in the calendar year, that of {a} or that of {b}?',
      'Put the birthdays of {a} and {b} in the order of the calendar year. What is the date of the {order}?',
      'Remind me: {a} and {b} have birthdays, and one is {which} in the calendar year. On which date?',
    ],
    descriptions: [],
  },
}
