import { existsSync } from 'node:fs'
import type { Step } from './steps.ts'

/** One project per world, each with only that world's library. */
const projects = ['durable/engine', 'durable/shell', 'worker', 'web', 'client', '.']

export const typeSteps: readonly Step[] = projects
  .filter((folder) => existsSync(`${folder}/tsconfig.json`))
  .map((folder) => ({
    name: `types ${folder === '.' ? 'node' : folder}`,
    command: ['tsc', '--pretty', 'false', '-p', `${folder}/tsconfig.json`],
  }))
