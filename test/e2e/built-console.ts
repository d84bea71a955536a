import { buildWeb } from '../../scripts/web-bundle.ts'

export const buildConsole = (): Promise<void> => buildWeb({ ifStale: true })
