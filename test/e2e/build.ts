// The console is built once before the first file of tests begins, not by several at once.
import { buildConsole } from './built-console.ts'

export const setup = buildConsole
