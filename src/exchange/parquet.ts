// Rows as a Parquet file with nested columns. The only importer of hyparquet-writer, and itself imported only when such a
// file is wanted.
import { parquetWriteBuffer, type ColumnSource, type SchemaElement } from 'hyparquet-writer'

/** What a column holds, nested. Each may be null. */
export type Shape = 'text' | 'int' | 'double' | 'bool' | { list: Shape } | { struct: Readonly<Record<string, Shape>> }

export interface Column {
  name: string
  shape: Shape
  /** One a row. */
  data: unknown[]
}

function elements(name: string, shape: Shape): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' as const }
  if (shape === 'text') return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }]
  if (shape === 'int') return [{ ...optional, type: 'INT64' }]
  if (shape === 'double') return [{ ...optional, type: 'DOUBLE' }]
  if (shape === 'bool') return [{ ...optional, type: 'BOOLEAN' }]
  if ('list' in shape) {
    return [{ ...optional, converted_type: 'LIST', num_children: 1 }, { name: 'list', repetition_type: 'REPEATED', num_children: 1 }, ...elements('element', shape.list)]
  }
  const fields = Object.entries(shape.struct)
  return [{ ...optional, num_children: fields.length }, ...fields.flatMap(([field, of]) => elements(field, of))]
}

/** Whole numbers as Parquet's INT64 has them. */
function stored(value: unknown, shape: Shape): unknown {
  if (value === null || value === undefined) return null
  if (shape === 'int') return BigInt(Number(value))
  if (typeof shape === 'string') return value
  if ('list' in shape) return Array.isArray(value) ? value.map((each: unknown) => stored(each, shape.list)) : null
  const given: Readonly<Record<string, unknown>> = typeof value === 'object' ? { ...value } : {}
  return Object.fromEntries(Object.entries(shape.struct).map(([field, of]) => [field, stored(given[field], of)]))
}

export function parquetFile(columns: readonly Column[]): Uint8Array<ArrayBuffer> {
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns.flatMap(({ name, shape }) => elements(name, shape))]
  const columnData = columns.map(({ name, shape, data }): ColumnSource => ({ name, data: data.map((value) => stored(value, shape)) }))
  return new Uint8Array(parquetWriteBuffer({ schema, columnData, createdBy: 'agemem-playground' }))
}
