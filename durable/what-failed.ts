/**
 * What an error says, for logs and for those who read why a job failed. A failed statement says all its values (hashes, addresses,
 * secrets of webhooks, whole texts), which are nobody's to read there: of these, only what the database answered is left.
 */
export function whatFailed(error: unknown): string {
  const said = withoutValues(error instanceof Error ? error.message : String(error))
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined
  return cause === undefined || said.includes(cause) ? said : `${said} (${withoutValues(cause)})`
}

const VALUES = '\nparams: '
export const withoutValues = (text: string): string => {
  const at = text.indexOf(VALUES)
  return at < 0 ? text : text.slice(0, at)
}

/** Where it was thrown; not what it says. */
export function whereFailed({ stack = '', message }: Error): string {
  const at = stack.indexOf(message)
  return (at < 0 ? withoutValues(stack) : stack.slice(at + message.length)).trim()
}
