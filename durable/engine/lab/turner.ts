// How a lab's time goes on: until a line has ended and everything has settled, up to a moment, by one event or one packet.
import type { ConsoleSession } from '../machine/console-session.ts'
import { type Micros, NEVER, SECOND } from '../sim/time.ts'
import type { Built } from './build.ts'
import type { SightingDigest } from './digest.ts'
import type { EventKind, Mode } from './lab-api.ts'

/** Settling waits no longer than this in lab time. */
export const SETTLE_LIMIT = 120 * SECOND
/** No command runs more events than this: about two seconds of processor time in the first lab. */
export const EVENT_BUDGET = 2_000_000
/** Nor does it set off more packets. */
export const PACKET_BUDGET = 100_000
const EVENTS = `${EVENT_BUDGET} events`
/** What `step('packet')` runs at most before it says that no packet came. */
const STEP_BUDGET = 100_000

export type Progress = { readonly now: Micros; readonly done: boolean; readonly events: number }

export class Turner {
  /** `instant`: commands run to their end. `live`: time goes on only when it is told to. */
  mode: Mode
  /** Takes what was seen, before it is overwritten: runs between two events, as often as need be, and within one that sees very much. */
  reader: () => void = () => {}
  private readonly built: Built
  private readonly digest: SightingDigest

  constructor(built: Built, digest: SightingDigest, mode: Mode) {
    this.built = built
    this.digest = digest
    this.mode = mode
    built.recorder.overrun = () => this.readAll()
  }

  /** Runs the next event. */
  step(limit: Micros = NEVER): boolean {
    const ran = this.built.sim.step(limit)
    if (this.built.recorder.isFilling) this.readAll()
    return ran
  }

  private readAll(): void {
    this.digest.absorb()
    this.reader()
    this.built.recorder.allRead()
  }

  /**
   * Runs a line that was entered as far as it goes by itself: to its end, or to where it waits for what only other people's
   * commands can bring. Answers the budget that it ran over.
   */
  runLine(session: ConsoleSession, command: number): string | undefined {
    const { sim } = this.built
    if (this.mode === 'live') return this.runDue() ? undefined : EVENTS
    const last = sim.events + EVENT_BUDGET
    const lastPacket = sim.lastPacket + PACKET_BUDGET
    while (session.busy && session.command === command) {
      if (session.parked) {
        sim.parked.add(command)
        if (sim.transientAt() === NEVER && session.pollAt() > sim.now) return undefined
      }
      if (sim.events >= last) return EVENTS
      if (sim.lastPacket >= lastPacket) return `${PACKET_BUDGET} packets`
      if (!this.step()) return undefined
    }
    return undefined
  }

  /** Everything that is due at this very moment. */
  private runDue(): boolean {
    const { sim } = this.built
    const last = sim.events + EVENT_BUDGET
    while (sim.nextAt() <= sim.now) {
      if (sim.events >= last) return false
      this.step()
    }
    return true
  }

  /**
   * Runs until no transient work is due; answers who still has some after the limit, and which frames go round in circles
   * between switches, a sentence each. In live time nothing is waited for.
   */
  settle(): string[] {
    const left = this.runTransient()
    return [...left, ...this.takeStorms()]
  }

  /** Frames found going round in circles between switches since the last call, a sentence each. */
  takeStorms(): string[] {
    return [...this.built.switches.values()].flatMap((hub) => hub.takeStorm())
  }

  private runTransient(): string[] {
    const { sim } = this.built
    if (this.mode === 'live') {
      this.runDue()
      return []
    }
    const until = sim.now + SETTLE_LIMIT
    const last = sim.events + EVENT_BUDGET
    for (let at = sim.transientAt(); at !== NEVER; at = sim.transientAt()) {
      if (at > until || sim.events >= last) return sim.unsettled()
      while (sim.nextAt() < at && sim.events < last) this.step()
      this.step()
    }
    return []
  }

  /** Runs what is due up to a moment, at most so many events, and lets the time be that moment when it got there. */
  runTo(until: Micros, events: number): Progress {
    const { sim } = this.built
    const first = sim.events
    while (sim.events - first < events) {
      if (!this.step(until)) {
        if (until > sim.now) sim.now = until
        return { now: sim.now, done: true, events: sim.events - first }
      }
    }
    return { now: sim.now, done: sim.nextAt() > until, events: sim.events - first }
  }

  /** One event, or events until a packet was sent. False: nothing is due any more, or no packet came. */
  stepOne(kind: 'event' | 'packet'): boolean {
    const { sim, recorder } = this.built
    if (kind === 'event') return this.step()
    const seen = recorder.next
    for (let left = STEP_BUDGET; left > 0 && recorder.next === seen; left--) if (!this.step()) return false
    return recorder.next > seen || sim.nextAt() !== NEVER
  }

  /** When the next event of a kind falls due, or NEVER. */
  nextOf(kind: EventKind): Micros {
    const { sim, machines } = this.built
    if (kind === 'event') return sim.nextAt()
    let at = NEVER
    const consider = (due: Micros | null): void => {
      if (due !== null && due > sim.now && due < at) at = due
    }
    for (const machine of machines.values()) {
      if (machine.power !== 'on') continue
      for (const client of machine.dhcpClients.values()) {
        const lease = client.view()
        if (kind === 'lease-renewal' && lease.state === 'bound') consider(lease.renewAt)
        if (kind === 'lease-expiry') consider(lease.expiresAt)
      }
      if (kind === 'arp-expiry') {
        for (const via of machine.stack.interfaces.values())
          for (const n of via.neighbors.all) if (n.state === 'reachable') consider(n.reachableUntil + 1)
      }
      if (kind === 'nat-expiry') for (const mapping of machine.nat?.table.live(sim.now) ?? []) consider(mapping.endsAt + 1)
      if (kind === 'dns-expiry') for (const entry of machine.dns.cacheView()) consider(entry.expiresAt)
    }
    return at
  }
}
