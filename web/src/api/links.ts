import { call } from './http.ts'

/** A link to a lab: an invitation to watch or work, or the lab as it was, to look at or to go on from. */
export type LabLink = {
  readonly id: string
  readonly kind: 'invite' | 'moment'
  readonly role: 'watch' | 'work' | null
  readonly mode: 'read' | 'fork' | null
  readonly line: number | null
  readonly at: number | null
  readonly label: string
  readonly createdBy: string
  readonly expiresAt: string
  readonly uses: number
  readonly maxUses: number | null
  readonly state: 'open' | 'used' | 'expired' | 'revoked'
}
export type NewLink = { readonly label: string; readonly minutes: number; readonly maxUses?: number } & (
  | { readonly kind: 'invite'; readonly role: 'watch' | 'work' }
  | { readonly kind: 'moment'; readonly mode: 'read' | 'fork'; readonly line: number }
)
export type MadeLink = LabLink & { readonly path: string }
export type OpenedLink = {
  readonly lab: string
  readonly kind: 'invite' | 'moment'
  readonly part: string
  readonly title: string
}
/** What a lab that shows another one shows. */
export type ViewOf = { readonly of: string; readonly line: number | null; readonly at: number | null; readonly expiresAt: string }

const lab = (id: string) => `/v1/labs/${encodeURIComponent(id)}`

export const links = {
  list: (id: string) => call<{ links: LabLink[] }>('GET', `${lab(id)}/links`),
  make: (id: string, wish: NewLink) => call<MadeLink>('POST', `${lab(id)}/links`, wish),
  end: (id: string, link: string) => call<void>('DELETE', `${lab(id)}/links/${encodeURIComponent(link)}`),
  open: (token: string) => call<OpenedLink>('POST', '/v1/links/open', { token }),
  view: (id: string, line: number) => call<{ lab: string; expiresAt: string }>('POST', `${lab(id)}/views`, { line }),
  viewOf: (id: string) => call<ViewOf>('GET', `${lab(id)}/view`),
}
