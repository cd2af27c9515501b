// The words of an aside: what is asked, then what it is about in titled lists of lines. Each line is quoted, so that
// whatever was told can neither begin a list of its own nor end one: who answers by rule reads the lists back.

export type Sections = Readonly<Record<string, readonly string[]>>

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ').trim()

export function writeSections(asks: string, sections: Sections): string {
  const lists = Object.entries(sections).map(([title, lines]) =>
    lines.length === 0 ? `${title}: none` : [`${title}:`, ...lines.map((line) => `> ${oneLine(line)}`)].join('\n'),
  )
  return [asks, ...lists].join('\n\n')
}

/** The list of this title; empty where there is none. */
export function sectionIn(prompt: string, title: string): string[] {
  const lines = prompt.split('\n')
  const from = lines.lastIndexOf(`${title}:`)
  if (from < 0) return []
  const rest = lines.slice(from + 1)
  const end = rest.findIndex((line) => !line.startsWith('> '))
  return (end < 0 ? rest : rest.slice(0, end)).map((line) => line.slice(2))
}
