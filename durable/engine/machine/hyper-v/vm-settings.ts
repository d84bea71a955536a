// What is set for a virtual machine besides its adapters (fact sheet 2.3, 2.7).
import type { VmDefinition } from '../definition.ts'

/** In the order in which the cmdlet lists them (fact sheet 2.7). */
export const INTEGRATION_SERVICES = [
  'Guest Service Interface',
  'Heartbeat',
  'Key-Value Pair Exchange',
  'Shutdown',
  'Time Synchronization',
  'VSS',
] as const
export const KEY_VALUE = 'Key-Value Pair Exchange'
export type IntegrationService = (typeof INTEGRATION_SERVICES)[number]

export type DriveSettings = {
  readonly kind: 'disk' | 'dvd'
  readonly controller: 'IDE' | 'SCSI'
  readonly number: number
  readonly location: number
  /** Empty: a DVD drive without a disc. */
  readonly path: string
}

export type VmSettings = {
  readonly name: string
  readonly notes: string
  readonly automaticStart: VmDefinition['automaticStart']
  readonly automaticStop: VmDefinition['automaticStop']
  readonly checkpointType: 'Disabled' | 'Production' | 'ProductionOnly' | 'Standard'
  readonly services: readonly IntegrationService[]
  /** Those from here on are younger than the format. */
  readonly automaticCheckpoints: boolean
  readonly startDelay: number
  readonly memoryBytes: number
  readonly dynamicMemory: boolean
  readonly minimumBytes: number
  readonly maximumBytes: number
  readonly processors: number
  /** A hypervisor may run in the machine. */
  readonly exposeExtensions: boolean
  readonly secureBoot: boolean
  /** Ids of adapters and paths of drives, first to last; empty: as the drives come. */
  readonly bootOrder: readonly string[]
  readonly drives: readonly DriveSettings[]
  readonly version: string
  readonly metering: MeteringState | null
  readonly tpm: boolean
  /** Where its configuration lies. */
  readonly path: string
}

/** Since when a machine is metered, and what its adapters had carried by then. */
export type MeteringState = { readonly since: number; readonly ran: number }

export const CONFIGURATION_VERSION = '12.0'
const MIB = 1024 ** 2
const MOST_MEMORY = 1024 * 1024 * MIB

export function settingsOf(definition: VmDefinition, path: string): VmSettings {
  const { name, automaticStart, automaticStop, reportsAddresses, memoryBytes, generation } = definition
  const enlightened = definition.enlightened ?? true
  return {
    name,
    notes: '',
    automaticStart,
    automaticStop,
    checkpointType: 'Production',
    services: INTEGRATION_SERVICES.filter(
      (service) => enlightened && service !== 'Guest Service Interface' && (reportsAddresses || service !== KEY_VALUE),
    ),
    automaticCheckpoints: false,
    startDelay: 0,
    memoryBytes,
    dynamicMemory: false,
    minimumBytes: 512 * MIB,
    maximumBytes: MOST_MEMORY,
    processors: definition.processors ?? 2,
    exposeExtensions: definition.exposeVirtualizationExtensions ?? false,
    secureBoot: generation === 2,
    bootOrder: [],
    drives: path === '' ? [] : [{ kind: 'disk', controller: generation === 1 ? 'IDE' : 'SCSI', number: 0, location: 0, path }],
    version: CONFIGURATION_VERSION,
    metering: null,
    tpm: false,
    path: 'C:\\ProgramData\\Microsoft\\Windows\\Hyper-V',
  }
}
