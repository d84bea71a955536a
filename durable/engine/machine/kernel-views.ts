// From engine values to what system calls answer: text at the edge.
import type { Interface } from '../ip/interface.ts'
import { stateName } from '../ip/tcp/state.ts'
import type { Session } from '../service/nat-session.ts'
import type { Mapping } from '../service/nat-table.ts'
import { hashText } from '../sim/random.ts'
import { storeTime } from '../sim/time.ts'
import { formatAddress, formatIp, formatMacBare } from '../wire/addresses.ts'
import { TCP, UDP } from '../wire/ipv4.ts'
import { ip6View, linkLocalText } from './ip6-views.ts'
import type { Machine } from './machine.ts'
import type { InterfaceView, NatSessionView, NeighborView, RouteView, SocketView } from './views.ts'

export function interfaceView(machine: Machine, via: Interface): InterfaceView {
  const { stack } = machine
  const gateways = stack.routes.all
    .filter((route) => route.interface === via.index && route.prefixLength === 0 && (route.gateway !== 0 || via.kind === 'ppp'))
    .map((route) => formatIp(route.gateway))
  const lease = machine.dhcpClient(via.index)?.view() ?? null
  const up = via.up && machine.power === 'on'
  return {
    index: via.index,
    name: via.name,
    description: via.description,
    kind: via.kind,
    guid: via.guid,
    mac: via.kind === 'loopback' || via.kind === 'ppp' ? '' : formatMacBare(via.mac),
    enabled: via.enabled,
    up,
    mtu: via.mtu,
    metric: via.metric,
    forwarding: via.forwarding,
    dhcp: via.dhcp,
    speed: up ? via.speed : 0,
    addresses: via.addresses.map((a) => ({
      address: formatIp(a.ip),
      prefixLength: a.prefixLength,
      origin: a.origin,
      state: a.state,
      validUntil: storeTime(a.validUntil),
    })),
    linkLocal6: up ? linkLocalText(machine, via) : '',
    ip6: up ? ip6View(machine, via) : undefined,
    gateways: [...new Set(gateways)],
    dnsServers: via.dnsServers.map(formatIp),
    dnsSuffix: via.dnsSuffix,
    ssid: via.ssid,
    hidden: via.hidden,
    counters: {
      receivedBytes: via.receivedBytes,
      receivedPackets: via.receivedPackets,
      sentBytes: via.sentBytes,
      sentPackets: via.sentPackets,
    },
    lease: via.dhcp ? lease : null,
  }
}

export function neighborViews(machine: Machine): NeighborView[] {
  const now = machine.sim.now
  const found: NeighborView[] = []
  for (const via of machine.stack.interfaces.values()) {
    for (const n of via.neighbors.all) {
      const state = n.state === 'reachable' && n.reachableUntil < now ? 'stale' : n.state
      const mac = n.mac === 0 ? '' : formatMacBare(n.mac)
      found.push({ interface: via.index, address: formatIp(n.ip), mac, state, ...n.times })
    }
  }
  return found
}

export function routeViews(machine: Machine): RouteView[] {
  const { stack } = machine
  return stack.routes.all
    .filter((route) => stack.interfaces.get(route.interface)?.up)
    .map((route) => ({
      destination: formatIp(route.destination),
      prefixLength: route.prefixLength,
      gateway: route.gateway === 0 ? '' : formatIp(route.gateway),
      interface: route.interface,
      metric: route.metric,
      interfaceMetric: stack.interfaces.get(route.interface)?.metric ?? 0,
      origin: route.origin,
      persistent: route.persistent,
    }))
}

/** A vendor service that listens on the IPv6 loopback only; it stands before the first UDP row (fact sheet 1.2.9, 3.3). */
const jhi = (machine: Machine): SocketView => ({
  protocol: 'tcp',
  localAddress: '::1',
  localPort: 49669,
  remoteAddress: '::',
  remotePort: 0,
  state: 'LISTENING',
  pid: machine.system?.services.pid('jhi_service') ?? 0,
  component: '',
  image: 'jhi_service.exe',
})

/** NetBIOS over TCP/IP is said of each address, and is the system's own. */
const NETBT = 'NetBT'

const netbiosRows = ({ stack }: Machine, port: number): SocketView[] =>
  [...stack.interfaces.values()]
    .filter(({ kind, up }) => up && kind !== 'loopback' && kind !== 'ppp')
    .flatMap(({ addresses }) => addresses.filter(({ state }) => state === 'preferred'))
    .map(({ ip }) => ({
      protocol: 'udp',
      localAddress: formatIp(ip),
      localPort: port,
      remoteAddress: '*',
      remotePort: 0,
      state: '',
      pid: 4,
      component: '',
      image: 'System',
    }))

export function socketViews(machine: Machine): SocketView[] {
  const { stack } = machine
  const found: SocketView[] = machine.definition.hyperV && machine.runs('jhi_service') ? [jhi(machine)] : []
  for (const listener of stack.tcp.listeners) {
    found.push({
      ...streamEnds(machine, listener.owner, listener.component, listener.image),
      localAddress: formatAddress(listener.address ?? 0),
      localPort: listener.port,
      remoteAddress: '0.0.0.0',
      remotePort: 0,
      state: 'LISTENING',
      receiveQueue: listener.waiting.length,
      sendQueue: listener.backlog,
    })
  }
  for (const c of stack.tcp.connections) {
    found.push({
      ...streamEnds(machine, c.owner, c.component, c.image),
      localAddress: formatAddress(c.local),
      localPort: c.localPort,
      remoteAddress: formatAddress(c.remote),
      remotePort: c.remotePort,
      state: stateName(c.state),
      receiveQueue: c.in.length,
      sendQueue: c.out.length,
    })
  }
  for (const sockets of stack.udp.values()) {
    for (const socket of sockets) {
      if (socket.component === NETBT) {
        found.push(...netbiosRows(machine, socket.port))
        continue
      }
      found.push({
        protocol: 'udp',
        localAddress: formatAddress(socket.localIp),
        localPort: socket.port,
        remoteAddress: '*',
        remotePort: 0,
        state: '',
        pid: pidOf(machine, socket.component, socket.image, socket.port),
        component: socket.component,
        image: socket.image,
      })
    }
  }
  return found
}

/** Of the service that has it, of the system itself, or of some program. */
function pidOf(machine: Machine, component: string, image: string, port: number): number {
  if (machine.windows && image === 'System') return 4
  const service = component === '' ? 0 : (machine.system?.services.pid(component) ?? 0)
  return service === 0 ? 1000 + (port % 997) * 4 : service
}

/** What a person has started when one of these programs runs. */
const COMMANDS: { readonly [program: string]: string } = {
  'tcp-client': 'nc',
  'tcp-listen': 'nc',
  http: 'curl',
  'dns-query': 'dig',
}

/** Who has a stream socket: a process of this machine, one of its services, or nobody any more. */
function streamEnds(machine: Machine, owner: string, component: string, image: string) {
  const process = machine.running.find((one) => one.name === owner)
  if (process === undefined)
    return {
      protocol: 'tcp' as const,
      pid: owner === '' ? 0 : pidOf(machine, component, image, hashText(owner) & 0xffff),
      component,
      image,
    }
  const command = machine.windows ? 'powershell.exe' : (COMMANDS[process.program] ?? process.program)
  return { protocol: 'tcp' as const, pid: process.pid, component, image: command }
}

/** A row a flow. */
export const natSessionViews = (m: Mapping, now: number): NatSessionView[] =>
  m.sessions.filter(({ endsAt }) => now <= endsAt).map((session) => natSessionView(m, session))

const natSessionView = (m: Mapping, { remoteIp, remotePort, phase, endsAt, since }: Session): NatSessionView => ({
  since: since ?? null,
  protocol: m.protocol === TCP ? 'TCP' : m.protocol === UDP ? 'UDP' : 'ICMP',
  inside: formatIp(m.insideIp),
  insidePort: m.insidePort,
  outside: formatIp(m.outsideIp),
  outsidePort: m.outsidePort,
  remote: formatIp(remoteIp),
  remotePort,
  expiresAt: endsAt,
  phase: (['opening', 'opening', 'established', 'closing', 'closing'] as const)[phase],
})
