import type { Mail, Mailer } from './mail.ts'

/** Keeps what it is given. */
export class TestMailer implements Mailer {
  readonly sent: Mail[] = []

  async send(mail: Mail): Promise<boolean> {
    this.sent.push(mail)
    return true
  }
}
