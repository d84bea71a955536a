// The system calls of a Windows machine beside those of every machine.
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import { stopProcess, windowsProcesses } from './processes.ts'
import type { WindowsSystem } from './windows-system.ts'
import type { WindowsCalls } from './windows-views.ts'

export function windowsCalls(machine: Machine, system: WindowsSystem): WindowsCalls {
  const { services } = system
  return {
    services: () => services.list(),
    serviceRuns: (name) => services.runs(name),
    controlService: (name, action, force) => (action === 'start' ? services.start(name) : services.stop(name, force)),
    configureService: (name, change) => services.configure(name, change),
    windowsProcesses: () => windowsProcesses(machine),
    stopProcess: (pid) => stopProcess(machine, pid),
    eventLogs: () => machine.eventLog?.logs() ?? [],
    events: (log) => machine.eventLog?.events(log) ?? [],
    clearEventLog: (log) => (machine.eventLog?.clear(log) ? OK : failed('not-found')),
  }
}
