// RFC 9110 and 9112, as a client on the other end of a line sees them.
import { describe, expect, it } from 'vitest'
import { Notes } from '../test-support/streams.ts'
import { RIGHT, TcpPair } from '../test-support/tcp-pair.ts'
import { ascii, octetsOf } from '../wire/bytes.ts'
import { find, generatedOctets, type Page } from './http-content.ts'
import { HttpServer } from './http-server.ts'

const PAGES: readonly Page[] = [
  { path: '/a.txt', type: '', body: '0123456789', redirect: '' },
  { path: '/old', type: '', body: '', redirect: '/a.txt' },
  { path: '/grün.html', type: '', body: 'grün', redirect: '' },
]

function site() {
  const pair = new TcpPair({ delay: 500 })
  const server = new HttpServer(pair.right, {
    port: 80,
    site: { server: 'test/1', date: () => 'Mon, 14 Sep 2026 07:00:00 GMT', find: (path) => find(PAGES, 'www', path) },
  })
  pair.sim.add(server)
  server.start()
  return { pair, server }
}

/** Sends texts one after the other on one connection and answers everything that came, and whether the server closed. */
function talk(texts: readonly string[], seconds = 1) {
  const { pair } = site()
  const { tcp } = pair.left
  const socket = tcp.connect(new Notes(), RIGHT, 80) as number
  let heard = ''
  const take = () => {
    for (let octets = tcp.receive(socket); octets.length > 0; octets = tcp.receive(socket))
      heard += ascii(octets, 0, octets.length)
  }
  for (const text of texts) {
    tcp.send(socket, octetsOf(text))
    for (let i = 0; i < 20; i++) {
      pair.wait(seconds / 20)
      take()
    }
  }
  return { heard, closed: tcp.ended(socket), pair }
}

const get = (target: string, more = '', method = 'GET') => `${method} ${target} HTTP/1.1\r\nHost: www\r\n${more}\r\n`
const statusOf = (heard: string) => heard.slice(0, heard.indexOf('\r\n'))
const bodyOf = (heard: string) => heard.slice(heard.indexOf('\r\n\r\n') + 4)
const field = (heard: string, name: string) => new RegExp(`\r\n${name}: ([^\r]*)`, 'i').exec(heard)?.[1]

describe('an answer', () => {
  it('has status, date, type and length, and the connection stays', () => {
    const { heard, closed } = talk([get('/a.txt')])
    expect(statusOf(heard)).toBe('HTTP/1.1 200 OK')
    expect(field(heard, 'content-length')).toBe('10')
    expect(field(heard, 'content-type')).toBe('text/plain; charset=utf-8')
    expect(field(heard, 'date')).toBe('Mon, 14 Sep 2026 07:00:00 GMT')
    expect(bodyOf(heard)).toBe('0123456789')
    expect(closed).toBe(false)
  })

  it('to HEAD has the same fields and no body', () => {
    const { heard } = talk([get('/a.txt', '', 'HEAD')])
    expect(field(heard, 'content-length')).toBe('10')
    expect(bodyOf(heard)).toBe('')
  })

  it.each([
    ['bytes=2-4', '206 Partial Content', 'bytes 2-4/10', '234'],
    ['bytes=7-', '206 Partial Content', 'bytes 7-9/10', '789'],
    ['bytes=-3', '206 Partial Content', 'bytes 7-9/10', '789'],
    ['bytes=5-500', '206 Partial Content', 'bytes 5-9/10', '56789'],
    ['bytes=10-', '416 Range Not Satisfiable', 'bytes */10', undefined],
    ['bytes=4-2', '200 OK', undefined, '0123456789'],
    ['bytes=0-1,3-4', '200 OK', undefined, '0123456789'],
    ['lines=1-2', '200 OK', undefined, '0123456789'],
  ])('to the range %s is %s', (range, status, content, body) => {
    const { heard } = talk([get('/a.txt', `Range: ${range}\r\n`)])
    expect(statusOf(heard)).toBe(`HTTP/1.1 ${status}`)
    expect(field(heard, 'content-range')).toBe(content)
    if (body !== undefined) expect(bodyOf(heard)).toBe(body)
  })

  it('to a condition that holds is 304', () => {
    const tag = field(talk([get('/a.txt')]).heard, 'etag')
    expect(statusOf(talk([get('/a.txt', `If-None-Match: ${tag}\r\n`)]).heard)).toBe('HTTP/1.1 304 Not Modified')
    expect(statusOf(talk([get('/a.txt', 'If-None-Match: "other"\r\n')]).heard)).toBe('HTTP/1.1 200 OK')
  })

  it('leads on where the page has gone', () => {
    const { heard } = talk([get('/old')])
    expect([statusOf(heard), field(heard, 'location')]).toEqual(['HTTP/1.1 301 Moved Permanently', '/a.txt'])
  })

  it('finds escaped and absolute targets', () => {
    expect(bodyOf(talk([get('/%61.txt?x=1')]).heard)).toBe('0123456789')
    expect(bodyOf(talk([get('http://www/a.txt')]).heard)).toBe('0123456789')
  })

  it.each<readonly [string, string]>([
    ['404 Not Found', get('/nothing')],
    ['405 Method Not Allowed', get('/a.txt', '', 'DELETE')],
    ['501 Not Implemented', get('/a.txt', '', 'BREW')],
    ['400 Bad Request', get('/%zz')],
    ['400 Bad Request', 'GET /a.txt HTTP/1.1\r\n\r\n'],
    ['400 Bad Request', 'GET /a.txt HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['400 Bad Request', 'GET /a.txt HTTP/1.1\r\nHost : a\r\n\r\n'],
    ['505 HTTP Version Not Supported', 'GET /a.txt HTTP/2.0\r\nHost: a\r\n\r\n'],
    ['400 Bad Request', 'nonsense\r\n\r\n'],
    ['414 URI Too Long', `GET /${'x'.repeat(9000)}`],
    ['431 Request Header Fields Too Large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9000)}`],
  ])('to what is wrong is %s (%#)', (status, request) => {
    const { heard } = talk([request])
    expect(statusOf(heard)).toBe(`HTTP/1.1 ${status}`)
    if (status.startsWith('405')) expect(field(heard, 'allow')).toBe('GET, HEAD, OPTIONS')
  })
})

describe('a connection', () => {
  it('carries one request after the other, also before the first is answered', () => {
    const { heard, closed } = talk([get('/a.txt') + get('/nothing') + get('/a.txt', 'Connection: close\r\n')])
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200'])
    expect(closed).toBe(true)
  })

  it('of version 1.0 ends with the answer, unless it is asked to stay', () => {
    expect(talk(['GET /a.txt HTTP/1.0\r\n\r\n']).closed).toBe(true)
    expect(talk(['GET /a.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n']).closed).toBe(false)
  })

  it('takes a request in any pieces', () => {
    expect(bodyOf(talk([...get('/a.txt')], 0.05).heard)).toBe('0123456789')
  })

  it('that says nothing is closed; one that says half is told so', () => {
    expect(talk([get('/a.txt'), ''], 76).closed).toBe(true)
    const { heard, closed } = talk(['GET / HTTP'], 61)
    expect([statusOf(heard), closed]).toEqual(['HTTP/1.1 408 Request Timeout', true])
  })
})

it('a body of any size is made as it is sent', () => {
  const { pair } = site()
  const { tcp } = pair.left
  const socket = tcp.connect(new Notes(), RIGHT, 80) as number
  tcp.send(socket, octetsOf(get('/3MiB')))
  let count = 0
  let head = ''
  let wrong = 0
  for (let i = 0; i < 4000 && count < 3 << 20; i++) {
    pair.wait(0.001)
    const octets = tcp.receive(socket)
    let from = 0
    if (!head.includes('\r\n\r\n')) {
      head += ascii(octets, 0, octets.length)
      from = head.includes('\r\n\r\n') ? octets.length - (head.length - head.indexOf('\r\n\r\n') - 4) : octets.length
    }
    const expected = generatedOctets(count, octets.length - from)
    for (let at = from; at < octets.length; at++) if (octets[at] !== expected[at - from]) wrong++
    count += octets.length - from
  }
  expect([count, wrong, field(head, 'content-length')]).toEqual([3 << 20, 0, String(3 << 20)])
  expect(ascii(generatedOctets(0, 48), 0, 48)).toBe('000000000000000\n000000000000010\n000000000000020\n')
  expect(pair.right.tcp.context.memory.used).toBeLessThan(2 << 20)
})
