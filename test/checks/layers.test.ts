import { describe, expect, it } from 'vitest'
import { findLayerFaults } from '../../scripts/checks/layers.ts'

const check = (files: Record<string, string>) => findLayerFaults(new Map(Object.entries(files)))

describe('layer check', () => {
  it('lets imports point down, layers skipped', () => {
    expect(
      check({
        'durable/engine/lab/build.ts': "import { a } from '../sim/a.ts'\nimport { b } from './b.ts'",
        'durable/engine/index.ts': "export * from './lab/build.ts'",
        'durable/shell/bash/run.ts': "import { build } from '../../engine/lab/build.ts'",
        'worker/index.ts': "export { LabHost } from '../durable/lab-host.ts'\nimport { Hono } from 'hono'",
        'worker/app.ts': "import type { Lab } from '../durable/engine/lab/build.ts'\nimport { m } from '../durable/protocol.ts'",
        'web/main.tsx': "import type { Api } from '../worker/app.ts'\nimport { d } from '../durable/engine/wire/dissect.ts'",
      }),
    ).toEqual([])
  })

  it('catches an import that points up and prints the chain that leads to it', () => {
    const faults = check({
      'durable/engine/lab/build.ts': "import '../wire/udp.ts'",
      'durable/engine/wire/udp.ts': "import { hop } from '../ip/routes.ts'",
      'durable/engine/ip/routes.ts': '',
    })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain('durable/engine/lab/build.ts -> durable/engine/wire/udp.ts -> durable/engine/ip/routes.ts')
    expect(faults[0]).toContain('wire may not import ip')
  })

  it.each([
    ['a type that points up', 'durable/engine/sim/a.ts', "import type { Lab } from '../lab/build.ts'"],
    ['a type import expression that points up', 'durable/engine/sim/a.ts', "export type L = import('../lab/build.ts').Lab"],
    ['a re-export that points up', 'durable/engine/link/a.ts', "export { x } from '../ip/x.ts'"],
    ['a layer that imports the front door', 'durable/engine/lab/a.ts', "import { x } from '../index.ts'"],
    ['an engine that imports a shell', 'durable/engine/machine/a.ts', "import { x } from '../../shell/x.ts'"],
    ['an engine that imports a package', 'durable/engine/lab/a.ts', "import { parse } from 'yaml'"],
    ['an engine that imports Node', 'durable/engine/sim/a.ts', "import fs from 'node:fs'"],
    ['a shell that imports the store', 'durable/shell/bash/a.ts', "import { x } from '../../store/x.ts'"],
    ['a Worker that runs engine code', 'worker/routes/a.ts', "import { x } from '../../durable/engine/lab/x.ts'"],
    ['a Worker that runs engine code late', 'worker/routes/a.ts', "const x = await import('../../durable/engine/lab/x.ts')"],
    ['a named type import that stays at run time', 'worker/a.ts', "import { type X } from '../durable/engine/lab/x.ts'"],
    ['a lab host that runs Worker code', 'durable/lab-host.ts', "import { x } from '../worker/env.ts'"],
    ['a page that runs Worker code', 'web/api.ts', "import { x } from '../worker/app.ts'"],
    ['a product file that imports a script', 'worker/a.ts', "import { x } from '../scripts/x.ts'"],
  ])('catches %s', (_what, path, text) => {
    expect(check({ [path]: text })).toHaveLength(1)
  })

  it('catches a page that would carry the engine by way of the protocol', () => {
    const faults = check({
      'web/main.tsx': "import { m } from '../durable/protocol.ts'",
      'durable/protocol.ts': "import { b } from './engine/lab/build.ts'",
      'durable/engine/lab/build.ts': '',
    })
    expect(faults).toEqual([expect.stringContaining('web/main.tsx -> durable/protocol.ts -> durable/engine/lab/build.ts')])
  })

  it('leaves tests alone', () => {
    expect(check({ 'durable/engine/sim/a.test.ts': "import { it } from 'vitest'" })).toEqual([])
  })
})
