import { spawn } from 'node:child_process'

export type Step = { readonly name: string; readonly command: readonly string[] }

/** Runs the steps `width` at a time; prints one line for each, and the output of those that fail. */
export async function runSteps(steps: readonly Step[], width = 2): Promise<boolean> {
  const waiting = [...steps]
  let passed = true
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const start = performance.now()
      const { status, output } = await run(step.command)
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${step.name} (${seconds} s)`)
      if (status !== 0) {
        passed = false
        console.log(output.trimEnd())
      }
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  return passed
}

function run([command, ...args]: readonly string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    child.on('error', (error) => resolve({ status: 1, output: String(error) }))
    child.on('close', (status) => resolve({ status: status ?? 1, output }))
  })
}
