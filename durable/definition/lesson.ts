import { z } from 'zod'
import type { LabDefinition } from '../engine/lab/definition.ts'
import { text } from './names.ts'
import type { ReferenceFault } from './references.ts'
import { duration } from './units.ts'

const MINUTE = 60_000_000

/** What a lab is for, how long it takes, and which checks belong to which task of its brief. */
export const lesson = z
  .strictObject({
    duration: duration(24 * 60 * MINUTE).describe('what a student needs who has not done it before: `45m`'),
    objectives: z.array(text(200)).min(1).max(12).describe('what a student can do afterwards'),
    tasks: z
      .array(
        z.strictObject({
          title: text(160),
          checks: z.array(z.string()).max(40).default([]).describe('ids of the checks that tell whether it is done'),
        }),
      )
      .min(1)
      .max(40)
      .describe('numbered from 1, as in the brief; every check belongs to one task'),
  })
  .describe('What teachers plan with')

export type LessonSource = z.infer<typeof lesson>

export const toLesson = ({ duration: micros, objectives, tasks }: LessonSource): NonNullable<LabDefinition['lesson']> => ({
  minutes: Math.ceil(micros / MINUTE),
  objectives,
  tasks,
})

/** Tasks name checks that exist, and every check belongs to one. */
export function lessonFaults(source: LessonSource | undefined, checks: readonly { readonly id: string }[]): ReferenceFault[] {
  const faults: ReferenceFault[] = []
  if (source === undefined) return faults
  const known = new Set(checks.map(({ id }) => id))
  const taken = new Set<string>()
  source.tasks.forEach((task, at) => {
    task.checks.forEach((id, place) => {
      const path = ['lesson', 'tasks', at, 'checks', place]
      if (!known.has(id)) faults.push({ path, reason: `no check is named ${id}` })
      else if (taken.has(id)) faults.push({ path, reason: `${id} belongs to another task already` })
      taken.add(id)
    })
  })
  checks.forEach(({ id }, at) => {
    if (!taken.has(id)) faults.push({ path: ['checks', at, 'id'], reason: `no task of the lesson has the check ${id}` })
  })
  return faults
}
