import { z } from 'zod'

// Several people at one lab: who is there, who types where, what they say. Part of protocol.ts.

export const consoleState = z.object({
  console: z.string(),
  prompt: z.string(),
  busy: z.boolean(),
  typist: z.string().nullable(),
  /** Who types here; null: whoever types next. */
  owner: z.object({ id: z.string(), name: z.string(), role: z.string() }).nullable().default(null),
  /** Who asks the owner for it, the first one first; `left`: milliseconds that the owner has to answer. */
  asking: z.array(z.object({ id: z.string(), name: z.string(), left: z.number() })).default([]),
  scrollback: z.string(),
  history: z.array(z.string()),
})
export const person = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  console: z.string().nullable(),
  typing: z.boolean(),
  /** Only watches, by choice. */
  watching: z.boolean().optional(),
})
export const chatText = z.string().min(1).max(1_000)
/** What somebody said beside the lab: plain text, never markup. */
export const chatMessage = z
  .object({
    id: z.number(),
    by: person.pick({ id: true, name: true, role: true }),
    wall: z.number().describe('milliseconds since 1970'),
    at: z.number().describe('lab time'),
    line: z.number().describe('the last line of the journal when it was said'),
    text: z.string().describe('plain text; empty once it was removed'),
    removedBy: z.string().nullable(),
  })
  .meta({ id: 'ChatMessage' })
export const chatPage = z
  .object({ messages: z.array(chatMessage).describe('oldest first'), more: z.boolean().describe('there are older ones') })
  .meta({ id: 'ChatPage' })
export const sayRequest = z.strictObject({ text: chatText }).meta({ id: 'SayRequest' })
/** What became of a terminal, or of asking for it. */
export const terminalEnd = z.object({
  console: z.string(),
  /** `passed-on`: its owner let go, or did not answer. `kept`: its owner went on typing. */
  how: z.enum(['taken', 'given', 'passed-on', 'taken-over', 'refused', 'kept']),
  from: person.pick({ id: true, name: true }),
  to: person.pick({ id: true, name: true }),
})

export type Person = z.infer<typeof person>
export type ConsoleState = z.infer<typeof consoleState>
export type TerminalEnd = z.infer<typeof terminalEnd>
export type ChatMessage = z.infer<typeof chatMessage>
export type ChatPage = z.infer<typeof chatPage>
