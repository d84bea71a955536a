import type { Shell } from '../../engine/machine/console.ts'
import { commands } from '../linux/commands/index.ts'
import { createShell } from '../linux/shell.ts'
import { conntrack } from './conntrack.ts'

/** What systemd machines have and a small router does not. */
const ABSENT = new Set(['dhclient', 'networkctl', 'resolvectl', 'sudo', 'getent', 'shutdown', 'host', 'dig'])

/** The shell of network appliances: the same commands less those, plus the translation table. */
export const router: Shell = createShell({
  name: '-ash',
  path: '/bin/ash',
  commands: [...commands.filter((command) => !ABSENT.has(command.name)), conntrack],
  missing: 'not found',
  prompt: (user, host, directory) => `${user}@${host}:${directory}${user === 'root' ? '#' : '$'} `,
})
