// System calls that change the network configuration of a machine.
import type { Interface } from '../ip/interface.ts'
import { NEVER } from '../sim/time.ts'
import { formatIp, type Ip4, inPrefix, networkOf, parseIp, parseMac } from '../wire/addresses.ts'
import { addDhcpClient } from './adapters.ts'
import type { Kernel, KernelError, Outcome } from './kernel.ts'
import type { Machine } from './machine.ts'
import { enableForwarding } from './windows/windows-network.ts'

export const OK: Outcome = { ok: true }
export const failed = (error: KernelError, detail?: string): Outcome =>
  detail === undefined ? { ok: false, error } : { ok: false, error, detail }

type NetworkCalls = Pick<
  Kernel,
  | 'setInterfaceEnabled'
  | 'addAddress'
  | 'removeAddress'
  | 'addRoute'
  | 'removeRoute'
  | 'addNeighbor'
  | 'removeNeighbor'
  | 'flushNeighbors'
  | 'setForwarding'
  | 'setDnsServers'
  | 'setDhcp'
  | 'setMetric'
  | 'connectWifi'
>

/** A shared network is forwarded in any case; that people asked for it opens the way to others. */
function setForwarding(machine: Machine, via: Interface, on: boolean): void {
  via.forwarding = on
  if (via.hidden) enableForwarding(machine, via.index, on)
}

export function networkCalls(machine: Machine): NetworkCalls {
  const { stack } = machine
  const on = (index: number, act: (via: Interface) => Outcome): Outcome => {
    const via = stack.interfaces.get(index)
    return via ? act(via) : failed('not-found')
  }
  return {
    setInterfaceEnabled: (index, enabled) =>
      on(index, (via) => {
        if (via.hidden)
          return failed('not-simulated', 'Disabling the adapter of the Default Switch is real, but it is not simulated here yet.')
        stack.setEnabled(via, enabled)
        if (enabled) machine.wifis.find((wifi) => wifi.via === via)?.autoJoin()
        return OK
      }),
    addAddress: (index, address, prefixLength) =>
      on(index, (via) => {
        const ip = parseIp(address)
        if (ip === undefined || prefixLength < 1 || prefixLength > 32) return failed('invalid')
        if (via.addresses.some((a) => a.ip === ip)) return failed('exists')
        stack.addAddress(via, ip, prefixLength, 'manual')
        machine.hyperV?.winNat.serve()
        return OK
      }),
    removeAddress: (index, address) =>
      on(index, (via) => (stack.removeAddress(via, parseIp(address) ?? -1) ? OK : failed('not-found'))),
    addRoute: ({ destination, prefixLength, gateway, interface: index, metric, persistent }) => {
      const to = parseIp(destination)
      const hop = gateway === '' ? 0 : parseIp(gateway)
      if (to === undefined || hop === undefined || prefixLength < 0 || prefixLength > 32 || networkOf(to, prefixLength) !== to)
        return failed('invalid')
      const via = index > 0 ? stack.interfaces.get(index) : [...stack.interfaces.values()].find((i) => i.up && isNear(i, hop))
      if (via === undefined || (hop !== 0 && !isNear(via, hop))) return failed('no-route')
      const added = stack.routes.add({
        destination: to,
        prefixLength,
        gateway: hop,
        interface: via.index,
        metric,
        origin: 'static',
        persistent,
      })
      stack.changed()
      return added ? OK : failed('exists')
    },
    removeRoute: (destination, prefixLength, gateway) => {
      const to = parseIp(destination)
      const hop = gateway === undefined ? undefined : parseIp(gateway)
      const gone = stack.routes.remove(
        (r) => r.destination === to && r.prefixLength === prefixLength && (hop === undefined || r.gateway === hop),
      )
      stack.changed()
      return gone > 0 ? OK : failed('not-found')
    },
    addNeighbor: (index, address, mac) =>
      on(index, (via) => {
        const ip = parseIp(address)
        const link = parseMac(mac)
        if (ip === undefined || link === undefined) return failed('invalid')
        setPermanent(via, ip, link, machine.sim.now)
        stack.changed()
        return OK
      }),
    removeNeighbor: (index, address) => on(index, (via) => touched(machine, via.neighbors.delete(parseIp(address) ?? -1))),
    flushNeighbors: (index) =>
      on(index, (via) => {
        for (const entry of [...via.neighbors.all]) if (entry.state !== 'permanent') via.neighbors.delete(entry.ip)
        return touched(machine, true)
      }),
    setForwarding: (index, forwarding) => {
      for (const via of stack.interfaces.values()) if (index === 0 || via.index === index) setForwarding(machine, via, forwarding)
      stack.changed()
      return OK
    },
    setDnsServers: (index, servers) => on(index, (via) => setDns(machine, via, servers)),
    setDhcp: (index, wanted) => on(index, (via) => setDhcp(machine, via, wanted)),
    setMetric: (index, metric) =>
      on(index, (via) => {
        if (!Number.isInteger(metric) || metric < 1 || metric > 9999) return failed('invalid')
        via.metric = metric
        stack.changed()
        return OK
      }),
    connectWifi: (ssid) => {
      const wifi = machine.wifis[0]
      if (!wifi) return failed('not-found')
      if (!wifi.via.enabled) return failed('wrong-state')
      return wifi.join(ssid) ? OK : failed('not-found', ssid ?? '')
    },
  }
}

/** Whether an address of the interface makes this one a neighbour; one that is still being probed for does already. */
const isNear = (via: Interface, ip: Ip4): boolean => via.addresses.some((own) => inPrefix(ip, own.ip, own.prefixLength))

function setDhcp(machine: Machine, via: Interface, wanted: boolean): Outcome {
  if (via.kind === 'loopback' || via.kind === 'ppp' || via.hidden) return failed('invalid')
  if (via.dhcp === wanted) return OK
  via.dhcp = wanted
  if (wanted && !machine.dhcpClients.has(via.index)) addDhcpClient(machine, via)
  const client = machine.dhcpClients.get(via.index)
  if (wanted && machine.runs('Dhcp')) client?.start()
  else client?.stop()
  machine.stack.changed()
  return OK
}

function setPermanent(via: Interface, ip: Ip4, mac: number, now: number): void {
  const entry = via.neighbors.get(ip) ?? via.neighbors.add(ip, 'permanent', mac, now)
  entry.mac = mac
  entry.state = 'permanent'
  entry.due = NEVER
  via.neighbors.rearm()
}

function touched(machine: Machine, found: boolean): Outcome {
  machine.sim.touch(machine.stack)
  return found ? OK : failed('not-found')
}

/** Null gives the interface back to what its lease says. */
function setDns(machine: Machine, via: Interface, servers: string[] | null): Outcome {
  const parsed = (servers ?? []).map(parseIp)
  if (parsed.some((server) => server === undefined)) return failed('invalid')
  if (servers === null) {
    machine.manualDns.delete(via.index)
    via.dnsServers = [...(machine.dhcpClient(via.index)?.leasedDns ?? [])]
  } else {
    machine.manualDns.add(via.index)
    via.dnsServers = parsed as Ip4[]
  }
  machine.sim.touch(machine)
  machine.sim.touch(machine.stack)
  return OK
}

export const addressText = formatIp
