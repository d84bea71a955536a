// What a Windows machine has beside its network: services now, and what is built on them. A part of its own as soon as anything
// differs from a fresh installation.
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { StillPart } from '../../sim/still-part.ts'
import { civilTime } from '../calendar.ts'
import type { Machine } from '../machine.ts'
import { NetworkEvents } from './event-watch.ts'
import { Registry, type StoredRegistry } from './registry.ts'
import { SWITCH_LIST } from './registry-base.ts'
import { registryAtStart } from './registry-effects.ts'
import { Services, type StoredServices } from './services.ts'

const DEFAULT_SWITCH = 'C08CB7B8-9B3C-408E-8E30-5E16A3AEB444'

/** A moment in UTC as the kernel writes it into its events. */
function isoTime(micros: number): string {
  const { year, month, day, hour, minute, second, micro } = civilTime(micros)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${String(micro).padStart(6, '0')}000Z`
}

export type WindowsSystemState = { readonly services: StoredServices; readonly registry: StoredRegistry }

export class WindowsSystem extends StillPart implements Part {
  readonly kind = 'windows'
  readonly version = 1
  readonly name: string
  readonly services: Services
  readonly network: NetworkEvents
  readonly registry: Registry
  private readonly machine: Machine
  private added = false

  constructor(machine: Machine) {
    super()
    this.machine = machine
    this.name = `${machine.name}/windows`
    this.network = new NetworkEvents(machine)
    const stored = machine.world.stored<WindowsSystemState>(this.name)
    if (stored) this.keep()
    this.services = new Services(machine, stored?.services ?? [], () => this.keep())
    this.registry = new Registry(machine, stored?.registry ?? [], () => this.keep())
  }

  private keep(): void {
    if (this.added) return
    this.added = true
    this.machine.world.add(this)
  }

  /** Its entry among the switches of the registry is still there (fact sheet 1.2.19). */
  get keepsDefaultSwitch(): boolean {
    return !this.registry.removed(`${SWITCH_LIST}\\${DEFAULT_SWITCH}`)
  }

  /** The computer comes up. */
  powerOn(): void {
    this.services.powerOn()
    registryAtStart(this.machine)
    const { eventLog, clock, definition } = this.machine
    eventLog?.write('boot.kernel', isoTime(clock.epochMicros + clock.now))
    eventLog?.write('boot.version', definition.build)
    eventLog?.write('boot.log')
    if (this.services.runs('Dhcp')) eventLog?.write('dhcp.started')
    if (this.services.runs('vmms')) eventLog?.write('vmms.started')
  }

  save(): WindowsSystemState & Json {
    return { services: this.services.save(), registry: this.registry.save() } as WindowsSystemState & Json
  }
}
