import type { NewJob } from '../../durable/jobs/contract.ts'
import { toTime } from '../openapi.ts'
import type { Listener } from './events.ts'
import { standing } from './standing.ts'

/** One job for each webhook that wants to hear of it, with the message as it is at this moment. */
export const tellWebhooks: Listener = async (_env, tenant, _owner, event) => {
  const hooks = await tenant.webhooks.listening(event.type)
  if (hooks.length === 0) return []
  const found = await tenant.grades.find(event.submissionId, '')
  if (found === undefined) return []
  const { submission, assignment, course, name } = found
  const { grade, points } = await standing(tenant, submission)
  const message = {
    type: event.type,
    id: event.key,
    createdAt: toTime(event.at),
    data: {
      course: { id: course.id, title: course.title },
      assignment: { id: assignment.id, title: assignment.title },
      submission: {
        id: submission.id,
        by: name,
        holder: submission.holder,
        attempt: submission.attempt,
        submittedAt: toTime(submission.submittedAt),
        late: submission.lateMs > 0,
      },
      grade:
        grade === undefined || points === null || event.type === 'submission.made'
          ? null
          : {
              points: points.final,
              of: points.of,
              digest: grade.digest,
              rubricVersion: grade.rubricVersion,
              gradedAt: toTime(grade.gradedAt),
            },
    },
  }
  const jobs: NewJob[] = []
  for (const hook of hooks) {
    const id = `${event.key}.${hook.id}`
    await tenant.webhooks.note({
      id,
      webhookId: hook.id,
      event: event.type,
      payload: JSON.stringify(message),
      createdAt: event.at,
    })
    jobs.push(sendJob(id, hook.label))
  }
  return jobs
}

export const sendJob = (delivery: string, label: string, again = ''): NewJob => ({
  kind: 'send-webhook',
  key: `webhook:${delivery}${again}`,
  label: `Tell ${label}`,
  by: null,
  tasks: [{ key: delivery, payload: { delivery } }],
})
