import { withoutValues } from '../durable/what-failed.ts'

type Fields = Record<string, string | number | boolean | null | undefined>

const line = (level: string, event: string, fields: Fields) =>
  JSON.stringify({ level, event, ...fields }, (_, value) => (typeof value === 'string' ? withoutValues(value) : value))

/** One JSON object a line, so that the platform's log search can filter by field. */
export const log = {
  info: (event: string, fields: Fields = {}) => console.log(line('info', event, fields)),
  warn: (event: string, fields: Fields = {}) => console.warn(line('warn', event, fields)),
  error: (event: string, fields: Fields = {}) => console.error(line('error', event, fields)),
}
