// What a mandatory parameter does that was not given: the console asks for it.
import type { Gen } from '../../windows/program.ts'
import { type BindFault, type Binding, put } from '../binding/bind.ts'
import type { Parameter } from '../binding/signature.ts'
import type { PsValue } from '../values/value.ts'
import { readLine } from './prompt.ts'
import { type Session, write } from './session.ts'

/** Most values that one list is given by hand. */
const MOST = 100

/** Asks for each; undefined when nobody is there to answer, a fault when an answer does not convert. */
export function* supply(
  name: string,
  position: number,
  missing: readonly Parameter[],
  binding: Binding,
  session: Session,
): Gen<Binding | BindFault | undefined> {
  write(session, `\ncmdlet ${name} at command pipeline position ${position}\nSupply values for the following parameters:\n`)
  const values = new Map(binding.values)
  for (const parameter of missing) {
    const given = parameter.array ? yield* several(parameter.name, session) : yield* one(`${parameter.name}: `, session)
    if (given === undefined) {
      write(session, '\n')
      return undefined
    }
    const fault = put(values, parameter, given)
    if (fault !== undefined) return fault
  }
  return { ...binding, values }
}

function* one(prompt: string, session: Session): Gen<string | undefined> {
  write(session, prompt)
  return yield* readLine()
}

function* several(name: string, session: Session): Gen<PsValue[] | undefined> {
  const list: PsValue[] = []
  while (list.length < MOST) {
    const typed = yield* one(`${name}[${list.length}]: `, session)
    if (typed === undefined && list.length === 0) return undefined
    if (typed === undefined || typed === '') break
    list.push(typed)
  }
  return list
}
