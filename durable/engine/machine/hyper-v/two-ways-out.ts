// A fault that people meet with cable and Wi-Fi in one computer (fact sheet T16): both lead out with the same metric, and Internet
// Connection Sharing serves nobody until one of them is set lower.
import type { Drop } from '../../ip/hooks.ts'
import type { Stack } from '../../ip/stack.ts'
import { type Ip4, inPrefix } from '../../wire/addresses.ts'
import type { Network } from './prefix.ts'

export class TwoWaysOut {
  private readonly stack: Stack
  private fault: Drop | undefined
  /** When the fault was looked for: nothing that it depends on changes without another epoch. */
  private epoch = -1

  constructor(stack: Stack) {
    this.stack = stack
  }

  /** Why nothing of these networks goes out at the moment, if it does not. Asked for every packet. */
  refuses(networks: () => readonly Network[], inside: Ip4): Drop | undefined {
    const { epoch } = this.stack
    if (epoch !== this.epoch) {
      this.epoch = epoch
      this.fault = tied(this.stack)
    }
    if (this.fault === undefined) return undefined
    return networks().some(({ network, prefixLength }) => inPrefix(inside, network, prefixLength)) ? this.fault : undefined
  }
}

function tied({ routes, interfaces }: Stack): Drop | undefined {
  let least = Number.POSITIVE_INFINITY
  let names: string[] = []
  for (const { prefixLength, gateway, interface: index, metric } of routes.all) {
    const via = interfaces.get(index)
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
