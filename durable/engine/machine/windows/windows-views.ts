// What the calls of a Windows machine answer about the system around the network: services, processes, logs, the registry.
import type { Outcome } from '../kernel.ts'

export type StartType = 'Boot' | 'System' | 'Automatic' | 'AutomaticDelayed' | 'Manual' | 'Disabled'

export type ServiceView = {
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly running: boolean
  readonly startType: StartType
  readonly driver: boolean
  /** A process of its own, or a place in one of `svchost.exe`. */
  readonly shared: boolean
  readonly canStop: boolean
  readonly dependsOn: readonly string[]
  readonly dependents: readonly string[]
  readonly path: string
  /** 0 while it does not run, and of drivers. */
  readonly pid: number
}

export type WindowsProcessView = {
  readonly pid: number
  readonly parent: number
  /** With its ending, `svchost.exe`; a few of the system have none. */
  readonly image: string
  readonly path: string
  readonly commandLine: string
  readonly user: string
  readonly session: number
  readonly startedAt: number
  readonly handles: number
  readonly threads: number
  /** In KiB. */
  readonly workingSet: number
  readonly privateBytes: number
  readonly services: readonly string[]
  /** Of a worker process: the virtual machine that it runs. */
  readonly vm: string
}

export type EventView = {
  readonly log: string
  readonly provider: string
  readonly id: number
  readonly level: 'Critical' | 'Error' | 'Warning' | 'Information'
  /** Lab time. */
  readonly at: number
  readonly record: number
  readonly values: readonly string[]
  readonly message: string
}

export type EventLogView = { readonly name: string; readonly records: number; readonly maximumBytes: number }

export type RegistryKind = 'REG_SZ' | 'REG_EXPAND_SZ' | 'REG_MULTI_SZ' | 'REG_DWORD' | 'REG_QWORD' | 'REG_BINARY' | 'REG_NONE'
/** Octets of REG_BINARY are numbers, lines of REG_MULTI_SZ texts. */
export type RegistryData = string | number | readonly string[] | readonly number[]
export type RegistryKeyView = {
  readonly path: string
  readonly keys: readonly string[]
  readonly values: readonly { readonly name: string; readonly kind: RegistryKind; readonly data: RegistryData }[]
}

/** `force` also stops what depends on it. Errors: see `services.ts`. */
export type ServiceAction = 'start' | 'stop'

/** The system calls of a Windows machine beside those of every machine. */
export interface WindowsCalls {
  services(): ServiceView[]
  /** Whether a service is up, without the whole list. */
  serviceRuns(name: string): boolean
  controlService(name: string, action: ServiceAction, force?: boolean): Outcome
  configureService(name: string, change: { startType?: StartType; displayName?: string; description?: string }): Outcome
  windowsProcesses(): WindowsProcessView[]
  /** `access-denied`: the system cannot do without it; `not-simulated`: the console itself. */
  stopProcess(pid: number): Outcome
  eventLogs(): EventLogView[]
  /** Oldest first. */
  events(log?: string): EventView[]
  clearEventLog(log: string): Outcome
  /** By a path such as `HKLM\\SYSTEM\\CurrentControlSet`; undefined: there is none. */
  registryKey(path: string): RegistryKeyView | undefined
  makeRegistryKey(path: string): Outcome
  /** With everything below it. */
  removeRegistryKey(path: string): Outcome
  setRegistryValue(path: string, name: string, kind: RegistryKind, data: RegistryData): Outcome
  removeRegistryValue(path: string, name: string): Outcome
}
