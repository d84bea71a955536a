// The service control manager of a Windows machine: what runs, how it begins with the system, and what depends on what.
import { hashText } from '../../sim/random.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import { effectOf, serviceEffects } from './service-effects.ts'
import { type ServiceDefinition, serviceList, serviceNamed } from './service-list.ts'
import type { ServiceView, StartType } from './windows-views.ts'

/** What differs from the list: kept for those alone that somebody touched. */
export type ServiceChange = {
  readonly startType?: StartType
  readonly displayName?: string
  readonly description?: string
  /** Since the last start of the computer; absent: as it began. */
  readonly running?: boolean
  readonly pid?: number
}
export type StoredServices = readonly (readonly [name: string, change: ServiceChange])[]

/** Services that share one process, as they do on a computer with much memory. */
const TOGETHER = new Set(['DcomLaunch', 'LocalServiceNoNetworkFirewall', 'RPCSS', 'rpcss'])

export class Services {
  private readonly machine: Machine
  private readonly changes: Map<string, ServiceChange>
  private readonly changed: () => void

  constructor(machine: Machine, stored: StoredServices, changed: () => void) {
    this.machine = machine
    this.changes = new Map(stored)
    this.changed = changed
  }

  /** Those that this machine has. */
  get all(): readonly ServiceDefinition[] {
    const hasHyperV = this.machine.definition.hyperV !== null
    return serviceList.filter(({ only }) => only !== 'hyper-v' || hasHyperV)
  }

  find(name: string): ServiceDefinition | undefined {
    const found = serviceNamed(name)
    return found?.only === 'hyper-v' && this.machine.definition.hyperV === null ? undefined : found
  }

  startType(one: ServiceDefinition): StartType {
    return this.changes.get(one.name)?.startType ?? one.startType
  }

  /** Whether it is up; of what this machine does not have: no. */
  runs(name: string): boolean {
    const one = this.find(name)
    if (one === undefined || this.machine.power === 'off') return false
    return this.changes.get(one.name)?.running ?? this.begins(one)
  }

  /** Whether it comes up with the computer. */
  begins(one: ServiceDefinition): boolean {
    const type = this.startType(one)
    if (type === 'Disabled' || one.startType === 'Disabled') return false
    if (one.only === 'guest') return this.machine.definition.role === 'guest'
    if (!one.runs && type === 'Manual') return false
    return one.dependsOn.every((name) => {
      const other = serviceNamed(name)
      return other === undefined || other === one || this.startType(other) !== 'Disabled'
    })
  }

  /** The process that it runs in: the same for the same start of the computer. */
  pid(name: string): number {
    const one = this.find(name)
    if (one === undefined || one.driver || !this.runs(name)) return 0
    return this.changes.get(one.name)?.pid ?? firstPid(one)
  }

  dependents(one: ServiceDefinition): ServiceDefinition[] {
    const name = one.name.toLowerCase()
    return this.all.filter(({ dependsOn }) => dependsOn.some((other) => other.toLowerCase() === name))
  }

  list(): ServiceView[] {
    return this.all.map((one) => {
      const change = this.changes.get(one.name)
      const running = this.runs(one.name)
      return {
        name: one.name,
        displayName: change?.displayName ?? one.displayName,
        description: change?.description ?? one.description,
        running,
        startType: this.startType(one),
        driver: one.driver,
        shared: one.group !== '',
        canStop: running && !one.refusesStop,
        dependsOn: one.dependsOn.filter((name) => this.find(name) !== undefined),
        dependents: this.dependents(one).map(({ name }) => name),
        path: one.image,
        pid: this.pid(one.name),
      }
    })
  }

  private change(one: ServiceDefinition, change: ServiceChange): void {
    this.changes.set(one.name, { ...this.changes.get(one.name), ...change })
    this.changed()
  }

  /**
   * Starts it and what it depends on. `not-found`; `wrong-state`: it runs already; `no-service`: it is disabled (detail
   * `disabled`), or what it depends on is (detail: its name).
   */
  start(name: string): Outcome {
    const one = this.find(name)
    if (one === undefined) return failed('not-found')
    if (this.runs(one.name)) return failed('wrong-state')
    if (this.startType(one) === 'Disabled') return failed('no-service', 'disabled')
    for (const needed of one.dependsOn) {
      const other = this.find(needed)
      if (other === undefined || this.runs(other.name)) continue
      if (!this.start(other.name).ok) return failed('no-service', other.name)
    }
    this.change(one, { running: true, ...(one.driver ? {} : { pid: this.machine.takePid() }) })
    this.machine.eventLog?.service(one, true)
    effectOf(one.name)?.started?.(this.machine)
    return OK
  }

  /**
   * `not-found`; `wrong-state`: it does not run; `invalid`: it takes no such word; `in-use`: others that run need it (detail: their
   * names, by commas) and `force` was not given.
   */
  stop(name: string, force = false): Outcome {
    const one = this.find(name)
    if (one === undefined) return failed('not-found')
    if (!this.runs(one.name)) return failed('wrong-state')
    if (one.refusesStop) return failed('invalid')
    const users = this.dependents(one).filter((other) => this.runs(other.name))
    if (users.length > 0 && !force) return failed('in-use', users.map((other) => other.name).join(','))
    for (const other of users) {
      const done = this.stop(other.name, true)
      if (!done.ok && done.error !== 'wrong-state') return failed('in-use', other.name)
    }
    this.ended(one)
    return OK
  }

  /** It is gone from one moment to the next, whoever needs it. */
  ended(one: ServiceDefinition): void {
    this.change(one, { running: false })
    this.machine.eventLog?.service(one, false)
    effectOf(one.name)?.stopped?.(this.machine)
  }

  configure(name: string, change: Pick<ServiceChange, 'startType' | 'displayName' | 'description'>): Outcome {
    const one = this.find(name)
    if (one === undefined) return failed('not-found')
    this.change(one, change)
    return OK
  }

  /** The computer comes up: what somebody started or stopped by hand is as the kind of start says again. */
  powerOn(): void {
    if (this.changes.size === 0) return
    for (const [name, { running: _running, pid: _pid, ...kept }] of this.changes) {
      if (Object.keys(kept).length === 0) this.changes.delete(name)
      else this.changes.set(name, kept)
    }
    this.changed()
  }

  /** After everything of the machine began: what is switched off is taken away again. */
  poweredOn(): void {
    for (const { name, stopped } of serviceEffects) if (this.find(name) && !this.runs(name)) stopped?.(this.machine)
  }

  save(): StoredServices {
    return [...this.changes]
  }
}

export const firstPid = (one: ServiceDefinition): number => {
  if (one.pid !== 0) return one.pid
  return 900 + (hashText(TOGETHER.has(one.group) ? one.group : one.group === '' ? one.image : one.name) % 1900) * 4
}
