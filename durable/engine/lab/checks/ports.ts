// Verbs about adapters and what is set at their ports of a virtual switch.
import type { ExtendedRule } from '../../link/virtual-port/extended-acl.ts'
import type { AclRule } from '../../link/virtual-port/port-acl.ts'
import type { VlanMode } from '../../link/virtual-port/vlan-mode.ts'
import type { VmAdapterView } from '../../machine/views.ts'
import { formatIp, formatMac } from '../../wire/addresses.ts'
import { adapterNow, type CheckContext, machineOf, rowsOf, type Verb } from './context.ts'
import { same } from './facts/formats.ts'

const alike = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * The port of a virtual switch that a machine's adapter is at: of a virtual machine whichever it has, by its name in Hyper-V or
 * in the guest; of the computer itself its own virtual adapter of that name.
 */
export function portOf(
  context: CheckContext,
  machine: string,
  adapter: string | undefined,
): { readonly port: VmAdapterView } | { readonly couldNotRun: string } {
  const { lab } = context
  if (!lab.parts.machines.has(machine)) return { couldNotRun: `There is no machine ${machine}.` }
  const own = lab.kernel(machine)
  for (const name of lab.machineNames()) {
    const calls = lab.kernel(name)?.hyperV
    if (!calls) continue
    const vm = calls.vms().find((one) => one.machine === machine)
    const ports = calls.adapters().filter((one) => (vm ? one.vmId === vm.id : name === machine && one.managementOs))
    const mac = own?.adapters().find((via) => adapter !== undefined && alike(via.name, adapter))?.mac ?? ''
    const port =
      adapter === undefined
        ? ports[0]
        : ports.find(
            (one) =>
              alike(one.name, adapter) ||
              `vEthernet (${one.name})`.toLowerCase() === adapter.toLowerCase() ||
              (mac !== '' && same('mac', one.mac, mac)),
          )
    if (port) return { port }
  }
  return { couldNotRun: `${machine} has no adapter${adapter === undefined ? '' : ` ${adapter}`} at a virtual switch.` }
}

export const adapter: Verb<'adapter'> = (verb, context) => {
  const { machine, enabled, up, dhcp, mac, mtu, forwarding, expect } = verb
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const name = adapterNow(context, machine, verb.adapter)
  const via = found.kernel.adapters().find((one) => alike(one.name, name))
  const rows = rowsOf(context, machine, 'interfaces', (row) => alike(row[0] ?? '', name))
  if (!via) return { passed: !expect, message: `${machine} has no adapter ${name}.`, rows }
  const wrong: string[] = []
  const is = (what: string, wanted: boolean | undefined, real: boolean) => {
    if (wanted !== undefined && wanted !== real) wrong.push(`is ${real ? '' : 'not '}${what}`)
  }
  is('enabled', enabled, via.enabled)
  is('connected', up, via.enabled && via.up)
  is('set to DHCP', dhcp, via.dhcp)
  is('forwarding', forwarding, via.forwarding)
  if (mac !== undefined && !same('mac', via.mac, mac)) wrong.push(`has the address ${via.mac}`)
  if (mtu !== undefined && via.mtu !== mtu) wrong.push(`has an MTU of ${via.mtu}`)
  if (verb.switch !== undefined) {
    const port = portOf(context, machine, name)
    const at = 'port' in port ? port.port.switch : ''
    if (!alike(at, verb.switch)) wrong.push(at === '' ? 'is connected to no virtual switch' : `is connected to ${at}`)
  }
  const right = wrong.length === 0
  return {
    passed: right === expect,
    message: `Adapter ${name} of ${machine} ${right ? 'is as it was asked for' : wrong.join(', ')}.`,
    rows,
  }
}

export const virtualSwitch: Verb<'switch'> = ({ machine, name, type, shared, uplink, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const { hyperV } = found.kernel
  if (!hyperV) return { couldNotRun: `${machine} has no Hyper-V.` }
  const one = hyperV.switches().find((view) => alike(view.name, name))
  if (!one) {
    const all = hyperV.switches().map((view) => view.name)
    return { passed: !expect, message: `${machine} has no switch ${name}; it has ${all.join(', ') || 'none'}.` }
  }
  const wrong: string[] = []
  if (type !== undefined && one.type !== type) wrong.push(`is ${one.type}`)
  if (shared !== undefined && one.shared !== shared) wrong.push(`is ${one.shared ? '' : 'not '}shared with ${machine}`)
  if (uplink !== undefined) {
    const named = found.kernel.adapters().find((via) => alike(via.name, uplink))
    if (!alike(one.netAdapter, uplink) && (named === undefined || !alike(one.netAdapter, named.description)))
      wrong.push(one.netAdapter === '' ? 'has no uplink' : `has ${one.netAdapter} as its uplink`)
  }
  const right = wrong.length === 0
  return {
    passed: right === expect,
    message: `Switch ${one.name} of ${machine} ${right ? `is ${one.type}${one.netAdapter === '' ? '' : `, at ${one.netAdapter}`}` : wrong.join(', ')}.`,
  }
}

export function sayVlan(vlan: VlanMode): string {
  switch (vlan.mode) {
    case 'Untagged':
      return 'untagged'
    case 'Access':
      return `access to VLAN ${vlan.vlanId}`
    case 'Trunk':
      return `a trunk of VLANs ${vlan.allowedVlanIds.join(', ')}, native ${vlan.nativeVlanId}`
    case 'Promiscuous':
      return `promiscuous in VLAN ${vlan.primaryVlanId}, secondary ${vlan.secondaryVlanIds.join(', ')}`
    default:
      return `${vlan.mode.toLowerCase()} in VLAN ${vlan.primaryVlanId}, secondary ${vlan.secondaryVlanId}`
  }
}

export const vlan: Verb<'vlan'> = ({ machine, adapter: name, mode, vlan: id, native, allowed, secondary, expect }, context) => {
  const found = portOf(context, machine, name)
  if ('couldNotRun' in found) return found
  const { vlan: is } = found.port.settings
  const first =
    is.mode === 'Access'
      ? is.vlanId
      : is.mode === 'Trunk'
        ? is.nativeVlanId
        : is.mode === 'Untagged'
          ? undefined
          : is.primaryVlanId
  const others =
    is.mode === 'Promiscuous'
      ? is.secondaryVlanIds
      : is.mode === 'Isolated' || is.mode === 'Community'
        ? [is.secondaryVlanId]
        : []
  const right =
    (mode === undefined || is.mode === mode) &&
    (id === undefined || first === id) &&
    (native === undefined || (is.mode === 'Trunk' && is.nativeVlanId === native)) &&
    (allowed === undefined || (is.mode === 'Trunk' && equal(is.allowedVlanIds, allowed))) &&
    (secondary === undefined || equal(others, secondary))
  return { passed: right === expect, message: `The port of ${machine} is ${sayVlan(is)}.` }
}

const equal = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && [...a].sort(byNumber).join() === [...b].sort(byNumber).join()
const byNumber = (a: number, b: number): number => a - b

const PROTOCOLS = { tcp: 6, udp: 17, icmp: 1 } as const
const ANY = 'any'

const matchText = ({ match }: AclRule): string =>
  match.kind === 'any'
    ? ANY
    : match.kind === 'mac'
      ? formatMac(match.mac)
      : `${typeof match.network === 'number' ? formatIp(match.network) : match.network}/${match.prefixLength}`
const prefixText = (prefix: ExtendedRule['localIp']): string =>
  prefix === null
    ? ANY
    : `${typeof prefix.network === 'number' ? formatIp(prefix.network) : prefix.network}/${prefix.prefixLength}`
const covers = (range: ExtendedRule['localPort'], port: number): boolean => range !== null && port >= range[0] && port <= range[1]

/** `10.0.0.5` is `10.0.0.5/32` there. */
function sameMatch(shown: string, wanted: string): boolean {
  if (alike(shown, wanted)) return true
  const whole = wanted.includes('/')
    ? wanted
    : `${wanted}/${wanted.includes(':') && !/^([0-9a-f]{2}[:-]){5}/i.test(wanted) ? 128 : 32}`
  return same('subnet', shown, whole) || same('mac', shown, wanted)
}

/** One entry of either list of a port is so. */
export const acl: Verb<'acl'> = (verb, context) => {
  const { machine, action, direction, remote, local, protocol, localPort, remotePort, stateful, expect } = verb
  const found = portOf(context, machine, verb.adapter)
  if ('couldNotRun' in found) return found
  const { acl: simple, extendedAcl } = found.port.settings
  const extendedOnly = protocol !== undefined || localPort !== undefined || remotePort !== undefined || stateful !== undefined
  const fits = (one: { readonly action: string; readonly direction: string }) =>
    (action === undefined || one.action === action) && (direction === undefined || one.direction === direction)
  const one = simple.some(
    (rule) =>
      !extendedOnly &&
      fits(rule) &&
      (remote === undefined || (rule.side === 'Remote' && sameMatch(matchText(rule), remote))) &&
      (local === undefined || (rule.side === 'Local' && sameMatch(matchText(rule), local))),
  )
  const other = extendedAcl.some(
    (rule) =>
      fits(rule) &&
      (remote === undefined || sameMatch(prefixText(rule.remoteIp), remote)) &&
      (local === undefined || sameMatch(prefixText(rule.localIp), local)) &&
      (protocol === undefined || rule.protocol === PROTOCOLS[protocol]) &&
      (localPort === undefined || covers(rule.localPort, localPort)) &&
      (remotePort === undefined || covers(rule.remotePort, remotePort)) &&
      (stateful === undefined || rule.stateful === stateful),
  )
  const said = [
    ...simple.map((rule) => `${rule.action} ${rule.direction} ${rule.side} ${matchText(rule)}`),
    ...extendedAcl.map(
      (rule) => `${rule.action} ${rule.direction} ${prefixText(rule.remoteIp)} (extended, weight ${rule.weight})`,
    ),
  ]
  const all = said.length === 0 ? 'has no entry' : `has ${said.slice(0, 6).join('; ')}`
  return { passed: (one || other) === expect, message: `The access list at the port of ${machine} ${all}.` }
}
