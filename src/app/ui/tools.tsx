// How each tool and kind of message looks everywhere: hue, icon, word.
import {
  Bot,
  CirclePlus,
  CircleQuestionMark,
  Cog,
  CornerDownRight,
  Funnel,
  Library,
  PenLine,
  Search,
  Sigma,
  Trash2,
  TriangleAlert,
  User,
  Wrench,
  type LucideIcon,
} from 'lucide-react'
import type { MessageKind } from '../../core/record/trajectory.ts'
import { isToolName, type ToolName } from '../../core/agents/agemem/tools/index.ts'
import { t } from '../locales/index.ts'

interface Look {
  hue: string
  icon: LucideIcon
  word: string
}

const toolLooks: Partial<Record<ToolName, Omit<Look, 'word'>>> = {
  Add_memory: { hue: 'add', icon: CirclePlus },
  Update_memory: { hue: 'update', icon: PenLine },
  Delete_memory: { hue: 'delete', icon: Trash2 },
  Retrieve_memory: { hue: 'retrieve', icon: Search },
  Summary_context: { hue: 'summary', icon: Sigma },
  Filter_context: { hue: 'filter', icon: Funnel },
}

/**
 * The look of a call by name; tools without one of their own have one too, and so have calls of tools that do not
 * exist.
 */
export function lookOfTool(name: string): Look {
  if (!isToolName(name)) return { hue: 'bad', icon: Wrench, word: name }
  const words: Partial<Record<ToolName, string>> = t().episode.tools
  return { ...(toolLooks[name] ?? { hue: 'ltm', icon: Wrench }), word: words[name] ?? name.replaceAll('_', ' ') }
}

const messageIcons: Record<MessageKind, LucideIcon> = {
  system: Cog,
  message: User,
  query: CircleQuestionMark,
  memories: Library,
  reply: Bot,
  result: CornerDownRight,
  notice: TriangleAlert,
  summary: Sigma,
}

/** Icon and word for a message of the context. */
export const lookOfMessage = (kind: MessageKind): { icon: LucideIcon; word: string } => ({
  icon: messageIcons[kind],
  word: t().episode.messages[kind],
})
