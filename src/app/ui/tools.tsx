// How each tool and kind of message looks everywhere: hue, icon, word.
import { Bot, CirclePlus, CircleQuestionMark, CornerDownRight, Cog, Funnel, Library, PenLine, Search, Sigma, Trash2, TriangleAlert, User, Wrench, type LucideIcon } from 'lucide-react'
import type { MessageKind } from '../../core/record/trajectory.ts'
import { isToolName, type ToolName } from '../../core/agents/agemem/tools/index.ts'

interface Look {
  hue: string
  icon: LucideIcon
  word: string
}

const toolLooks: Partial<Record<ToolName, Look>> = {
  Add_memory: { hue: 'add', icon: CirclePlus, word: 'Add' },
  Update_memory: { hue: 'update', icon: PenLine, word: 'Update' },
  Delete_memory: { hue: 'delete', icon: Trash2, word: 'Delete' },
  Retrieve_memory: { hue: 'retrieve', icon: Search, word: 'Retrieve' },
  Summary_context: { hue: 'summary', icon: Sigma, word: 'Summary' },
  Filter_context: { hue: 'filter', icon: Funnel, word: 'Filter' },
}

/** The look of a call by name; tools without one of their own have one too, and so have calls of tools that do not exist. */
export function lookOfTool(name: string): Look {
  if (!isToolName(name)) return { hue: 'bad', icon: Wrench, word: name }
  return toolLooks[name] ?? { hue: 'ltm', icon: Wrench, word: name.replaceAll('_', ' ') }
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
