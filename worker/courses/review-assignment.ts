import type { z } from 'zod'
import { type ReviewFault, reviewLab } from '../../durable/definition/review.ts'
import { catalogue } from '../../labs/index.ts'
import type { AssignmentRow } from '../db/tenant/assignments.ts'
import type { TenantDb } from '../db/tenant/index.ts'
import type { finding, review } from './assignment-schemas.ts'

type Finding = z.infer<typeof finding>
export type Content = Pick<
  AssignmentRow,
  'definition' | 'rubric' | 'variants' | 'forGroups' | 'opensAt' | 'dueAt' | 'closesAt' | 'courseId' | 'late' | 'catalogueSlug'
>

const dated = (field: string, message: string, blocks = true): Finding => ({
  in: 'assignment',
  line: null,
  field,
  message,
  blocks,
})

function dateFindings({ opensAt, dueAt, closesAt, late }: Content): Finding[] {
  const found: Finding[] = []
  if (opensAt !== null && dueAt !== null && dueAt <= opensAt) found.push(dated('dueAt', 'It is due before it opens.'))
  if (dueAt !== null && closesAt !== null && closesAt < dueAt) found.push(dated('closesAt', 'It closes before it is due.'))
  if (dueAt === null && opensAt !== null && closesAt !== null && closesAt <= opensAt)
    found.push(dated('closesAt', 'It closes before it opens.'))
  if (dueAt === null && (late.percentPerDay > 0 || late.mostDays !== null))
    found.push(dated('dueAt', 'There is a rule for late submissions, but no date when it is due: nothing is ever late.', false))
  return found
}

const inWords = (fault: ReviewFault): Finding => ({
  in: fault.in,
  line: fault.line,
  field: fault.path,
  message: fault.reason,
  blocks: true,
})

/** Everything that a teacher should know before students get it. What blocks must be put right first. */
export async function reviewAssignment(tenant: TenantDb, content: Content): Promise<z.infer<typeof review>> {
  const { courseId, forGroups, variants } = content
  const [students, groups] = await Promise.all([tenant.courses.countStudents(courseId), tenant.groups.list(courseId)])
  const groupCount = new Set(groups.map(({ id }) => id)).size
  const holders = forGroups ? groupCount : students
  // Of an empty class it is not known how many variants it needs.
  const { faults, ...told } = reviewLab(content.definition, content.rubric, variants === 'each' && holders > 0 ? holders : null)
  const findings = [...faults.map(inWords), ...dateFindings(content)]
  const sound = !faults.some((fault) => fault.in === 'definition')
  if (sound && variants === 'each' && told.variants === 1)
    findings.push(
      dated(
        'variants',
        'The lab declares nothing that could differ: only what chance draws differs, as addresses of adapters.',
        false,
      ),
    )
  if (sound && told.checks.length === 0)
    findings.push(dated('rubric', 'There are no checks: submissions are collected, but get no points by themselves.', false))
  if (forGroups && groupCount === 0) findings.push(dated('forGroups', 'The course has no groups yet.', false))
  return { ...told, checks: [...told.checks], machines: [...told.machines], findings }
}

/** A lab of the catalogue, as an assignment keeps it. */
export function fromCatalogue(slug: string) {
  const entry = catalogue.find((one) => one.slug === slug)
  return entry === undefined ? undefined : { title: entry.title, definition: entry.yaml, labBrief: entry.brief }
}
