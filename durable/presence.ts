import type { Attachment } from './attachment.ts'
import type { Person } from './protocol.ts'

/** After this many milliseconds without a key, somebody else may type. */
const STALE_DRAFT = 30_000

const isTyping = ({ draft, draftAt }: Attachment, now: number) => draft !== '' && now - draftAt < STALE_DRAFT

/** Everybody who looks at the lab, once each however many windows they have; the window last typed in counts. */
export function peopleOf(attachments: readonly Attachment[], now: number): Person[] {
  const people = new Map<string, Person>()
  for (const one of [...attachments].sort((a, b) => a.draftAt - b.draftAt)) {
    const { personId: id, name, role } = one.person
    const before = people.get(id)
    const typing = isTyping(one, now)
    // Who works in one window works.
    const watching = one.watching && (before === undefined || before.watching === true)
    const person = { id, name, role, console: one.console ?? before?.console ?? null, typing: typing || before?.typing === true }
    people.set(id, watching ? { ...person, watching } : person)
  }
  return [...people.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Whose unfinished line stands in a console: whoever began first. */
export function typistOf(attachments: readonly Attachment[], console: string, now: number): Attachment | undefined {
  const typing = attachments.filter((one) => one.console === console && isTyping(one, now))
  return typing.sort((a, b) => a.draftAt - b.draftAt)[0]
}
