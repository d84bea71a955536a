// The system calls of the Windows Subsystem for Linux. Version 2 is a machine of its own; in version 1 Linux programs run on Windows: files
// are a Linux system's, the network is that of Windows, shown in Linux's words (fact sheet 1.3.12, 1.3.14).
import type { Kernel, Outcome } from '../../engine/machine/kernel.ts'
import type { LinkView, LinuxAddress, LinuxCalls, LinuxRoute } from '../../engine/machine/linux/linux-views.ts'
import type { InterfaceView, RouteView } from '../../engine/machine/views.ts'
import { broadcastOf, formatIp, parseIp } from '../../engine/wire/addresses.ts'
import { type RouteRow, routeTable } from './network.ts'

/** Undefined: it does not run. */
export function wslKernel(host: Kernel): Kernel | undefined {
  const wsl = host.hyperV?.wsl()
  const guest = wsl?.running ? host.guest(wsl.id) : undefined
  return guest && wsl?.version === 1 ? mirrored(host, guest) : guest
}

const DENIED: Outcome = { ok: false, error: 'access-denied', detail: 'Operation not permitted' }
const denied = (): Outcome => DENIED

function mirrored(host: Kernel, guest: Kernel): Kernel {
  const { linux } = guest
  return {
    ...guest,
    interfaces: () => shown(host),
    adapters: () => shown(host),
    neighbors: host.neighbors,
    routes: () => routesOf(host),
    neighbors6: host.neighbors6,
    routes6: host.routes6,
    sockets: host.sockets,
    dnsCache: host.dnsCache,
    dnsSuffixes: host.dnsSuffixes,
    ...refused(),
    spawn: host.spawn,
    kill: host.kill,
    write: host.write,
    closeInput: host.closeInput,
    processes: host.processes,
    linux: linux && { ...linux, ...mirroredLinux(host) },
  }
}

const refused = () => ({
  setBinding: denied,
  setInterfaceEnabled: denied,
  addAddress: denied,
  removeAddress: denied,
  addRoute: denied,
  removeRoute: denied,
  addNeighbor: denied,
  removeNeighbor: denied,
  flushNeighbors: denied,
  setForwarding: denied,
  setAcceptRa6: denied,
  setForwarding6: denied,
  setIp6Enabled: denied,
  flushNeighbors6: denied,
  dhcp6: denied,
  setDnsServers: denied,
  setDhcp: denied,
  setMetric: denied,
  reboot: denied,
})

/** `eth0`, `wifi0`, `lo`: counted in the order of Windows' numbers. */
function shown(host: Kernel): InterfaceView[] {
  const counts = { eth: 0, wifi: 0, ppp: 0 }
  return [...host.interfaces()]
    .sort((a, b) => a.index - b.index)
    .map((one) => {
      if (one.kind === 'loopback') return { ...one, name: 'lo', mtu: 1500 }
      const kind = one.kind === 'wifi' ? 'wifi' : one.kind === 'ppp' ? 'ppp' : 'eth'
      return { ...one, name: `${kind}${counts[kind]++}` }
    })
}

/** Windows' own table, row for row; its default route is printed with a full mask and without its gateway's flag. */
const routesOf = (host: Kernel): RouteView[] =>
  routeTable(host).map((row) => ({
    destination: formatIp(row.network),
    prefixLength: row.prefixLength,
    gateway: row.gateway,
    interface: row.interface.index,
    metric: row.routeMetric + row.interface.metric,
    interfaceMetric: row.interface.metric,
    origin: row.origin,
    persistent: row.persistent,
    mirrored: true,
  }))

const MULTICAST = true

function linkOf(one: InterfaceView): LinkView {
  const up = one.enabled && one.up
  return {
    index: one.index,
    name: one.name,
    kind: one.kind === 'loopback' ? 'loopback' : one.kind === 'ppp' ? 'ppp' : 'ether',
    mirror: one.kind === 'wifi' ? 'ieee802.11' : one.kind === 'loopback' ? 'loopback' : one.kind === 'ppp' ? 'ppp' : 'ether',
    mac: one.mac.toLowerCase().replace(/(..)(?=.)/g, '$1:'),
    permanentMac: '',
    enabled: up,
    running: up,
    mtu: one.mtu,
    txqueuelen: 1,
    promisc: false,
    allmulticast: false,
    multicast: MULTICAST,
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
    counters: {
      ...one.counters,
      receivedErrors: 0,
      receivedDropped: 0,
      multicast: 0,
      sentErrors: 0,
      sentDropped: 0,
    },
  }
}

/** All of them are called dynamic and last for ever. */
const addressesOf = (one: InterfaceView): LinuxAddress[] =>
  one.addresses
    .filter(({ address }) => parseIp(address) !== undefined)
    .map(({ address, prefixLength, origin }) => ({
      interface: one.index,
      address,
      prefixLength,
      broadcast: one.kind === 'loopback' || prefixLength > 30 ? '' : formatIp(broadcastOf(parseIp(address) ?? 0, prefixLength)),
      peer: '',
      label: '',
      scope: 0,
      origin,
      tentative: false,
      secondary: false,
      noRoute: false,
      validUntil: null,
      dynamic: true,
    }))

const linuxRoute = (row: RouteRow): LinuxRoute => ({
  type: 'unicast',
  destination: formatIp(row.network),
  prefixLength: row.prefixLength,
  gateway: row.gateway,
  interface: row.interface.index,
  table: 254,
  protocol: 0,
  scope: row.gateway === '' ? 253 : 0,
  source: '',
  metric: row.routeMetric + row.interface.metric,
  onlink: false,
  linkDown: false,
  mtu: 0,
})

const mirroredLinux = (host: Kernel): Partial<LinuxCalls> => ({
  links: () => shown(host).map(linkOf),
  addresses: () => shown(host).flatMap(addressesOf),
  linuxRoutes: () => routeTable(host).map(linuxRoute),
  findRoute: () => ({ error: 'Operation not supported' }),
  addLink: denied,
  deleteLink: denied,
  setLink: denied,
  changeAddress: denied,
  changeRoute: denied,
  changeRule: denied,
  setNeighbor: denied,
  changeFdb: denied,
  changeVlan: denied,
  replaceTable: denied,
})
