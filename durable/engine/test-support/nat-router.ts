// A router that translates, with a test on both of its sides.
import type { Interface } from '../ip/interface.ts'
import type { Sighting } from '../link/recorder.ts'
import { Nat, type NatOptions, type NatState } from '../service/nat.ts'
import { type Ip4, type Mac, parseIp } from '../wire/addresses.ts'
import { type Header, LoneStack, OWN_MAC, PEER_MAC, type Said } from './lone-stack.ts'

const ip = (text: string): Ip4 => parseIp(text) ?? -1

/** Inside is 192.168.3.0/24 behind eth0, outside 203.0.113.0/24 behind eth1. */
export const INSIDE = ip('192.168.3.50')
export const OTHER_INSIDE = ip('192.168.3.51')
export const OUTSIDE = ip('203.0.113.2')
export const GATEWAY = ip('203.0.113.1')
export const WWW = ip('192.0.2.80')
export const DNS = ip('198.51.100.53')
export const WAN_MAC: Mac = OWN_MAC + 1

type Sent = Said & { readonly ip: { readonly src: Ip4; readonly dst: Ip4 } }

export class NatRouter {
  readonly host = new LoneStack()
  readonly wan: Interface
  readonly nat: Nat
  /** Interfaces to the outside; a test may add one. */
  readonly outside = new Set<Interface>()

  constructor(state?: NatState, more: Pick<NatOptions, 'behavior' | 'forwards'> = {}) {
    const { host } = this
    this.wan = host.plug(3, WAN_MAC)
    this.outside.add(this.wan)
    this.wan.forwarding = true
    host.via.forwarding = true
    this.address(this.wan, OUTSIDE)
    host.know(INSIDE, PEER_MAC)
    host.know(OTHER_INSIDE, PEER_MAC + 1)
    const inside = [{ network: INSIDE, prefixLength: 24 }]
    this.nat = new Nat(host.stack, { inside: () => inside, isOutside: (via) => this.outside.has(via), ...more }, state)
    host.sim.add(this.nat)
    host.stack.translator = this.nat
  }

  /** Gives an interface an address of a /24, and the first of it as gateway. */
  address(via: Interface, own: Ip4, metric = 0): void {
    const { host } = this
    for (const old of [...via.addresses]) host.stack.removeAddress(via, old.ip)
    host.stack.routes.remove((route) => route.interface === via.index && route.prefixLength === 0)
    host.stack.addAddress(via, own, 24, 'manual')
    const gateway = (own & ~255) + 1
    host.stack.routes.add({
      destination: 0,
      prefixLength: 0,
      gateway: gateway >>> 0,
      interface: via.index,
      metric,
      origin: 'static',
      persistent: true,
    })
    host.know(gateway >>> 0, PEER_MAC + via.index, via)
    host.take()
  }

  /** A packet of an inside machine, and what left because of it. */
  out(make: (header: Header) => Uint8Array, src = INSIDE, dst = WWW): Sent | undefined {
    this.seen = this.host.hear(make({ src, dst, toMac: OWN_MAC, ttl: 64 }))
    return this.host.take()[0] as Sent | undefined
  }

  /** A packet from outside to an address of ours, and what was sent because of it. */
  in(make: (header: Header) => Uint8Array, src = WWW, dst = OUTSIDE, index = 3): Sent | undefined {
    const toMac = this.host.stack.interfaces.get(index)?.mac ?? WAN_MAC
    this.seen = this.host.hear(make({ src, dst, toMac, ttl: 64 }), index)
    return this.host.take()[0] as Sent | undefined
  }

  /** How the last packet was seen. */
  seen: Sighting | undefined
}
