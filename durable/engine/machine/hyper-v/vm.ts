// A virtual machine as its host sees it: what state it is in, what is set for it, and its checkpoints.
import type { Json } from '../../sim/json.ts'
import type { Micros } from '../../sim/time.ts'
import type { VmDefinition } from '../definition.ts'
import type { StoredFile } from '../files.ts'
import { guidOf } from '../guid.ts'
import type { Machine } from '../machine.ts'
import type { EventKey } from '../windows/event-catalogue.ts'
import type { VmAdapter, VmAdapterState } from './vm-adapter.ts'

export type VmPower = 'Off' | 'Running' | 'Saved' | 'Paused'

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

export type VmSettings = {
  readonly name: string
  readonly notes: string
  readonly automaticStart: VmDefinition['automaticStart']
  readonly automaticStop: VmDefinition['automaticStop']
  readonly checkpointType: 'Disabled' | 'Production' | 'ProductionOnly' | 'Standard'
  readonly services: readonly IntegrationService[]
}

/** A production checkpoint: what is on the disk and how the machine is set, without its memory. */
export type VmCheckpoint = {
  readonly id: string
  readonly name: string
  readonly createdAt: Micros
  readonly parent: string | null
  readonly files: readonly StoredFile[]
  readonly adapters: readonly VmAdapterState[]
}

export type VmState = {
  readonly power: VmPower
  readonly startedAt: Micros
  /** It ran when the computer went down. */
  readonly wasRunning: boolean
  /** Null: as the definition has them. */
  readonly settings: VmSettings | null
  readonly checkpoints: readonly VmCheckpoint[]
  /** The checkpoint that the present state comes after. */
  readonly after: string | null
}

/** The real limit. */
export const MOST_CHECKPOINTS = 50

export const newVm = (definition: VmDefinition): VmState => ({
  power: 'Off',
  startedAt: 0,
  wasRunning: definition.running,
  settings: null,
  checkpoints: [],
  after: null,
})

const settingsOf = ({ name, automaticStart, automaticStop, reportsAddresses }: VmDefinition): VmSettings => ({
  name,
  notes: '',
  automaticStart,
  automaticStop,
  checkpointType: 'Production',
  services: INTEGRATION_SERVICES.filter(
    (service) => service !== 'Guest Service Interface' && (reportsAddresses || service !== KEY_VALUE),
  ),
})

export class Vm {
  readonly id: string
  readonly definition: VmDefinition
  readonly guest: Machine
  readonly adapters: readonly VmAdapter[]
  state: VmPower
  startedAt: Micros
  wasRunning: boolean
  settings: VmSettings
  checkpoints: VmCheckpoint[]
  private after: string | null
  private readonly host: Machine

  constructor(host: Machine, definition: VmDefinition, guest: Machine, adapters: readonly VmAdapter[], state: VmState) {
    this.id = guidOf(host.sim.seed, `vm/${definition.name}`)
    this.host = host
    this.definition = definition
    this.guest = guest
    guest.host = host
    this.adapters = adapters
    this.state = state.power
    this.startedAt = state.startedAt
    this.wasRunning = state.wasRunning
    this.settings = state.settings ?? settingsOf(definition)
    this.checkpoints = [...state.checkpoints]
    this.after = state.after
    for (const adapter of adapters) adapter.setRunning(this.powered)
  }

  /** Running or paused: its adapters have ports. */
  private get powered(): boolean {
    return this.state === 'Running' || this.state === 'Paused'
  }

  has(service: IntegrationService): boolean {
    return this.settings.services.includes(service)
  }

  /** Each of these answers false when the machine is in a state where it cannot be done, or is done already. */
  start(): boolean {
    if (this.powered) return this.state === 'Paused' && this.resume()
    const saved = this.state === 'Saved'
    this.enter('Running')
    this.startedAt = this.guest.sim.now
    if (saved) this.guest.resumeFromSave()
    else this.guest.powerOn()
    this.tell(saved ? 'vm.restored' : 'vm.started')
    return true
  }

  stop(how: 'shutdown' | 'turn-off' | 'save'): boolean {
    if (this.state === 'Off' || (how === 'save' && this.state === 'Saved')) return false
    if (how === 'save') this.guest.saveState()
    else this.guest.powerOff()
    this.enter(how === 'save' ? 'Saved' : 'Off')
    this.tell(how === 'save' ? 'vm.saved' : how === 'shutdown' ? 'vm.shutdown' : 'vm.off')
    return true
  }

  reset(): boolean {
    if (this.state !== 'Running') return false
    this.guest.powerOff()
    this.guest.powerOn()
    this.startedAt = this.guest.sim.now
    this.tell('vm.reset')
    return true
  }

  /** For the guest no time passes, and its adapters are silent; peers notice. */
  pause(): boolean {
    if (this.state !== 'Running') return false
    this.guest.saveState()
    this.enter('Paused')
    this.tell('vm.paused')
    return true
  }

  resume(): boolean {
    if (this.state !== 'Paused') return false
    this.guest.resumeFromSave()
    this.enter('Running')
    this.tell('vm.resumed')
    return true
  }

  private tell(event: EventKey): void {
    this.host.eventLog?.write(event, this.settings.name, this.id.toUpperCase())
  }

  private enter(state: VmPower): void {
    this.state = state
    for (const adapter of this.adapters) adapter.setRunning(this.powered)
  }

  // Checkpoints

  /** Undefined: there are as many as there may be. */
  checkpoint(name: string): VmCheckpoint | undefined {
    if (this.checkpoints.length >= MOST_CHECKPOINTS) return undefined
    const { sim, files } = this.guest
    const made: VmCheckpoint = {
      id: guidOf(sim.seed, `vm/${this.definition.name}/checkpoint/${sim.now}/${this.checkpoints.length}`),
      name,
      createdAt: sim.now,
      parent: this.after,
      files: files.save(),
      adapters: this.adapters.map((adapter) => adapter.save()),
    }
    this.checkpoints.push(made)
    this.after = made.id
    return made
  }

  /** The disk and the adapters as they were, the machine off: a production checkpoint has no memory to go on from. */
  apply(it: VmCheckpoint, stand: (adapter: VmAdapter, on: string | null) => void): void {
    this.stop('turn-off')
    this.guest.files.load(it.files)
    for (const [at, adapter] of this.adapters.entries()) {
      const was = it.adapters[at]
      if (was === undefined) continue
      adapter.name = was.name
      adapter.settings = was.settings
      stand(adapter, was.switch)
    }
    this.after = it.id
  }

  /** Its children become its parent's. With `children` they go, too. */
  forget(it: VmCheckpoint, children: boolean): void {
    const gone = new Set([it.id])
    if (children) for (const { id, parent } of this.checkpoints) if (parent !== null && gone.has(parent)) gone.add(id)
    const up = (parent: string | null) => (parent !== null && gone.has(parent) ? it.parent : parent)
    this.checkpoints = this.checkpoints.filter(({ id }) => !gone.has(id)).map((one) => ({ ...one, parent: up(one.parent) }))
    this.after = up(this.after)
  }

  save(): VmState & Json {
    return {
      power: this.state,
      startedAt: this.startedAt,
      wasRunning: this.wasRunning,
      settings: this.settings,
      checkpoints: this.checkpoints,
      after: this.after,
    }
  }
}
