import { startUnitJob } from '../jobs.ts'
import type { Daemon, DaemonHost } from './daemon.ts'

/** Its service is there when this file is. */
export const INTERFACES = '/etc/network/interfaces'
/** What ifup brought up; gone with a restart. */
export const INTERFACE_STATE = '/run/network/ifstate'

const UP = 'ifup -a'
const DOWN = 'ifdown -a -X lo'

/** networking.service of ifupdown: it is done when its line is, and stays. */
export function startNetworking({ machine, restoring }: DaemonHost): Daemon | string {
  if (!restoring && startUnitJob(machine, 'networking', UP) === 0) return 'Resource temporarily unavailable'
  return {
    args: null,
    close: (how) => {
      if (how !== '') startUnitJob(machine, 'networking', DOWN)
    },
  }
}
