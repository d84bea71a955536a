import { labFull } from './budgets.ts'
import { Clock } from './clock.ts'
import { Commands } from './commands.ts'
import type { Answer, Caller } from './contract.ts'
import { Explain } from './explain.ts'
import { Grading } from './grading/grading.ts'
import { Tasks } from './grading/tasks.ts'
import { History } from './history/history.ts'
import { LabDoor } from './lab-door.ts'
import { LabKeeper, type Live } from './lab-keeper.ts'
import { Pacer } from './pacer.ts'
import { Packets } from './packets.ts'
import { Ports } from './ports/ports.ts'
import { Sessions } from './sessions.ts'
import { migrate } from './store/migrate.ts'

/** All that a lab's object is made of, and who tells whom what. */
export class LabRooms {
  readonly keeper: LabKeeper
  readonly packets: Packets
  readonly commands: Commands
  readonly clock: Clock
  readonly sessions: Sessions
  readonly pacer: Pacer
  readonly ports: Ports
  readonly explain: Explain
  readonly history: History
  readonly door: LabDoor
  readonly grading: Grading
  readonly tasks: Tasks
  private readonly storage: DurableObjectStorage

  constructor(ctx: DurableObjectState) {
    this.storage = ctx.storage
    this.keeper = new LabKeeper(ctx.storage)
    this.packets = new Packets(this.keeper.frames)
    this.explain = new Explain(this.keeper)
    this.history = new History(this.keeper)
    this.grading = new Grading(this.keeper)
    this.door = new LabDoor(ctx.id.toString(), this.keeper, this.history, {
      opened: (live) => this.ports.agree(live),
      // Whatever it was, it may be that somebody watches now, or nobody any more.
      used: (live) => {
        this.ports.agree(live)
        this.pacer.review(live)
      },
      failed: () => {
        this.keeper.forget()
        this.packets.forget()
        this.sessions.forget()
        this.pacer.failed()
      },
    })
    this.commands = new Commands(this.keeper, {
      terminals: () => this.sessions.terminals,
      reach: (live) => this.pacer.reach(live),
      publish: (live, turn) => {
        this.pacer.committed()
        this.door.tell(() => {
          this.sessions.publish(live, turn)
          this.sessions.tellClock(live)
        })
      },
    })
    this.tasks = new Tasks(this.keeper, this.commands)
    this.clock = new Clock(this.keeper, this.commands, (live) => {
      this.pacer.review(live)
      this.door.tell(() => this.sessions.tellClock(live))
    })
    const uses = { commands: this.commands, clock: this.clock, packets: this.packets }
    const within = <T>(use: (live: Live) => Answer<T>) => this.door.withLab('socket', use)
    this.sessions = new Sessions(ctx, this.keeper, uses, within, (live, line, caller) =>
      this.door.guard('rewind', () => this.rewind(live, line, caller)),
    )
    this.ports = new Ports(this.keeper, {
      commands: this.commands,
      clock: this.clock,
      onLab: (use) => this.door.onLab('frame', use),
      flow: (live, feed) => this.pacer.flow(live, feed),
      changed: (live) => this.pacer.review(live),
    })
    this.pacer = new Pacer(ctx.storage, this.keeper, this.sessions, this.realMachines(), (use) => this.door.withLab('time', use))
  }

  migrate(): void {
    try {
      migrate(this.storage)
    } catch (error) {
      this.door.broken = error
    }
  }

  rewind(live: Live | undefined, line: number, caller: Caller) {
    if (live) this.commands.reach(live)
    return this.turned(this.history.rewind(live, line, caller))
  }

  /** Everybody forgets what they have seen of the lab, since it is another one now. */
  turned(answer: Answer<Live>) {
    if (!answer.ok) return answer
    this.packets.forget()
    this.door.tell(() => this.sessions.reset(answer.value))
    return { ok: true as const, value: this.history.newest() }
  }

  /** Machines from outside go. */
  cut(which: Parameters<Ports['cut']>[1], why: string): void {
    this.door.withLab('cut', (live) => {
      this.ports.cut(live, which, why)
      return { ok: true, value: null }
    })
  }

  private realMachines() {
    const { keeper, ports } = this
    return {
      get anybody() {
        return ports.anybody
      },
      beat: (live: Live) => ports.beat(live),
      committed: (live: Live) => {
        if (!ports.anybody) return
        if (labFull(keeper.db)) ports.full(live)
        ports.review(live)
      },
    }
  }
}
