// A fault that can be planted: what is done, the command that shows it, and what must be named first.
import type { AdapterDefinition, LabDefinition, MachineDefinition } from '../definition.ts'
import type { Lab } from '../lab.ts'
import type { Hand } from '../lab-api.ts'
import type { CauseKind } from './history.ts'

/** What a person does, or what happens to a machine that nobody sits at. */
export type FaultStep =
  | { readonly hand: Hand }
  | { readonly console: string; readonly line: string }
  | { readonly happens: (lab: Lab) => void }

export type Fault = {
  readonly name: string
  /** Before the lab is built. */
  readonly define?: (definition: LabDefinition) => LabDefinition
  /** When it runs. `<address:MACHINE>` and `<gateway:MACHINE>` stand for what they are at that moment. */
  readonly steps?: readonly FaultStep[]
  readonly probe: { readonly console: string; readonly line: string }
  readonly kind: CauseKind
  readonly machine: string
}

export const unplug = (link: string): FaultStep => ({ hand: { action: 'unplug', link } })
export const powerOff = (machine: string): FaultStep => ({ hand: { action: 'power-off', machine } })
export const type = (console: string, line: string): FaultStep => ({ console, line })

/** The definition with one machine written otherwise. */
export const machineWith =
  (name: string, change: (machine: MachineDefinition) => Partial<MachineDefinition>) =>
  (definition: LabDefinition): LabDefinition => ({
    ...definition,
    machines: definition.machines.map((machine) => (machine.name === name ? { ...machine, ...change(machine) } : machine)),
  })

export const adapterWith = (machine: string, adapter: string, change: Partial<AdapterDefinition>) =>
  machineWith(machine, ({ adapters }) => ({
    adapters: adapters.map((one) => (one.name === adapter ? { ...one, ...change } : one)),
  }))

export const defaultSwitchWithout = (mechanism: 'dhcp' | 'dns' | 'nat') =>
  machineWith('pc', ({ hyperV }) =>
    hyperV === null ? {} : { hyperV: { ...hyperV, defaultSwitch: { ...hyperV.defaultSwitch, [mechanism]: false } } },
  )

/** `<address:MACHINE>` and `<gateway:MACHINE>` as they are now. */
export const fill = (text: string, lab: Lab): string =>
  text.replace(/<(address|gateway):([a-z0-9-]+)>/g, (_, what: string, machine: string) => {
    const interfaces = (lab.kernel(machine)?.interfaces() ?? []).filter(({ kind }) => kind !== 'loopback')
    const values = interfaces.flatMap(({ addresses, gateways }) =>
      what === 'gateway' ? gateways : addresses.map(({ address }) => address),
    )
    return values[0] ?? '0.0.0.0'
  })
