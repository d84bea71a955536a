// What starting and stopping a service does to the machine. One that is not named here only changes its state.
import type { Machine } from '../machine.ts'

export type ServiceEffect = {
  readonly name: string
  started?(machine: Machine): void
  stopped?(machine: Machine): void
}

export const serviceEffects: readonly ServiceEffect[] = [
  {
    // Internet Connection Sharing serves the Default Switch (fact sheet 4.5): addresses, names and the way out.
    name: 'SharedAccess',
    started: (machine) => machine.hyperV?.defaultSwitch.serve(),
    stopped: (machine) => machine.hyperV?.defaultSwitch.unserve(),
  },
  {
    // The virtual machines do not need who manages them.
    name: 'vmms',
    started: (machine) => machine.eventLog?.write('vmms.started'),
    stopped: (machine) => machine.eventLog?.write('vmms.stopped'),
  },
  {
    // The network is not one that outlives its service (flag 8, fact sheet 2.8): HNS builds it anew when it begins.
    name: 'hns',
    started: (machine) => machine.hyperV?.rebuildDefaultSwitch(),
  },
  {
    // Without it programs ask the servers themselves, each time.
    name: 'Dnscache',
    started: (machine) => machine.dns.flush(),
    stopped: (machine) => machine.dns.flush(),
  },
  {
    // No lease is asked for or kept alive.
    name: 'Dhcp',
    started: (machine) => {
      for (const client of machine.dhcpClients.values()) if (client.via.dhcp) client.start()
      machine.eventLog?.write('dhcp.started')
    },
    stopped: (machine) => {
      for (const client of machine.dhcpClients.values()) client.stop()
      machine.eventLog?.write('dhcp.stopped', 0)
    },
  },
  {
    // Ports are forwarded by nobody else (fact sheet 3.7).
    name: 'iphlpsvc',
    started: (machine) => machine.network?.portProxy?.start(),
    stopped: (machine) => machine.network?.portProxy?.stop(),
  },
  {
    name: 'LanmanServer',
    started: (machine) => machine.network?.smb?.start(),
    stopped: (machine) => machine.network?.smb?.stop(),
  },
  {
    // Live flows are forgotten (fact sheet 4.7), and nothing is translated while the driver is away.
    name: 'WinNat',
    started: (machine) => {
      machine.network?.redraw()
      machine.hyperV?.winNat.serve()
    },
    stopped: (machine) => {
      for (const { network, prefixLength } of machine.hyperV?.winNat.all ?? []) machine.nat?.forget(network, prefixLength)
    },
  },
]

const byName = new Map(serviceEffects.map((one) => [one.name, one]))
export const effectOf = (name: string): ServiceEffect | undefined => byName.get(name)
