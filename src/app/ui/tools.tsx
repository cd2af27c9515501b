// How each tool, stage and kind of message looks everywhere: hue, icon, word.
import { Bot, CirclePlus, CircleQuestionMark, CornerDownRight, Cog, Funnel, Library, PenLine, Search, Sigma, Trash2, TriangleAlert, User, Wrench, type LucideIcon } from 'lucide-react'
import type { MessageKind, Stage } from '../../core/record/trajectory.ts'
import { isToolName, type ToolName } from '../../core/agents/agemem/tools/index.ts'
import type { TermName } from '../glossary.ts'

interface Look {
  hue: string
  icon: LucideIcon
  word: string
}

export const toolLooks: Record<ToolName, Look> = {
  Add_memory: { hue: 'add', icon: CirclePlus, word: 'Add' },
  Update_memory: { hue: 'update', icon: PenLine, word: 'Update' },
  Delete_memory: { hue: 'delete', icon: Trash2, word: 'Delete' },
  Retrieve_memory: { hue: 'retrieve', icon: Search, word: 'Retrieve' },
  Summary_context: { hue: 'summary', icon: Sigma, word: 'Summary' },
  Filter_context: { hue: 'filter', icon: Funnel, word: 'Filter' },
}

/** The look of a call by name; calls of tools that do not exist have one too. */
export function lookOfTool(name: string): Look {
  return isToolName(name) ? toolLooks[name] : { hue: 'bad', icon: Wrench, word: name }
}

export const stageLooks: Record<Stage, { hue: string; word: string; title: string; term: TermName; about: string }> = {
  1: { hue: 'stage-1', word: 'Build', title: 'Build long-term memory', term: 'stage1', about: 'hears facts, keeps some' },
  2: { hue: 'stage-2', word: 'Resist', title: 'Resist distractors', term: 'stage2', about: 'is wiped, then hears noise' },
  3: { hue: 'stage-3', word: 'Answer', title: 'Answer the question', term: 'stage3', about: 'looks up, then answers' },
}

/** Icon and word for a message of the context. */
export function lookOfMessage(kind: MessageKind): { icon: LucideIcon; word: string } {
  switch (kind) {
    case 'system':
      return { icon: Cog, word: 'System prompt' }
    case 'message':
      return { icon: User, word: 'User' }
    case 'query':
      return { icon: CircleQuestionMark, word: 'Question' }
    case 'memories':
      return { icon: Library, word: 'Related memories' }
    case 'reply':
      return { icon: Bot, word: 'Agent' }
    case 'result':
      return { icon: CornerDownRight, word: 'Tool result' }
    case 'notice':
      return { icon: TriangleAlert, word: 'Format notice' }
    case 'summary':
      return { icon: Sigma, word: 'Summary' }
  }
}
