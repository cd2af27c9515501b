// Sentences around sentences: how a plain clause is told, corrected, doubted, or told of somebody else. A clause is one
// of a relation's own; {Clause} is the same with a capital letter. Sentences only.

/** First telling. */
export const openers = [
  'By the way, {clause}.',
  'Just so you know, {clause}.',
  'For later: {clause}.',
  'Please keep in mind that {clause}.',
  'Oh, and {clause}.',
  'One more thing: {clause}.',
  'I just found out that {clause}.',
  'Did I mention that {clause}?',
  'You may want to note that {clause}.',
  'I was told that {clause}.',
  'This may come up again: {clause}.',
  'Before I forget: {clause}.',
  'So, {clause}.',
  'As far as I know, {clause}.',
  'In case you wonder: {clause}.',
  'Something worth knowing: {clause}.',
  'I had a chat today and learnt that {clause}.',
  'Guess what: {clause}.',
  'It is good to know that {clause}.',
  '{clause}. I thought I should tell you.',
  '{clause}, if I have not told you already.',
  '{clause}.',
] as const

/** Correction: what was told was never true. */
export const mistakes = [
  'Sorry, I got that wrong: {clause}.',
  'Correction: {clause}.',
  'I mixed something up earlier. In fact {clause}.',
  'Scratch what I said before; {clause}.',
  'Wait, I made a mistake. Actually, {clause}.',
  'I misspoke earlier: {clause}.',
  'Let me correct myself: {clause}.',
  'I have to take something back. It turns out that {clause}.',
  'I checked again, and I was wrong before: {clause}.',
  'My mistake earlier! The truth is that {clause}.',
  'What I told you about this was not right: {clause}.',
  'Please fix what you noted, because {clause}.',
  'I told you {old} earlier, but that was wrong: {clause}.',
  'Not {old}, as I said before: {clause}.',
  'I said {old}, but I had that from a bad source. {Clause}.',
  'Forget about {old}, I confused two things: {clause}.',
  'Hm, {old} was a slip of mine; {clause}.',
] as const

/** Correction: what was told held until now. */
export const changes = [
  'Update: {clause} now.',
  'Things have changed: {clause} now.',
  'What I told you is out of date: {clause} now.',
  'There is news: {clause} now.',
  'Please update your notes: {clause} now.',
  'That was then. By now, {clause}.',
  'It is no longer as I told you: {clause} now.',
  'Since we last spoke something has changed, and {clause} now.',
  'You need to know about a change: {clause} now.',
  'Small change of facts: {clause} now.',
  'Earlier I told you otherwise, but as of today {clause}.',
  'I just heard of a change: {clause} now.',
  'It is not {old} any more: {clause} now.',
  'Forget about {old}, that is over: {clause} now.',
  'From {old} to something new: {clause} now.',
] as const

/** Distractor: an outdated value, of a relation that changes. {clause} says the outdated thing as if it held. */
export const stale = [
  'An old list of mine still says that {clause}, but it is long out of date.',
  'My notes from years ago say that {clause}. That no longer holds.',
  'Somebody who has not been around for a long time believes that {clause}.',
  'An outdated web page still claims that {clause}.',
  'In an old email I read that {clause}, which is not the case any more.',
  'Funny what one finds in old papers: back then it was noted that {clause}.',
  'It was once true that {clause}, but not now.',
  'People keep saying that {clause}, although that has been over for ages.',
  'An old notebook has it that {clause}. I should throw it away.',
  'A letter from long ago mentions that {clause}.',
  'You may still come across the old claim that {clause}.',
  'Once upon a time I would have said that {clause}.',
] as const

/** Distractor: an outdated value, told as the past that it is. {was} is one of a relation's past clauses. */
export const pasts = [
  '{was}, but that was long ago.',
  '{was}. That is history, though.',
  'I remembered today that {was}.',
  'Did you know that {was}?',
  'Back in the day, {was}.',
  'Somebody told a story from the time when {was}.',
  'An old photo reminded me that {was}.',
  'Long before any of this, {was}.',
  'It is hard to believe today, but {was}.',
  '{was}; those days are gone.',
  'In an old diary I read that {was}.',
  'If you look far enough back, {was}.',
] as const

/** Distractor: a wrong value, of a relation that never changes. */
export const rumours = [
  'Somebody claimed that {clause}, which is simply wrong.',
  'There is a rumour that {clause}. There is nothing to it.',
  'An old form says that {clause}, but that was a slip of the pen.',
  'People often guess that {clause}, and they are mistaken.',
  'I once read that {clause}, and it turned out to be nonsense.',
  'The newspaper wrote that {clause}, and had to print an apology.',
  'A stranger insisted that {clause}. I knew better.',
  'My cousin bet that {clause}, and lost the bet.',
  'It is a common error to think that {clause}.',
  'The quiz said that {clause}, but the quiz was full of errors.',
  'A sloppy website has it that {clause}. Never trust it.',
  'For a moment I believed that {clause}, but no.',
] as const

/** Distractor: of a namesake, who shares a name word with somebody of the task but is somebody else. */
export const namesakes = [
  '{clause}.',
  'I heard that {clause}. Almost the same name, but not the same.',
  'Funny how names repeat: {clause}.',
  'A different name, mind you: {clause}.',
  'There is another one with a name like that: {clause}.',
  'Speaking of names, {clause}.',
  'The similar name had me fooled: {clause}.',
  'It took me a moment to see that this was a different name: {clause}.',
  'I always mix up these names. Anyway, {clause}.',
  'That name made me look twice: {clause}.',
  'A name came up today that rang a bell, but it is another one: {clause}.',
  'For what it is worth, {clause}.',
] as const

/** Distractor: of somebody who works for the same organisation. {s} is the person's name, {clause} says something of them. */
export const colleagues = [
  '{s} works for {org} as well, and {clause}.',
  'Somebody else at {org}, {s}, came up today: {clause}.',
  'At {org} there is also {s}, and I heard that {clause}.',
  'Another person on the staff of {org} is {s}. It seems that {clause}.',
  '{org} also employs {s}, and {clause}.',
  'I met {s} from {org}, too. Turns out {clause}.',
  '{s} sits in another office of {org}, and {clause}.',
  'One of the many people at {org} is {s}; {clause}.',
  '{s}, too, is on the payroll of {org}. By the way, {clause}.',
  'Do you know {s}, who is at {org} as well? I learnt that {clause}.',
  'In the canteen of {org} I sat next to {s}. Apparently {clause}.',
  'The people of {org} are a colourful crowd. Take {s}: {clause}.',
] as const

/** Distractor: of somebody who lives in the same place. */
export const neighbours = [
  '{s} lives in {place} as well, and {clause}.',
  'Somebody else in {place}, {s}, came up today: {clause}.',
  '{place} is also home to {s}, and {clause}.',
  'I know another person from {place}, {s}. It seems that {clause}.',
  'In {place} there lives one {s}, too, and {clause}.',
  '{s} moved to {place} some time ago, and {clause}.',
  'One of the many people in {place} is {s}; {clause}.',
  'On the market of {place} I met {s}. Turns out {clause}.',
  '{s}, too, has a flat in {place}. By the way, {clause}.',
  'Do you know {s}, who lives in {place} as well? I learnt that {clause}.',
  'The train to {place} was full, and I sat next to {s}. Apparently {clause}.',
  'Everybody in {place} seems to know {s}, and that {clause}.',
] as const

/** Distractor: the same topic, of somebody who has nothing to do with the task. */
export const strangers = [
  '{clause}.',
  'I overheard somebody say that {clause}.',
  'It has nothing to do with us, but {clause}.',
  'Another bit of gossip: {clause}.',
  'Somebody on the train said that {clause}.',
  'I read somewhere that {clause}.',
  'Word has it that {clause}.',
  'A friend of a friend told me that {clause}.',
  'You will not need this, but {clause}.',
  'In the queue they were saying that {clause}.',
  'They mentioned on the local radio that {clause}.',
  'Completely beside the point: {clause}.',
] as const
