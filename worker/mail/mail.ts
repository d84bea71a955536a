import type { Env } from '../env.ts'
import { httpMailer } from './http-mailer.ts'

export type Mail = { readonly to: string; readonly subject: string; readonly text: string }

/** How letters leave. Another way to send is another implementation. */
export interface Mailer {
  /** False: it was not taken. The reason is in the log, the letter is not. */
  send(mail: Mail): Promise<boolean>
}

/** Null: none is configured, and links are shown to be copied. */
export function mailerOf(env: Env): Mailer | null {
  if (env.MAILER) return env.MAILER
  if (!env.MAIL_URL || !env.MAIL_FROM) return null
  return httpMailer({ url: env.MAIL_URL, key: env.MAIL_KEY, from: env.MAIL_FROM })
}
