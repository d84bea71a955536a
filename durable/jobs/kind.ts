import type { NewJob, Owner, Plain } from './contract.ts'

/** One attempt at a task. */
export type Attempt = {
  readonly owner: Owner
  readonly job: string
  readonly task: number
  readonly key: string
  readonly payload: Plain
  readonly data: Plain
  /** 1, 2, … */
  readonly attempt: number
  readonly last: boolean
  /** Puts something else into the same queue. */
  readonly enqueue: (job: NewJob) => void
}

/** Tried again would end the same. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp'
}
/** Not now, but then; counts as an attempt. */
export class TryLater extends Error {
  override readonly name = 'TryLater'
  readonly milliseconds: number
  constructor(message: string, milliseconds: number) {
    super(message)
    this.milliseconds = milliseconds
  }
}

/** Tasks of one lane do not wait for those of another. */
export const lanes = { labs: 3, outbound: 3 } as const
export type Lane = keyof typeof lanes

/**
 * A kind of job. A task may be begun twice, because the object can be lost between the end of one and the row that says so:
 * what it does has to be the same done twice.
 */
export type Kind<E> = {
  readonly name: string
  readonly lane: Lane
  readonly attempts: number
  /** Milliseconds until the second attempt; each further one waits `factor` times as long, at most `longest`. */
  readonly wait: number
  readonly factor: number
  readonly longest: number
  /** What it answers is the task's result. */
  readonly run: (env: E, attempt: Attempt) => Promise<Plain>
  /** It was given up. */
  readonly gaveUp?: (env: E, attempt: Attempt, why: string) => Promise<void>
}

export const waitOf = ({ wait, factor, longest }: Pick<Kind<never>, 'wait' | 'factor' | 'longest'>, attempt: number): number => {
  let after = wait
  for (let more = 1; more < attempt && after < longest; more++) after *= factor
  return Math.min(after, longest)
}
