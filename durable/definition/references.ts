import { inPrefix, parseCidr, parseIp } from '../engine/wire/addresses.ts'
import { knownOf, rubricFaults } from './check-references.ts'
import { lessonFaults } from './lesson.ts'
import type { MachineSource } from './machine-schema.ts'
import { faults6 } from './references6.ts'
import type { LabSource } from './schema.ts'
import { cableName, hasTerminal, vms } from './to-definition.ts'

export type ReferenceFault = { readonly path: readonly PropertyKey[]; readonly reason: string }
type Tell = (path: readonly PropertyKey[], reason: string) => void

/** Everything a lab.yaml says about something that stands elsewhere in it. */
export function referenceFaults(lab: LabSource): ReferenceFault[] {
  const faults: ReferenceFault[] = []
  const tell: Tell = (path, reason) => faults.push({ path, reason })
  const guests = guestsOf(lab, tell)
  for (const [name, machine] of Object.entries(lab.machines)) machineFaults(name, machine, lab, guests, tell)
  for (const name of Object.keys(lab.switches))
    if (name in lab.machines) tell(['switches', name], 'is also the name of a machine')
  cableFaults(lab, guests, tell)
  radioFaults(lab, tell)
  lab.prepare.forEach(({ machine }, at) => {
    const found = lab.machines[machine]
    if (!found) tell(['prepare', at], `no machine is named ${machine}`)
    else if (!hasTerminal(found)) tell(['prepare', at], `${machine} has no terminal`)
  })
  faults.push(...rubricFaults(lab, knownOf(lab)), ...lessonFaults(lab.lesson, lab.checks))
  return faults
}

/** Machines that run in a virtual machine, each with the computer it is inside of. */
function guestsOf(lab: LabSource, tell: Tell): Map<string, string> {
  const guests = new Map<string, string>()
  for (const [computer, machine] of Object.entries(lab.machines)) {
    for (const vm of vms(machine)) {
      const path = ['machines', computer, 'hyperV', 'vms', vm.name, 'machine']
      if (!(vm.machine in lab.machines)) tell(path, `no machine is named ${vm.machine}`)
      else if (guests.has(vm.machine)) tell(path, `${vm.machine} runs in another virtual machine already`)
      else if (vm.machine === computer) tell(path, 'a machine does not run in itself')
      guests.set(vm.machine, computer)
    }
  }
  // A computer in a virtual machine may have its own; but somewhere there is a real one.
  for (const [guest] of guests) {
    const seen = new Set([guest])
    for (let around = guests.get(guest); around !== undefined; around = guests.get(around)) {
      if (seen.has(around)) {
        tell(['machines', guest], 'runs in a machine that runs in it')
        break
      }
      seen.add(around)
    }
  }
  return guests
}

function machineFaults(
  name: string,
  machine: MachineSource,
  lab: LabSource,
  guests: ReadonlyMap<string, string>,
  tell: Tell,
): void {
  const path = ['machines', name]
  if (machine.hyperV && machine.os !== 'windows-11') tell([...path, 'hyperV'], 'is only on windows-11')
  if (machine.role === 'guest' && !guests.has(name)) tell([...path, 'role'], 'no virtual machine runs this machine')
  const adapterIs = (adapter: string, at: readonly PropertyKey[]) => {
    if (!(adapter in machine.adapters)) tell([...path, ...at], `the machine has no adapter named ${adapter}`)
  }
  const ssids = new Set(Object.values(lab.switches).map((one) => one.ssid))
  for (const [adapter, { address, gateway, joins, kind }] of Object.entries(machine.adapters)) {
    const own = parseCidr(address)
    const at = [...path, 'adapters', adapter]
    if (gateway !== undefined && !own) tell([...at, 'gateway'], 'comes from DHCP when the address does')
    if (gateway !== undefined && own && !inPrefix(parseIp(gateway) as number, own.address, own.prefixLength))
      tell([...at, 'gateway'], `is not on the network ${address}`)
    if (joins.length > 0 && kind !== 'wifi') tell([...at, 'joins'], 'only a Wi-Fi adapter joins networks')
    joins.forEach((ssid, i) => {
      if (!ssids.has(ssid)) tell([...at, 'joins', i], `no access point has the SSID ${ssid}`)
    })
  }
  dhcpFaults(path, machine, adapterIs, tell)
  faults6(path, machine, adapterIs, tell)
  if (machine.nat) {
    adapterIs(machine.nat.outside, ['nat', 'outside'])
    for (const [i, adapter] of machine.nat.inside.entries()) adapterIs(adapter, ['nat', 'inside', i])
    if (machine.nat.inside.includes(machine.nat.outside)) tell([...path, 'nat', 'outside'], 'is also inside')
  }
  if (machine.vpnServer && (parseIp(machine.vpnServer.first) as number) > (parseIp(machine.vpnServer.last) as number))
    tell([...path, 'vpnServer', 'last'], 'comes before the first')
  if (machine.dns?.mode === 'resolver' && machine.dns.upstream.length === 0)
    tell([...path, 'dns', 'upstream'], 'a resolver needs the addresses of root servers')
}

type AdapterIs = (adapter: string, at: readonly PropertyKey[]) => void

function dhcpFaults(path: readonly PropertyKey[], machine: MachineSource, adapterIs: AdapterIs, tell: Tell): void {
  for (const [i, server] of machine.dhcpServers.entries()) {
    const at = ['dhcpServers', i]
    adapterIs(server.adapter, [...at, 'adapter'])
    const own = parseCidr(machine.adapters[server.adapter]?.address ?? '')
    if (!own) {
      if (server.adapter in machine.adapters)
        tell([...path, ...at, 'adapter'], 'a DHCP server needs an adapter with a fixed address')
      continue
    }
    for (const field of ['first', 'last'] as const) {
      const inside = inPrefix(parseIp(server[field]) as number, own.address, own.prefixLength)
      if (!inside) tell([...path, ...at, field], 'is not on the network of the adapter')
    }
    if ((parseIp(server.first) as number) > (parseIp(server.last) as number))
      tell([...path, ...at, 'last'], 'comes before the first')
  }
}

function cableFaults(lab: LabSource, guests: ReadonlyMap<string, string>, tell: Tell): void {
  const names = new Set<string>()
  const taken = new Set<string>()
  lab.cables.forEach(({ between, name = cableName(...between) }, i) => {
    if (names.has(name)) tell(['cables', i, 'name'], `another cable is named ${name}: give one of them a name`)
    if (name in lab.machines) tell(['cables', i, 'name'], `a machine is named ${name}`)
    if (name in lab.switches) tell(['cables', i, 'name'], `a switch is named ${name}`)
    names.add(name)
    between.forEach((end, side) => {
      const path = ['cables', i, 'between', side]
      const fault =
        endFault(end, lab) ??
        (guests.has(end.split('/')[0] as string) ? 'a guest is on the Default Switch, not on a cable' : undefined)
      if (fault !== undefined) tell(path, fault)
      else if (end.includes('/') && taken.has(end)) tell(path, `${end} has another cable already`)
      taken.add(end)
    })
    if (between[0] === between[1]) tell(['cables', i, 'between'], 'both ends are the same')
  })
}

function endFault(end: string, lab: LabSource): string | undefined {
  const [machine, adapter] = end.split('/') as [string, string | undefined]
  if (adapter === undefined) {
    if (machine in lab.switches) return undefined
    return machine in lab.machines ? `which adapter? write ${machine}/adapter` : `no switch is named ${machine}`
  }
  const its = lab.machines[machine]?.adapters[adapter]
  if (!its) return machine in lab.machines ? `${machine} has no adapter named ${adapter}` : `no machine is named ${machine}`
  return its.kind === 'wifi' ? 'a Wi-Fi adapter has no socket for a cable' : undefined
}

function radioFaults(lab: LabSource, tell: Tell): void {
  lab.radios.forEach(({ adapter: end, accessPoint }, i) => {
    const [machine, adapter] = end.split('/') as [string, string | undefined]
    if (lab.machines[machine]?.adapters[adapter ?? '']?.kind !== 'wifi')
      tell(['radios', i, 'adapter'], `${end} is not a Wi-Fi adapter of a machine`)
    if (lab.switches[accessPoint]?.ssid === undefined)
      tell(['radios', i, 'accessPoint'], `no access point is named ${accessPoint}`)
  })
}
