import { strToU8, type Zippable, zipSync } from 'fflate'
import type { GradeRow, OverrideRow } from '../db/tenant/grades.ts'
import type { Submitted } from '../open-submission.ts'
import { toTime } from '../openapi.ts'
import { reportOf } from './standing.ts'

const ABOUT = `# A submission

- lab.switchroom: the whole lab: definition, seed, every line with who typed it and what it printed, state, packets.
  It opens again with POST /v1/labs/import.
- rubric.yaml: what it was graded by, where that is not in the definition itself.
- grade.json: the grade with its reasons, and the SHA-256 digest over them.
- cited.pcapng: the packets that the grade cites.
- submission.json: whose it is, when it was handed in, and what people changed.

\`npm run grade -- lab.switchroom --against grade.json\` (with \`--rubric rubric.yaml\` where there is one) in a copy of the source of
Switchroom grades it again from these files alone, and says whether it is the same grade. The journal in lab.switchroom is chained by
hashes, which anybody can compute anew: what shows that nothing was changed is that its end, the state and the digest are those which
Switchroom shows with the submission. Compare grade.json with that page if it did not come from there.
`

export type Archive = {
  readonly found: Submitted
  readonly lab: Uint8Array
  readonly cited: Uint8Array | null
  readonly grade: GradeRow | undefined
  readonly rubric: string | null
  readonly overrides: readonly OverrideRow[]
}

/** Everything about a submission as one file. Right answers are only in what those who teach get. */
export function toArchive({ found, lab, cited, grade, rubric, overrides }: Archive): Uint8Array {
  const { submission, assignment, course, name } = found
  const about = {
    format: 1,
    submission: submission.id,
    by: name,
    holder: submission.holder,
    attempt: submission.attempt,
    course: course.title,
    assignment: assignment.title,
    submittedAt: toTime(submission.submittedAt),
    lateMs: submission.lateMs,
    latePercent: submission.latePercent,
    overrides: overrides.map(({ checkId, points, reason, createdByName, createdAt }) => ({
      ...{ check: checkId === '' ? null : checkId, points, reason },
      ...{ by: createdByName, at: toTime(createdAt) },
    })),
  }
  const files: Zippable = {
    'README.md': strToU8(ABOUT),
    // Compressed already.
    'lab.switchroom': [lab, { level: 0 }],
    'submission.json': json(about),
  }
  if (rubric !== null) files['rubric.yaml'] = strToU8(rubric)
  if (cited !== null) files['cited.pcapng'] = cited
  if (grade !== undefined) {
    const { digest, points, of, rubricVersion, engineVersion, gradedAt } = grade
    files['grade.json'] = json({
      digest,
      points,
      of,
      rubricVersion,
      engineVersion,
      gradedAt: toTime(gradedAt),
      ...reportOf(grade),
    })
  }
  // The same submission is the same file, to the byte.
  return zipSync(files, { mtime: submission.submittedAt })
}

const json = (value: unknown) => strToU8(`${JSON.stringify(value, null, 2)}\n`)
