import { afterEach, describe, expect, it, vi } from 'vitest'
import { callOut, checkTarget } from './outbound.ts'
import { sign } from './signature.ts'
import { admit } from './target.ts'

const strict = { loopback: false, resolve: async () => ['93.184.216.34', '2606:2800:220:1::1'] }
const local = { ...strict, loopback: true }

const refused = async (url: string, rules = strict) => {
  const target = await admit(url, rules)
  expect(target.ok, url).toBe(false)
  return target.ok ? '' : target.message
}

afterEach(() => vi.restoreAllMocks())

describe('addresses that people type in', () => {
  it('are called by https at public names and addresses', async () => {
    for (const url of ['https://hooks.example.org/a?b=c', 'https://93.184.216.34/', 'https://[2606:2800:220:1::1]:8443/x'])
      expect(await admit(url, strict), url).toMatchObject({ ok: true })
  })

  it('are refused when they are private, of this computer, of the link, of metadata, or nothing of the Internet', async () => {
    const inner = [
      ...[
        '127.0.0.1',
        '127.8.9.1',
        '0.0.0.0',
        '10.1.2.3',
        '172.16.0.1',
        '172.31.255.255',
        '192.168.1.1',
        '169.254.169.254',
        '100.64.0.1',
      ],
      ...['192.0.0.8', '192.0.2.1', '198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
      // Other ways to write the same.
      ...['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0xa9fea9fe'],
      ...[
        '[::1]',
        '[::]',
        '[fe80::1]',
        '[fc00::1]',
        '[fd00:ec2::254]',
        '[ff02::1]',
        '[::ffff:10.0.0.1]',
        '[::ffff:a9fe:a9fe]',
        '[::127.0.0.1]',
      ],
      ...['[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[64:ff9b:1::1]', '[fec0::1]', '[2001:db8::1]', '[100::1]'],
      ...[
        'localhost',
        'metadata',
        'a.localhost',
        'metadata.google.internal',
        'printer.local',
        'x.home.arpa',
        'localhost.',
        'intranet',
      ],
    ]
    for (const host of inner) await refused(`https://${host}/latest/meta-data`)
  })

  it('are refused for what they are: no https, a password, too long, nothing', async () => {
    expect(await refused('http://example.org/')).toMatch(/https/)
    expect(await refused('https://me:secret@example.org/')).toMatch(/password/)
    expect(await refused(`https://example.org/${'x'.repeat(2_100)}`)).toMatch(/longer/)
    for (const url of ['', 'example.org', 'file:///etc/passwd', 'ftp://example.org', 'javascript:alert(1)', 'https://'])
      await refused(url)
  })

  it('are refused when the name leads inside, by any of its addresses, or nowhere', async () => {
    const leads = (...addresses: string[]) => ({ ...strict, resolve: async () => addresses })
    expect(await refused('https://example.org/', leads('93.184.216.34', '10.0.0.1'))).toMatch(/leads to 10\.0\.0\.1/)
    await refused('https://example.org/', leads('::ffff:127.0.0.1'))
    await refused('https://example.org/', leads('nonsense'))
    expect(await refused('https://example.org/', leads())).toMatch(/no address/)
    const silent = { ...strict, resolve: () => Promise.reject(new Error('no resolver')) }
    expect(await refused('https://example.org/', silent)).toMatch(/could not be found out/)
    expect(await callOut({}, 'https://example.org/', {}, silent)).toMatchObject({ ok: false, why: 'unresolved' })
  })

  it('may be of this computer only where a binding says so', async () => {
    for (const url of ['http://127.0.0.1:8080/hook', 'http://localhost:1/', 'https://[::1]/']) {
      expect(checkTarget({ OUTBOUND_LOOPBACK: 'allow' }, url).ok, url).toBe(true)
      expect(checkTarget({}, url).ok, url).toBe(false)
      expect(checkTarget({ OUTBOUND_LOOPBACK: 'yes' }, url).ok, url).toBe(false)
    }
    await refused('http://10.0.0.1/', local)
    await refused('http://example.org/', local)
    await refused('https://169.254.169.254/', local)
  })
})

describe('a call', () => {
  const answers = (answer: () => Response | Promise<Response>) =>
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answer())
  const call = (options = {}) => callOut({}, 'https://example.org/hook', options, strict)

  it('tells what was answered, and no more of it than was asked for', async () => {
    const fetched = answers(() => new Response('x'.repeat(100), { status: 418 }))
    expect(await call({ mostBytes: 10 })).toMatchObject({ ok: true, status: 418, text: 'x'.repeat(10), cut: true })
    expect(await call({ mostBytes: 100 })).toMatchObject({ text: 'x'.repeat(100), cut: false })
    expect(fetched.mock.calls[0][1]).toMatchObject({ redirect: 'manual' })
  })

  it('does not follow a redirect', async () => {
    const fetched = answers(() => new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } }))
    expect(await call()).toMatchObject({ ok: false, why: 'redirect' })
    expect(fetched).toHaveBeenCalledTimes(1)
  })

  it('is not made at all when the address is refused', async () => {
    const fetched = answers(() => new Response('secrets'))
    expect(await callOut({}, 'https://169.254.169.254/', {}, strict)).toMatchObject({ ok: false, why: 'refused' })
    expect(await call({ body: 'x'.repeat(1024 * 1024 + 1) })).toMatchObject({ ok: false, why: 'refused' })
    expect(fetched).not.toHaveBeenCalled()
  })

  it('ends when nobody answers, and when there is no connection', async () => {
    vi.spyOn(globalThis, 'fetch').mockImplementation(
      (_url, init) => new Promise((_, fail) => init?.signal?.addEventListener('abort', () => fail(new Error('aborted')))),
    )
    expect(await call({ timeoutMs: 20 })).toMatchObject({ ok: false, why: 'timeout' })
    answers(() => Promise.reject(new Error('connection refused')))
    expect(await call()).toMatchObject({ ok: false, why: 'network', message: expect.stringMatching(/connection refused/) })
  })
})

it('a signature is what anybody computes with the secret', async () => {
  // printf '1700000000.what do ya want for nothing?' | openssl dgst -sha256 -hmac Jefe
  const signed = await sign(['Jefe'], 1700000000, 'what do ya want for nothing?')
  expect(signed).toBe('t=1700000000,v1=1cdd0650c8be1cb0974b1788d458b1e781206cfef59b85faafc582d2e182c57e')
  const two = await sign(['Jefe', 'old'], 1700000000, 'what do ya want for nothing?')
  expect(two.split(',')).toHaveLength(3)
  expect(two.startsWith(signed)).toBe(true)
  expect(await sign(['Jefe'], 1700000001, 'what do ya want for nothing?')).not.toContain(signed.split('=')[2])
})
