import { Mib } from '../../engine/ip/mib.ts'
import { noCounters } from '../../engine/ip/tcp/context.ts'
import { linuxBase } from '../../engine/machine/base-files.ts'
import type { Shell, ShellContext, Wait, Wake } from '../../engine/machine/console.ts'
import { type FileFault, Files } from '../../engine/machine/files.ts'
import type { Kernel, Outcome } from '../../engine/machine/kernel.ts'
import type { Identity, InterfaceView, NeighborView, RouteView, SocketView } from '../../engine/machine/views.ts'
import type { Json } from '../../engine/sim/json.ts'
import { fakeLinux } from './fake-linux.ts'

// For tests only: a machine that answers what a test tells it, and processes that report what a script says. It is the
// guest vm1 of the fact sheet: 172.27.163.10/20 behind 172.27.160.1.

export type Script = readonly Json[]
export type Fake = Kernel & {
  readonly calls: string[]
  readonly files: Files
  readonly killed: number[]
  /** Events of each program by name and, where given, by an argument: `ping` or `ping vm2`. An endless one repeats its last event. */
  readonly scripts: Map<string, Script | { readonly first?: Script; readonly endless: Script; readonly last: Script }>
  links: InterfaceView[]
  table: RouteView[]
  neighborTable: NeighborView[]
  socketTable: SocketView[]
  user: string
  step(pid: number): Wake
}

const done: Outcome = { ok: true }

export function fakeLink(change: Partial<InterfaceView>): InterfaceView {
  return {
    index: 2,
    name: 'eth0',
    description: '',
    kind: 'ethernet',
    guid: '',
    mac: '00155D033200',
    enabled: true,
    up: true,
    mtu: 1500,
    metric: 0,
    forwarding: false,
    dhcp: true,
    speed: 10_000_000_000,
    addresses: [{ address: '172.27.163.10', prefixLength: 20, origin: 'dhcp', state: 'preferred', validUntil: 86_143_000_000 }],
    linkLocal6: 'fe80::215:5dff:fe03:3200',
    gateways: ['172.27.160.1'],
    dnsServers: ['172.27.160.1'],
    dnsSuffix: 'mshome.net',
    ssid: '',
    hidden: false,
    counters: { receivedBytes: 5120, receivedPackets: 50, sentBytes: 1_048_576, sentPackets: 44 },
    lease: null,
    ...change,
  }
}

const loopback = fakeLink({
  index: 1,
  name: 'lo',
  kind: 'loopback',
  mac: '',
  mtu: 65_536,
  dhcp: false,
  addresses: [{ address: '127.0.0.1', prefixLength: 8, origin: 'well-known', state: 'preferred', validUntil: null }],
  linkLocal6: '',
  gateways: [],
  dnsServers: [],
  dnsSuffix: '',
  counters: { receivedBytes: 0, receivedPackets: 0, sentBytes: 0, sentPackets: 0 },
})

export function fakeRoute(change: Partial<RouteView>): RouteView {
  return {
    destination: '0.0.0.0',
    prefixLength: 0,
    gateway: '172.27.160.1',
    interface: 2,
    metric: 100,
    interfaceMetric: 0,
    origin: 'dhcp',
    persistent: false,
    ...change,
  }
}

export function fakeKernel(): Fake {
  const calls: string[] = []
  const killed: number[] = []
  const queues = new Map<number, { queue: Json[]; endless: Script; last: Script; code: number }>()
  let pids = 100
  const say = (text: string): Outcome => {
    calls.push(text)
    return done
  }
  const identity = (): Identity => ({
    machine: 'vm1',
    hostname: 'vm1',
    os: 'ubuntu-24.04',
    build: 0,
    user: fake.user,
    elevated: false,
    bootedAt: 0,
  })
  const disk = new Files(
    'ubuntu-24.04',
    { '/etc/hosts': () => '127.0.0.1 localhost\n127.0.1.1 vm1\n', '/etc/hostname': () => 'vm1\n' },
    [],
    { base: linuxBase('student'), owner: 'student' },
  )
  const outcome = (result: 'ok' | FileFault): Outcome => (result === 'ok' ? done : { ok: false, error: result })
  const fake: Fake = {
    calls,
    killed,
    files: disk,
    scripts: new Map(),
    links: [loopback, fakeLink({})],
    table: [
      fakeRoute({}),
      fakeRoute({ destination: '172.27.160.0', prefixLength: 20, gateway: '', origin: 'kernel' }),
      fakeRoute({ destination: '172.27.160.1', prefixLength: 32, gateway: '', origin: 'dhcp' }),
    ],
    neighborTable: [{ interface: 2, address: '172.27.160.1', mac: '00155D0FA03B', state: 'reachable' }],
    socketTable: [],
    user: 'student',
    identity,
    clock: () => ({ now: 0, epochMicros: 1_763_633_704_000_000, zoneMinutes: 0 }),
    interfaces: () => fake.links,
    adapters: () => fake.links,
    bindings: () => [],
    setBinding: () => ({ ok: false, error: 'not-found' }),
    neighbors: () => fake.neighborTable,
    routes: () => fake.table,
    neighbors6: () => [],
    protocolCounters: () => ({ ip: new Mib().view, ip6: new Mib().view, tcp: noCounters() }),
    routes6: () => [],
    setAcceptRa6: (index, on) => say(`setAcceptRa6 ${index} ${on}`),
    setForwarding6: (index, on) => say(`setForwarding6 ${index} ${on}`),
    setIp6Enabled: (index, on) => say(`setIp6Enabled ${index} ${on}`),
    flushNeighbors6: (index) => say(`flushNeighbors6 ${index}`),
    dhcp6: (index, action) => say(`dhcp6 ${index} ${action}`),
    sockets: () => fake.socketTable,
    dnsCache: () => [],
    flushDnsCache: () => say('flushDnsCache'),
    dnsSuffixes: () => ['mshome.net'],
    windowsNet: undefined,
    setInterfaceEnabled: (index, on) => say(`setInterfaceEnabled ${index} ${on}`),
    addAddress: (index, address, length) => say(`addAddress ${index} ${address}/${length}`),
    removeAddress: (index, address) => say(`removeAddress ${index} ${address}`),
    addRoute: (route) =>
      say(`addRoute ${route.destination}/${route.prefixLength} ${route.gateway} ${route.interface} ${route.metric}`),
    removeRoute: (destination, length, gateway) => say(`removeRoute ${destination}/${length} ${gateway ?? ''}`),
    addNeighbor: (index, address, mac) => say(`addNeighbor ${index} ${address} ${mac}`),
    removeNeighbor: (index, address) => say(`removeNeighbor ${index} ${address}`),
    flushNeighbors: (index) => say(`flushNeighbors ${index}`),
    setForwarding: (index, on) => say(`setForwarding ${index} ${on}`),
    setDhcp: (index, on) => say(`setDhcp ${index} ${on}`),
    setMetric: (index, metric) => say(`setMetric ${index} ${metric}`),
    setDnsServers: (index, servers) => say(`setDnsServers ${index} ${servers?.join(',') ?? ''}`),
    readFile: (path) => disk.read(path),
    listFiles: (path) => disk.list(path),
    stat: (path, follow) => disk.stat(path, follow),
    writeFile: (path, text) => outcome(disk.write(path, text)),
    appendFile: (path, text) => outcome(disk.append(path, text)),
    makeDirectory: (path, mode) => outcome(disk.makeDirectory(path, mode)),
    removeFile: (path) => outcome(disk.remove(path)),
    renameFile: (from, to) => outcome(disk.rename(from, to)),
    linkFile: (target, path) => outcome(disk.link(target, path)),
    changeFile: (path, change) => outcome(disk.change(path, change)),
    diskUse: () => ({ used: disk.used, limit: disk.limit }),
    spawn: (program, args) => {
      const text = JSON.stringify(args)
      calls.push(`spawn ${program} ${text}`)
      const key = [...fake.scripts.keys()].find((each) => {
        const [name, ...words] = each.split(' ')
        return name === program && words.every((word) => text.includes(word))
      })
      const script = key === undefined ? [] : (fake.scripts.get(key) ?? [])
      const pid = ++pids
      const endless = 'endless' in script ? script : { endless: [], last: [] }
      queues.set(pid, { queue: [...('endless' in script ? (script.first ?? []) : script)], ...endless, code: 0 })
      return pid
    },
    kill: (pid) => {
      killed.push(pid)
      const process = queues.get(pid)
      if (!process) return
      process.queue = [...process.last]
      process.endless = []
    },
    write: () => ({ ok: false, error: 'not-found' }),
    closeInput: () => ({ ok: false, error: 'not-found' }),
    processes: () => [],
    startJob: () => 0,
    fork: () => -1,
    jobs: () => [],
    reapJob: () => {},
    signal: () => ({ ok: false, error: 'not-found' }),
    reboot: () => say('reboot'),
    units: () => [],
    unit: (name, action) => say(`unit ${name} ${action}`),
    journal: () => [],
    wifiNetworks: () => [],
    connectWifi: () => done,
    vpns: () => [],
    natSessions: () => [],
    dhcpServerLeases: () => [],
    hyperV: undefined,
    windows: undefined,
    guest: () => undefined,
    linux: fakeLinux(() => fake, say),
    step: (pid) => {
      const process = queues.get(pid)
      if (!process) throw new Error(`nobody waits for process ${pid}`)
      if (process.queue.length === 0) process.queue.push(...process.endless)
      const event = process.queue.shift()
      if (event !== undefined) return { kind: 'event', event }
      queues.delete(pid)
      return { kind: 'exit', code: process.code }
    },
  }
  return fake
}

export type Ran = { readonly output: string; readonly status: number; readonly steps: number; readonly writes: readonly string[] }

/** Types one line and answers all it needs; Ctrl-C comes instead of the step numbered `interruptAt`, or at every seventh from `interruptFrom` on. */
export function type(
  shell: Shell,
  fake: Fake,
  line: string,
  options: {
    readonly interruptAt?: number
    readonly interruptFrom?: number
    readonly memory?: ShellContext['memory']
    readonly most?: number
    /** Lines that are typed while it runs. */
    readonly typed?: readonly string[]
  } = {},
): Ran {
  const writes: string[] = []
  const context: ShellContext = { kernel: fake, memory: options.memory ?? {}, print: (text) => void writes.push(text) }
  const run = shell.run(line, context)
  const typed = [...(options.typed ?? [])]
  let steps = 0
  /** Of several, what comes without waiting, then the nearest moment. */
  const answer = (wait: Wait): Wake => {
    if ('read' in wait) {
      const next = typed.shift()
      return next === undefined ? { kind: 'end' } : { kind: 'line', line: `${next}\n` }
    }
    if ('wait' in wait) return fake.step(wait.wait)
    if (!('any' in wait)) return { kind: 'elapsed' }
    const moments = wait.any.map((each) =>
      'until' in each ? each.until : 'read' in each && typed.length === 0 ? Number.MAX_VALUE : -1,
    )
    const at = moments.indexOf(Math.min(...moments))
    return { kind: 'one', at, got: answer(wait.any[at] as Wait) }
  }
  let result = run.next()
  while (!result.done) {
    steps++
    if (steps > (options.most ?? 500)) throw new Error(`does not end: ${line}`)
    const wait = result.value
    const again =
      options.interruptFrom !== undefined && steps >= options.interruptFrom && (steps - options.interruptFrom) % 7 === 0
    const wake: Wake = steps === options.interruptAt || again ? { kind: 'interrupt' } : answer(wait)
    result = run.next(wake)
  }
  return { output: writes.join(''), status: result.value, steps, writes }
}
