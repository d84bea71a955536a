// System calls about links: what `ip link` and `bridge` do. Errors in the kernel's words (net/core/rtnetlink.c).
import type { Interface } from '../../ip/interface.ts'
import { type BridgePort, type DeviceSpec, newBridge } from '../../ip/linux/device.ts'
import { setQuerying } from '../../ip/membership.ts'
import { setQuerying6 } from '../../ip/v6/listener.ts'
import { formatIp, formatMac, isGroupMac, parseMac } from '../../wire/addresses.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { LinkChange, LinkKind, LinkView, LinuxCalls, NewLink } from './linux-views.ts'
import type { LinuxSystem } from './system.ts'

type LinkCalls = Pick<LinuxCalls, 'links' | 'addLink' | 'deleteLink' | 'setLink'>

export const NO_DEVICE = failed('not-found', 'No such device')
const invalid = (detail = 'Invalid argument'): Outcome => failed('invalid', detail)

/** IFNAMSIZ is 16 with the end; the kernel refuses what dev_valid_name does. */
const NAME = /^[^\s/:]{1,15}$/
export const validName = (name: string): boolean => NAME.test(name) && name !== '.' && name !== '..'

export function linkCalls(machine: Machine, linux: LinuxSystem): LinkCalls {
  const { stack } = machine
  return {
    links: () => [...stack.interfaces.values()].sort((a, b) => a.index - b.index).map((via) => linkView(machine, linux, via)),
    addLink: (link) => addLink(machine, linux, link),
    deleteLink: (name) => {
      const via = stack.byName(name)
      if (via === undefined) return NO_DEVICE
      if (!linux.devices.specs.has(via.index)) return failed('not-simulated', 'Operation not supported')
      for (const other of [...linux.devices.specs.keys()]) {
        const gone = stack.interfaces.get(other)
        if (gone && other === via.index) linux.policy.renamed(gone.name, '')
      }
      linux.devices.remove(via.index)
      linux.policy.changed()
      return OK
    },
    setLink: (name, change) => {
      const via = stack.byName(name)
      return via === undefined ? NO_DEVICE : setLink(machine, linux, via, change)
    },
  }
}

function linkView(machine: Machine, linux: LinuxSystem, via: Interface): LinkView {
  const { devices } = linux
  const spec = devices.specs.get(via.index)
  const port = devices.ports.get(via.index)
  const settings = devices.settingsOf(via.index)
  const mac = via.kind === 'ppp' ? '' : formatMac(via.mac)
  const permanent = linux.permanentMac(via.index)
  return {
    index: via.index,
    name: via.name,
    kind: kindOf(via, spec),
    mac,
    permanentMac: permanent === undefined || via.kind === 'loopback' ? '' : formatMac(permanent),
    enabled: via.enabled,
    running: via.up && machine.power === 'on',
    mtu: via.mtu,
    ...settings,
    txqueuelen: via.kind === 'ppp' ? 3 : settings.txqueuelen,
    speed: via.speed,
    master: port?.master ?? 0,
    lower: lowerOf(spec),
    vlanId: spec?.kind === 'vlan' ? spec.id : 0,
    mode: spec?.kind === 'macvlan' ? spec.mode : '',
    bridge:
      spec?.kind === 'bridge'
        ? {
            vlanFiltering: spec.vlanFiltering,
            ageing: spec.ageing,
            defaultPvid: spec.defaultPvid,
            querier: via.querying !== undefined,
          }
        : null,
    port: port ? portView(port) : null,
    groups: [...via.membership.groups].map(([group, owners]) => [formatIp(group), owners]),
    counters: {
      receivedBytes: via.receivedBytes,
      receivedPackets: via.receivedPackets,
      receivedErrors: via.receivedErrors,
      receivedDropped: via.receivedDropped,
      multicast: via.receivedGroup,
      sentBytes: via.sentBytes,
      sentPackets: via.sentPackets,
      sentErrors: via.sentErrors,
      sentDropped: via.sentDropped,
    },
  }
}

const portView = ({ number, learning, flood, hairpin, isolated }: BridgePort) => ({ number, learning, flood, hairpin, isolated })
const lowerOf = (spec: DeviceSpec | undefined): number =>
  spec === undefined ? 0 : 'parent' in spec ? spec.parent : spec.kind === 'veth' ? spec.peer : 0

function kindOf(via: Interface, spec: DeviceSpec | undefined): LinkKind {
  if (spec) return spec.kind
  return via.kind === 'loopback' ? 'loopback' : via.kind === 'ppp' ? 'ppp' : 'ether'
}

function addLink(machine: Machine, linux: LinuxSystem, link: NewLink): Outcome {
  const { stack } = machine
  const { devices, policy } = linux
  const mac = link.mac === undefined ? undefined : parseMac(link.mac)
  if (link.mac !== undefined && (mac === undefined || isGroupMac(mac) || mac === 0))
    return failed('invalid', 'Cannot assign requested address')
  const name = link.name === '' ? freeName(machine, link.kind) : link.name
  if (!validName(name)) return invalid('Numerical result out of range')
  if (stack.byName(name)) return failed('exists', 'File exists')
  const parent = link.lower === undefined ? undefined : stack.byName(link.lower)
  if (link.lower !== undefined && parent === undefined) return NO_DEVICE
  const made = (via: Interface | undefined): Outcome => {
    if (via === undefined) return failed('in-use', 'Cannot allocate memory')
    if (link.mtu !== undefined) via.mtu = link.mtu
    policy.introduce(via)
    if (link.up) stack.setEnabled(via, true)
    policy.changed()
    return OK
  }
  switch (link.kind) {
    case 'bridge':
      return made(
        devices.add(name, { ...newBridge(), vlanFiltering: link.vlanFiltering ?? false, manualMac: mac !== undefined }, mac),
      )
    case 'dummy':
      return made(devices.add(name, { kind: 'dummy' }, mac))
    case 'vlan': {
      if (parent === undefined) return invalid()
      const id = link.id
      if (id === undefined || id > 4095) return invalid('Numerical result out of range')
      for (const spec of devices.specs.values())
        if (spec.kind === 'vlan' && spec.parent === parent.index && spec.id === id) return failed('exists', 'File exists')
      if (parent.kind === 'loopback') return failed('not-simulated', 'Operation not supported')
      return made(devices.add(name, { kind: 'vlan', parent: parent.index, id }, mac))
    }
    case 'macvlan': {
      if (parent === undefined) return invalid()
      if (devices.ports.has(parent.index)) return failed('in-use', 'Device or resource busy')
      const mode = link.mode === 'private' || link.mode === 'vepa' ? link.mode : 'bridge'
      return made(devices.add(name, { kind: 'macvlan', parent: parent.index, mode }, mac))
    }
    case 'veth': {
      const other = link.peer === undefined || link.peer === '' ? freeName(machine, 'veth') : link.peer
      if (other === name || stack.byName(other)) return failed('exists', 'File exists')
      if (!validName(other)) return invalid('Numerical result out of range')
      // The kernel makes the peer first: it has the lower number.
      const { nextNumber } = devices
      const peer = devices.add(other, { kind: 'veth', peer: nextNumber + 1 })
      const via = peer && devices.add(name, { kind: 'veth', peer: peer.index }, mac)
      if (peer) policy.introduce(peer)
      return made(via)
    }
    default:
      return failed('not-simulated', 'Error: Unknown device type.')
  }
}

function freeName(machine: Machine, kind: string): string {
  for (let number = 0; ; number++) if (!machine.stack.byName(`${kind}${number}`)) return `${kind}${number}`
}

function setLink(machine: Machine, linux: LinuxSystem, via: Interface, change: LinkChange): Outcome {
  const { stack } = machine
  const { devices, policy } = linux
  if (change.name !== undefined && change.name !== via.name) {
    if (!validName(change.name)) return invalid()
    if (stack.byName(change.name)) return failed('exists', 'File exists')
    policy.renamed(via.name, change.name)
    via.name = change.name
  }
  if (change.mac !== undefined) {
    const mac = parseMac(change.mac)
    if (mac === undefined || isGroupMac(mac) || mac === 0 || via.kind === 'ppp')
      return failed('invalid', 'Cannot assign requested address')
    via.mac = mac
    const spec = devices.specs.get(via.index)
    if (spec?.kind === 'bridge') spec.manualMac = true
    for (const [index] of devices.bridges) devices.portsChanged(index)
  }
  if (change.mtu !== undefined) {
    const least = via.kind === 'loopback' ? 0 : 68
    const most = via.kind === 'loopback' ? 0x7fffffff : 65521
    if (change.mtu < least) return invalid('Error: mtu less than device minimum.')
    if (change.mtu > most) return invalid('Error: mtu greater than device maximum.')
    via.mtu = change.mtu
    for (const [index] of devices.bridges) devices.portsChanged(index)
  }
  if (change.master !== undefined) {
    const outcome = setMaster(machine, linux, via, change.master)
    if (!outcome.ok) return outcome
  }
  const spec = devices.specs.get(via.index)
  if (spec?.kind === 'bridge') {
    if (change.vlanFiltering !== undefined) spec.vlanFiltering = change.vlanFiltering
    if (change.ageing !== undefined) spec.ageing = change.ageing
    if (change.querier !== undefined) {
      setQuerying(machine.stack, via, change.querier)
      const i6 = machine.ip6.interfaces.get(via.index)
      if (i6) setQuerying6(machine.ip6, i6, change.querier)
    }
  }
  const port = devices.ports.get(via.index)
  const ofPort = change.learning ?? change.flood ?? change.hairpin ?? change.isolated
  if (ofPort !== undefined && port === undefined) return failed('not-simulated', 'Operation not supported')
  if (port) {
    if (change.learning !== undefined) port.learning = change.learning
    if (change.flood !== undefined) port.flood = change.flood
    if (change.hairpin !== undefined) port.hairpin = change.hairpin
    if (change.isolated !== undefined) port.isolated = change.isolated
  }
  const { txqueuelen, promisc, allmulticast, multicast, arp, alias, group } = change
  const settings = { txqueuelen, promisc, allmulticast, multicast, arp, alias, group }
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  if (Object.keys(given).length > 0) devices.change(via.index, given)
  if (change.up !== undefined) setUp(machine, via, change.up)
  policy.changed()
  machine.sim.touch(devices)
  return OK
}

/** Down takes every route of the interface with it; up brings back only those of its addresses (fib_frontend.c). */
export function setUp(machine: Machine, via: Interface, up: boolean): void {
  const { stack } = machine
  if (via.enabled === up) return
  if (!up && via.kind !== 'loopback')
    stack.routes.remove((route) => route.interface === via.index && route.origin !== 'kernel' && route.origin !== 'dhcp')
  stack.setEnabled(via, up)
  if (up) machine.wifis.find((wifi) => wifi.via === via)?.autoJoin()
}

function setMaster(machine: Machine, linux: LinuxSystem, via: Interface, master: string): Outcome {
  const { devices } = linux
  if (master === '') {
    devices.release(via.index)
    return OK
  }
  const target = machine.stack.byName(master)
  if (target === undefined) return NO_DEVICE
  const bridge = devices.bridges.get(target.index)
  if (bridge === undefined) return failed('not-simulated', 'Operation not supported')
  const spec = devices.specs.get(via.index)
  if (via.kind === 'loopback' || via.kind === 'ppp') return invalid('Error: Device cannot be enslaved to a bridge.')
  if (spec?.kind === 'bridge') return failed('invalid', 'Error: Can not enslave a bridge to a bridge.')
  if (standsOn(devices.specs, via.index, target.index)) return failed('invalid', 'Too many levels of symbolic links')
  const before = devices.ports.get(via.index)
  if (before?.master === target.index) return OK
  if (before !== undefined) devices.release(via.index)
  devices.enslave(via, bridge)
  return OK
}

/** Whether a device stands on another, so that frames would run in circles. */
function standsOn(specs: ReadonlyMap<number, DeviceSpec>, upper: number, lower: number): boolean {
  for (let at = upper, steps = 0; steps < 16; steps++) {
    const spec = specs.get(at)
    if (spec === undefined || !('parent' in spec)) return false
    if (spec.parent === lower) return true
    at = spec.parent
  }
  return true
}
