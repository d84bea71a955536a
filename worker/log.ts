type Fields = Record<string, string | number | boolean | null | undefined>

/** One JSON object a line, so that the platform's log search can filter by field. */
export const log = {
  info: (event: string, fields: Fields = {}) => console.log(JSON.stringify({ level: 'info', event, ...fields })),
  warn: (event: string, fields: Fields = {}) => console.warn(JSON.stringify({ level: 'warn', event, ...fields })),
  error: (event: string, fields: Fields = {}) => console.error(JSON.stringify({ level: 'error', event, ...fields })),
}
