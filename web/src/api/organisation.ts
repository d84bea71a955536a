import type { Erased } from './account.ts'
import { call } from './http.ts'

export type Organisation = {
  readonly id: string
  readonly name: string
  readonly joinByCode: boolean
  readonly retentionDays: number | null
  readonly jurisdiction: string | null
}
export type Member = {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly email: string | null
  readonly createdAt: string
}
export type Invitation = {
  readonly id: string
  readonly role: string
  readonly email: string | null
  readonly name: string | null
  readonly course: string | null
  readonly createdByName: string
  readonly expiresAt: string
}
export type Key = {
  readonly id: string
  readonly label: string
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly createdAt: string
  readonly createdByName: string
  readonly lastUsedAt: string | null
  readonly expiresAt: string | null
}
export type Usage = {
  readonly month: string
  readonly limits: Readonly<Record<string, number>>
  readonly members: number
  readonly used: Readonly<Record<'labs' | 'machines' | 'bytes' | 'liveHours' | 'requests', number>>
  readonly cost: Readonly<Record<'requests' | 'duration' | 'rows' | 'storage' | 'total', number>>
  readonly people: readonly {
    readonly id: string
    readonly name: string
    readonly requests: number
    readonly liveHours: number
  }[]
}
export type AuditEntry = {
  readonly id: number
  readonly at: string
  readonly by: { readonly id: string; readonly name: string; readonly via: string }
  readonly action: string
  readonly object: { readonly kind: string; readonly id: string; readonly name: string }
  readonly detail: string
  readonly address: string
}
export type Leaving = { readonly id: string; readonly title: string; readonly removedAt: string }

const person = (id: string) => `/v1/people/${encodeURIComponent(id)}`

export const organisationApi = {
  get: () => call<Organisation>('GET', '/v1/organisation'),
  change: (wish: Partial<Pick<Organisation, 'name' | 'joinByCode' | 'retentionDays'>>) =>
    call<void>('PATCH', '/v1/organisation', wish),
  usage: () => call<Usage>('GET', '/v1/organisation/usage'),
  leaving: () => call<{ labs: Leaving[] }>('GET', '/v1/organisation/leaving'),
  exportAddress: '/v1/organisation/export',
  people: () => call<{ people: Member[] }>('GET', '/v1/people'),
  peopleTable: '/v1/people.csv',
  changePerson: (id: string, wish: { role?: string; name?: string }) => call<void>('PATCH', person(id), wish),
  removed: () => call<{ people: { id: string; name: string }[] }>('GET', '/v1/people/removed'),
  readmit: (id: string) => call<void>('POST', `${person(id)}/readmit`),
  removePerson: (id: string) => call<void>('DELETE', person(id)),
  signInLink: (id: string) => call<{ path: string; expiresAt: string }>('POST', `${person(id)}/sign-in-link`),
  returnCode: (id: string) => call<{ code: string }>('POST', `${person(id)}/return-code`),
  personAddress: (id: string) => `${person(id)}/export`,
  erasePerson: (id: string, name: string) => call<Erased>('POST', `${person(id)}/erase`, { name }),
  invitations: () => call<{ invitations: Invitation[] }>('GET', '/v1/invitations'),
  invite: (wish: { role: string; name?: string; email?: string }) =>
    call<Invitation & { path: string | null }>('POST', '/v1/invitations', wish),
  withdraw: (id: string) => call<void>('DELETE', `/v1/invitations/${id}`),
  keys: () => call<{ keys: Key[] }>('GET', '/v1/keys'),
  addKey: (wish: { label: string; scopes: readonly string[]; expiresInDays?: number }) =>
    call<Key & { secret: string }>('POST', '/v1/keys', wish),
  removeKey: (id: string) => call<void>('DELETE', `/v1/keys/${id}`),
  audit: (query: Record<string, string>) =>
    call<{ entries: AuditEntry[]; next: number | null }>('GET', `/v1/audit?${new URLSearchParams(query)}`),
}
