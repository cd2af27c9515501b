// What other programs wrote, as episodes: played again where the file has what that takes, else to look at.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { atifConversation, isAtif } from './atif.ts'
import { ConversationError, type Conversation } from './conversation.ts'
import { watchable } from './episode.ts'
import { messagesIn, openAiConversation } from './openai.ts'
import { replayed } from './replay.ts'

/** Whether it is in a form of another program. */
export const isForeign = (record: unknown): boolean => isAtif(record) || messagesIn(record) !== null

function conversationIn(record: unknown, where: string): Conversation {
  if (isAtif(record)) return atifConversation(record, where)
  const messages = messagesIn(record)
  if (!messages) throw new ConversationError(`${where} is in no form that is read here.`)
  return openAiConversation(record, messages, where)
}

/** @param place among those of its file, from 0 @throws ConversationError naming what is wrong */
export async function readForeign(record: unknown, where: string, place: number): Promise<Trajectory> {
  const conversation = conversationIn(record, where)
  if (!conversation.heard.some(({ message }) => message.role === 'assistant')) throw new ConversationError(`${where} has no reply of an assistant, so there is nothing to look at. Nothing was imported.`)
  return (await replayed(conversation)) ?? watchable(conversation, place)
}
