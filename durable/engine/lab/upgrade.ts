// Rows of older engines. A part whose stored format changes raises its `version` and adds the function that makes the next
// format of the one before; rows are upgraded when a lab is opened, one step after the other.
import { noCounters } from '../ip/tcp/context.ts'
import type { Json } from '../sim/json.ts'
import type { PartRow } from '../sim/part.ts'
import { formatIp } from '../wire/addresses.ts'

/** The function at index n makes format n + 2 of format n + 1. */
type Steps = readonly ((state: Json) => Json)[]

/** Before format 3 a stack had no stream sockets: openings belonged to the programs that wanted them. */
const withoutStreams = (state: Json): Json => ({
  ...(state as { readonly [key: string]: Json }),
  tcp: { next: 1, connections: [], listeners: [], mtus: [], counters: { ...noCounters() }, drops: [] },
})

/** What was being opened then is opened anew: `again` is where to. */
function openingAnew(state: Json): Json {
  const process = state as { readonly state: Json; readonly [key: string]: Json }
  const program = process.state as { readonly connect?: readonly Json[] | null; readonly [key: string]: Json | undefined } | null
  if (program === null || typeof program !== 'object' || !('connect' in program)) return state
  const { connect, localPort: _port, ...rest } = program
  const again = connect ? [connect[1] as Json, connect[2] as Json] : null
  return { ...process, state: { ...rest, socket: 0, again, need: 0 } }
}

type NatMapping1 = readonly [number, number, number, number, number, readonly number[], number, number, boolean]

/** Format 1 had remote addresses and one phase and last use for all of them; its time-outs were WinNAT's. */
function natFlows(state: Json): Json {
  const { mappings } = state as unknown as { mappings: readonly NatMapping1[] }
  const upgraded = mappings.map(
    ([protocol, insideIp, insidePort, outsideIp, outsidePort, remotes, remotePort, used, established]) => {
      const seconds = protocol === 17 ? 120 : protocol === 1 ? 30 : established ? 1800 : 120
      const endsAt = used + seconds * 1_000_000
      const sessions = remotes.map((remote) => [remote, remotePort, established ? 2 : 0, endsAt])
      return [protocol, insideIp, insidePort, outsideIp, outsidePort, false, endsAt, sessions]
    },
  )
  return { mappings: upgraded, forwards: { next: 0, all: [] }, syns: [] }
}

type Vm1 = readonly [name: string, power: string, startedAt: number, wasRunning: boolean]

/** Format 1 had machines without settings: as the definition has them. */
function machinesWithSettings(state: Json): Json {
  const { vms, ...rest } = state as unknown as { readonly vms: readonly Vm1[]; readonly [key: string]: Json }
  const upgraded = vms.map(([name, power, startedAt, wasRunning]) => [
    name,
    { power, startedAt, wasRunning, settings: null, checkpoints: [], after: null },
  ])
  return { ...rest, vms: upgraded, switches: [], adapters: {}, macPool: null } as Json
}

type FirewallRule1 = {
  readonly name: string
  readonly displayName: string
  readonly group: string
  readonly enabled: boolean
  readonly direction: string
  readonly action: string
  readonly protocol: number
  readonly localPort: number
  readonly icmpType: number | null
  readonly localAddress: number
  readonly interfaceAlias: string
  readonly program: string
  readonly service: string
}
type Firewall1 = {
  readonly rules: readonly FirewallRule1[]
  readonly flows: readonly (readonly [number, number, number])[]
}

/** Format 1 had all rules, the built-in ones too, with one port and one address each; of these only the switch is kept. */
function firewallRules(state: Json): Json {
  const { rules, flows } = state as unknown as Firewall1
  const known = /^(CoreNet-|FPS-|MDNS-|NETDIS-)/
  const upgraded = rules.map((rule) => {
    const { name, enabled, localPort, icmpType, localAddress, interfaceAlias, ...rest } = rule
    if (known.test(name)) return { name, enabled }
    return {
      ...rest,
      name,
      enabled,
      description: '',
      profiles: 7,
      localPorts: localPort === 0 ? [] : [String(localPort)],
      remotePorts: [],
      icmpTypes: icmpType === null ? [] : [String(icmpType)],
      localAddresses: localAddress === 0 ? [] : [formatIp(localAddress)],
      remoteAddresses: [],
      interfaceAliases: interfaceAlias === '' ? [] : [interfaceAlias],
      interfaceType: 'Any',
      edge: 'Block',
      store: 'PersistentStore',
    }
  })
  const ours = flows.map(([high, remote, used]) => [high * 0x1_0000_0000 + remote, used])
  return { rules: upgraded, removed: [], ours, theirs: [], local: {}, policy: {}, settings: {}, networks: [], log: [] }
}

/** Which formats there are: the version that this engine writes is one more than the number of steps. */
const STEPS: { readonly [kind: string]: Steps } = {
  machine: [],
  // 2: fragments that wait for the rest of their datagram. 3: stream sockets.
  stack: [(state) => ({ ...(state as object), fragments: [] }), withoutStreams],
  ip6: [],
  gate6: [],
  'dhcp6-client': [],
  'dhcp6-server': [],
  // 2: rules with lists, profiles, what is built in is not stored.
  firewall: [firewallRules],
  'windows-network': [],
  'port-proxy': [],
  'smb-server': [],
  'packet-monitor': [],
  'dhcp-client': [],
  'dhcp-server': [],
  'dns-client': [],
  'dns-server': [],
  'http-server': [],
  'ssh-banner': [],
  'link-names': [],
  netbios: [],
  'l2tp-client': [],
  'l2tp-server': [],
  // 2: each flow of a mapping by itself, forwarded ports, SYNs that wait.
  nat: [natFlows],
  // 2: switches that people made, adapters that may stand on any of them, machines with settings and checkpoints.
  'hyper-v': [machinesWithSettings],
  'win-nat': [],
  'vm-memory': [],
  'virtual-switch': [],
  'learning-switch': [],
  'linux-devices': [],
  'linux-policy': [],
  netfilter: [],
  // 2: losses.
  cable: [(state) => ({ ...(state as object), drawn: 0 })],
  jack: [],
  // 2: connections belong to the stack.
  process: [openingAnew],
  console: [],
  units: [],
  'console-log': [],
  windows: [],
  'event-log': [],
}

/** A row that cannot be read. The lab can still be looked at, but nothing may be written over it. */
export class CorruptPart extends Error {
  readonly part: string
  constructor(part: string, why: string) {
    super(`the part ${part} cannot be read: ${why}`)
    this.part = part
  }
}

/** The state in a row, in the format of this engine. */
export function stateOf(row: PartRow, steps: { readonly [kind: string]: Steps } = STEPS): Json {
  const known = steps[row.kind]
  if (known === undefined) throw new CorruptPart(row.name, `no part of the kind ${row.kind} is known`)
  if (!Number.isInteger(row.version) || row.version < 1 || row.version > known.length + 1) {
    throw new CorruptPart(row.name, `its format ${row.version} is not known to this engine`)
  }
  let state = parsed(row)
  for (const step of known.slice(row.version - 1)) state = step(state)
  return state
}

function parsed(row: PartRow): Json {
  try {
    return JSON.parse(row.data) as Json
  } catch {
    throw new CorruptPart(row.name, 'it is not JSON')
  }
}
