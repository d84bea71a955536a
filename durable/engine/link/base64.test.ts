import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromBase64, toBase64 } from './base64.ts'

it('writes what RFC 4648 section 10 gives as examples', () => {
  const examples = { '': '', f: 'Zg==', fo: 'Zm8=', foo: 'Zm9v', foob: 'Zm9vYg==', fooba: 'Zm9vYmE=', foobar: 'Zm9vYmFy' }
  for (const [text, encoded] of Object.entries(examples)) expect(toBase64(Buffer.from(text))).toBe(encoded)
})

it('gives back the bytes of any frame, and writes what the platform would', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1514 }), (bytes) => {
      const text = toBase64(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(text)).toEqual(bytes)
    }),
  )
})

it.each(['Zg', 'Zg=', 'Z===', 'Zm9v!', 'Zm9\u00fc', 'Z=9v', '-_-_'])('refuses %j', (text) => {
  expect(fromBase64(text)).toBeUndefined()
})
