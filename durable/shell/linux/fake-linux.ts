// For tests only: the links, addresses and routes of a fake machine as a Linux kernel tells them; changes are written down.

import type { Outcome } from '../../engine/machine/kernel.ts'
import type { LinkView, LinuxCalls, LinuxRoute } from '../../engine/machine/linux/linux-views.ts'
import type { InterfaceView, RouteView } from '../../engine/machine/views.ts'
import { broadcastOf, formatIp, inPrefix, parseIp } from '../../engine/wire/addresses.ts'
import { linuxMac } from './format.ts'

type Seen = { readonly links: readonly InterfaceView[]; readonly table: readonly RouteView[] }

export function fakeLinux(seen: () => Seen, say: (text: string) => Outcome): LinuxCalls {
  const nothing = <T>(): T[] => []
  return {
    links: () => seen().links.map(link),
    addLink: (one) => say(`addLink ${JSON.stringify(one)}`),
    deleteLink: (name) => say(`deleteLink ${name}`),
    setLink: (name, change) => {
      const index = seen().links.find((one) => one.name === name)?.index
      return change.up === undefined
        ? say(`setLink ${name} ${JSON.stringify(change)}`)
        : say(`setInterfaceEnabled ${index} ${change.up}`)
    },
    addresses: () =>
      seen().links.flatMap((one) =>
        one.addresses.map((address, at) => ({
          interface: one.index,
          address: address.address,
          prefixLength: address.prefixLength,
          broadcast:
            address.origin === 'manual' || one.kind === 'loopback' || one.kind === 'ppp'
              ? ''
              : formatIp(broadcastOf(number(address.address), address.prefixLength)),
          peer: '',
          label: one.name,
          scope: one.kind === 'loopback' ? 254 : address.origin === 'link-local' ? 253 : 0,
          origin: address.origin,
          tentative: address.state === 'tentative',
          secondary: one.addresses
            .slice(0, at)
            .some(
              (other) =>
                other.prefixLength === address.prefixLength &&
                inPrefix(number(address.address), number(other.address), other.prefixLength),
            ),
          noRoute: false,
          validUntil: address.validUntil,
        })),
      ),
    changeAddress: (verb, device, { address, prefixLength }) => {
      const one = seen().links.find(({ name }) => name === device)
      const known = one?.addresses.some((own) => own.address === address) ?? false
      if (verb === 'delete')
        return known
          ? say(`removeAddress ${one?.index} ${address}`)
          : { ok: false, error: 'not-found', detail: 'Error: ipv4: Address not found.' }
      return known
        ? { ok: false, error: 'exists', detail: 'Error: ipv4: Address already assigned.' }
        : say(`addAddress ${one?.index} ${address}/${prefixLength}`)
    },
    linuxRoutes: () => seen().table.map((row) => route(row, seen().links)),
    changeRoute: (verb, one) => {
      const index = seen().links.find(({ name }) => name === one.device)?.index ?? 2
      const same = seen().table.some((row) => row.destination === one.destination && row.prefixLength === one.prefixLength)
      if (verb === 'delete')
        return same
          ? say(`removeRoute ${one.destination}/${one.prefixLength} ${one.gateway}`)
          : { ok: false, error: 'not-found', detail: 'No such process' }
      const near = seen().links.some((link) =>
        link.addresses.some((own) => inPrefix(number(one.gateway), number(own.address), own.prefixLength)),
      )
      if (one.gateway !== '' && !near) return { ok: false, error: 'no-route', detail: 'Error: Nexthop has invalid gateway.' }
      if (
        (number(one.destination) & (one.prefixLength === 0 ? 0 : -1 << (32 - one.prefixLength))) >>> 0 !==
        number(one.destination)
      )
        return { ok: false, error: 'invalid', detail: 'Error: Invalid prefix for given prefix length.' }
      if (verb === 'add' && same) return { ok: false, error: 'exists', detail: 'File exists' }
      return say(`addRoute ${one.destination}/${one.prefixLength} ${one.gateway} ${index} ${one.metric ?? 0}`)
    },
    findRoute: ({ to }) => {
      const { links, table } = seen()
      const own = links.find((one) => one.addresses.some((address) => address.address === to))
      const base = {
        type: 'unicast',
        destination: to,
        prefixLength: 32,
        gateway: '',
        interface: 1,
        table: 254,
        protocol: 0,
        scope: 0,
        source: '',
        metric: 0,
        onlink: false,
        linkDown: false,
        mtu: 0,
      }
      if (own || to.startsWith('127.')) return { route: { ...base, type: 'local' }, source: to, local: true, broadcast: false }
      const near = links.find((one) => one.addresses.some((a) => formatIp(broadcastOf(number(a.address), a.prefixLength)) === to))
      if (near)
        return {
          route: { ...base, type: 'broadcast', interface: near.index },
          source: near.addresses[0]?.address ?? '',
          local: true,
          broadcast: true,
        }
      const found = [...table]
        .sort((a, b) => b.prefixLength - a.prefixLength || a.metric - b.metric)
        .find(
          (row) =>
            inPrefix(number(to), number(row.destination), row.prefixLength) &&
            links.find((one) => one.index === row.interface)?.enabled,
        )
      if (!found) return { error: 'Network is unreachable' }
      const via = links.find((one) => one.index === found.interface)
      return {
        route: { ...route(found, links), type: number(to) >>> 28 === 14 ? 'multicast' : 'unicast' },
        source: via?.addresses[0]?.address ?? '',
        local: false,
        broadcast: false,
      }
    },
    rules: nothing,
    changeRule: (verb, rule) => say(`changeRule ${verb} ${JSON.stringify(rule)}`),
    linuxRoutes6: nothing,
    changeRoute6: (verb, one) => say(`changeRoute6 ${verb} ${JSON.stringify(one)}`),
    findRoute6: () => ({ error: 'Network is unreachable' }),
    rules6: nothing,
    changeRule6: (verb, rule) => say(`changeRule6 ${verb} ${JSON.stringify(rule)}`),
    setNeighbor: (verb, device, address, mac) => say(`setNeighbor ${verb} ${device} ${address} ${mac}`),
    fdb: nothing,
    changeFdb: (verb, device, mac) => say(`changeFdb ${verb} ${device} ${mac}`),
    portVlans: nothing,
    changeVlan: (verb, device, vid) => say(`changeVlan ${verb} ${device} ${vid}`),
    parameters: () => [['net/ipv4/ip_forward', forwarding(seen().links)]],
    parameter: (key) => (key === 'net/ipv4/ip_forward' ? forwarding(seen().links) : null),
    setParameter: (key, value) => {
      if (key !== 'net/ipv4/ip_forward') return 'unknown'
      if (!/^\d+$/.test(value)) return 'invalid'
      for (const one of seen().links) if (one.kind !== 'loopback') say(`setForwarding ${one.index} ${value !== '0'}`)
      return 'ok'
    },
    tables: nothing,
    replaceTable: (table) => say(`replaceTable ${table.name}`),
    connections: nothing,
    deleteConnections: () => 0,
    kernelLog: nothing,
    applyNetplan: () => {
      say('applyNetplan')
      return null
    },
  }
}

const number = (text: string): number => parseIp(text) ?? 0
const forwarding = (links: readonly InterfaceView[]): string =>
  links.some((one) => one.kind !== 'loopback' && one.forwarding) ? '1' : '0'

function link(one: InterfaceView): LinkView {
  return {
    index: one.index,
    name: one.name,
    kind: one.kind === 'loopback' ? 'loopback' : one.kind === 'ppp' ? 'ppp' : 'ether',
    mac: one.kind === 'loopback' ? '00:00:00:00:00:00' : one.mac === '' ? '' : linuxMac(one.mac),
    permanentMac: '',
    enabled: one.enabled,
    running: one.enabled && one.up,
    mtu: one.mtu,
    txqueuelen: one.kind === 'ppp' ? 3 : 1000,
    promisc: false,
    allmulticast: false,
    multicast: true,
    arp: true,
    alias: '',
    group: 0,
    speed: one.speed,
    master: 0,
    lower: 0,
    vlanId: 0,
    mode: '',
    bridge: null,
    port: null,
    groups: [],
    counters: { ...one.counters, receivedErrors: 0, receivedDropped: 0, multicast: 0, sentErrors: 0, sentDropped: 0 },
  }
}

/** Rows that a Linux kernel keeps in its local table. */
function isLocal(row: RouteView, via: InterfaceView | undefined): boolean {
  const own = via?.addresses.some(
    (one) => one.address === row.destination || formatIp(broadcastOf(number(one.address), one.prefixLength)) === row.destination,
  )
  return (
    via?.kind === 'loopback' ||
    number(row.destination) >>> 28 >= 14 ||
    (row.prefixLength === 32 && row.origin === 'kernel' && own === true)
  )
}

function route(row: RouteView, links: readonly InterfaceView[]): LinuxRoute {
  const via = links.find((one) => one.index === row.interface)
  return {
    type: 'unicast',
    destination: row.destination,
    prefixLength: row.prefixLength,
    gateway: row.gateway,
    interface: row.interface,
    table: isLocal(row, via) ? 255 : 254,
    protocol: row.origin === 'kernel' || row.origin === 'ppp' ? 2 : row.origin === 'dhcp' ? 16 : row.persistent ? 4 : 3,
    scope: row.gateway === '' ? 253 : 0,
    source: row.origin === 'static' ? '' : (via?.addresses[0]?.address ?? ''),
    metric: row.metric,
    onlink: false,
    linkDown: via?.enabled === true && !via.up,
    mtu: 0,
  }
}
