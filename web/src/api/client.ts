import type { CheckedReport, Hint, Tasks } from '../../../durable/grading/report.ts'
import type {
  AdvanceAnswer,
  AdvanceRequest,
  Causes,
  ChatPage,
  ClockChange,
  ClockState,
  Explanation,
  History,
  PacketDetail,
  PacketPage,
  PortState,
  QueryAnswer,
  ReplayReport,
  Table,
} from '../../../durable/protocol.ts'
import { call } from './http.ts'

export type Session = {
  readonly person: { readonly id: string; readonly name: string }
  readonly organisation: { readonly id: string; readonly name: string }
  readonly role: string
}

export type CatalogueEntry = { readonly slug: string; readonly title: string; readonly summary: string }
export type LabEntry = {
  readonly id: string
  readonly title: string
  readonly createdAt: string | number
  readonly createdBy: { readonly id: string; readonly name: string }
}
export type LabSummary = {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly brief: string
  /** What lab time zero is as a date, and the zone that the lab's consoles show; without them, days are counted. */
  readonly epochMicros?: number
  readonly zoneMinutes?: number
  /** `view`: it shows another lab as it was. */
  readonly kind?: string
  readonly machines: readonly {
    readonly name: string
    readonly hostname: string
    readonly os: string
    readonly consoles: readonly string[]
  }[]
}

const lab = (id: string) => `/v1/labs/${encodeURIComponent(id)}`

const search = (query: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()

export const api = {
  session: () => call<Session>('GET', '/auth/session'),
  signOut: () => call<void>('POST', '/auth/sign-out'),
  catalogue: () => call<{ catalogue: CatalogueEntry[] }>('GET', '/v1/catalogue'),
  labs: () => call<{ labs: LabEntry[] }>('GET', '/v1/labs'),
  create: (slug: string) => call<LabEntry>('POST', '/v1/labs', { catalogue: slug }),
  remove: (id: string) => call<void>('DELETE', lab(id)),
  summary: (id: string) => call<LabSummary>('GET', lab(id)),
  check: (id: string) => call<CheckedReport>('POST', `${lab(id)}/check`),
  tasks: (id: string) => call<Tasks & { readonly mayCheck: boolean }>('GET', `${lab(id)}/tasks`),
  answer: (id: string, check: string, value: string) =>
    call<unknown>('POST', `${lab(id)}/answers`, { check, value, clientId: crypto.randomUUID() }),
  hint: (id: string, check: string, number: number) => call<Hint>('POST', `${lab(id)}/hints`, { check, number }),
  reset: (id: string) => call<unknown>('POST', `${lab(id)}/reset`),
  packet: (id: string, sequence: number) => call<PacketDetail>('GET', `${lab(id)}/packets/${sequence}`),
  /** Of the packets after a sequence number: those that match a filter, or that a command caused. */
  packets: (id: string, query: { after: number; limit: number; filter?: string; command?: number }) =>
    call<PacketPage>('GET', `${lab(id)}/packets?${search(query)}`),
  clock: (id: string) => call<ClockState>('GET', `${lab(id)}/clock`),
  setClock: (id: string, change: ClockChange) => call<ClockState>('PATCH', `${lab(id)}/clock`, change),
  advance: (id: string, request: AdvanceRequest) => call<AdvanceAnswer>('POST', `${lab(id)}/advance`, request),
  history: (id: string, after: number, limit: number) => call<History>('GET', `${lab(id)}/history?${search({ after, limit })}`),
  snapshot: (id: string, name: string) => call<unknown>('POST', `${lab(id)}/snapshots`, { name }),
  rewind: (id: string, line: number, force: boolean) =>
    call<unknown>('POST', `${lab(id)}/rewind`, force ? { line, force } : { line }),
  undo: (id: string, line: number) => call<unknown>('POST', `${lab(id)}/undo`, { line }),
  fork: (id: string, line: number, title: string) => call<LabEntry>('POST', `${lab(id)}/fork`, { line, title }),
  forkNow: (id: string, title: string) => call<LabEntry>('POST', `${lab(id)}/fork`, { title: title.slice(0, 120) || 'Copy' }),
  replay: (id: string) => call<ReplayReport>('POST', `${lab(id)}/replay`),
  why: (id: string, packet: number, path: boolean) =>
    call<Explanation>('GET', `${lab(id)}/packets/${packet}/why${path ? '?path=1' : ''}`),
  whyNothing: (id: string, job: string) => call<Causes>('GET', `${lab(id)}/jobs/${encodeURIComponent(job)}/why`),
  query: (id: string, query: string) => call<QueryAnswer>('POST', `${lab(id)}/query`, { query }),
  table: (id: string, machine: string, table: string) =>
    call<Table>('GET', `${lab(id)}/machines/${encodeURIComponent(machine)}/tables/${encodeURIComponent(table)}`),
  ports: (id: string) => call<{ ports: PortState[] }>('GET', `${lab(id)}/ports`),
  portToken: (id: string, port: string, wish: { label: string; mac?: string }) =>
    call<{ token: string; expiresAt: string }>('POST', `${lab(id)}/ports/${encodeURIComponent(port)}/tokens`, wish),
  unplug: (id: string, port: string) => call<void>('POST', `${lab(id)}/ports/${encodeURIComponent(port)}/unplug`),
  chat: (id: string, before: number, limit: number) => call<ChatPage>('GET', `${lab(id)}/chat?${search({ before, limit })}`),
  captureAddress: (id: string) => `${lab(id)}/capture.pcapng`,
  socketAddress: (id: string) => `${window.location.origin.replace(/^http/, 'ws')}${lab(id)}/socket`,
}
