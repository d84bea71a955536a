import { sql } from 'drizzle-orm'
import { grade, override, submission } from './schema/index.ts'

/** One check of a grade, as tables show it. */
export type ShortResult = {
  readonly id: string
  readonly title: string
  readonly outcome: 'pass' | 'fail' | 'could-not-run'
  readonly points: number
  readonly of: number
  readonly message: string
}

/**
 * What the checks of a grade gave, as JSON, without the evidence: of a whole class that would be more than a Worker holds. Only in
 * statements that carry the organisation.
 */
export const shortResults = sql<string>`(select json_group_array(json_object('id', one.value ->> 'id', 'title', one.value ->> 'title',
  'outcome', one.value ->> 'outcome', 'points', one.value ->> 'points', 'of', one.value ->> 'of', 'message', one.value ->> 'message'))
  from json_each(${grade.report}, '$.results') one)`

/** What people gave instead of what checks did, as JSON. Only in statements that carry the organisation. */
export const givenInstead = sql<string>`(select json_group_array(json_object('checkId', ${override.checkId}, 'points', ${override.points}))
  from ${override} where ${override.submissionId} = ${submission.id})`
export type Given = { readonly checkId: string; readonly points: number }
