import type { Kind } from '../../../durable/jobs/kind.ts'
import type { Env } from '../../env.ts'
import { compareJournals } from './compare-journals.ts'
import { gradeLab } from './grade-lab.ts'
import { gradeSubmission } from './grade-submission.ts'
import { returnGrade } from './return-grade.ts'
import { sendWebhook } from './send-webhook.ts'
import { solveVariants } from './solve-variants.ts'

/** Every kind of job: one file and one line. */
export const kinds: readonly Kind<Env>[] = [compareJournals, gradeSubmission, gradeLab, sendWebhook, returnGrade, solveVariants]
