// A fault that people meet with cable and Wi-Fi in one computer (fact sheet T16): both lead out with the same metric, and Internet
// Connection Sharing serves nobody until one of them is set lower.
import type { Drop } from '../../ip/hooks.ts'
import { type Ip4, inPrefix } from '../../wire/addresses.ts'
import type { Machine } from '../machine.ts'
import type { Network } from './prefix.ts'

export function twoWaysOut({ stack }: Machine, networks: readonly Network[], inside: Ip4): Drop | undefined {
  if (!networks.some(({ network, prefixLength }) => inPrefix(inside, network, prefixLength))) return undefined
  let least = Number.POSITIVE_INFINITY
  let names: string[] = []
  for (const { prefixLength, gateway, interface: index, metric } of stack.routes.all) {
    const via = stack.interfaces.get(index)
    if (prefixLength !== 0 || gateway === 0 || !via?.up || (via.kind !== 'ethernet' && via.kind !== 'wifi')) continue
    const total = metric + via.metric
    if (total > least) continue
    names = total < least ? [via.name] : [...names, via.name]
    least = total
  }
  if (new Set(names).size < 2) return undefined
  return {
    code: 'no-route',
    detail: `${names.join(' and ')} lead out with the same metric ${least}: Internet Connection Sharing takes neither until one is set lower`,
  }
}
