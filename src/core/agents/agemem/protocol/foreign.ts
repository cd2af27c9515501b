// Calls as other families of models write them, by their marks: named for what they are, never run.

interface Protocol {
  /** Half a sentence. */
  name: string
  mark: RegExp
}

/** The more particular first. */
const protocols: readonly Protocol[] = [
  { name: 'Qwen3-Coder and Llama write calls as <function=…>', mark: /<function\s*=/ },
  { name: 'GLM writes calls with <arg_key>', mark: /<arg_key>/ },
  { name: 'Llama writes calls behind <|python_tag|>', mark: /<\|python_tag\|>/ },
  { name: 'Mistral writes calls behind [TOOL_CALLS]', mark: /\[TOOL_CALLS\]/ },
  { name: 'Claude writes calls as <invoke …>', mark: /<(?:antml:)?(?:invoke\s|function_calls>)/ },
  {
    name: 'DeepSeek writes calls between its own tool marks',
    mark: /<[|｜]tool[▁_]calls?[▁_](?:begin|end|section_begin)[|｜]>/,
  },
  { name: 'Phi and Granite write calls behind <|tool_call|>', mark: /<\|tool_calls?\|>|\bfunctools\[/ },
  { name: 'Kimi writes calls between its own tool marks', mark: /<\|tool_calls?_(?:section_)?begin\|>/ },
  { name: 'gpt-oss writes calls on channels', mark: /<\|channel\|>/ },
  { name: 'Command R writes calls behind <|START_ACTION|>', mark: /<\|START_ACTION\|>/ },
  { name: 'InternLM writes calls behind <|action_start|>', mark: /<\|action_start\|>/ },
  { name: 'Qwen-Agent writes calls behind ✿FUNCTION✿', mark: /✿FUNCTION✿/ },
  { name: 'Gemma writes calls as tool_code', mark: /```tool_code|<tool_code>/ },
  {
    name: 'older models write calls as <function_call> or <functioncall>',
    mark: /<function_?call\b|<function\s+name\s*=/,
  },
  { name: 'agents of the ReAct kind write calls as Action and Action Input', mark: /^[ \t]*Action(?: Input)?[ \t]*:/m },
  {
    name: 'other protocols write calls as <tool_calls>, <toolcall> or <tool_use>',
    mark: /<(?:tool_?calls|toolcall|tool_use)\b|<tool>/i,
  },
]

/** What stands outside every tag and looks like one, or like a call. */
const looseForms: readonly Protocol[] = [
  {
    name: 'the tag is written in another way',
    mark: /<(?!\/?(?:tool_call|answer)>)\s{0,4}\/?\s{0,4}(?:tool[_ -]call|answer)(?:\s[^<>]{0,40})?>/i,
  },
  { name: 'a call stands without its tag', mark: /\{\s{0,8}"(?:name|function|tool|tool_name|tool_calls)"\s{0,8}:/ },
]

interface Foreign {
  /** What it is, as half a sentence. */
  name: string
  /** Offset of its mark. */
  at: number
}

function find(all: readonly Protocol[], text: string, from: number): Foreign | null {
  const rest = text.slice(from)
  for (const { name, mark } of all) {
    const at = rest.search(mark)
    if (at >= 0) return { name, at: from + at }
  }
  return null
}

/** The protocol whose mark stands in the text; null when there is none. */
export const foreignProtocol = (text: string): Foreign | null => find(protocols, text, 0)

/** The same from `from` on in a reply without an action, where a call may also stand in no tag or a misspelt one. */
export const foreignAction = (text: string, from: number): Foreign | null =>
  find(protocols, text, from) ?? find(looseForms, text, from)
