// A sentence of the catalogue with something to show in its places: "Stored as {id}".
import { Fragment, type ReactNode } from 'react'

interface FillProps {
  words: string
  /** What stands in the place of each name in braces. */
  slots: Readonly<Record<string, ReactNode>>
}

export function Fill({ words, slots }: FillProps) {
  return words.split(/(\{\w+\})/).map((piece, i) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1]
    // By its name: what a place shows stays itself, an open control open, where another sentence has the place elsewhere.
    return <Fragment key={name ?? i}>{name === undefined ? piece : slots[name]}</Fragment>
  })
}
