// Capture filters: the language of pcap-filter(7), read and applied as libpcap does.
import type { LinkLayer, Test } from './ast.ts'
import { type Looked, passes } from './evaluate.ts'
import { FilterError } from './filter-error.ts'
import { hostNames } from './identifier.ts'
import { tokens } from './lexer.ts'
import { type FilterContext, FilterParser } from './parser.ts'
import { satisfiable } from './satisfiable.ts'

export type { LinkLayer } from './ast.ts'
export type { Looked } from './evaluate.ts'
export { nameOfPort, portNamed, protocolNamed } from './names.ts'
export type { FilterContext } from './parser.ts'

/** LINKTYPE numbers of pcap files (www.tcpdump.org/linktypes.html). */
export const ETHERNET: LinkLayer = { type: 1, typeAt: 12, netAt: 14 }
export const RAW_IP: LinkLayer = { type: 101, typeAt: -1, netAt: 0 }
export const COOKED2: LinkLayer = { type: 276, typeAt: 0, netAt: 20 }

export const linkLayerOf = (type: number): LinkLayer | undefined => [ETHERNET, RAW_IP, COOKED2].find((link) => link.type === type)

export type CaptureFilter = {
  readonly ok: true
  /** Whether a packet passes. An empty filter passes all. */
  readonly passes: (packet: Looked) => boolean
}
export type FilterFault = { readonly ok: false; readonly error: string }

export function captureFilter(text: string, context: FilterContext): CaptureFilter | FilterFault {
  let test: Test | undefined
  try {
    test = new FilterParser(text, context).parse()
  } catch (fault) {
    if (!(fault instanceof FilterError)) throw fault
    return { ok: false, error: fault.message }
  }
  if (test === undefined) return { ok: true, passes: () => true }
  if (!satisfiable(test)) return { ok: false, error: 'expression rejects all packets' }
  const { link } = context
  const whole = test
  return { ok: true, passes: (packet) => passes(whole, link, packet) }
}

/** Words of a filter that may be names of machines: whoever compiles it looks them up first. */
export const namesInFilter = (text: string): string[] => {
  const list = tokens(text)
  return list === undefined ? [] : [...new Set(hostNames(list))]
}
