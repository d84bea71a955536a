// From the octets of a frame to what a person reads: a line for the list of packets and a tree with octet ranges.
// Both follow the words of tshark, so that a student who knows the one can read the other.

import type { Context, Dissection, Field, Memory, Table } from './dissect/context.ts'
import { dissectEthernet } from './dissect/link.ts'
import { TYPE_IPV4, TYPE_IPV6 } from './ethernet.ts'
import { dissectors } from './index.ts'

export { type Columns, createMemory, type Dissection, type Field, type Layer, type Memory } from './dissect/context.ts'

const byTable = new Map<Table, Map<number, (typeof dissectors)[number]['dissect']>>()
for (const { table, number, dissect: read } of dissectors) {
  const numbers = byTable.get(table) ?? new Map()
  byTable.set(table, numbers.set(number, read))
}

/** Tunnels and quoted packets nest; a frame can only hold so many headers, but each costs little to write. */
const MAX_LAYERS = 40
const MAX_INFO = 4096

/**
 * Never throws. With a `memory`, frames of one capture in order, TCP numbers are relative, windows scaled and fragments put together
 * as tshark does; without one every frame is told by itself. `length` octets were on the wire: when fewer were kept, the headers among
 * them are told as they are, and what follows is not.
 */
export function dissect(
  frame: Uint8Array,
  linkType: 'ethernet' | 'raw-ip' = 'ethernet',
  memory?: Memory,
  length = frame.length,
): Dissection {
  const kept = frame.length
  const c: Context = {
    b: length > kept ? padded(frame, length) : frame,
    kept,
    layers: [],
    columns: { source: '', destination: '', protocol: '', info: '' },
    ip: undefined,
    ttl: 0,
    ports: { src: 0, dst: 0 },
    quoted: false,
    memory,
    next(inner, table, number, at, end) {
      const read = byTable.get(table)?.get(number)
      if (read === undefined || inner.layers.length >= MAX_LAYERS) return false
      if (end > kept && (table === 'udp-port' || table === 'tcp-port')) return false
      read(inner, at, end)
      return true
    },
  }
  if (linkType === 'ethernet') dissectEthernet(c, 0, length)
  else c.next(c, 'ethertype', frame[0] >> 4 === 6 ? TYPE_IPV6 : TYPE_IPV4, 0, length)
  return { ...c.columns, info: c.columns.info.slice(0, MAX_INFO), layers: length > kept ? cut(c.layers, kept) : c.layers }
}

function padded(frame: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length)
  whole.set(frame)
  return whole
}

type Part = { readonly from: number; readonly to: number; readonly fields?: readonly Field[] }

/** Without what lies behind the octets that were kept. */
function cut<T extends Part>(parts: readonly T[], kept: number): T[] {
  return parts
    .filter(({ from }) => from < kept)
    .map((part) => ({ ...part, to: Math.min(part.to, kept), ...(part.fields && { fields: cut(part.fields, kept) }) }))
}
