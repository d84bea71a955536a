// The system calls of one machine, for one console's command.

import { formatIp, formatMac } from '../wire/addresses.ts'
import { bindingCalls, speaksIp } from './bindings.ts'
import type { Memory } from './console.ts'
import { hyperVCalls } from './hyper-v/calls.ts'
import { guestKernel } from './hyper-v/direct.ts'
import { neighborViews6, routeViews6 } from './ip6-views.ts'
import { jobViews, reapJob, signal, startJob } from './jobs.ts'
import type { Kernel } from './kernel.ts'
import { fileCalls } from './kernel-files.ts'
import { bothFamilies } from './kernel-ip6.ts'
import { failed, OK } from './kernel-network.ts'
import { interfaceView, natSessionViews, neighborViews, routeViews, socketViews } from './kernel-views.ts'
import { linuxCalls } from './linux/filter-calls.ts'
import type { Machine } from './machine.ts'
import { windowsNetCalls } from './windows/net-calls.ts'
import { windowsCalls } from './windows/windows-calls.ts'

export function createKernel(machine: Machine, console: string, command: number): Kernel {
  const { definition, stack } = machine
  return {
    identity: () => ({
      machine: machine.name,
      hostname: machine.hostname,
      os: definition.os,
      build: definition.build,
      ...(definition.edition === 'server' ? { server: true } : {}),
      user: machine.user,
      elevated: machine.sessions.get(console)?.memory['elevated'] !== false,
      bootedAt: machine.bootedAt,
    }),
    clock: () => machine.clock,
    interfaces: () =>
      [...stack.interfaces.values()].filter((via) => speaksIp(machine, via)).map((via) => interfaceView(machine, via)),
    adapters: () => [...stack.interfaces.values()].map((via) => interfaceView(machine, via)),
    ...bindingCalls(machine),
    neighbors: () => neighborViews(machine),
    routes: () => routeViews(machine),
    neighbors6: () => neighborViews6(machine),
    routes6: () => routeViews6(machine),
    sockets: () => socketViews(machine),
    protocolCounters: () => ({ ip: stack.mib.view, ip6: machine.ip6.mib.view, tcp: { ...stack.tcp.counters } }),
    dnsCache: () => machine.dns.cacheView(),
    flushDnsCache: () => {
      machine.dns.flush()
      return OK
    },
    dnsSuffixes: () => machine.suffixes(),
    ...bothFamilies(machine),
    ...fileCalls(machine),
    spawn: (program, args) => machine.spawn(program, args, console, command),
    kill: (pid) => machine.process(pid)?.interrupt(),
    write: (pid, octets) => machine.process(pid)?.write(octets) ?? failed('not-found'),
    closeInput: (pid) => machine.process(pid)?.closeInput() ?? failed('not-found'),
    processes: () => machine.running.map(({ pid, program, startedAt, stopped }) => ({ pid, program, startedAt, stopped })),
    startJob: (line, memory) => startJob(machine, console, command, line, memory as Memory),
    // Only a line that runs can be parted: its session does it.
    fork: () => -1,
    jobs: () => jobViews(machine),
    reapJob: (pid) => reapJob(machine, pid),
    signal: (pid, number) => (signal(machine, pid, number) ? OK : failed('not-found')),
    reboot: () => {
      machine.reboot()
      return OK
    },
    units: () => (machine.windows ? [] : machine.shownUnits.list()),
    unit: (name, action, args) => (machine.windows ? failed('not-found') : machine.units.act(name, action, args)),
    journal: () => (machine.windows ? [] : machine.shownUnits.journal.map((entry) => ({ ...entry }))),
    wifiNetworks: () => machine.wifis.flatMap((wifi) => wifi.networks()),
    vpns: () =>
      [...machine.vpns].map(([name, vpn]) => ({
        name,
        server: vpn.server,
        protocol: 'L2tp',
        status: vpn.status,
        splitTunneling: false,
      })),
    natSessions: () => (machine.nat?.table.live(machine.sim.now) ?? []).flatMap((m) => natSessionViews(m, machine.sim.now)),
    dhcpServerLeases: () =>
      machine.dhcpServers.flatMap((server) =>
        server.leases().map((lease) => ({
          server: machine.name,
          address: formatIp(lease.ip),
          mac: formatMac(lease.mac),
          hostname: lease.hostname,
          expiresAt: lease.expiresAt,
          state: lease.state,
        })),
      ),
    guest: (vmId) => guestKernel(machine, vmId, console, command),
    linux: machine.linux && linuxCalls(machine, machine.linux),
    windows: machine.system && windowsCalls(machine, machine.system),
    hyperV: machine.hyperV && hyperVCalls(machine, machine.hyperV),
    windowsNet: windowsNetCalls(machine),
  }
}
