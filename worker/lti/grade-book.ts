import { z } from 'zod'
import type { TenantDb } from '../db/tenant/index.ts'
import type { LtiContextRow } from '../db/tenant/lti-contexts.ts'
import type { LtiPlatform } from '../db/tenant/lti-platforms.ts'
import type { Env } from '../env.ts'
import { MEDIA, SCOPE } from './names.ts'
import { callService, PlatformFault, pages } from './platform-service.ts'

// Assignment and Grade Services 2.0.

const lineItem = z.looseObject({ id: z.url().max(4_000), resourceId: z.string().nullish() })

export type Place = {
  readonly env: Env
  readonly tenant: TenantDb
  readonly platform: LtiPlatform
  readonly context: LtiContextRow
}
type Assignment = { readonly id: string; readonly title: string; readonly of: number }

const has = (context: LtiContextRow, scope: string) => context.scopes.includes(scope)

/** The column of an assignment: that of its link, one that is there already, or a new one. Null: the platform offers none. */
export async function columnFor(place: Place, assignment: Assignment): Promise<string | null> {
  const { tenant, context } = place
  const known = await tenant.ltiContexts.lineItem(context.id, assignment.id)
  if (known !== null) return known
  if (context.lineItemsUrl === null || !(has(context, SCOPE.lineItem) || has(context, SCOPE.lineItemRead))) return null
  const url =
    (await findColumn(place, context.lineItemsUrl, assignment)) ?? (await makeColumn(place, context.lineItemsUrl, assignment))
  if (url !== null) await tenant.ltiContexts.setLineItem(context.id, assignment.id, url, Date.now())
  return url
}

async function findColumn(place: Place, lineItemsUrl: string, { id }: Assignment): Promise<string | null> {
  const { context } = place
  const scope = has(context, SCOPE.lineItem) ? SCOPE.lineItem : SCOPE.lineItemRead
  const url = new URL(lineItemsUrl)
  url.searchParams.set('resource_id', id)
  for await (const page of pages({ ...place, scopes: [scope] }, url.href, MEDIA.lineItems)) {
    for (const item of z.array(z.unknown()).catch([]).parse(page)) {
      const read = lineItem.safeParse(item)
      // Platforms may ignore the filter.
      if (read.success && read.data.resourceId === id) return read.data.id
    }
  }
  return null
}

async function makeColumn(place: Place, lineItemsUrl: string, { id, title, of }: Assignment): Promise<string | null> {
  if (!has(place.context, SCOPE.lineItem)) return null
  const column = { scoreMaximum: of > 0 ? of : 1, label: title, resourceId: id, tag: 'switchroom' }
  const answer = await callService({ ...place, scopes: [SCOPE.lineItem] }, lineItemsUrl, {
    method: 'POST',
    headers: { 'content-type': MEDIA.lineItem, accept: MEDIA.lineItem },
    body: JSON.stringify(column),
  })
  const read = lineItem.safeParse(answer.body)
  if (!read.success) throw new PlatformFault('The platform made a column in its grade book, but did not say where it is.', false)
  return read.data.id
}

export type Score = {
  readonly userId: string
  /** Null: there is none yet, or none any more. */
  readonly points: number | null
  readonly of: number
  readonly comment: string
  readonly activityProgress: 'Submitted' | 'Completed'
  readonly gradingProgress: 'FullyGraded' | 'Pending' | 'Failed'
  readonly timestamp: number
}

/** `…/lineitems/7/lineitem?type_id=1` has its scores at `…/lineitems/7/lineitem/scores?type_id=1`. */
export function scoresUrl(column: string): string {
  const url = new URL(column)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/scores`
  return url.href
}

export async function putScore(place: Place, column: string, score: Score): Promise<void> {
  const { points, of, timestamp, comment, ...rest } = score
  const body = {
    ...rest,
    timestamp: new Date(timestamp).toISOString(),
    ...(points !== null && of > 0 && { scoreGiven: Math.max(points, 0), scoreMaximum: of }),
    ...(comment !== '' && { comment }),
  }
  await callService({ ...place, scopes: [SCOPE.score] }, scoresUrl(column), {
    method: 'POST',
    headers: { 'content-type': MEDIA.score },
    body: JSON.stringify(body),
  })
}
