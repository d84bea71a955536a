import { z } from 'zod'
import { consoleName, LIMITS } from './protocol.ts'

export const caller = z.object({
  personId: z.string().min(1).max(128),
  name: z.string().max(256),
  role: z.enum(['owner', 'teacher', 'assistant', 'student', 'observer', 'machine']),
  until: z.number().optional(),
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
  /** Only watches, by choice. */
  watching: z.boolean().default(false),
  /** This person was told that somebody else is typing; they are not told with every key. */
  warned: z.boolean(),
  lastPacket: z.number(),
  /** It asked for everything after some packet, and has not got all of it yet. */
  asked: z.boolean(),
  /** Since when there is more than it has room for, milliseconds since 1970; 0 while there is not. */
  stalledAt: z.number(),
  credit: z.number(),
  /** What was sent with each batch that it has not acknowledged, oldest first, and what was sent after the last batch. */
  unacknowledged: z.array(z.number()),
  loose: z.number(),
  /** It was not told something that everybody was told. */
  missed: z.boolean(),
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
  watching: false,
  warned: false,
  lastPacket: -1,
  asked: true,
  stalledAt: 0,
  credit: FIRST_CREDIT,
  unacknowledged: [],
  loose: 0,
  missed: false,
})

/** Those that need not be parsed again; after the object has slept its sockets are others. */
const read = new WeakMap<WebSocket, Attachment>()

/** Undefined for a socket whose attachment another version wrote: it is as good as gone. */
export function readAttachment(socket: WebSocket): Attachment | undefined {
  const known = read.get(socket)
  if (known) return known
  const parsed = attachment.safeParse(socket.deserializeAttachment())
  if (!parsed.success) return undefined
  read.set(socket, parsed.data)
  return parsed.data
}

export function writeAttachment(socket: WebSocket, value: Attachment): void {
  socket.serializeAttachment(value)
  read.set(socket, value)
}
