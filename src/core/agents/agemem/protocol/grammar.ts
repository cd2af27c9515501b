// The response protocol as a grammar (EBNF in XGrammar's dialect), written from the tools' schemas: what a constrained
// policy can say at all. Every sentence of it is read by parser.ts without a violation and passes the schema of its tool,
// but for what no grammar can count: a name that stands twice in metadata, and digits beyond those of a number.
import { toolNames, tools, type ToolName } from '../tools/index.ts'
import { toolParameters, type Property } from './parameters.ts'
import { prose } from './plain-grammar.ts'

/** Decimal numbers from 1 to `to`, as an expression. */
function upTo(to: number): string {
  const digits = String(to)
  const shorter = Array.from({ length: digits.length - 1 }, (_, i) => `[1-9]${'[0-9]'.repeat(i)}`)
  const sameLength = [...digits].flatMap((digit, i) => {
    const lowest = i === 0 ? 1 : 0
    const last = i === digits.length - 1
    const below = Number(digit) - (last ? 0 : 1)
    if (below < lowest) return []
    const kept = i === 0 ? '' : `"${digits.slice(0, i)}" `
    return [`${kept}[${lowest}-${below}]${'[0-9]'.repeat(digits.length - 1 - i)}`]
  })
  return `(${[...shorter, ...sameLength].join(' | ')})`
}

function valueRule(tool: ToolName, name: string, property: Property): string {
  const own = tools[tool].grammar[name]
  if (own !== undefined) return own
  switch (property.type) {
    case 'string':
      return 'text'
    case 'boolean':
      return '("true" | "false")'
    case 'integer':
      if (property.minimum !== 1 || property.maximum === undefined) throw new RangeError(`${tool}.${name}: the grammar knows integers from 1 to a limit.`)
      return upTo(property.maximum)
    case 'object':
      return 'object'
  }
}

/** `Add_memory` as the rule of a whole call: required arguments in the schema's order, then any of the others in theirs. */
function callRule(tool: ToolName): string {
  const { properties, required } = toolParameters[tool]
  const one = ([name, property]: [string, Property]) => `"\\"${name}\\":" sp ${valueRule(tool, name, property)}`
  const entries = Object.entries(properties)
  const first = entries.filter(([name]) => required.includes(name)).map(one)
  const rest = entries.filter(([name]) => !required.includes(name)).map(one)
  const args = [first.join(' "," sp '), ...rest.map((each) => `("," sp ${each})?`)].join(' ')
  return `"{\\"name\\":" sp "\\"${tool}\\"," sp "\\"arguments\\":" sp "{" ${args} "}}"`
}

const ruleName = (tool: ToolName) => `call-${tool.toLowerCase().replaceAll('_', '-')}`

/**
 * Of `<think>…</think>`, then `<tool_call>[…]</tool_call>` or `<answer>…</answer>`. Inside the tags stands any text
 * without `</`, `<<` and `<|`, so that nothing but the closing tag closes it, and no mark of a chat template; the same holds inside the
 * texts of a call, where a reply would end at a closing tag. Keys come in the order of the schemas; between
 * JSON tokens at most one space.
 * @param has the tools that can be called
 */
export function replyGrammar(has: readonly ToolName[] = toolNames): string {
  const rules: [string, string][] = [
    ['root', '"<think>" prose "</think>" "\\n"? ("<tool_call>" calls "</tool_call>" | "<answer>" prose "</answer>")'],
    ['prose', prose],
    ['calls', '"[" call ("," sp call)* "]"'],
    ['call', has.map(ruleName).join(' | ')],
    ...has.map((tool): [string, string] => [ruleName(tool), callRule(tool)]),
    ['sp', '" "?'],
    // Begins with what is no white space, so that it is not empty after trimming.
    ['text', '"\\"" inked char* "\\""'],
    ['inked', '[0-9A-Za-z] | "(" | "\'" | "$" | "#" | "[" | "@" | "+" | "-" | [\\u00C0-\\u024F] | [\\u0370-\\u10FF] | [\\u3041-\\uD7FB] | "\\\\\\""'],
    ['char', '[^"\\\\<\\x00-\\x1F] | "<" [^"\\\\</|\\x00-\\x1F] | "\\\\" ["\\\\/bfnrt] | "\\\\u" hex hex hex hex'],
    ['hex', '[0-9a-fA-F]'],
    ['string', '"\\"" char* "\\""'],
    ['object', '"{" (member ("," sp member)*)? "}"'],
    ['member', 'string ":" sp value'],
    ['value', 'string | number | object | array | "true" | "false" | "null"'],
    ['array', '"[" (value ("," sp value)*)? "]"'],
    ['number', '"-"? ("0" | [1-9] [0-9]*) ("." [0-9] [0-9]*)?'],
  ]
  return rules.map(([name, body]) => `${name} ::= ${body}\n`).join('')
}
