// What the service control manager answers, with the numbers that sc and net tell.
import type { KernelError } from '../../engine/machine/kernel.ts'

export type SystemError = { readonly code: number; readonly message: string }

export const NO_SERVICE: SystemError = {
  code: 1060,
  message: 'The specified service does not exist as an installed service.',
}
export const DENIED: SystemError = { code: 5, message: 'Access is denied.' }

/** Why a service did not start or stop. */
export function systemError(verb: 'start' | 'stop', error: KernelError, detail?: string): SystemError {
  switch (error) {
    case 'not-found':
      return NO_SERVICE
    case 'access-denied':
      return DENIED
    case 'wrong-state':
      return verb === 'start'
        ? { code: 1056, message: 'An instance of the service is already running.' }
        : { code: 1062, message: 'The service has not been started.' }
    case 'in-use':
      return {
        code: 1051,
        message: 'A stop control has been sent to a service that other running services are dependent on.',
      }
    case 'no-service':
      return detail === 'disabled'
        ? {
            code: 1058,
            message:
              'The service cannot be started, either because it is disabled or because it has no enabled devices associated with it.',
          }
        : { code: 1068, message: 'The dependency service or group failed to start.' }
    default:
      return { code: 1052, message: 'The requested control is not valid for this service.' }
  }
}
