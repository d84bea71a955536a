// A kernel for tests only: one imaginary computer with fixed tables, and programs that answer what the test says.

import { Mib } from '../../engine/ip/mib.ts'
import { noCounters } from '../../engine/ip/tcp/context.ts'
import type { Wait, Wake } from '../../engine/machine/console.ts'
import type { HyperVCalls, Kernel, Outcome } from '../../engine/machine/kernel.ts'
import type { DnsCacheView, InterfaceView, NeighborView, RouteView, SocketView } from '../../engine/machine/views.ts'
import type { Json } from '../../engine/sim/json.ts'
import { fakeHyperV } from './fake-hyper-v.ts'
import { fakeWindows } from './fake-windows.ts'
import { fakeWindowsNet } from './fake-windows-net.ts'

export type FakeEvents = (
  program: string,
  args: { readonly [key: string]: Json | undefined },
) => { readonly events: readonly Json[]; readonly code?: number }

/** Thursday, November 20, 2025 10:15:04 UTC at lab time zero + one hour. */
const NOW = 3_600_000_000
const EPOCH = 1_763_630_104_000_000

const counters = { receivedBytes: 0, receivedPackets: 0, sentBytes: 0, sentPackets: 0 }

export const ethernet: InterfaceView = {
  index: 23,
  name: 'Ethernet',
  description: 'Intel(R) Ethernet Connection (18) I219-LM',
  kind: 'ethernet',
  guid: '{0F3A6B9D-5A1E-4C5B-8B1B-3E7B0C7A1D22}',
  mac: 'C4C6E6303F37',
  enabled: true,
  up: true,
  mtu: 1500,
  metric: 25,
  forwarding: false,
  dhcp: true,
  speed: 1_000_000_000,
  addresses: [
    { address: '192.168.3.50', prefixLength: 24, origin: 'dhcp', state: 'preferred', validUntil: NOW + 78_352_000_000 },
  ],
  linkLocal6: 'fe80::4d1b:9a2e:7c30:51aa',
  gateways: ['192.168.3.1'],
  dnsServers: ['192.168.3.1', '1.1.1.1'],
  dnsSuffix: 'home',
  ssid: '',
  hidden: false,
  counters,
  lease: {
    state: 'bound',
    server: '192.168.3.1',
    obtainedAt: NOW - 8_032_000_000,
    renewAt: null,
    rebindAt: null,
    expiresAt: NOW + 78_367_000_000,
  },
}

export const defaultSwitch: InterfaceView = {
  index: 15,
  name: 'vEthernet (Default Switch)',
  description: 'Hyper-V Virtual Ethernet Adapter',
  kind: 'virtual',
  guid: '{6B4E8F10-2C7D-4D0A-9E61-AF2B5C3D4E5F}',
  mac: '00155D0FA03B',
  enabled: true,
  up: true,
  mtu: 1500,
  metric: 5000,
  forwarding: true,
  dhcp: false,
  speed: 10_000_000_000,
  addresses: [{ address: '172.27.160.1', prefixLength: 20, origin: 'ics', state: 'preferred', validUntil: null }],
  linkLocal6: 'fe80::8167:6b45:b2b0:daa9',
  gateways: [],
  dnsServers: [],
  dnsSuffix: '',
  ssid: '',
  hidden: true,
  counters,
  lease: null,
}

const loopback: InterfaceView = {
  index: 1,
  name: 'Loopback Pseudo-Interface 1',
  description: 'Software Loopback Interface 1',
  kind: 'loopback',
  guid: '',
  mac: '',
  enabled: true,
  up: true,
  mtu: 4_294_967_295,
  metric: 75,
  forwarding: false,
  dhcp: false,
  speed: 1_073_741_824,
  addresses: [{ address: '127.0.0.1', prefixLength: 8, origin: 'well-known', state: 'preferred', validUntil: null }],
  linkLocal6: '',
  gateways: [],
  dnsServers: [],
  dnsSuffix: '',
  ssid: '',
  hidden: true,
  counters,
  lease: null,
}

const neighbor = (on: number, address: string, mac: string, state: NeighborView['state']): NeighborView => ({
  interface: on,
  address,
  mac,
  state,
})
const socket = (
  protocol: 'tcp' | 'udp',
  localAddress: string,
  localPort: number,
  state: string,
  pid: number,
  component: string,
  image: string,
  remoteAddress = '',
  remotePort = 0,
): SocketView => ({
  protocol,
  localAddress,
  localPort,
  remoteAddress,
  remotePort,
  state,
  pid,
  component,
  image,
})

const REFUSED: Outcome = { ok: false, error: 'not-simulated' }
/** Calls on files that no Windows program makes yet. */
const NO_FILES = {
  stat: () => undefined,
  appendFile: () => REFUSED,
  makeDirectory: () => REFUSED,
  removeFile: () => REFUSED,
  renameFile: () => REFUSED,
  linkFile: () => REFUSED,
  changeFile: () => REFUSED,
  diskUse: () => ({ used: 0, limit: 0 }),
}

export type Fake = Kernel & {
  readonly calls: string[]
  readonly files: Map<string, string>
  run<T>(work: Generator<Wait, T, Wake>, interruptAfter?: number): T
}

export function fakeKernel(
  answer: FakeEvents = () => ({ events: [] }),
  options: { interfaces?: readonly InterfaceView[]; hyperV?: boolean; cache?: DnsCacheView[]; typed?: string[] } = {},
): Fake {
  const calls: string[] = []
  const queues = new Map<number, { events: Json[]; code: number }>()
  const files = new Map([
    [
      'c:\\windows\\system32\\drivers\\etc\\hosts.ics',
      '172.27.160.1 LABHOST.mshome.net # 2030 11 2 19 9 0 12 345\r\n172.27.163.10 vm1.mshome.net # 2025 11 4 27 9 1 30 120\r\n',
    ],
  ])
  const note = (what: string): Outcome => {
    calls.push(what)
    return { ok: true }
  }
  const routes: RouteView[] = [
    {
      destination: '0.0.0.0',
      prefixLength: 0,
      gateway: '192.168.3.1',
      interface: 23,
      metric: 0,
      interfaceMetric: 25,
      origin: 'dhcp',
      persistent: false,
    },
  ]
  const hyperV: HyperVCalls | undefined = options.hyperV === false ? undefined : fakeHyperV(note)
  let pid = 100
  return {
    calls,
    files,
    identity: () => ({
      machine: 'host',
      hostname: 'LABHOST',
      os: 'windows-11',
      build: 26100,
      user: 'Student',
      elevated: true,
      bootedAt: 0,
    }),
    clock: () => ({ now: NOW, epochMicros: EPOCH, zoneMinutes: 0 }),
    interfaces: () => [...(options.interfaces ?? [ethernet, defaultSwitch]), loopback],
    adapters: () => [...(options.interfaces ?? [ethernet, defaultSwitch]), loopback],
    bindings: () => [
      { index: 23, adapter: 'Ethernet', component: 'vms_pp', name: 'Hyper-V Extensible Virtual Switch', bound: false },
      { index: 23, adapter: 'Ethernet', component: 'ms_tcpip', name: 'Internet Protocol Version 4 (TCP/IPv4)', bound: true },
    ],
    setBinding: (index, component, on) => note(`setBinding ${index} ${component} ${on}`),
    neighbors: () => [
      neighbor(23, '192.168.3.1', '48F7C0ACEE46', 'reachable'),
      neighbor(15, '172.27.163.10', '00155D033200', 'permanent'),
      neighbor(15, '172.27.165.77', '00155D033201', 'permanent'),
    ],
    routes: () => routes,
    neighbors6: () => [],
    protocolCounters: () => ({ ip: new Mib().view, ip6: new Mib().view, tcp: noCounters() }),
    routes6: () => [],
    setAcceptRa6: (index, on) => note(`setAcceptRa6 ${index} ${on}`),
    setForwarding6: (index, on) => note(`setForwarding6 ${index} ${on}`),
    setIp6Enabled: (index, on) => note(`setIp6Enabled ${index} ${on}`),
    flushNeighbors6: (index) => note(`flushNeighbors6 ${index}`),
    dhcp6: (index, action) => note(`dhcp6 ${index} ${action}`),
    sockets: () => [
      socket('udp', '172.27.160.1', 68, '', 3640, 'SharedAccess', 'svchost.exe'),
      socket('tcp', '::1', 49669, 'LISTENING', 3300, '', 'jhi_service.exe', '::', 0),
      socket('udp', '0.0.0.0', 53, '', 3640, 'SharedAccess', 'svchost.exe'),
      socket('udp', '172.27.160.1', 67, '', 3640, 'SharedAccess', 'svchost.exe'),
    ],
    dnsCache: () => options.cache ?? [],
    flushDnsCache: () => note('flushDnsCache'),
    dnsSuffixes: () => ['home'],
    windowsNet: fakeWindowsNet(note),
    setInterfaceEnabled: (index, enabled) => note(`setInterfaceEnabled ${index} ${enabled}`),
    addAddress: () => note('addAddress'),
    removeAddress: () => note('removeAddress'),
    addRoute: (route) => note(`addRoute ${JSON.stringify(route)}`),
    removeRoute: (destination, prefixLength) =>
      destination === '10.9.9.0' ? { ok: false, error: 'not-found' } : note(`removeRoute ${destination}/${prefixLength}`),
    addNeighbor: (index, address, mac) => note(`addNeighbor ${index} ${address} ${mac}`),
    removeNeighbor: (index, address) => note(`removeNeighbor ${index} ${address}`),
    flushNeighbors: (index) => note(`flushNeighbors ${index}`),
    setForwarding: () => note('setForwarding'),
    setDhcp: (index, on) => note(`setDhcp ${index} ${on}`),
    setMetric: (index, metric) => note(`setMetric ${index} ${metric}`),
    setDnsServers: (index, servers) => note(`setDnsServers ${index} ${servers}`),
    readFile: (path) => files.get(path.toLowerCase()),
    writeFile: (path, text) => {
      files.set(path.toLowerCase(), text)
      return { ok: true }
    },
    listFiles: (path) =>
      path.toLowerCase().replace(/\\$/, '') === 'c:\\windows\\system32\\drivers\\etc'
        ? [{ name: 'hosts.ics', directory: false, size: 120 }]
        : path.toLowerCase().startsWith('c:\\users\\student') || path === 'C:\\'
          ? []
          : undefined,
    spawn: (program, args) => {
      calls.push(`spawn ${program} ${JSON.stringify(args)}`)
      const { events, code = 0 } = answer(program, args as { [key: string]: Json })
      queues.set(++pid, { events: [...events], code })
      return pid
    },
    kill: (which) => {
      calls.push(`kill ${which}`)
      const queue = queues.get(which)
      if (queue !== undefined) queue.events = queue.events.slice(-1)
    },
    write: () => ({ ok: false, error: 'not-found' }),
    closeInput: () => ({ ok: false, error: 'not-found' }),
    processes: () => [],
    reboot: () => note('reboot'),
    units: () => [],
    unit: () => ({ ok: false, error: 'not-found' }),
    journal: () => [],
    wifiNetworks: () => [
      { ssid: 'HomeWiFi', signal: 90, associated: true },
      { ssid: 'Cafe WiFi', signal: 40, associated: false },
    ],
    connectWifi: (ssid) =>
      ssid === null || ssid === 'Cafe WiFi' || ssid === 'HomeWiFi'
        ? note(`connectWifi ${ssid}`)
        : { ok: false, error: 'not-found' },
    vpns: () => [
      { name: 'Campus VPN', server: 'vpn.campus.example', protocol: 'Ikev2', status: 'Disconnected', splitTunneling: false },
    ],
    natSessions: () => [],
    ...NO_FILES,
    startJob: () => 0,
    fork: () => -1,
    jobs: () => [],
    reapJob: () => {},
    signal: () => note('signal'),
    dhcpServerLeases: () => [],
    linux: undefined,
    windows: fakeWindows(note),
    guest: () => undefined,
    hyperV,
    run: (work, interruptAfter = Number.POSITIVE_INFINITY) => {
      let step = work.next()
      for (let i = 0; step.done !== true; i++)
        step = work.next(i === interruptAfter ? { kind: 'interrupt' } : wakeFor(step.value))
      return step.value
    },
  }

  function wakeFor(wait: Wait): Wake {
    if ('sleep' in wait) return { kind: 'elapsed' }
    if ('read' in wait) {
      const typed = options.typed?.shift()
      return typed === undefined ? { kind: 'end' } : { kind: 'line', line: `${typed}\n` }
    }
    if (!('wait' in wait)) return { kind: 'elapsed' }
    const queue = queues.get(wait.wait)
    const event = queue?.events.shift()
    return event === undefined ? { kind: 'exit', code: queue?.code ?? 0 } : { kind: 'event', event }
  }
}
