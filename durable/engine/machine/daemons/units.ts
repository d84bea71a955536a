// What runs on a Linux machine beside its processes: units, whether they begin with the system, and the journal.
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { StillPart } from '../../sim/still-part.ts'
import type { Micros } from '../../sim/time.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { UnitView } from '../views.ts'
import type { Daemon, JournalEntry } from './daemon.ts'
import { type UnitDefinition, unitList, unitNamed } from './unit-list.ts'

type Running = { readonly unit: string; readonly pid: number; readonly since: Micros; readonly daemon: Daemon }
type StoredRunning = { readonly unit: string; readonly pid: number; readonly since: number; readonly args: Json }
type Ended = {
  readonly unit: string
  readonly at: number
  readonly pid: number
  readonly failed: boolean
  readonly since: number
}

export type UnitsState = {
  readonly enabled: readonly string[]
  readonly running: readonly StoredRunning[]
  readonly ended: readonly Ended[]
  readonly journal: readonly JournalEntry[]
  /** How many lines there ever were. */
  readonly written: number
  /** Of the system's own, those that somebody has stopped; absent: none. */
  readonly stopped?: readonly string[]
  /** Of those that begin with the system because their file is there; absent: none. */
  readonly disabled?: readonly string[]
}

export type UnitAction = 'start' | 'stop' | 'restart' | 'reload' | 'enable' | 'disable'

const JOURNAL = 500
/** What a daemon that says goodbye says. */
const GOODBYE = 'exiting on receipt of SIGTERM'
const LINE = 400

export class Units extends StillPart implements Part {
  readonly kind = 'units'
  readonly version = 1
  readonly name: string
  readonly journal: JournalEntry[]
  /** Told of each new line; whoever follows the journal binds itself again when it is restored. */
  readonly followers = new Set<(entry: JournalEntry) => void>()
  private written: number
  private readonly machine: Machine
  private readonly enabled: Set<string>
  private running: Running[] = []
  private ended: Ended[]
  private readonly stopped: Set<string>
  private readonly disabled: Set<string>

  constructor(machine: Machine, state?: UnitsState) {
    super()
    this.machine = machine
    this.name = `${machine.name}/units`
    this.enabled = new Set(state?.enabled ?? [])
    this.ended = [...(state?.ended ?? [])]
    this.journal = [...(state?.journal ?? [])]
    this.stopped = new Set(state?.stopped ?? [])
    this.disabled = new Set(state?.disabled ?? [])
    this.written = state?.written ?? 0
    for (const { unit, pid, since, args } of state?.running ?? []) {
      const started = this.factory(unit)?.({ machine, restoring: true, log: this.logger(unit, pid) }, args)
      if (started !== undefined && typeof started !== 'string') this.running.push({ unit, pid, since, daemon: started })
    }
  }

  private factory(unit: string): UnitDefinition['start'] {
    return unitNamed(unit)?.start
  }

  private logger(unit: string, pid: number): (text: string, ident?: string) => void {
    return (text, ident) => this.log({ unit, pid, text, ident: ident ?? unitNamed(unit)?.ident ?? unit })
  }

  log(line: Omit<JournalEntry, 'at'>): void {
    const entry = { ...line, text: line.text.slice(0, LINE), at: this.machine.sim.now }
    this.journal.push(entry)
    if (this.journal.length > JOURNAL) this.journal.shift()
    this.written++
    for (const follower of this.followers) follower(entry)
  }

  private systemd(unit: string, text: string): void {
    this.log({ unit, ident: 'systemd', pid: 1, text })
  }

  act(name: string, action: UnitAction, args?: Json): Outcome {
    const unit = unitNamed(name)
    if (unit === undefined || !this.has(unit)) return failed('not-found')
    if (unit.guestOnly && (action === 'start' || action === 'stop' || action === 'restart'))
      return this.switchGuestUnit(unit, action)
    switch (action) {
      case 'enable':
      case 'disable':
        if (unit.start === undefined) return failed('not-simulated', 'services of the system always begin with it')
        this.setEnabled(unit, action === 'enable')
        return OK
      case 'start':
        return this.isRunning(unit.name) ? OK : this.start(unit, args)
      case 'stop':
        if (unit.start === undefined) return failed('not-simulated', 'services of the system do not stop here')
        this.stop(unit, GOODBYE)
        return OK
      case 'restart':
        if (unit.start === undefined) return this.renew(unit)
        this.stop(unit, GOODBYE)
        return this.start(unit, args)
      case 'reload':
        return unit.start === undefined ? this.renew(unit) : failed('wrong-state')
      default:
        return action satisfies never
    }
  }

  private has(unit: UnitDefinition): boolean {
    const { definition, files } = this.machine
    if (unit.file !== undefined && files.read(unit.file) === undefined && !this.isRunning(unit.name)) return false
    return !unit.guestOnly || definition.role === 'guest'
  }

  private setEnabled({ name, file }: UnitDefinition, on: boolean): void {
    const [set, put] = file === undefined ? [this.enabled, on] : [this.disabled, !on]
    if (put) set.add(name)
    else set.delete(name)
  }

  private isEnabled({ name, file, start }: UnitDefinition): boolean {
    return start === undefined || (file === undefined ? this.enabled.has(name) : !this.disabled.has(name))
  }

  /** What the work of a service says. */
  work(unit: string, pid: number, text: string): void {
    this.log({ unit, pid, text, ident: unitNamed(unit)?.ident ?? unit })
  }

  /** The work of a service that is done when it is has ended. */
  workEnded(name: string, pid: number, status: number): void {
    const unit = unitNamed(name)
    const found = this.running.find((one) => one.unit === name)
    if (unit === undefined || status === 0) return
    this.systemd(name, `${name}.service: Main process exited, code=exited, status=${status}/FAILURE`)
    this.systemd(name, `${name}.service: Failed with result 'exit-code'.`)
    this.systemd(name, `Failed to start ${name}.service - ${unit.description}.`)
    this.running = this.running.filter((one) => one !== found)
    this.ended.push({ unit: name, at: this.machine.sim.now, pid, failed: true, since: found?.since ?? this.machine.sim.now })
  }

  private switchGuestUnit(unit: UnitDefinition, action: 'start' | 'stop' | 'restart'): Outcome {
    if (action !== 'start' && !this.stopped.has(unit.name)) {
      this.stopped.add(unit.name)
      this.systemd(unit.name, `Stopped ${unit.name}.service - ${unit.description}.`)
    }
    if (action !== 'stop' && this.stopped.delete(unit.name))
      this.systemd(unit.name, `Started ${unit.name}.service - ${unit.description}.`)
    return OK
  }

  /** What the system's own services do when they begin anew. */
  private renew(unit: UnitDefinition): Outcome {
    if (unit.name === 'systemd-resolved') this.machine.dns.flush()
    else for (const client of this.machine.dhcpClients.values()) client.renew()
    this.systemd(unit.name, `Restarted ${unit.name}.service - ${unit.description}.`)
    return OK
  }

  /** One of the system's own runs unless it was stopped. */
  isRunning(name: string): boolean {
    if (unitNamed(name)?.guestOnly) return !this.stopped.has(name)
    return this.running.some(({ unit }) => unit === name)
  }

  private start(unit: UnitDefinition, args?: Json): Outcome {
    if (unit.start === undefined) return OK
    const pid = this.machine.takePid()
    this.systemd(unit.name, `Starting ${unit.name}.service - ${unit.description}...`)
    this.ended = this.ended.filter((one) => one.unit !== unit.name)
    const daemon = unit.start({ machine: this.machine, restoring: false, log: this.logger(unit.name, pid) }, args)
    // Its work may have ended at once.
    if (this.ended.some((one) => one.unit === unit.name)) return failed('invalid', 'exit-code')
    const { now } = this.machine.sim
    if (typeof daemon === 'string') {
      this.log({ unit: unit.name, ident: unit.ident, pid, text: daemon })
      this.log({ unit: unit.name, ident: unit.ident, pid, text: 'FAILED to start up' })
      this.systemd(unit.name, `${unit.name}.service: Control process exited, code=exited, status=2/INVALIDARGUMENT`)
      this.systemd(unit.name, `${unit.name}.service: Failed with result 'exit-code'.`)
      this.systemd(unit.name, `Failed to start ${unit.name}.service - ${unit.description}.`)
      this.ended.push({ unit: unit.name, at: now, pid, failed: true, since: now })
      return failed('invalid', daemon)
    }
    this.running.push({ unit: unit.name, pid, since: now, daemon })
    this.systemd(unit.name, `Started ${unit.name}.service - ${unit.description}.`)
    return OK
  }

  private stop(unit: UnitDefinition, how: string): void {
    const found = this.running.find((one) => one.unit === unit.name)
    this.ended = this.ended.filter((one) => one.unit !== unit.name)
    if (found === undefined) return
    if (how !== '') this.systemd(unit.name, `Stopping ${unit.name}.service - ${unit.description}...`)
    found.daemon.close(how)
    this.running = this.running.filter((one) => one !== found)
    this.ended.push({ unit: unit.name, at: this.machine.sim.now, pid: found.pid, failed: false, since: found.since })
    if (how === '') return
    this.systemd(unit.name, `${unit.name}.service: Deactivated successfully.`)
    this.systemd(unit.name, `Stopped ${unit.name}.service - ${unit.description}.`)
  }

  list(): UnitView[] {
    return unitList
      .filter((unit) => this.has(unit))
      .map((unit) => {
        const running = this.running.find((one) => one.unit === unit.name)
        const ended = this.ended.find((one) => one.unit === unit.name)
        const builtIn = unit.start === undefined && !this.stopped.has(unit.name)
        return {
          name: unit.name,
          description: unit.description,
          docs: [...unit.docs],
          exec: unit.exec,
          ident: unit.ident,
          state: builtIn || running ? 'active' : ended?.failed ? 'failed' : 'inactive',
          enabled: this.isEnabled(unit),
          ...(unit.oneShot ? { oneShot: true as const } : {}),
          pid: running?.pid ?? (builtIn ? 400 + unitList.indexOf(unit) * 37 : (ended?.pid ?? 0)),
          since: builtIn ? this.machine.bootedAt : (running?.since ?? ended?.at ?? null),
          startedAt: builtIn ? this.machine.bootedAt : (running?.since ?? ended?.since ?? null),
        }
      })
  }

  /** What began with the system: only what is enabled. */
  powerOn(): void {
    for (const unit of unitList) if (unit.start && this.has(unit) && this.isEnabled(unit)) this.start(unit)
  }

  powerOff(): void {
    for (const unit of unitList) this.stop(unit, '')
    this.ended = []
    this.stopped.clear()
  }

  save(): UnitsState & Json {
    return {
      enabled: [...this.enabled],
      running: this.running.map(({ unit, pid, since, daemon }) => ({ unit, pid, since, args: daemon.args })),
      ended: this.ended,
      journal: this.journal,
      written: this.written,
      ...(this.stopped.size === 0 ? {} : { stopped: [...this.stopped] }),
      ...(this.disabled.size === 0 ? {} : { disabled: [...this.disabled] }),
    } as UnitsState & Json
  }
}
