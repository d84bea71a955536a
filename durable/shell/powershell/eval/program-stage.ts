import { resolvePath } from '../../windows/path.ts'
import { done, type Program } from '../../windows/program.ts'
import { refusedProgram } from '../elevation.ts'
import { formatted } from '../format/render.ts'
import { openCmd, programFor } from '../remote/cmd-console.ts'
import { openLinux } from '../remote/linux-console.ts'
import type { PsValue } from '../values/value.ts'
import type { Prepared } from './pipeline.ts'
import { readLine } from './prompt.ts'
import { type Frame, write } from './session.ts'
import { environmentOf } from './variables.ts'

/** A classic program in a pipeline: objects reach it as the text that the screen would show. */
export function programStage(program: Program, args: readonly string[], frame: Frame): Prepared {
  const { session } = frame
  return (sink, context) => {
    const input: PsValue[] = []
    return {
      take(item) {
        input.push(item)
        return done()
      },
      *end() {
        const refused = refusedProgram(program.name, args, session.kernel)
        if (refused !== undefined) {
          for (const line of refused.split('\n')) yield* sink(line)
          session.lastExitCode = 1
          session.ok = false
          return
        }
        const lines = context.piped ? formatted(input, session).replace(/\n$/, '').split('\n') : undefined
        const code = yield* program.run(args, {
          kernel: session.kernel,
          line: sink,
          show: sink.show,
          input: input.length === 0 && context.piped ? [] : lines,
          path: (name) => resolvePath(session.cwd, name),
          ask:
            sink.show &&
            function* (question) {
              write(session, question)
              return yield* readLine()
            },
          openLinux: sink.show && (() => openLinux(session.memory)),
          openCmd: sink.show && (() => openCmd(session.memory, session.cwd, environmentOf(frame))),
          environment: () => environmentOf(frame),
          program: programFor(session.kernel),
        })
        session.lastExitCode = code
        if (code !== 0) session.ok = false
      },
    }
  }
}
