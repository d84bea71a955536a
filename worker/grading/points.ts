// How many points a submission has in the end, and which of several counts.

export type CheckPoints = { readonly id: string; readonly points: number; readonly of: number }
export type Override = { readonly checkId: string; readonly points: number }

const hundredths = (points: number) => Math.round(points * 100) / 100

export type Points = {
  /** As the checks gave them, with what was changed by hand. */
  readonly earned: number
  readonly of: number
  /** Taken off because it was late. */
  readonly lost: number
  readonly final: number
}

/**
 * Overrides of single checks replace what the check gave, and lateness is taken off the sum. One of the whole submission is the
 * last word: nothing is taken off it.
 */
export function pointsOf(checks: readonly CheckPoints[], overrides: readonly Override[], latePercent: number): Points {
  const given = new Map(overrides.map((one) => [one.checkId, one.points]))
  const earned = hundredths(checks.reduce((sum, one) => sum + (given.get(one.id) ?? one.points), 0))
  const of = hundredths(checks.reduce((sum, one) => sum + one.of, 0))
  const whole = given.get('')
  if (whole !== undefined) return { earned, of, lost: 0, final: hundredths(whole) }
  const lost = hundredths((earned * Math.min(Math.max(latePercent, 0), 100)) / 100)
  return { earned, of, lost, final: hundredths(earned - lost) }
}

type Attempted = { readonly attempt: number; readonly final: number | null }

/** The submission of a holder that counts: the last, or the best that is graded; of equals the earlier. */
export function countingOf<T extends Attempted>(attempts: readonly T[], counts: 'last' | 'best'): T | undefined {
  const inOrder = [...attempts].sort((a, b) => a.attempt - b.attempt)
  if (counts === 'last') return inOrder.at(-1)
  const graded = inOrder.filter((one) => one.final !== null)
  return (
    graded.reduce<T | undefined>(
      (best, one) => (best === undefined || Number(one.final) > Number(best.final) ? one : best),
      undefined,
    ) ?? inOrder.at(-1)
  )
}
