const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`

export const pointsText = (points: number, of?: number): string =>
  of === undefined ? plural(points, 'point', 'points') : `${points} of ${plural(of, 'point', 'points')}`

export const outcomes = {
  pass: { text: 'Passed', icon: 'check' },
  fail: { text: 'Failed', icon: 'cross' },
  'could-not-run': { text: 'Could not run', icon: 'question' },
} as const

export const states: Readonly<Record<string, string>> = {
  making: 'being handed in',
  submitted: 'waits for grading',
  grading: 'being graded',
  graded: 'graded',
  failed: 'could not be graded',
}

export function lateText(lateMs: number, percent: number): string {
  if (lateMs <= 0) return 'in time'
  const hours = Math.ceil(lateMs / 3_600_000)
  const late = hours < 48 ? plural(hours, 'hour', 'hours') : plural(Math.ceil(hours / 24), 'day', 'days')
  return `${late} late${percent > 0 ? `, which takes ${percent} %` : ''}`
}

export { plural }
