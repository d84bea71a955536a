// System calls that take an address: those about IPv6 are answered here, the others passed on.
import { NEVER } from '../sim/time.ts'
import { type Ip6, isMulticastIp6, networkOf6, parseIp, parseMac, parseScopedIp6 } from '../wire/addresses.ts'
import type { Kernel, Outcome } from './kernel.ts'
import { failed, networkCalls, OK } from './kernel-network.ts'
import type { Machine } from './machine.ts'

type Calls = ReturnType<typeof networkCalls> &
  Pick<Kernel, 'setForwarding6' | 'setAcceptRa6' | 'setIp6Enabled' | 'flushNeighbors6' | 'dhcp6'>

const six = (text: string): Ip6 | undefined => (parseIp(text) === undefined ? parseScopedIp6(text)?.ip : undefined)

export function bothFamilies(machine: Machine): Calls {
  const four = networkCalls(machine)
  const { ip6, stack } = machine
  const interfaceOf = (index: number) => ip6.interfaces.get(index)
  return {
    ...four,
    addAddress: (index, address, prefixLength, ...rest) => {
      const ip = six(address)
      if (ip === undefined) return four.addAddress(index, address, prefixLength, ...rest)
      const i6 = interfaceOf(index)
      if (i6 === undefined) return failed('not-found')
      if (prefixLength < 1 || prefixLength > 128 || isMulticastIp6(ip) || ip <= 1n) return failed('invalid')
      if (i6.address(ip) !== undefined) return failed('exists')
      ip6.addAddress(i6, { ip, prefixLength, origin: 'manual' })
      return OK
    },
    removeAddress: (index, address) => {
      const ip = six(address)
      if (ip === undefined) return four.removeAddress(index, address)
      const i6 = interfaceOf(index)
      return i6 !== undefined && ip6.removeAddress(i6, ip) ? OK : failed('not-found')
    },
    addRoute: (route) => {
      const to = six(route.destination)
      if (to === undefined) return four.addRoute(route)
      const scoped = route.gateway === '' ? undefined : parseScopedIp6(route.gateway)
      const gateway = scoped?.ip ?? 0n
      const { prefixLength, metric, persistent } = route
      if ((route.gateway !== '' && scoped === undefined) || prefixLength < 0 || prefixLength > 128) return failed('invalid')
      if (networkOf6(to, prefixLength) !== to || isMulticastIp6(gateway)) return failed('invalid')
      const reaches = [...ip6.interfaces.values()].find((i) => i.running && i.addressFor(gateway) !== undefined)
      const i6 = route.interface > 0 ? interfaceOf(route.interface) : reaches
      if (i6 === undefined || (gateway !== 0n && i6.addressFor(gateway) === undefined)) return failed('no-route')
      const { index } = i6.via
      const known = ip6.routes.all.some(
        (r) => r.destination === to && r.prefixLength === prefixLength && r.gateway === gateway && r.interface === index,
      )
      if (known) return failed('exists')
      ip6.routes.put({
        destination: to,
        prefixLength,
        gateway,
        interface: index,
        metric,
        origin: 'static',
        persistent,
        preference: 0,
        expiresAt: NEVER,
      })
      ip6.changed()
      return OK
    },
    removeRoute: (destination, prefixLength, gateway) => {
      const to = six(destination)
      if (to === undefined) return four.removeRoute(destination, prefixLength, gateway)
      const hop = gateway === undefined ? undefined : (parseScopedIp6(gateway)?.ip ?? 0n)
      const gone = ip6.routes.remove(
        (r) => r.destination === to && r.prefixLength === prefixLength && (hop === undefined || r.gateway === hop),
      )
      ip6.changed()
      return gone > 0 ? OK : failed('not-found')
    },
    addNeighbor: (index, address, mac) => {
      const ip = six(address)
      if (ip === undefined) return four.addNeighbor(index, address, mac)
      const i6 = interfaceOf(index)
      const link = parseMac(mac)
      if (i6 === undefined) return failed('not-found')
      if (link === undefined || isMulticastIp6(ip)) return failed('invalid')
      const entry = i6.neighbors.get(ip) ?? i6.neighbors.add(ip, 'permanent', link, machine.sim.now).entry
      Object.assign(entry, { mac: link, state: 'permanent', due: NEVER })
      i6.neighbors.rearm()
      ip6.changed()
      return OK
    },
    removeNeighbor: (index, address) => {
      const ip = six(address)
      if (ip === undefined) return four.removeNeighbor(index, address)
      const gone = interfaceOf(index)?.neighbors.delete(ip) ?? false
      machine.sim.touch(ip6)
      return gone ? OK : failed('not-found')
    },
    setDnsServers: (index, servers, family) => {
      const mine = servers?.map((text) => ({ text, ip: six(text) }))
      if (mine?.some(({ text, ip }) => ip === undefined && parseIp(text) === undefined)) return failed('invalid')
      const fours = mine?.filter(({ ip }) => ip === undefined).map(({ text }) => text) ?? null
      const sixes = mine?.flatMap(({ ip }) => (ip === undefined ? [] : [ip]))
      const done = family === 6 ? OK : four.setDnsServers(index, fours)
      const i6 = interfaceOf(index)
      if (!done.ok || family === 4) return done
      if (i6 === undefined) return family === 6 || (sixes?.length ?? 0) > 0 ? failed('not-found') : OK
      i6.ownDns = sixes
      ip6.changed()
      return OK
    },
    flushNeighbors6: (index): Outcome => {
      const i6 = interfaceOf(index)
      if (i6 === undefined) return failed('not-found')
      for (const entry of [...i6.neighbors.all]) if (entry.state !== 'permanent') i6.neighbors.delete(entry.ip)
      machine.sim.touch(ip6)
      return OK
    },
    dhcp6: (index, action) => (machine.dhcp6?.[action](index) ? OK : failed('not-dhcp')),
    setForwarding6: (index, on) => {
      for (const i6 of ip6.interfaces.values()) if (index === 0 || i6.via.index === index) ip6.setForwarding(i6, on)
      return OK
    },
    setAcceptRa6: (index, on) => {
      for (const i6 of ip6.interfaces.values()) if (index === 0 || i6.via.index === index) i6.acceptsRa = on
      ip6.changed()
      machine.sim.touch(ip6)
      return OK
    },
    setIp6Enabled: (index, on) => {
      const chosen = [...ip6.interfaces.values()].filter((i6) => index === 0 || i6.via.index === index)
      for (const i6 of chosen) ip6.setEnabled(i6, on)
      machine.sim.touch(stack)
      return chosen.length > 0 ? OK : failed('not-found')
    },
  }
}
