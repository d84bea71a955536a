// The parameters of a command, from one line of text:
//   Name{Set1,Set2} Param[!][?|[]|:Type][@position[*]][<v|<n|<vn][(Alias,...)][=Accepted|...][#set,...]
// `*` takes the positions behind it too, `!` mandatory, `?` switch, `[]` String[], no type String; `<v` takes pipeline objects, `<n` their properties.

export type Parameter = {
  readonly name: string
  /** Without the brackets of an array. */
  readonly type: string
  readonly array: boolean
  readonly flag: boolean
  readonly mandatory: boolean
  readonly position: number | undefined
  /** Takes all further values without a name. */
  readonly rest: boolean
  readonly byValue: boolean
  readonly byName: boolean
  readonly aliases: readonly string[]
  readonly accepted: readonly string[]
  /** Numbers of the parameter sets; undefined: all. */
  readonly sets: readonly number[] | undefined
}

export type Signature = { readonly name: string; readonly sets: readonly string[]; readonly parameters: readonly Parameter[] }

const token = /^(\w+)(!?)(\?|\[\]|:[\w.]+(?:\[\])?)?(?:@(\d+)(\*)?)?(?:<(v?n?))?(?:\(([^)]*)\))?(?:=([^#]*))?(?:#([\d,]+))?$/

export function readSignature(line: string): Signature {
  const [head, ...words] = line.trim().split(' ')
  const brace = head.indexOf('{')
  const sets = brace < 0 ? [] : head.slice(brace + 1, -1).split(',')
  return { name: brace < 0 ? head : head.slice(0, brace), sets, parameters: words.map(readParameter) }
}

function readParameter(word: string): Parameter {
  const m = token.exec(word)
  if (m === null) throw new Error(`bad parameter notation: ${word}`)
  const [, name, mandatory, type = '', position, more, pipe = '', aliases, accepted, sets] = m
  const full = type === '?' ? 'SwitchParameter' : type === '' ? 'String' : type === '[]' ? 'String[]' : type.slice(1)
  return {
    name,
    type: full.replace('[]', ''),
    array: full.endsWith('[]'),
    flag: type === '?',
    mandatory: mandatory === '!',
    position: position === undefined ? undefined : Number(position),
    rest: more === '*',
    byValue: pipe.includes('v'),
    byName: pipe.includes('n'),
    aliases: aliases === undefined ? [] : aliases.split(','),
    accepted: accepted === undefined ? [] : accepted.split('|'),
    sets: sets === undefined ? undefined : sets.split(',').map(Number),
  }
}

/** Those that every cmdlet takes. */
export const commonParameters: readonly Parameter[] = readSignature(
  'Common ErrorAction:ActionPreference(ea)=SilentlyContinue|Stop|Continue|Inquire|Ignore|Suspend WarningAction:ActionPreference(wa)=SilentlyContinue|Stop|Continue|Inquire|Ignore|Suspend Verbose?(vb) Debug?(db) ' +
    'InformationAction:ActionPreference(infa)=SilentlyContinue|Stop|Continue|Inquire|Ignore|Suspend ErrorVariable(ev) WarningVariable(wv) InformationVariable(iv) OutVariable(ov) OutBuffer:Int32(ob) PipelineVariable(pv)',
).parameters

/** All of them act (`eval/cmdlet-stage.ts`). */
export const commonSupported: ReadonlySet<string> = new Set(commonParameters.map(({ name }) => name))
