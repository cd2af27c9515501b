// Tables whose keys are a closed set of names: their names, and a record made of all of them. Knows nothing of what is in them.

/** The table's own names, in its order. */
export function namesOf<T extends object>(table: T): (keyof T & string)[] {
  return Object.keys(table).filter((name): name is keyof T & string => Object.hasOwn(table, name))
}

/** A record with what `of` gives to each of the names, in their order. */
export function recordOf<K extends string, T>(names: readonly K[], of: (name: K) => T): Record<K, T> {
  const made: Partial<Record<K, T>> = {}
  for (const name of names) made[name] = of(name)
  if (!isWhole(made, names)) throw new Error('A name was lost.')
  return made
}

function isWhole<K extends string, T>(made: Partial<Record<K, T>>, names: readonly K[]): made is Record<K, T> {
  return names.every((name) => Object.hasOwn(made, name))
}
