// What is said to the options in a peer's request (RFC 1661 section 5.2 to 5.4).
import type { Ip4 } from '../wire/addresses.ts'
import * as ppp from '../wire/ppp.ts'

export type Negotiated = {
  readonly answer: 'configure-ack' | 'configure-nak' | 'configure-reject'
  readonly options: readonly ppp.Option[]
}

/** Refused options are named first; only when there are none are other values suggested. */
function verdict(asked: readonly ppp.Option[], rejected: readonly ppp.Option[], naked: readonly ppp.Option[]): Negotiated {
  if (rejected.length > 0) return { answer: 'configure-reject', options: rejected }
  if (naked.length > 0) return { answer: 'configure-nak', options: naked }
  return { answer: 'configure-ack', options: asked }
}

/** A server does not say who it is; a caller does, by PAP alone. */
export function reviewLcp(options: readonly ppp.Option[], side: 'caller' | 'server'): Negotiated {
  const rejected: ppp.Option[] = []
  const naked: ppp.Option[] = []
  for (const option of options) {
    switch (option.type) {
      case ppp.LCP_MRU:
      case ppp.LCP_ASYNC_MAP:
      case ppp.LCP_MAGIC:
        break
      case ppp.LCP_AUTHENTICATION:
        if (side === 'server') rejected.push(option)
        else if (ppp.optionNumber([option], ppp.LCP_AUTHENTICATION) !== ppp.PAP) naked.push(ppp.option.authentication(ppp.PAP))
        break
      default:
        rejected.push(option)
    }
  }
  return verdict(options, rejected, naked)
}

/** `gives`: what a server has for the caller; undefined on the caller's side, which takes the server's address as it is. */
export function reviewIpcp(
  options: readonly ppp.Option[],
  gives: { readonly address: Ip4; readonly dns: readonly Ip4[] } | undefined,
): Negotiated {
  const rejected: ppp.Option[] = []
  const naked: ppp.Option[] = []
  for (const option of options) {
    const value = ppp.optionNumber([option], option.type)
    const right =
      option.type === ppp.IPCP_ADDRESS
        ? (gives?.address ?? value)
        : option.type === ppp.IPCP_PRIMARY_DNS
          ? gives?.dns[0]
          : option.type === ppp.IPCP_SECONDARY_DNS
            ? gives?.dns[1]
            : undefined
    if (right === undefined) rejected.push(option)
    else if (right !== value) naked.push(numbered(option.type, right))
  }
  return verdict(options, rejected, naked)
}

function numbered(type: number, value: Ip4): ppp.Option {
  if (type === ppp.IPCP_PRIMARY_DNS) return ppp.option.primaryDns(value)
  return type === ppp.IPCP_SECONDARY_DNS ? ppp.option.secondaryDns(value) : ppp.option.address(value)
}
