// What of agemem.py lists the words and shapes of the protocol: arguments of each tool, names that models give them, hints, forms
// of other protocols. The arguments come from core/agents/agemem/protocol, so that they cannot differ.
import { toolParameters } from '../../../agents/agemem/protocol/parameters.ts'

/** Types and ranges of the arguments, a tool a line. */
const parameters = Object.entries(toolParameters)
  .map(([name, { properties, required }]) => {
    const bounds = Object.entries(properties).map(([key, { type, minimum, maximum }]) => [key, { type, ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) }])
    return `    "${name}": ${JSON.stringify({ properties: Object.fromEntries(bounds), required })}`
  })
  .join(',\n')

export const tablesPy = String.raw`# Types and ranges of each tool's arguments.
PARAMETERS = {
${parameters},
}
TRIMMED = {"content", "query", "criteria"}
NOT_EMPTY = TRIMMED | {"memory_id", "span"}
MOST_BLOCKS, MOST_CALLS, LONGEST_REPLY, DEEPEST = 64, 32, 16 * 8192, 32
SAFE = 2**53 - 1
CALL_FORM = '<tool_call>[{"name": "…", "arguments": {…}}]</tool_call>'
ARGUMENT_NAMES = ["arguments", "parameters", "args", "params", "kwargs", "input", "tool_input", "action_input"]
TOOL_KEYS = ["name", "tool", "tool_name", "function", "function_name", "action", "recipient_name"]
ENVELOPE = {"id", "type", "index", "call_id", "tool_call_id"}
BENT = {
    "fence": "a code fence around it",
    "trailing-comma": "a comma before a closing bracket",
    "literal": "True, False or None in place of true, false or null",
    "single-quotes": "single quotation marks in place of double ones",
    "bare-key": "names without quotation marks",
    "raw-control": "a line break or tab inside a text that is not written \\n or \\t",
    "missing-bracket": "closing brackets missing at its end",
    "extra-bracket": "too many closing brackets at its end",
}
HINTS = {
    "unescaped-quote": ' A quotation mark inside a text is written \\".',
    "escape": " A backslash inside a text is written \\\\.",
    "curly-quotes": " Use straight quotation marks.",
    "repeated-name": " A name stands twice in one object, and one of its values would be lost.",
    "number": " A number has more digits than can be kept: write it as text.",
    "depth": " It is nested too deeply.",
    "text-behind": " There is text behind the calls.",
}
FOREIGN = [
    ("Qwen3-Coder and Llama write calls as <function=…>", rf"<function{SPACE}*="),
    ("GLM writes calls with <arg_key>", r"<arg_key>"),
    ("Llama writes calls behind <|python_tag|>", r"<\|python_tag\|>"),
    ("Mistral writes calls behind [TOOL_CALLS]", r"\[TOOL_CALLS\]"),
    ("Claude writes calls as <invoke …>", rf"<(?:antml:)?(?:invoke{SPACE}|function_calls>)"),
    ("DeepSeek writes calls between its own tool marks", r"<[|｜]tool[▁_]calls?[▁_](?:begin|end|section_begin)[|｜]>"),
    ("Phi and Granite write calls behind <|tool_call|>", r"<\|tool_calls?\|>|\bfunctools\["),
    ("Kimi writes calls between its own tool marks", r"<\|tool_calls?_(?:section_)?begin\|>"),
    ("gpt-oss writes calls on channels", r"<\|channel\|>"),
    ("Command R writes calls behind <|START_ACTION|>", r"<\|START_ACTION\|>"),
    ("InternLM writes calls behind <|action_start|>", r"<\|action_start\|>"),
    ("Qwen-Agent writes calls behind ✿FUNCTION✿", r"✿FUNCTION✿"),
    ("Gemma writes calls as tool_code", r"\x60{3}tool_code|<tool_code>"),
    ("older models write calls as <function_call> or <functioncall>", rf"<function_?call\b|<function{SPACE}+name{SPACE}*="),
    ("agents of the ReAct kind write calls as Action and Action Input", r"(?:^|(?<=[\n\r\u2028\u2029]))[ \t]*Action(?: Input)?[ \t]*:"),
    ("other protocols write calls as <tool_calls>, <toolcall> or <tool_use>", r"(?i:<(?:tool_?calls|toolcall|tool_use)\b|<tool>)"),
]
LOOSE = [
    (
        "the tag is written in another way",
        rf"(?i:<(?!/?(?:tool_call|answer)>){SPACE}{{0,4}}/?{SPACE}{{0,4}}(?:tool[_ -]call|answer)(?:{SPACE}[^<>]{{0,40}})?>)",
    ),
    ("a call stands without its tag", rf'\{{{SPACE}{{0,8}}"(?:name|function|tool|tool_name|tool_calls)"{SPACE}{{0,8}}:'),
]`
