// Wireshark's display filters, for the fields in `fields/`: parse once, ask of many packets.
import type { Packet, Subject } from './field.ts'
import { layersOf } from './layers.ts'
import { type Fault, tokensOf } from './lexer.ts'
import { Parser } from './parser.ts'

export type { Subject } from './field.ts'
export { fields } from './fields/index.ts'
export { type Fault, MAX_TEXT } from './lexer.ts'

export type Filter = {
  readonly text: string
  /** The protocols it asks about: packets are read no deeper than needed. */
  readonly wanted: number
  readonly test: (packet: Packet) => boolean
}

/** An empty filter lets everything pass. */
export function parseFilter(text: string): { readonly ok: true; readonly filter: Filter } | Fault {
  const tokens = tokensOf(text)
  if ('ok' in tokens) return tokens
  const parser = new Parser(tokens)
  const test = parser.whole()
  return 'ok' in test ? test : { ok: true, filter: { text, wanted: parser.wanted, test } }
}

export const matches = (filter: Filter, subject: Subject): boolean => filter.test(layersOf(subject, filter.wanted))
