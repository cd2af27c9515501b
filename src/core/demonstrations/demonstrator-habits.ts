// How the demonstrator acts, as probabilities: data, for whoever sets a training up.

/** Probabilities, each where there is an occasion for it. */
export interface Habits {
  /** Stores the facts that a message tells. */
  add: number
  /** Stores a message of small talk. */
  add_small_talk: number
  /** Stores a distractor of stage 2. */
  add_distractor: number
  /** Updates the entry that a message corrects, if it sees it; … */
  update: number
  /** … or deletes it. */
  delete: number
  /** Takes a distractor out of the context. */
  filter: number
  /** Summarises the conversation, at each message once there is something to summarise. */
  summarise: number
  /** Searches its memory before it answers. */
  retrieve: number
  /** Searches again in other words when the first search brought nothing of use. */
  persist: number
  /** Makes a mistake in a reply, to recover from in the next. */
  mistake: number
}

/** How an agent acts before it was trained with rewards: it talks, searches and answers, and hardly tends its memory. */
export const untrainedHabits: Habits = {
  add: 0.55,
  add_small_talk: 0.2,
  add_distractor: 0.05,
  update: 0.07,
  delete: 0.01,
  filter: 0.012,
  summarise: 0.004,
  retrieve: 0.85,
  persist: 0.25,
  mistake: 0.01,
}

/** Every tool in use: from these episodes nano learns how, not how often. */
export const versatileHabits: Habits = {
  add: 0.92,
  add_small_talk: 0.1,
  add_distractor: 0.05,
  update: 0.7,
  delete: 0.12,
  filter: 0.15,
  summarise: 0.04,
  retrieve: 0.85,
  persist: 0.25,
  mistake: 0.03,
}

/**
 * What a pretrained model is shown before it is trained with rewards: it stores and searches as a matter of course, and
 * does now and then what is left to be learnt, so that sampling comes upon it.
 */
export const warmHabits: Habits = {
  add: 0.85,
  add_small_talk: 0.1,
  add_distractor: 0.04,
  update: 0.4,
  delete: 0.03,
  filter: 0.1,
  summarise: 0.015,
  retrieve: 0.95,
  persist: 0.4,
  mistake: 0.02,
}
