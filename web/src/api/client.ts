import type { CheckReport, PacketDetail } from '../../../durable/protocol.ts'
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
  readonly machines: readonly {
    readonly name: string
    readonly hostname: string
    readonly os: string
    readonly consoles: readonly string[]
  }[]
}

const lab = (id: string) => `/v1/labs/${encodeURIComponent(id)}`

export const api = {
  session: () => call<Session>('GET', '/auth/session'),
  signOut: () => call<void>('POST', '/auth/sign-out'),
  catalogue: () => call<{ catalogue: CatalogueEntry[] }>('GET', '/v1/catalogue'),
  labs: () => call<{ labs: LabEntry[] }>('GET', '/v1/labs'),
  create: (slug: string) => call<LabEntry>('POST', '/v1/labs', { catalogue: slug }),
  remove: (id: string) => call<void>('DELETE', lab(id)),
  summary: (id: string) => call<LabSummary>('GET', lab(id)),
  check: (id: string) => call<CheckReport>('POST', `${lab(id)}/check`),
  reset: (id: string) => call<unknown>('POST', `${lab(id)}/reset`),
  packet: (id: string, sequence: number) => call<PacketDetail>('GET', `${lab(id)}/packets/${sequence}`),
  captureAddress: (id: string) => `${lab(id)}/capture.pcapng`,
  socketAddress: (id: string) => `${window.location.origin.replace(/^http/, 'ws')}${lab(id)}/socket`,
}
