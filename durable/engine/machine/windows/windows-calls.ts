// The system calls of a Windows machine beside those of every machine.
import type { KernelError, Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import { stopProcess, windowsProcesses } from './processes.ts'
import type { WindowsSystem } from './windows-system.ts'
import type { WindowsCalls } from './windows-views.ts'

const outcome = (result: 'ok' | KernelError): Outcome => (result === 'ok' ? OK : failed(result))

export function windowsCalls(machine: Machine, system: WindowsSystem): WindowsCalls {
  const { services, registry } = system
  return {
    services: () => services.list(),
    serviceRuns: (name) => services.runs(name),
    controlService: (name, action, force) => (action === 'start' ? services.start(name) : services.stop(name, force)),
    configureService: (name, change) => services.configure(name, change),
    windowsProcesses: () => windowsProcesses(machine),
    stopProcess: (pid) => stopProcess(machine, pid),
    eventLogs: () => machine.eventLog?.logs() ?? [],
    events: (log) => machine.eventLog?.events(log) ?? [],
    registryKey: (path) => registry.key(path),
    makeRegistryKey: (path) => outcome(registry.make(path)),
    removeRegistryKey: (path) => outcome(registry.remove(path)),
    setRegistryValue: (path, name, kind, data) => outcome(registry.set(path, name, kind, data)),
    removeRegistryValue: (path, name) => outcome(registry.unset(path, name)),
    clearEventLog: (log) => (machine.eventLog?.clear(log) ? OK : failed('not-found')),
  }
}
