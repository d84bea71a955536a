import { z } from 'zod'
import { consoleName, LIMITS } from './protocol.ts'

export const caller = z.object({
  personId: z.string().min(1).max(128),
  name: z.string().max(256),
  role: z.enum(['owner', 'teacher', 'assistant', 'student', 'observer', 'machine']),
})

/** What is known of a socket. It lives with the socket, so it is there again after the object has slept. */
const attachment = z.object({
  person: caller,
  /** False until the first hello: nothing is sent before it. */
  greeted: z.boolean(),
  visible: z.boolean(),
  console: consoleName.nullable(),
  draft: z.string().max(LIMITS.line),
  /** Wall clock, milliseconds: a draft that nobody goes on with stops being in the way. */
  draftAt: z.number(),
  /** This person was told that somebody else is typing; they are not told with every key. */
  warned: z.boolean(),
  lastPacket: z.number(),
  credit: z.number(),
})
export type Attachment = z.infer<typeof attachment>

/** Packet batches that may be sent before the other end has said anything. */
export const FIRST_CREDIT = 4
export const MOST_CREDIT = 64

export const newAttachment = (person: Attachment['person']): Attachment => ({
  person,
  greeted: false,
  visible: true,
  console: null,
  draft: '',
  draftAt: 0,
  warned: false,
  lastPacket: -1,
  credit: FIRST_CREDIT,
})

/** Undefined for a socket whose attachment another version wrote: it is as good as gone. */
export function readAttachment(socket: WebSocket): Attachment | undefined {
  const parsed = attachment.safeParse(socket.deserializeAttachment())
  return parsed.success ? parsed.data : undefined
}

export function writeAttachment(socket: WebSocket, value: Attachment): void {
  socket.serializeAttachment(value)
}
