import { log } from '../log.ts'
import type { Mailer } from './mail.ts'

type Options = { readonly url: string; readonly key: string | undefined; readonly from: string }

/** Posts `{from, to, subject, text}` as JSON, which the services that send mail over HTTP take, or a few lines make them take. */
export const httpMailer = ({ url, key, from }: Options): Mailer => ({
  async send(mail) {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify({ from, ...mail }),
        signal: AbortSignal.timeout(10_000),
      })
      if (!answer.ok) log.error('mail-refused', { status: answer.status })
      return answer.ok
    } catch (error) {
      log.error('mail-failed', { message: (error as Error).name })
      return false
    }
  },
})
