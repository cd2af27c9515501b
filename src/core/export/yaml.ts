// Plain data as YAML: block style, every scalar as JSON writes it, which YAML reads the same.

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)

/** JSON writes 1e-7, which YAML 1.1 takes for text: it wants a dot in the mantissa. */
const number = (value: number) => String(value).replace(/^(-?\d+)e/, '$1.0e')

function lines(value: Plain, indent: string): string[] {
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return [indent + JSON.stringify(value)]
  if (isList(value)) {
    return value.flatMap((each) => {
      const [first = '', ...rest] = lines(each, `${indent}  `)
      return [`${indent}- ${first.trimStart()}`, ...rest]
    })
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, each]) => {
      const nested = typeof each === 'object' && each !== null && Object.keys(each).length > 0
      return nested ? [`${indent}${key}:`, ...lines(each, `${indent}  `)] : [`${indent}${key}: ${lines(each, '').join('')}`]
    })
  }
  return [indent + (typeof value === 'number' ? number(value) : JSON.stringify(value))]
}

/** Keys must be plain words. */
export function yaml(value: Plain): string {
  return `${lines(value, '').join('\n')}\n`
}
