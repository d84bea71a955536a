// What every dissector is given and what it fills in. Unlike the codecs, dissectors show broken frames as far as they go.
import type { IpAddress } from '../addresses.ts'
import { hexNumber, printable } from '../bytes.ts'

/** `from` and `to` are octets of the frame. */
export type Field = {
  readonly name: string
  readonly value: string
  readonly from: number
  readonly to: number
  readonly fields?: readonly Field[]
}
export type Layer = { readonly name: string; readonly from: number; readonly to: number; readonly fields: Field[] }
export type Columns = { source: string; destination: string; protocol: string; info: string }
export type Dissection = Readonly<Columns> & { readonly layers: readonly Layer[] }

/** What a number is looked up in to find who reads the next layer. */
export type Table = 'ethertype' | 'ip-protocol' | 'udp-port' | 'tcp-port'
export type Dissect = (c: Context, at: number, end: number) => void
export type Dissector = { readonly table: Table; readonly number: number; readonly dissect: Dissect }

export type Context = {
  readonly b: Uint8Array
  readonly layers: Layer[]
  readonly columns: Columns
  /** The innermost addresses, for checksums over the pseudo header. */
  ip: { readonly src: IpAddress; readonly dst: IpAddress } | undefined
  ttl: number
  ports: { readonly src: number; readonly dst: number }
  /** Inside the packet an ICMP error quotes: it is cut short, and the columns are not about it. */
  quoted: boolean
  /** Octets from here on were not kept: they are not shown, and nothing is told of them. */
  readonly kept: number
  readonly memory: Memory | undefined
  /** False when nobody reads this number. */
  readonly next: (c: Context, table: Table, number: number, at: number, end: number) => boolean
}

/** What earlier frames of a capture tell: of TCP, by direction, the first sequence number and the window scale; and fragments. */
export type Memory = {
  readonly tcp: Map<string, { base: number; scale: number | undefined }>
  readonly fragments: Map<string, { from: number; last: boolean; data: Uint8Array }[]>
}
export const createMemory = (): Memory => ({ tcp: new Map(), fragments: new Map() })

export function layer(c: Context, name: string, from: number, to: number): Layer {
  const made: Layer = { name, from, to, fields: [] }
  c.layers.push(made)
  return made
}

/** Names and values are made printable here, once for all. */
export function field(name: string, value: string | number, from: number, to: number, fields?: readonly Field[]): Field {
  const made = { name: printable(name), value: printable(`${value}`), from, to }
  return fields === undefined ? made : { ...made, fields }
}

export const add = (l: Layer, name: string, value: string | number, from: number, len: number): number =>
  l.fields.push(field(name, value, from, from + len))

export function protocol(c: Context, name: string, info: string): void {
  c.columns.protocol = name
  c.columns.info = printable(info)
}

/** Says what is wrong, in the column and in the tree. */
export function broken(c: Context, reason: string, at: number, end: number): void {
  if (c.quoted) return
  c.columns.info = c.columns.info === '' ? `[${reason}]` : `${c.columns.info} [${reason}]`
  layer(c, 'Malformed', at, end).fields.push(field('Reason', reason, at, end))
}

export function data(c: Context, at: number, end: number): void {
  if (end > at) layer(c, 'Data', at, end).fields.push(field('Length', end - at, at, end))
}

export const hex16 = (v: number): string => `0x${hexNumber(v, 4)}`
export const hex32 = (v: number): string => `0x${hexNumber(v, 8)}`

/** `names` in the order of their bits, lowest first. */
export const flagNames = (v: number, names: readonly string[]): string => names.filter((_, i) => ((v >> i) & 1) === 1).join(', ')
