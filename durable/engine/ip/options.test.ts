// IPv4 options: passed on, written into where RFC 791 says so, refused where they lead astray, and named where they are wrong.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anEcho, LoneStack, OWN_MAC, PEER_MAC } from '../test-support/lone-stack.ts'
import { put16, u32 } from '../wire/bytes.ts'
import * as ipv4 from '../wire/ipv4.ts'
import { faultOf } from './options.ts'

const FAR = 0x0a000002
const OUT = 0x0a000001

/** An echo request with options in its header, padded to 32 bits. */
function withOptions(options: readonly number[], header: Parameters<typeof anEcho>[0] = {}): Uint8Array {
  const plain = anEcho(header)
  const size = (options.length + 3) & ~3
  const bytes = new Uint8Array(plain.length + size)
  bytes.set(plain.subarray(0, 34))
  bytes.set(options, 34)
  bytes.set(plain.subarray(34), 34 + size)
  bytes[14] = 0x40 | ((20 + size) >> 2)
  put16(bytes, 16, bytes.length - 14)
  ipv4.fixChecksum(bytes, 14)
  return bytes
}

function router(os: 'windows' | 'linux' = 'linux') {
  const host = new LoneStack(os)
  host.via.forwarding = true
  const out = host.plug(3, OWN_MAC + 1)
  out.forwarding = true
  host.stack.addAddress(out, OUT, 24, 'manual')
  host.wait(5)
  host.know(FAR, PEER_MAC + 5, out)
  host.know()
  const sent: Uint8Array[] = []
  host.stack.attach(3, { up: true, transmit: ({ bytes }) => sent.push(bytes) })
  host.take()
  return { host, sent }
}

describe('on the way through a router', () => {
  const passed = (options: readonly number[]) => {
    const { host, sent } = router()
    const { verdict } = host.hear(withOptions(options, { dst: FAR }))
    expect(verdict).toBe('forwarded')
    expect(ipv4.checksumOk(sent[0], 14)).toBe(true)
    return sent[0].subarray(34, 34 + options.length)
  }

  it('record route gets the address that the packet leaves by, while there is room', () => {
    expect([...passed([7, 7, 4, 0, 0, 0, 0, 0])]).toEqual([7, 7, 8, 10, 0, 0, 1, 0])
    expect([...passed([7, 7, 8, 9, 9, 9, 9, 0])]).toEqual([7, 7, 8, 9, 9, 9, 9, 0])
  })

  it('timestamps are written, not as time since midnight; who finds no room is counted', () => {
    const alone = passed([68, 8, 5, 0, 0, 0, 0, 0])
    expect([alone[2], alone[4] >> 7]).toEqual([9, 1])
    const both = passed([68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    expect([both[2], u32(both, 4), both[8] >> 7]).toEqual([13, OUT, 1])
    expect([...passed([68, 8, 9, 0, 1, 2, 3, 4])]).toEqual([68, 8, 9, 16, 1, 2, 3, 4])
    const other = [68, 12, 5, 3, 9, 9, 9, 9, 0, 0, 0, 0]
    expect([...passed(other)]).toEqual(other)
  })

  it('others are passed on as they are', () => {
    for (const options of [
      [148, 4, 0, 0],
      [130, 3, 1, 0],
      [1, 1, 1, 0],
      [0, 7, 3, 1],
      [222, 8, 1, 2, 3, 4, 5, 6],
    ])
      expect([...passed(options)]).toEqual(options)
  })
})

describe.each(['linux', 'windows'] as const)('%s', (os) => {
  it.each([131, 137])('refuses source routes without a word (%i)', (type) => {
    const { host, sent } = router(os)
    for (const dst of [FAR, undefined])
      expect(host.hear(withOptions([type, 7, 4, 10, 0, 0, 2, 0], dst === undefined ? {} : { dst }))).toMatchObject({
        verdict: 'filtered',
        detail: 'source routes are refused',
      })
    expect([sent, host.take()]).toEqual([[], []])
  })

  it.each([
    ['without a length', [7, 0, 0, 0], 20],
    ['beyond the header', [1, 7, 40, 4], 21],
    ['with a pointer into its own head', [7, 7, 3, 0, 0, 0, 0, 0], 22],
    ['whose count ran over', [68, 8, 9, 0xf0, 1, 2, 3, 4], 23],
    ['of a router alert that is too short', [1, 148, 3, 0], 22],
  ])('says where an option is wrong, if it says anything: %s', (_, options, pointer) => {
    const { host } = router(os)
    expect(host.hear(withOptions(options))).toMatchObject({
      verdict: 'malformed',
      detail: `ipv4: bad option at byte ${pointer} of the header`,
    })
    expect(host.take().map((said) => ('icmp' in said ? said.icmp : said))).toMatchObject(
      os === 'linux' ? [{ kind: 'parameter-problem', code: 0, pointer }] : [],
    )
  })

  it('answers an echo that carries options', () => {
    const { host } = router(os)
    expect(host.hear(withOptions([7, 7, 4, 0, 0, 0, 0, 0])).verdict).toBe('delivered')
    expect(host.take()).toMatchObject([{ icmp: { kind: 'echo-reply' } }])
  })
})

it('whatever the options are, a packet is passed on with a good checksum or dropped with a reason', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 40 }), (options) => {
      const { host, sent } = router()
      const frame = withOptions(options, { dst: FAR })
      const fault = faultOf(frame, 14)
      const { verdict, detail } = host.hear(frame)
      if (fault === undefined) {
        expect(verdict).toBe('forwarded')
        expect(ipv4.checksumOk(sent[0], 14)).toBe(true)
      } else expect([verdict === 'malformed' || verdict === 'filtered', detail !== '']).toEqual([true, true])
    }),
    { verbose: true },
  )
})
