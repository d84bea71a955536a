export type Member = {
  readonly id: string
  readonly roles: readonly string[]
  readonly name?: string
  readonly given_name?: string
  readonly family_name?: string
  readonly email?: string
  readonly status?: 'Active' | 'Inactive' | 'Deleted'
}
const SCOPE = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly'
const MEDIA = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json'

/** Names and Role Provisioning Services 2.0, in pages. */
export class Roster {
  readonly url: string
  readonly scopes = [SCOPE]
  members: readonly Member[]
  pageSize = 2

  constructor(url: string, members: readonly Member[]) {
    this.url = url
    this.members = members
  }

  async handle(request: Request, scopes: readonly string[]): Promise<Response> {
    if (!scopes.includes(SCOPE)) return new Response('scope', { status: 403 })
    if (request.method !== 'GET') return new Response('method', { status: 405 })
    if (request.headers.get('accept') !== MEDIA) return new Response('not acceptable', { status: 406 })
    const from = Number(new URL(request.url).searchParams.get('from') ?? 0)
    const members = this.members.slice(from, from + this.pageSize).map(({ id, status = 'Active', ...rest }) => {
      return { status, user_id: id, ...rest }
    })
    const next = from + this.pageSize
    const headers: Record<string, string> = { 'content-type': MEDIA }
    // As published: other relations stand in the same header.
    const link = [`<${this.url}?since=672638723>; rel="differences"`]
    if (next < this.members.length) link.unshift(`<${this.url}?from=${next}>; rel="next"`)
    headers['link'] = link.join(', ')
    const body = {
      id: this.url,
      context: { id: 'c1d887f0', label: 'ECON 1010', title: 'Economics as a Social Science' },
      members,
    }
    return new Response(JSON.stringify(body), { headers })
  }
}
