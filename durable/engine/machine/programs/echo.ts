// Echo requests of either family, for programs.
import type { EchoOwner } from '../../ip/hooks.ts'
import { sendEcho } from '../../ip/icmp.ts'
import type { SendResult } from '../../ip/output.ts'
import type { Stack } from '../../ip/stack.ts'
import { sendEcho6 } from '../../ip/v6/icmp6.ts'
import type { IpAddress } from '../../wire/addresses.ts'

export type EchoOptions = {
  readonly ttl?: number
  readonly dontFragment?: boolean
  readonly source?: IpAddress
  /** Index of the interface to send by. */
  readonly scope?: number
}

/** Who waits for answers, by identifier. A machine without IPv6 has nobody who does. */
export const echoesOf = (stack: Stack, to: IpAddress): Map<number, EchoOwner> =>
  typeof to === 'number' ? stack.echoes : (stack.ip6?.echoes ?? new Map())

export function sendEchoTo(
  stack: Stack,
  to: IpAddress,
  ident: number,
  sequence: number,
  payload: Uint8Array,
  { ttl, dontFragment, source, scope }: EchoOptions,
): SendResult {
  const via = scope === undefined ? undefined : stack.interfaces.get(scope)
  const common = { ...(via === undefined ? {} : { via }), ...(dontFragment ? { dontFragment } : {}) }
  if (typeof to === 'number') {
    if (typeof source === 'bigint') return 'no-address'
    const options = { ...common, ...(source === undefined ? {} : { source }), ...(ttl === undefined ? {} : { ttl }) }
    return sendEcho(stack, to, ident, sequence, payload, options)
  }
  if (stack.ip6 === undefined) return 'no-route'
  if (typeof source === 'number') return 'no-address'
  const options = { ...common, ...(source === undefined ? {} : { source }), ...(ttl === undefined ? {} : { hopLimit: ttl }) }
  return sendEcho6(stack.ip6, to, ident, sequence, payload, options)
}

/** Whether an error came from this very machine. */
export const isOwn = (stack: Stack, from: IpAddress): boolean =>
  from === 0 || from === 0n || (typeof from === 'number' ? stack.ownerOf(from) : stack.ip6?.ownerOf(from)) !== undefined
