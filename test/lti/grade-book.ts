export type Column = {
  readonly id: string
  readonly scoreMaximum: number
  readonly label: string
  readonly resourceId?: string
  readonly tag?: string
  readonly resourceLinkId?: string
}
export type Score = {
  readonly userId: string
  readonly timestamp: string
  readonly activityProgress: string
  readonly gradingProgress: string
  readonly scoreGiven?: number
  readonly scoreMaximum?: number
  readonly comment?: string
}
const scope = 'https://purl.imsglobal.org/spec/lti-ags/scope/'
const LINE_ITEM = 'application/vnd.ims.lis.v2.lineitem+json'
const LINE_ITEMS = 'application/vnd.ims.lis.v2.lineitemcontainer+json'
const SCORE = 'application/vnd.ims.lis.v1.score+json'
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}(Z|[+-]\d\d:\d\d)$/
const activity = ['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed']
const grading = ['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady']
const no = (status: number, why: string) => new Response(why, { status })

/** Assignment and Grade Services 2.0. Line items have a query in their address, as Moodle's have. */
export class GradeBook {
  readonly scopes = [`${scope}lineitem`, `${scope}lineitem.readonly`, `${scope}result.readonly`, `${scope}score`]
  readonly lineItemsUrl: string
  readonly columns: Column[] = []
  readonly scores: (Score & { readonly column: string })[] = []
  pageSize = 1
  private readonly base: string

  constructor(base: string) {
    this.base = base
    this.lineItemsUrl = `${base}/2/lineitems?type_id=1`
  }

  /** A column that the platform makes itself, as for a link with a line item. */
  add(column: Omit<Column, 'id'>): Column {
    const made = { ...column, id: `${this.base}/2/lineitems/${this.columns.length + 1}/lineitem?type_id=1` }
    this.columns.push(made)
    return made
  }

  async handle(request: Request, scopes: readonly string[]): Promise<Response> {
    const url = new URL(request.url)
    if (url.searchParams.get('type_id') !== '1') return no(404, 'an address that was not given out')
    if (url.pathname.endsWith('/2/lineitems'))
      return request.method === 'GET' ? this.list(request, scopes) : this.make(request, scopes)
    const column = this.columns.find(({ id }) => new URL(id).pathname === url.pathname.replace(/\/scores$/, ''))
    if (column === undefined) return no(404, 'no such column')
    if (!url.pathname.endsWith('/scores')) return no(405, 'not offered')
    return this.score(request, scopes, column)
  }

  private list(request: Request, scopes: readonly string[]): Response {
    if (!scopes.some((one) => one === this.scopes[0] || one === this.scopes[1])) return no(403, 'scope')
    if (request.headers.get('accept') !== LINE_ITEMS) return no(406, 'not acceptable')
    const query = new URL(request.url).searchParams
    const fits = this.columns.filter(
      (one) =>
        (!query.has('resource_id') || one.resourceId === query.get('resource_id')) &&
        (!query.has('resource_link_id') || one.resourceLinkId === query.get('resource_link_id')) &&
        (!query.has('tag') || one.tag === query.get('tag')),
    )
    const from = Number(query.get('from') ?? 0)
    const next = new URL(request.url)
    next.searchParams.set('from', String(from + this.pageSize))
    const more = from + this.pageSize < fits.length
    const headers = { 'content-type': LINE_ITEMS, ...(more && { link: `<${next.href}>; rel="next"` }) }
    return new Response(JSON.stringify(fits.slice(from, from + this.pageSize)), { headers })
  }

  private async make(request: Request, scopes: readonly string[]): Promise<Response> {
    if (!scopes.includes(this.scopes[0])) return no(403, 'scope')
    if (request.headers.get('content-type') !== LINE_ITEM) return no(415, 'media type')
    const body = (await request.json()) as Omit<Column, 'id'>
    if (typeof body.scoreMaximum !== 'number' || !(body.scoreMaximum > 0) || !body.label)
      return no(400, 'a column without maximum or label')
    return new Response(JSON.stringify(this.add(body)), { status: 201, headers: { 'content-type': LINE_ITEM } })
  }

  private async score(request: Request, scopes: readonly string[], column: Column): Promise<Response> {
    if (request.method !== 'POST') return no(405, 'method')
    if (!scopes.includes(this.scopes[3])) return no(403, 'scope')
    if (request.headers.get('content-type') !== SCORE) return no(415, 'media type')
    const score = (await request.json()) as Score
    if (!ISO.test(score.timestamp)) return no(400, `a timestamp without parts of a second or zone: ${score.timestamp}`)
    if (!activity.includes(score.activityProgress) || !grading.includes(score.gradingProgress)) return no(400, 'progress')
    if (score.scoreGiven !== undefined && !(score.scoreGiven >= 0 && (score.scoreMaximum ?? 0) > 0))
      return no(400, 'a score without maximum')
    const before = this.scores.filter(({ column: of, userId }) => of === column.id && userId === score.userId).at(-1)
    // AGS 2.0, 3.4.4: a platform does not take what is not newer than what it has.
    if (before !== undefined && Date.parse(before.timestamp) >= Date.parse(score.timestamp)) return no(409, 'not newer')
    this.scores.push({ ...score, column: column.id })
    return no(200, '')
  }
}
