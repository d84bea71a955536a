import { LIMITS, packetDetail, packetPage } from '../../durable/protocol.ts'
import { followCapture, LONGEST_FOLLOW } from '../follow-capture.ts'
import { callLab } from '../lab-stub.ts'
import { openLab } from '../open-lab.ts'
import { bytes, createRoute, json, labId, labProblems, newRoutes, security, whole, z } from '../openapi.ts'

const tags = ['packets']
const reads = openLab('labs:read')

const list = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/packets',
  tags,
  security,
  middleware: reads,
  description: 'What was seen, in order; ask again with `after` set to `next`.',
  request: {
    params: labId,
    query: z.strictObject({
      after: whole(-1).default(-1),
      limit: whole(1, LIMITS.packetPage).default(100),
      packet: whole(0).optional().meta({ description: 'only this packet, everywhere it was seen' }),
      command: whole(0).optional().meta({ description: 'only what this command caused' }),
      filter: z.string().max(LIMITS.line).optional().meta({
        description: 'a display filter as Wireshark has them',
        example: 'dhcp.option.dhcp == 5 && eth.src == 00:15:5d:01:02:03',
      }),
    }),
  },
  responses: { 200: json(packetPage, 'One page'), ...labProblems },
})

const read = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/packets/{sequence}',
  tags,
  security,
  middleware: reads,
  request: { params: labId.extend({ sequence: whole(0) }) },
  responses: { 200: json(packetDetail, 'Decoded, with its bytes'), ...labProblems },
})

const packetIds = z
  .string()
  .regex(/^\d{1,15}(,\d{1,15}){0,999}$/, 'Packet ids with commas between them, at most 1,000.')
  .meta({ description: 'packet ids with commas between them', example: '12,13,17' })

const capture = createRoute({
  method: 'get',
  path: '/v1/labs/{id}/capture.pcapng',
  tags,
  security,
  middleware: reads,
  description:
    'For Wireshark: one interface per adapter. Whole, between two lab times (microseconds), or some packets only. With `follow=1` what there is and then what comes, as it comes: `curl -sN … | wireshark -k -i -`.',
  request: {
    params: labId,
    query: z
      .strictObject({
        from: whole(0).optional(),
        to: whole(0).optional(),
        packets: packetIds.optional(),
        follow: z.enum(['0', '1']).optional().meta({ description: '1: a live capture' }),
        seconds: whole(1, LONGEST_FOLLOW).optional().meta({ description: 'how long a live capture goes on' }),
      })
      .refine(({ from, to, packets, follow }) => follow !== '1' || (from ?? to ?? packets) === undefined, {
        path: ['follow'],
        message: 'A live capture has no window.',
      }),
  },
  responses: { 200: bytes('application/x-pcapng', 'Capture file'), ...labProblems },
})

export const packetRoutes = newRoutes()
  .openapi(list, async (c) => {
    const { filter, ...query } = c.req.valid('query')
    const asked = { ...query, ...(filter !== undefined && { filter }) }
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.packets(asked)), 200)
  })
  .openapi(read, async (c) => {
    const { sequence } = c.req.valid('param')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.packet(sequence)), 200)
  })
  .openapi(capture, async (c) => {
    const { from, to, packets, follow, seconds } = c.req.valid('query')
    const row = c.get('lab')
    if (follow === '1') {
      const ask = (after: number, known: readonly string[]) => callLab(c.env, row, (host) => host.captureAfter(after, known))
      // No name for a file: it is read as it comes. Nobody between may hold it back or pack it.
      const headers = { 'content-type': 'application/x-pcapng', 'cache-control': 'no-store, no-transform' }
      return c.body(followCapture(ask, seconds ?? LONGEST_FOLLOW), 200, headers)
    }
    const window = {
      ...(from !== undefined && { fromTime: from }),
      ...(to !== undefined && { toTime: to }),
      ...(packets !== undefined && { packets: packets.split(',').map(Number) }),
    }
    const file = await callLab(c.env, row, (host) => host.capture(window))
    return c.body(file as Uint8Array<ArrayBuffer>, 200, {
      'content-type': 'application/x-pcapng',
      'content-disposition': `attachment; filename="${row.slug ?? 'lab'}-${row.id}.pcapng"`,
    })
  })
