// Verbs about what lets through or rewrites: NAT and the firewall of Windows, NAT of Linux and of routers.
import { matchesWildcard } from '../../machine/wildcard.ts'
import { formatIp, prefixOf } from '../../wire/addresses.ts'
import { addressOf, machineOf, rowsOf, type Verb } from './context.ts'
import { same } from './facts/formats.ts'

type Nat = { readonly inside: string; readonly said: string }
type Mapping = {
  readonly protocol: string
  readonly port: number
  readonly to: string
  readonly toPort: number
  readonly said: string
}

/** A translation of a network, or a port that is forwarded, wherever the machine's system keeps it. */
export const nat: Verb<'nat'> = ({ machine, inside, protocol, port, to, toPort, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const { kernel } = found
  const nats: Nat[] = (kernel.hyperV?.netNats() ?? []).map((one) => ({
    inside: one.prefix,
    said: `${one.name} for ${one.prefix}`,
  }))
  const mappings: Mapping[] = (kernel.hyperV?.natMappings() ?? []).map((one) => ({
    protocol: one.protocol.toLowerCase(),
    port: one.externalPort,
    to: one.internalAddress,
    toPort: one.internalPort,
    said: `${one.protocol} ${one.externalPort} to ${one.internalAddress}:${one.internalPort}`,
  }))
  for (const table of kernel.linux?.tables() ?? []) {
    for (const { rules } of table.name === 'nat' ? table.chains : []) {
      for (const { source: ip, sourceMask, target } of rules) {
        const source = `${formatIp(ip)}/${prefixOf(sourceMask)}`
        if (target?.kind === 'MASQUERADE' || target?.kind === 'SNAT')
          nats.push({ inside: source, said: `${target.kind} for ${source}` })
      }
    }
  }
  const { nat: built } = context.lab.definition.machines.find(({ name }) => name === machine) ?? {}
  if (built) {
    for (const via of kernel.interfaces().filter(({ name }) => built.inside.includes(name)))
      for (const one of via.addresses) nats.push({ inside: `${one.address}/${one.prefixLength}`, said: `for ${via.name}` })
  }
  const host = to === undefined ? undefined : (addressOf(context, machine, to) ?? to)
  const aboutPorts = protocol !== undefined || port !== undefined || to !== undefined || toPort !== undefined
  const hasNat = nats.some((one) => inside === undefined || one.inside === '0.0.0.0/0' || same('subnet', one.inside, inside))
  const hasMapping = mappings.some(
    (one) =>
      (protocol === undefined || one.protocol === protocol) &&
      (port === undefined || one.port === port) &&
      (host === undefined || same('address', one.to, host)) &&
      (toPort === undefined || one.toPort === toPort),
  )
  const has = (aboutPorts ? hasMapping : true) && (inside !== undefined || !aboutPorts ? hasNat : true)
  const said = [...nats, ...mappings].map((one) => one.said)
  return {
    passed: has === expect,
    message: `${machine} translates ${said.length === 0 ? 'nothing' : said.slice(0, 8).join('; ')}.`,
    rows: rowsOf(context, machine, 'nat', () => true),
  }
}

const PROTOCOLS = { tcp: [6], udp: [17], icmp: [1, 58] } as const

/** A rule of Windows Firewall. */
export const firewall: Verb<'firewall'> = ({ machine, rule, enabled, direction, action, protocol, port, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const { windowsNet } = found.kernel
  if (!windowsNet) return { couldNotRun: `${machine} has no Windows Firewall.` }
  const fitting = windowsNet
    .firewallRules()
    .filter(
      (one) =>
        (rule === undefined || matchesWildcard(rule, one.displayName)) &&
        (enabled === undefined || one.enabled === enabled) &&
        (direction === undefined || one.direction === direction) &&
        (action === undefined || one.action === action) &&
        (protocol === undefined || one.protocol === 0 || (PROTOCOLS[protocol] as readonly number[]).includes(one.protocol)) &&
        (port === undefined || one.localPorts.some((range) => hasPort(range, port))),
    )
  const [first] = fitting
  return {
    passed: fitting.length > 0 === expect,
    message: first
      ? `${machine} has the rule ${first.displayName}${fitting.length > 1 ? ` and ${fitting.length - 1} more` : ''}.`
      : `${machine} has no such firewall rule.`,
    rows: first ? rowsOf(context, machine, 'firewall', (row) => row[0] === first.displayName) : [],
  }
}

function hasPort(range: string, port: number): boolean {
  const [first, last = first] = range.split('-').map(Number)
  return first !== undefined && last !== undefined && port >= first && port <= last
}
