import type { Clock } from '../../../engine/machine/views.ts'
import { momentOf, written } from '../calendar.ts'

/** `Sat Nov 21 03:37:01 2026`, as the C library's asctime writes it. */
export function calendarDate(clock: Clock): string {
  return written('%a %b %e %H:%M:%S %Y', momentOf(clock))
}
