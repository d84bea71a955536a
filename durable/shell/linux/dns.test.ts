import { describe, expect, it } from 'vitest'
import { fakeKernel, type } from './fake-kernel.ts'
import { bash } from './index.ts'

const out = (line: string, fake = fakeKernel()) => type(bash, fake, line).output
const A = { name: 'vm2.mshome.net', type: 'A', ttl: 0, data: '172.27.165.77' }
const answer = (change: object) => ({
  kind: 'answer',
  server: '172.27.160.1',
  tcp: false,
  micros: 412,
  bytes: 48,
  rcode: 'NOERROR',
  flags: { aa: false, tc: false, rd: true, ra: true },
  id: 40412,
  question: { name: 'vm2.mshome.net', type: 'A' },
  answers: [],
  authorities: [],
  additionals: [],
  ...change,
})
const finished = { kind: 'finished' }

describe('dig', () => {
  it('prints as the fact sheet shows', () => {
    const fake = fakeKernel()
    fake.scripts.set('dns-query', [answer({ answers: [A] }), finished])
    expect(out('dig vm2.mshome.net @172.27.160.1', fake)).toBe(`
; <<>> DiG 9.18.28-0ubuntu0.24.04.1-Ubuntu <<>> vm2.mshome.net @172.27.160.1
;; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 40412
;; flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0

;; QUESTION SECTION:
;vm2.mshome.net.			IN	A

;; ANSWER SECTION:
vm2.mshome.net.		0	IN	A	172.27.165.77

;; Query time: 0 msec
;; SERVER: 172.27.160.1#53(172.27.160.1) (UDP)
;; WHEN: Thu Nov 20 10:15:04 UTC 2025
;; MSG SIZE  rcvd: 48

`)
    expect(out('dig +short vm2.mshome.net', fake)).toBe('172.27.165.77\n')
    expect(out('dig +noall +answer vm2.mshome.net', fake)).toBe('vm2.mshome.net.\t\t0\tIN\tA\t172.27.165.77\n')
  })

  it('says who does not answer', () => {
    const fake = fakeKernel()
    fake.scripts.set('dns-query', [{ kind: 'refused', server: '172.27.160.1' }, finished])
    expect(out('dig +tcp x @172.27.160.1', fake)).toBe(
      ';; Connection to 172.27.160.1#53(172.27.160.1) for x failed: connection refused.\n;; no servers could be reached\n',
    )
    const timeout = { kind: 'timeout', server: '172.27.160.1', attempt: 1 }
    fake.scripts.set('dns-query', [timeout, timeout, timeout, finished])
    const { output, status } = type(bash, fake, 'dig x @172.27.160.1')
    expect(output.split('\n').slice(0, 4)).toEqual([
      ...Array(3).fill(';; communications error to 172.27.160.1#53: timed out'),
      '',
    ])
    expect(output.endsWith(';; global options: +cmd\n;; no servers could be reached\n')).toBe(true)
    expect(status).toBe(9)
  })

  it('asks backwards', () => {
    const fake = fakeKernel()
    const PTR = { name: '77.165.27.172.in-addr.arpa', type: 'PTR', ttl: 0, data: 'vm2.mshome.net' }
    fake.scripts.set('dns-query', [answer({ answers: [PTR] }), finished])
    expect(out('dig -x 172.27.165.77 +noall +answer', fake)).toBe('77.165.27.172.in-addr.arpa. 0\tIN\tPTR\tvm2.mshome.net.\n')
  })
})

describe('nslookup', () => {
  it('names the local stub', () => {
    const fake = fakeKernel()
    fake.scripts.set('dns-query "A"', [answer({ answers: [A] }), finished])
    fake.scripts.set('dns-query "AAAA"', [answer({}), finished])
    expect(out('nslookup vm2.mshome.net', fake)).toBe(
      'Server:\t\t127.0.0.53\nAddress:\t127.0.0.53#53\n\nNon-authoritative answer:\nName:\tvm2.mshome.net\nAddress: 172.27.165.77\n\n',
    )
    expect(out('nslookup vm2.mshome.net 172.27.160.1', fake)).toMatch(/^Server:\t\t172.27.160.1\nAddress:\t172.27.160.1#53\n\n/)
  })

  it('tries the search list, then says NXDOMAIN', () => {
    const fake = fakeKernel()
    fake.scripts.set('dns-query', [answer({ rcode: 'NXDOMAIN' }), finished])
    const { output, status } = type(bash, fake, 'nslookup nobody 172.27.160.1')
    expect(output).toBe("Server:\t\t172.27.160.1\nAddress:\t172.27.160.1#53\n\n** server can't find nobody: NXDOMAIN\n\n")
    expect(status).toBe(1)
    expect(fake.calls.map((call) => /"name":"([^"]+)"/.exec(call)?.[1])).toEqual(['nobody.mshome.net', 'nobody'])
  })

  it('-vc is refused, silence times out, addresses are turned round', () => {
    const fake = fakeKernel()
    fake.scripts.set('dns-query', [{ kind: 'refused', server: '172.27.160.1' }, finished])
    expect(out('nslookup -vc vm2.mshome.net 172.27.160.1', fake)).toBe(
      ';; Connection to 172.27.160.1#53(172.27.160.1) for vm2.mshome.net failed: connection refused.\n;; no servers could be reached\n\n',
    )
    const PTR = { name: '77.165.27.172.in-addr.arpa', type: 'PTR', ttl: 0, data: 'vm2.mshome.net' }
    fake.scripts.set('dns-query', [answer({ answers: [PTR] }), finished])
    expect(out('nslookup 172.27.165.77', fake)).toBe(
      '77.165.27.172.in-addr.arpa\tname = vm2.mshome.net.\n\nAuthoritative answers can be found from:\n\n',
    )
  })
})

describe('host and resolvectl', () => {
  it('host', () => {
    const fake = fakeKernel()
    fake.scripts.set('dns-query "A"', [answer({ answers: [A] }), finished])
    fake.scripts.set('dns-query "AAAA"', [answer({}), finished])
    fake.scripts.set('dns-query "MX"', [answer({}), finished])
    expect(out('host vm2.mshome.net', fake)).toBe('vm2.mshome.net has address 172.27.165.77\n')
    const none = fakeKernel()
    none.scripts.set('dns-query', [answer({ rcode: 'NXDOMAIN' }), finished])
    expect(out('host nobody', none)).toBe('Host nobody not found: 3(NXDOMAIN)\n')
  })

  it('resolvectl status', () => {
    expect(out('resolvectl')).toBe(`Global
         Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
  resolv.conf mode: uplink

Link 2 (eth0)
    Current Scopes: DNS
         Protocols: +DefaultRoute -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
Current DNS Server: 172.27.160.1
       DNS Servers: 172.27.160.1
        DNS Domain: mshome.net
`)
  })

  it('resolvectl query and flush-caches', () => {
    const fake = fakeKernel()
    fake.scripts.set('resolve', [
      { kind: 'resolved', name: 'vm2.mshome.net', canonical: 'vm2.mshome.net', source: 'dns', records: [A] },
    ])
    expect(out('resolvectl query vm2.mshome.net', fake)).toMatch(
      /^vm2\.mshome\.net: 172\.27\.165\.77 +-- link: eth0\n\n-- Information acquired/,
    )
    fake.scripts.set('resolve', [{ kind: 'not-found', name: 'x' }])
    expect(out('resolvectl query x', fake)).toBe("x: resolve call failed: Name 'x' not found\n")
    expect(out('resolvectl flush-caches', fake)).toBe('')
    expect(fake.calls).toContain('flushDnsCache')
  })
})
