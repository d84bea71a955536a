// Servers over streams as units: nginx with the files of /var/www/html, and the beginning of sshd.
import { textBody, welcomePage } from '../../service/http-content.ts'
import { fileResource } from '../../service/http-files.ts'
import { HttpServer } from '../../service/http-server.ts'
import { SshBanner } from '../../service/ssh-banner.ts'
import { httpDate } from '../programs/http-serve.ts'
import type { Daemon, DaemonHost } from './daemon.ts'

const WEB_ROOT = '/var/www/html'

export function startNginx(host: DaemonHost): Daemon | string {
  const { machine } = host
  const name = `${machine.name}/http/80`
  if (machine.sim.part(name) !== undefined) return 'bind() to 0.0.0.0:80 failed (98: Address already in use)'
  const site = {
    server: 'nginx/1.24.0 (Ubuntu)',
    date: () => httpDate(machine.clock.epochMicros + machine.sim.now),
    find: (path: string) =>
      fileResource(machine.files, WEB_ROOT, path, false) ??
      (path === '/' ? textBody(welcomePage(machine.hostname), 'text/html; charset=utf-8') : undefined),
  }
  return served(
    host,
    new HttpServer(machine.stack, { port: 80, site, image: 'nginx' }, host.restoring ? machine.world.stored(name) : undefined),
  )
}

export function startSsh(host: DaemonHost): Daemon | string {
  const { machine } = host
  const name = `${machine.name}/ssh/22`
  if (machine.sim.part(name) !== undefined) return 'error: Bind to port 22 on 0.0.0.0 failed: Address already in use.'
  const options = { port: 22, software: 'OpenSSH_9.6p1 Ubuntu-3ubuntu13' }
  const daemon = served(host, new SshBanner(machine.stack, options, host.restoring ? machine.world.stored(name) : undefined))
  if (!host.restoring && typeof daemon !== 'string') host.log('Server listening on 0.0.0.0 port 22.')
  return daemon
}

function served(host: DaemonHost, server: HttpServer | SshBanner): Daemon | string {
  const { machine } = host
  if (!host.restoring) {
    server.start()
    if (!server.listening) {
      machine.stack.tcp.detach(server)
      return 'Address already in use'
    }
  }
  machine.world.add(server)
  machine.servers.push(server)
  return {
    args: null,
    close: () => {
      machine.stack.tcp.detach(server)
      machine.sim.remove(server)
      machine.servers.splice(machine.servers.indexOf(server), 1)
    },
  }
}
