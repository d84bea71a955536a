import type { Context } from 'hono'
import { evidence } from '../../durable/grading/report.ts'
import { audit } from '../audit.ts'
import { randomId } from '../auth/tokens.ts'
import type { AppEnv } from '../env.ts'
import { toArchive } from '../grading/archive.ts'
import { gradeLabNow } from '../grading/grade-one.ts'
import { forStudents } from '../grading/report.ts'
import { followJob, toJob } from '../grading/schemas.ts'
import { reportOf, standing } from '../grading/standing.ts'
import { type gradeOfSubmission, type regradeRequest, type remark, submissionDetails } from '../grading/submission-schemas.ts'
import { enqueue } from '../jobs/queue-of.ts'
import { usableLab } from '../lab-life.ts'
import { callLab } from '../lab-stub.ts'
import { openSubmission } from '../open-submission.ts'
import { bytes, createRoute, json, newRoutes, problems, security, toTime, z } from '../openapi.ts'
import { Problem } from '../problem.ts'

// A submission with its grade and everything that the grade rests on.

const tags = ['submissions']
const submissionId = z.strictObject({ submission: z.string().max(64) })
const some = problems(400, 401, 403, 404)

const read = createRoute({
  method: 'get',
  path: '/v1/submissions/{submission}',
  tags,
  security,
  middleware: openSubmission('grades:read', 'read'),
  description:
    'A submission with its grade: every check with outcome, points, reason and evidence; what people changed, said and asked. Right answers are told only to those who teach.',
  request: { params: submissionId },
  responses: { 200: json(submissionDetails, 'The submission'), ...some },
})

const readEvidence = createRoute({
  method: 'get',
  path: '/v1/submissions/{submission}/checks/{check}/evidence',
  tags,
  security,
  middleware: openSubmission('grades:read', 'read'),
  description:
    'What a check rests on, with the bytes of packets that were seen in a copy of the lab: the check is made again on the kept state, which gives the same.',
  request: { params: submissionId.extend({ check: z.string().max(120) }) },
  responses: {
    200: json(z.object({ digest: z.string(), evidence }).meta({ id: 'CheckEvidence' }), 'The evidence'),
    ...some,
    ...problems(409, 503),
  },
})

const archive = createRoute({
  method: 'get',
  path: '/v1/submissions/{submission}/archive',
  tags,
  security,
  middleware: openSubmission('grades:read', 'grade'),
  description:
    'The submission as a ZIP file that needs nothing else: the whole lab with its journal, the rubric, the grade, and the packets that it cites.',
  request: { params: submissionId },
  responses: { 200: bytes('application/zip', 'The archive'), ...some, ...problems(409, 503) },
})

const regrade = createRoute({
  method: 'post',
  path: '/v1/submissions/{submission}/regrade',
  tags,
  security,
  middleware: openSubmission('grades:write', 'grade'),
  description: 'Grades it again by the rubric of its assignment as that is now.',
  request: { params: submissionId },
  responses: { 202: json(followJob, 'Follow the job'), ...some, ...problems(409, 429) },
})

const notKept = () => new Problem(409, 'lab-not-kept', 'The submitted lab is no longer kept.')

/** What somebody may read of it: students are not told the right answers. */
const shownTo = (c: Context<AppEnv>) => (c.get('access') === 'teach' ? <T>(one: T) => one : undefined)

async function detailsOf(c: Context<AppEnv>): Promise<z.infer<typeof submissionDetails>> {
  const tenant = c.get('tenant')
  const { submission, assignment, course, name, tie } = c.get('submitted')
  const [{ grade, overrides, points }, history, comments, requests] = await Promise.all([
    standing(tenant, submission),
    tenant.grades.history(submission.id),
    tenant.remarks.comments(submission.id),
    tenant.remarks.requests(submission.id),
  ])
  const me = c.get('actor').id
  const teaches = shownTo(c) !== undefined
  const report = grade === undefined ? null : teaches ? reportOf(grade) : forStudents(reportOf(grade))
  const graded: z.infer<typeof gradeOfSubmission> | null =
    grade === undefined || report === null || points === null
      ? null
      : {
          ...points,
          digest: grade.digest,
          rubricVersion: grade.rubricVersion,
          engineVersion: grade.engineVersion,
          gradedAt: toTime(grade.gradedAt),
          chain: report.chain,
          at: report.at,
          checks: report.results,
        }
  return {
    id: submission.id,
    name,
    holder: submission.holder,
    attempt: submission.attempt,
    state: submission.state,
    submittedAt: toTime(submission.submittedAt),
    lateMs: submission.lateMs,
    latePercent: submission.latePercent,
    lab: submission.labId,
    assignment: { id: assignment.id, title: assignment.title, rubricVersion: assignment.rubricVersion },
    course,
    may: { grade: c.get('access') === 'teach', speak: c.get('access') === 'teach' || tie.holds, ask: tie.holds },
    grade: graded,
    history: history.map(({ gradedAt, ...rest }) => ({ ...rest, gradedAt: toTime(gradedAt) })),
    overrides: overrides.map(({ checkId, points, reason, createdByName, createdAt }) => ({
      ...{ check: checkId === '' ? null : checkId, points, reason, by: createdByName, createdAt: toTime(createdAt) },
    })),
    comments: comments.map(
      (one): z.infer<typeof remark> => ({
        ...{
          id: one.id,
          check: one.checkId,
          text: one.text,
          by: one.createdByName,
          mine: one.createdBy === me,
          createdAt: toTime(one.createdAt),
        },
      }),
    ),
    requests: requests.map(
      ({ request, name }): z.infer<typeof regradeRequest> => ({
        ...{
          id: request.id,
          check: request.checkId,
          text: request.text,
          state: request.state,
          by: name ?? '',
          answer: request.answer,
        },
        createdAt: toTime(request.createdAt),
        answeredAt: request.answeredAt === null ? null : toTime(request.answeredAt),
      }),
    ),
  }
}

export const submissionRoutes = newRoutes()
  .openapi(read, async (c) => c.json(await detailsOf(c), 200))
  .openapi(readEvidence, async (c) => {
    const { check } = c.req.valid('param')
    const { submission, assignment, lab } = c.get('submitted')
    const grade = await c.get('tenant').grades.current(submission.id)
    if (grade === undefined || !reportOf(grade).results.some(({ id }) => id === check))
      throw new Problem(404, 'not-found', 'There is no such check in the grade.')
    if (lab === null) throw notKept()
    if (grade.rubricVersion !== assignment.rubricVersion)
      throw new Problem(409, 'rubric-corrected', 'The rubric was corrected since; grade it again to see the evidence.')
    const report = await gradeLabNow(c.env, c.get('tenant'), lab, assignment.rubric)
    const found = report.results.find(({ id }) => id === check)
    if (found === undefined) throw new Problem(404, 'not-found', 'There is no such check in the grade.')
    return c.json({ digest: report.digest, evidence: found.evidence }, 200)
  })
  .openapi(archive, async (c) => {
    const tenant = c.get('tenant')
    const found = c.get('submitted')
    if (found.lab === null) throw notKept()
    const row = await usableLab(c.env, tenant, found.lab)
    const { grade, overrides } = await standing(tenant, found.submission)
    const cited = grade === undefined ? [] : [...new Set(reportOf(grade).results.flatMap(({ packets }) => packets))]
    const [lab, packets] = await Promise.all([
      callLab(c.env, row, (host) => host.export()),
      cited.length === 0 ? null : callLab(c.env, row, (host) => host.capture({ packets: cited })),
    ])
    const file = toArchive({ found, lab, cited: packets, grade, rubric: found.assignment.rubric, overrides })
    await audit(c, 'submission.downloaded', { kind: 'submission', id: found.submission.id, name: found.name })
    return c.body(file as Uint8Array<ArrayBuffer>, 200, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="submission-${found.submission.id}.zip"`,
    })
  })
  .openapi(regrade, async (c) => {
    const { submission, assignment, name } = c.get('submitted')
    if (submission.labId === null) throw notKept()
    const { id } = c.get('actor')
    const made = await enqueue(c.env, c.get('actor'), {
      kind: 'grade-submission',
      key: `regrade:${randomId()}`,
      label: `Grade the submission of ${name} for “${assignment.title}” again`,
      by: id,
      tasks: [{ key: submission.id, payload: { submission: submission.id } }],
    })
    return c.json({ job: toJob(made) }, 202, { location: `/v1/jobs/${made.id}` })
  })
