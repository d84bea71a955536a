import { call } from './http.ts'

export type Solution = { readonly name: string; readonly text: string }
export type Texts = { readonly definition: string; readonly brief: string; readonly solutions: readonly Solution[] }
export type AuthoredState = 'draft' | 'published' | 'withdrawn' | 'deleted'
export type AuthoredVersion = {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly summary: string
  readonly sha256: string
  readonly note: string
  readonly publishedBy: string
  readonly publishedAt: string
}
export type AuthoredLab = {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly state: AuthoredState
  readonly origin: string | null
  readonly owner: { readonly id: string; readonly name: string }
  readonly updatedAt: string
  readonly revision: number | null
  readonly latest: AuthoredVersion | null
}
export type Draft = Texts & {
  readonly revision: number
  readonly savedBy: { readonly id: string; readonly name: string }
  readonly savedAt: string
}
export type AuthoredDetails = AuthoredLab & {
  readonly draft: Draft | null
  readonly versions: readonly AuthoredVersion[]
  readonly trial: { readonly lab: string; readonly current: boolean } | null
}
export type TextFault = { readonly file: string; readonly line: number; readonly field: string; readonly reason: string }
export type Inside = {
  readonly title: string
  readonly machines: readonly { readonly name: string; readonly os: string; readonly terminal: boolean }[]
  readonly checks: readonly { readonly id: string; readonly title: string; readonly points: number }[]
  readonly points: number
  readonly variants: number
  readonly values: readonly { readonly name: string; readonly kind: string; readonly value: string; readonly title: string }[]
  readonly brief: string
}
export type Examination = { readonly faults: readonly TextFault[]; readonly lab: Inside | null }
export type DiffLine = {
  readonly kind: 'same' | 'added' | 'removed'
  readonly from: number | null
  readonly to: number | null
  readonly text: string
}
export type DiffFile = {
  readonly file: string
  readonly added: number
  readonly removed: number
  readonly hunks: readonly (readonly DiffLine[])[]
  readonly tooDifferent: boolean
}
export type SolvedDraft = {
  readonly seed: number
  readonly outcome: 'solved' | 'unsolved' | 'solved-at-start' | 'wrong'
  readonly points: number
  readonly of: number
  readonly missed: readonly string[]
}
export type NewAuthored = { catalogue?: string; lab?: string; version?: number; title?: string }

const base = '/v1/authored-labs'
const one = (id: string) => `${base}/${encodeURIComponent(id)}`

export const authoring = {
  list: () => call<{ labs: AuthoredLab[] }>('GET', base),
  published: () => call<{ labs: AuthoredLab[] }>('GET', `${base}?published=1`),
  deleted: () => call<{ labs: AuthoredLab[] }>('GET', `${base}?deleted=1`),
  create: (wish: NewAuthored) => call<AuthoredDetails>('POST', base, wish),
  read: (id: string) => call<AuthoredDetails>('GET', one(id)),
  save: (id: string, revision: number, texts: Texts) =>
    call<{ revision: number; savedAt: string; title: string }>('PATCH', `${one(id)}/draft`, { revision, ...texts }),
  remove: (id: string) => call<void>('DELETE', one(id)),
  validate: (texts: Texts, seed: number) => call<Examination>('POST', `${base}/validate`, { ...texts, seed }),
  publish: (id: string, revision: number, note: string) =>
    call<AuthoredVersion>('POST', `${one(id)}/publish`, { revision, note }),
  withdraw: (id: string) => call<AuthoredDetails>('POST', `${one(id)}/withdraw`),
  restore: (id: string, version: number, revision: number | null) =>
    call<AuthoredDetails>('POST', `${one(id)}/restore`, { version, revision }),
  diff: (id: string, from: number, to: number | null) =>
    call<{ files: DiffFile[] }>('GET', `${one(id)}/diff?from=${from}${to === null ? '' : `&to=${to}`}`),
  tryIt: (id: string, seed: number | null) =>
    call<{ id: string; seed: number }>('POST', `${one(id)}/try`, seed === null ? {} : { seed }),
  solve: (id: string, solution: string, seed: number) => call<SolvedDraft>('POST', `${one(id)}/solve`, { solution, seed }),
}
