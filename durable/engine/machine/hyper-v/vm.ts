// A virtual machine as its host sees it: what state it is in, what is set for it, and its checkpoints.

import type { Json } from '../../sim/json.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import { KVP_DAEMON } from '../daemons/unit-list.ts'
import type { VmDefinition } from '../definition.ts'
import type { StoredFile } from '../files.ts'
import { guidOf } from '../guid.ts'
import type { Machine } from '../machine.ts'
import type { EventKey } from '../windows/event-catalogue.ts'
import { tellPort } from './switch-events.ts'
import type { VmAdapter, VmAdapterState } from './vm-adapter.ts'
import { type IntegrationService, KEY_VALUE, settingsOf, type VmSettings } from './vm-settings.ts'

export { INTEGRATION_SERVICES, type IntegrationService, KEY_VALUE, type VmSettings } from './vm-settings.ts'

export type VmPower = 'Off' | 'Running' | 'Saved' | 'Paused'

/** What is on the disk and how the machine is set; a standard one has its memory besides, in a part of its own. */
export type VmCheckpoint = {
  readonly id: string
  readonly name: string
  readonly createdAt: Micros
  readonly parent: string | null
  readonly files: readonly StoredFile[]
  readonly adapters: readonly VmAdapterState[]
  /** Those from here on are younger than the format: a production checkpoint without settings. */
  readonly standard?: boolean
  readonly automatic?: boolean
  /** Only when it has memory: whoever goes back to it is Saved then, else Off. */
  readonly memory?: boolean
  readonly settings?: VmSettings
}

export type VmState = {
  readonly power: VmPower
  readonly startedAt: Micros
  /** It ran when the computer went down. */
  readonly wasRunning: boolean
  /** Null: as the definition has them. */
  readonly settings: Partial<VmSettings> | null
  readonly checkpoints: readonly VmCheckpoint[]
  /** The checkpoint that the present state comes after. */
  readonly after: string | null
  /** Younger than the format: when it is to be started after the computer's start. */
  readonly startAt?: number
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

export type VmParts = {
  readonly host: Machine
  readonly definition: VmDefinition
  readonly guest: Machine
  readonly adapters: VmAdapter[]
  /** Path of the disk that it has from the start; empty = none. */
  readonly disk: string
  /** Whether there is a system on its disk to start. */
  readonly bootable: boolean
}

export class Vm {
  readonly id: string
  readonly definition: VmDefinition
  readonly adapters: VmAdapter[]
  guest: Machine
  bootable: boolean
  state: VmPower
  startedAt: Micros
  wasRunning: boolean
  settings: VmSettings
  checkpoints: VmCheckpoint[]
  after: string | null
  startAt: Micros
  private readonly host: Machine

  constructor({ host, definition, guest, adapters, disk, bootable }: VmParts, state: VmState) {
    this.id = guidOf(host.sim.seed, `vm/${definition.name}`)
    this.host = host
    this.definition = definition
    this.guest = guest
    guest.host = host
    this.adapters = adapters
    this.bootable = bootable
    this.state = state.power
    this.startedAt = state.startedAt
    this.wasRunning = state.wasRunning
    this.settings = { ...settingsOf(definition, disk), ...state.settings }
    this.checkpoints = [...state.checkpoints]
    this.after = state.after
    this.startAt = state.startAt ?? NEVER
    for (const adapter of adapters) adapter.setRunning(this.powered)
  }

  /** Running or paused: its adapters have ports, and a worker process stands for it (fact sheet 1.5.4). */
  get powered(): boolean {
    return this.state === 'Running' || this.state === 'Paused'
  }

  /** The guest has the drivers for synthetic devices (fact sheet 1.5.10). */
  get enlightened(): boolean {
    return this.definition.enlightened ?? true
  }

  has(service: IntegrationService): boolean {
    return this.settings.services.includes(service)
  }

  /** Whether the guest answers the service now. */
  answers(service: IntegrationService): boolean {
    if (!this.has(service) || this.state !== 'Running') return false
    if (service === KEY_VALUE && !this.guest.windows && !this.guest.shownUnits.isRunning(KVP_DAEMON)) return false
    return this.bootable && this.enlightened && this.guest.power === 'on'
  }

  /** Each of these answers false when the machine is in a state where it cannot be done, or is done already. */
  start(): boolean {
    if (this.powered) return this.state === 'Paused' && this.resume()
    const saved = this.state === 'Saved'
    this.enter('Running')
    this.startedAt = this.guest.sim.now
    if (!this.bootable) return true
    if (saved) this.guest.resumeFromSave()
    else this.guest.powerOn()
    this.tell(saved ? 'vm.restored' : 'vm.started')
    return true
  }

  stop(how: 'shutdown' | 'turn-off' | 'save'): boolean {
    if (this.state === 'Off' || (how === 'save' && this.state === 'Saved')) return false
    if (this.bootable) {
      if (how === 'save') this.guest.saveState()
      else this.guest.powerOff()
    }
    this.enter(how === 'save' ? 'Saved' : 'Off')
    this.tell(how === 'save' ? 'vm.saved' : how === 'shutdown' ? 'vm.shutdown' : 'vm.off')
    return true
  }

  /** The guest has switched itself off. */
  wentDown(): void {
    if (this.state === 'Running') this.enter('Off')
  }

  reset(): boolean {
    if (this.state !== 'Running') return false
    if (this.bootable) {
      this.guest.powerOff()
      this.guest.powerOn()
    }
    this.startedAt = this.guest.sim.now
    this.tell('vm.reset')
    return true
  }

  /** For the guest no time passes, and its adapters are silent; peers notice. */
  pause(): boolean {
    if (this.state !== 'Running') return false
    if (this.bootable) this.guest.saveState()
    this.enter('Paused')
    this.tell('vm.paused')
    return true
  }

  resume(): boolean {
    if (this.state !== 'Paused') return false
    if (this.bootable) this.guest.resumeFromSave()
    this.enter('Running')
    this.tell('vm.resumed')
    return true
  }

  private tell(event: EventKey): void {
    this.host.eventLog?.write(event, this.settings.name, this.id.toUpperCase())
  }

  enter(state: VmPower): void {
    const was = this.powered
    this.state = state
    for (const adapter of this.adapters) {
      adapter.setRunning(this.powered)
      if (was !== this.powered) tellPort(this.host, adapter, this.powered)
    }
    if (this.host.hyperV) this.host.sim.touch(this.host.hyperV)
  }

  // Checkpoints

  /** Undefined: there are as many as there may be. */
  checkpoint(name: string, what: Pick<VmCheckpoint, 'standard' | 'automatic' | 'memory'> = {}): VmCheckpoint | undefined {
    if (this.checkpoints.length >= MOST_CHECKPOINTS) return undefined
    const { sim, files } = this.guest
    const made: VmCheckpoint = {
      id: guidOf(sim.seed, `vm/${this.definition.name}/checkpoint/${sim.now}/${this.checkpoints.length}`),
      name,
      createdAt: sim.now,
      parent: this.after,
      files: files.save(),
      adapters: this.adapters.map((adapter) => adapter.save()),
      settings: this.settings,
      ...(what.standard ? { standard: true } : {}),
      ...(what.automatic ? { automatic: true } : {}),
      ...(what.memory ? { memory: true } : {}),
    }
    this.checkpoints.push(made)
    this.after = made.id
    return made
  }

  /** Disk and settings as they were, the machine off. Its adapters are Hyper-V's to put back. */
  apply(it: VmCheckpoint): void {
    this.stop('turn-off')
    this.guest.files.load(it.files)
    if (it.settings) this.settings = { ...it.settings, name: this.settings.name, metering: this.settings.metering }
    this.after = it.id
  }

  /** Its children become its parent's. With `children` they go, too. Answers those that went. */
  forget(it: VmCheckpoint, children: boolean): ReadonlySet<string> {
    const gone = new Set([it.id])
    if (children) for (const { id, parent } of this.checkpoints) if (parent !== null && gone.has(parent)) gone.add(id)
    const up = (parent: string | null) => (parent !== null && gone.has(parent) ? it.parent : parent)
    this.checkpoints = this.checkpoints.filter(({ id }) => !gone.has(id)).map((one) => ({ ...one, parent: up(one.parent) }))
    this.after = up(this.after)
    return gone
  }

  save(): VmState & Json {
    return {
      power: this.state,
      startedAt: this.startedAt,
      wasRunning: this.wasRunning,
      settings: this.settings,
      checkpoints: this.checkpoints,
      after: this.after,
      ...(this.startAt === NEVER ? {} : { startAt: this.startAt }),
    }
  }
}
