import { LIMITS, packetDetail, packetPage } from '../../durable/protocol.ts'
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
  description: 'For Wireshark: one interface per adapter. Whole, between two lab times (microseconds), or some packets only.',
  request: {
    params: labId,
    query: z.strictObject({ from: whole(0).optional(), to: whole(0).optional(), packets: packetIds.optional() }),
  },
  responses: { 200: bytes('application/x-pcapng', 'Capture file'), ...labProblems },
})

export const packetRoutes = newRoutes()
  .openapi(list, async (c) => {
    const query = c.req.valid('query')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.packets(query)), 200)
  })
  .openapi(read, async (c) => {
    const { sequence } = c.req.valid('param')
    return c.json(await callLab(c.env, c.get('lab'), (host) => host.packet(sequence)), 200)
  })
  .openapi(capture, async (c) => {
    const { from, to, packets } = c.req.valid('query')
    const window = {
      ...(from !== undefined && { fromTime: from }),
      ...(to !== undefined && { toTime: to }),
      ...(packets !== undefined && { packets: packets.split(',').map(Number) }),
    }
    const row = c.get('lab')
    const file = await callLab(c.env, row, (host) => host.capture(window))
    return c.body(file as Uint8Array<ArrayBuffer>, 200, {
      'content-type': 'application/x-pcapng',
      'content-disposition': `attachment; filename="${row.slug ?? 'lab'}-${row.id}.pcapng"`,
    })
  })
