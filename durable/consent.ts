import type { Answer, Caller, Refusal } from './contract.ts'
import { broadcast } from './flow.ts'
import { pathTo } from './history/line-on.ts'
import type { LabKeeper, Live } from './lab-keeper.ts'
import type { Proposal, ProposalEnd, ServerMessage } from './protocol.ts'
import { refuse } from './refusal.ts'
import { DECIDES } from './roles.ts'
import { mayType, type Room } from './room.ts'
import { findLine } from './store/journal.ts'

/** Milliseconds that the others have. No timer ends a proposal: times are compared whenever something arrives. */
export const PATIENCE = 60_000

/** Takes the lab back and tells everybody; a failure inside becomes a refusal. */
export type Rewind = (live: Live, line: number, caller: Caller) => Answer<unknown>

type Asked = {
  readonly id: string
  readonly by: Caller
  readonly line: Proposal['line']
  /** Milliseconds since 1970. */
  readonly until: number
  readonly agreed: Set<string>
  /** All have agreed, and the lab is going back because of it. */
  doing: boolean
}

const done: Answer<null> = { ok: true, value: null }

/**
 * Going back while others are at the lab: one asks, all the others agree, or one refuses. It is held in memory only: when the
 * object is lost nothing has happened, and whoever answers then is told that nothing is asked.
 */
export class Consent {
  private readonly keeper: LabKeeper
  private readonly room: Room
  private readonly rewind: Rewind
  private asked: Asked | undefined
  private told = ''

  constructor(keeper: LabKeeper, room: Room, rewind: Rewind) {
    this.keeper = keeper
    this.room = room
    this.rewind = rewind
  }

  get asking(): boolean {
    return this.asked !== undefined
  }

  /** Without asking: only alone, or as somebody who decides for the others. */
  needed(caller: Caller, force: boolean): Refusal | undefined {
    if ((force && DECIDES.has(caller.role)) || this.others(caller.personId).size === 0) return undefined
    const who =
      'Others are at this lab. The lab page can ask them for their consent; whoever teaches here may rewind it for them, with `force`.'
    return refuse(409, 'needs-consent', who, { field: 'force' })
  }

  propose(live: Live, line: number, by: Caller): Answer<unknown> {
    const { asked } = this
    if (asked) {
      const who = asked.by.personId === by.personId ? 'You ask' : `${asked.by.name} asks`
      return refuse(409, 'proposal-open', `${who} already whether the lab may go back. One question at a time.`)
    }
    const path = pathTo(this.keeper.db, line)
    if (!path.ok) return path
    if (this.others(by.personId).size === 0) return this.rewind(live, line, by)
    const { kind, console, line: text } = findLine(this.keeper.db, line) ?? { kind: 'beginning', console: '', line: '' }
    const until = Date.now() + PATIENCE
    const about = { id: line, kind, console, line: text }
    this.asked = { id: crypto.randomUUID(), by, line: about, until, agreed: new Set(), doing: false }
    this.tell()
    return done
  }

  answer(live: Live, id: string, agree: boolean, { personId, name }: Caller): Answer<unknown> {
    const asked = this.find(id)
    if (!asked) return this.nothing()
    if (asked.by.personId === personId) return refuse(409, 'own-proposal', 'The others are asked, not you.')
    if (agree) asked.agreed.add(personId)
    else this.end('refused', name)
    return this.review(live)
  }

  takeBack(id: string, { personId }: Caller): Answer<unknown> {
    const asked = this.find(id)
    if (!asked) return this.nothing()
    if (asked.by.personId !== personId) return refuse(409, 'not-yours', `Only ${asked.by.name} can take this back.`)
    this.end('taken-back')
    return done
  }

  /** Looks whether it is over, and does it when nobody is missing. `live` may be another lab afterwards. */
  review(live: Live): Answer<unknown> {
    const { asked } = this
    if (!asked || asked.doing) return done
    if (Date.now() >= asked.until) this.end('expired')
    else if (!this.present().has(asked.by.personId)) this.end('left')
    else if (this.missing(asked).length > 0) this.tell()
    else return this.carryOut(live, asked)
    return done
  }

  /** The lab was taken back or reset: by this, or so that this means nothing any more. */
  turned(): void {
    this.end(this.asked?.doing ? 'done' : 'void')
  }

  shown(): Proposal | null {
    const { asked } = this
    if (!asked) return null
    const { id, by, line, until } = asked
    const left = Math.max(0, until - Date.now())
    return { id, by: { id: by.personId, name: by.name }, line, missing: this.missing(asked), left }
  }

  /** Everybody, when who is missing has changed. */
  tell(): void {
    const proposal = this.shown()
    const text = JSON.stringify([proposal?.id, proposal?.missing])
    if (!proposal || text === this.told) return
    this.told = text
    this.say({ type: 'proposal', proposal })
  }

  private carryOut(live: Live, asked: Asked): Answer<unknown> {
    asked.doing = true
    const answer = this.rewind(live, asked.line.id, asked.by)
    if (this.asked === asked) this.end(answer.ok ? 'done' : 'failed', asked.by.name, answer.ok ? undefined : answer.message)
    return done
  }

  private end(how: ProposalEnd['how'], by = this.asked?.by.name ?? '', message?: string): void {
    const { asked } = this
    if (!asked) return
    this.asked = undefined
    const ended = { id: asked.id, how, by, ...(message !== undefined && { message }) }
    this.say({ type: 'proposal', proposal: null, ended })
  }

  private find(id: string): Asked | undefined {
    return this.asked?.id === id ? this.asked : undefined
  }

  private nothing(): Refusal {
    return refuse(404, 'no-proposal', 'This is not asked any more; nothing has come of your answer.')
  }

  private missing({ by, agreed }: Asked): Proposal['missing'] {
    const others = [...this.others(by.personId)].filter(([id]) => !agreed.has(id))
    return others.map(([id, name]) => ({ id, name })).sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  private others(personId: string): Map<string, string> {
    const all = this.present()
    all.delete(personId)
    return all
  }

  /** Who works here, names by id. Those who only watch have nothing to lose, and are not asked. */
  private present(): Map<string, string> {
    const people = this.room.open().flatMap(({ its }) => (mayType(its) ? [its.person] : []))
    return new Map(people.map(({ personId, name }) => [personId, name]))
  }

  private say(message: ServerMessage): void {
    broadcast(this.room.open(), message)
  }
}
