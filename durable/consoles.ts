import type { ConsoleView, LabApi } from './engine/lab/lab-api.ts'

// The engine opens a console when it is first asked for it. Only an input may do that, since only inputs are committed.

/** Whether there is a terminal to open under this name. */
export const hasTerminal = (lab: LabApi, name: string): boolean => lab.hasTerminal(name.split(':')[0] as string)

/** A console that somebody has opened. */
export const openConsole = (lab: LabApi, name: string): ConsoleView | undefined =>
  lab.consoles().find((one) => one.console === name)
