import type { ClockState, ConsoleState, Person, Topology } from '../../../durable/protocol.ts'
import { type ChatLog, emptyChat } from './chat/chat-log.ts'
import type { AskedBack } from './consent/asked-back.ts'

export type Connection = 'connecting' | 'live' | 'lost' | 'refused'

export type ConsoleView = {
  readonly name: string
  readonly prompt: string
  readonly busy: boolean
  /** Id of whoever owns the unfinished line, and that line. */
  readonly typist: string | null
  readonly draft: string
  /** Who types here; null: whoever types next. */
  readonly owner: ConsoleState['owner']
  readonly asking: readonly Asking[]
  readonly history: readonly string[]
  /** What the last command that this page saw caused. */
  readonly caused: Caused | null
}

/** Somebody who asks for a terminal; `until` by the clock of this page, in milliseconds. */
export type Asking = { readonly id: string; readonly name: string; readonly until: number }

export const newConsole = (name: string): ConsoleView => ({
  ...{ name, prompt: '', busy: false, typist: null, draft: '', owner: null, asking: [], history: [] },
  caused: null,
})

export type Caused = {
  readonly line: string
  readonly packets: readonly number[]
  /** For later questions about the command. */
  readonly job: string
  /** It ended without an answer, or with a bad one. */
  readonly unanswered: boolean
}

/** The lab's clock as it was told last, and when that was by the clock of this page, in milliseconds. */
export type ToldClock = { readonly state: ClockState; readonly heard: number }

export type LabState = {
  readonly connection: Connection
  /** Seconds until the next attempt, while the connection is lost. */
  readonly retryIn: number
  /** Counts reconnections, so that the page can say that it is back. */
  readonly returns: number
  readonly you: string
  readonly title: string
  readonly people: readonly Person[]
  readonly consoles: ReadonlyMap<string, ConsoleView>
  readonly topology: Topology | null
  readonly active: string | null
  /** Null until the lab has told its time. */
  readonly clock: ToldClock | null
  /** What somebody asks the others: whether the lab may go back. */
  readonly asked: AskedBack | null
  readonly chat: ChatLog
  /** When the invitation that this person came by ends, in milliseconds since 1970 by the clock of this page. */
  readonly until: number | null
  /** Counts what happened in the lab, so that lists of it know when to ask again. */
  readonly turns: number
}

export const emptyState: LabState = {
  connection: 'connecting',
  retryIn: 0,
  returns: 0,
  you: '',
  title: '',
  people: [],
  consoles: new Map(),
  topology: null,
  active: null,
  clock: null,
  asked: null,
  chat: emptyChat,
  until: null,
  turns: 0,
}

/** `vm1:2` is the second console of vm1. */
export const machineOf = (console: string) => console.split(':')[0]

export const nameOf = (people: readonly Person[], id: string | null) => people.find((one) => one.id === id)?.name ?? id ?? ''

/** What the page's person is here. */
export const selfOf = ({ people, you }: Pick<LabState, 'people' | 'you'>): Person | undefined =>
  people.find((one) => one.id === you)

/** Whoever is here only looks on: nothing that changes the lab is offered. */
export const looksOn = (state: Pick<LabState, 'people' | 'you'>): boolean => selfOf(state)?.role === 'observer'

export const TEACHES: ReadonlySet<string> = new Set(['owner', 'teacher', 'assistant'])
