const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' })
const year = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

/** `today at 14:05`, `yesterday at 09:12`, `3 May at 10:00`, `3 May 2025`. */
export function whenText(at: Date, now: Date): string {
  if (Number.isNaN(at.getTime())) return 'some time ago'
  const midnight = new Date(now)
  midnight.setHours(0, 0, 0, 0)
  const days = Math.ceil((midnight.getTime() - at.getTime()) / 86_400_000)
  if (days <= 0) return `today at ${time.format(at)}`
  if (days === 1) return `yesterday at ${time.format(at)}`
  return at.getFullYear() === now.getFullYear() ? `${day.format(at)} at ${time.format(at)}` : year.format(at)
}
