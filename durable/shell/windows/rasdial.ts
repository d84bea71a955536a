import { allEvents, Interrupted, numberOf, type Program, watch } from './program.ts'

const errors: Record<number, string> = {
  623: 'The system could not find the phone book entry for this connection.',
  691: 'The remote connection was denied because the user name and password combination you provided is not recognized, or the selected authentication protocol is not permitted on the remote access server.',
  800: 'The remote connection was not made because the attempted VPN tunnels failed. The VPN server might be unreachable. If this connection is attempting to use an L2TP/IPsec tunnel, the security parameters required for IPsec negotiation might not be configured properly.',
  809: 'The network connection between your computer and the VPN server could not be established because the remote server is not responding. This could be because one of the network devices (e.g., firewalls, NAT, routers, etc) between your computer and the remote server is not configured to allow VPN connections. Please contact your Administrator or your service provider to determine which device may be causing the problem.',
  868: 'The remote connection was not made because the name of the remote access server did not resolve.',
}

const steps: Record<string, string> = {
  authenticating: 'Verifying username and password...',
  registering: 'Registering your computer on the network...',
}

const refused = ['/domain', '/phonebook', '/phone', '/callback', '/prefixsuffix']

const usage = `USAGE:
\trasdial entryname [username [password|*]] [/DOMAIN:domain]
\t\t[/PHONE:phonenumber] [/CALLBACK:callbacknumber]
\t\t[/PHONEBOOK:phonebookfile] [/PREFIXSUFFIX]

\trasdial [entryname] /DISCONNECT

\trasdial`

export const rasdial: Program = {
  name: 'rasdial',
  synopsis: 'Connects and disconnects a VPN.',
  options: ['ENTRY', '/disconnect'],
  refuses: refused,
  *run(args, io) {
    if (args.includes('/?')) {
      for (const line of usage.split('\n')) yield* io.line(line)
      return 0
    }
    const other = args.find((arg) => refused.some((one) => arg.toLowerCase().startsWith(one)))
    if (other !== undefined) {
      yield* io.line(`rasdial ${other}: this option is real, but it is not simulated here yet.`)
      return 1
    }
    const vpns = io.kernel.vpns()
    const connected = vpns.filter((one) => one.status === 'Connected')
    const done = 'Command completed successfully.'
    if (args.length === 0) {
      if (connected.length === 0) yield* io.line('No connections')
      else for (const line of ['Connected to', ...connected.map((one) => one.name)]) yield* io.line(line)
      yield* io.line(done)
      return 0
    }
    const hangUp = args.some((arg) => /^[-/]d(isconnect)?$/i.test(arg))
    const name = args.find((arg) => !/^[-/]/.test(arg))
    const entry = vpns.find((one) => one.name.toLowerCase() === name?.toLowerCase())
    if (hangUp) {
      const targets = name === undefined ? connected : connected.filter((one) => one === entry)
      if (targets.length === 0) yield* io.line('No connections')
      for (const target of targets) {
        yield* allEvents(io.kernel, 'vpn', { action: 'disconnect', name: target.name })
      }
      yield* io.line(done)
      return 0
    }
    if (entry !== undefined && entry.status === 'Connected') {
      yield* io.line(`You are already connected to ${entry.name}.`)
      yield* io.line(done)
      return 0
    }
    const failed = function* (code: number) {
      for (const line of [
        '',
        `Remote Access error ${code} - ${errors[code] ?? 'The connection failed.'}`,
        '',
        'For more help on this error:',
        "\tType 'hh netcfg.chm'",
        `\tIn help, click Troubleshooting, then Error Messages, then ${code}`,
      ])
        yield* io.line(line)
      return code
    }
    if (entry === undefined) return yield* failed(623)
    yield* io.line(`Connecting to ${entry.name}...`)
    let fault = 0
    let last = ''
    const running = yield* watch(io.kernel, 'vpn', { action: 'connect', name: entry.name }, function* (event) {
      const text = event.kind === 'progress' ? steps[String(event.step)] : undefined
      if (text !== undefined && text !== last) yield* io.line((last = text))
      if (event.kind === 'failed') fault = numberOf(event.code) || 800
    })
    if (running.interrupted) throw new Interrupted('^C')
    if (fault !== 0) return yield* failed(fault)
    yield* io.line(`Successfully connected to ${entry.name}.`)
    yield* io.line(done)
    return 0
  },
}
