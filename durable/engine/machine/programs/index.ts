import type { ProgramFactory } from '../program.ts'
import { Arping } from './arping.ts'
import { Capture } from './capture.ts'
import { Dhcp } from './dhcp.ts'
import { DnsQuery } from './dns-query.ts'
import { Http } from './http.ts'
import { HttpServe } from './http-serve.ts'
import { Journal } from './journal.ts'
import { NetbiosQuery } from './netbios.ts'
import { NetworkMonitor } from './network-monitor.ts'
import { Ping } from './ping.ts'
import { Resolve } from './resolve.ts'
import { Smb } from './smb.ts'
import { TcpClient } from './tcp-client.ts'
import { TcpConnect } from './tcp-connect.ts'
import { TcpListen } from './tcp-listen.ts'
import { Trace } from './trace.ts'
import { Udp } from './udp.ts'
import { Vpn } from './vpn.ts'

/** Every program there is; `kernel.spawn` takes these names. */
export const programs: { readonly [name: string]: ProgramFactory } = {
  arping: (host, args, state) => new Arping(host, args, state),
  capture: (host, args, state) => new Capture(host, args, state),
  dhcp: (host, args, state) => new Dhcp(host, args, state),
  'dns-query': (host, args, state) => new DnsQuery(host, args, state),
  http: (host, args, state) => new Http(host, args, state),
  'http-serve': (host, args, state) => new HttpServe(host, args, state),
  journal: (host, args) => new Journal(host, args),
  'network-monitor': (host, args, state) => new NetworkMonitor(host, args, state),
  netbios: (host, args, state) => new NetbiosQuery(host, args, state),
  ping: (host, args, state) => new Ping(host, args, state),
  resolve: (host, args) => new Resolve(host, args),
  smb: (host, args, state) => new Smb(host, args, state),
  'tcp-client': (host, args, state) => new TcpClient(host, args, state),
  'tcp-connect': (host, args, state) => new TcpConnect(host, args, state),
  'tcp-listen': (host, args, state) => new TcpListen(host, args, state),
  trace: (host, args, state) => new Trace(host, args, state),
  udp: (host, args, state) => new Udp(host, args, state),
  vpn: (host, args, state) => new Vpn(host, args, state),
}
