// The parameters of a function, a script file or a block, as the binder takes them.
import type { Parameter, Signature } from '../binding/signature.ts'
import { readSignature } from '../binding/signature.ts'
import type { FunctionBody } from '../syntax/ast.ts'

const TYPES: Readonly<Record<string, string>> = {
  string: 'String',
  int: 'Int32',
  int32: 'Int32',
  int64: 'Int64',
  long: 'Int64',
  uint16: 'UInt16',
  uint32: 'UInt32',
  uint64: 'UInt64',
  byte: 'Byte',
  double: 'Double',
  bool: 'Boolean',
  boolean: 'Boolean',
  scriptblock: 'ScriptBlock',
}

const asking = readSignature('Asking WhatIf?(wi) Confirm?(cf)').parameters

/** Without positions of their own they have those of their order. */
export function functionSignature(name: string, body: FunctionBody): Signature {
  const placed = body.parameters.some(({ position }) => position !== undefined)
  const sets = [...new Set(body.parameters.flatMap(({ sets: own }) => own))]
  let next = 0
  const parameters = body.parameters.map((one): Parameter => {
    const flag = /^(?:System\.Management\.Automation\.)?switch(parameter)?$/i.test(one.type)
    const type = one.type.toLowerCase().replace(/^system\./, '')
    return {
      name: one.name,
      type: flag ? 'SwitchParameter' : (TYPES[type] ?? (one.accepted.length > 0 ? 'String' : 'Object')),
      array: one.array,
      flag,
      mandatory: one.mandatory && !one.validations.some(({ kind }) => kind === 'empty-too'),
      position: placed ? one.position : flag ? undefined : next++,
      rest: one.rest,
      byValue: one.pipeline,
      byName: one.byName,
      aliases: one.aliases,
      accepted: one.accepted,
      sets: one.sets.length === 0 ? undefined : one.sets.map((set) => sets.indexOf(set)),
    }
  })
  const taken = new Set(parameters.map((one) => one.name.toLowerCase()))
  const more = body.asks ? asking.filter((one) => !taken.has(one.name.toLowerCase())) : []
  return { name, sets, parameters: [...parameters, ...more] }
}
