import type { View } from '../format/view.ts'
import type { PsObject } from '../values/value.ts'
import { commonViews } from './common.ts'
import { dnsViews } from './dns.ts'
import { hyperVViews } from './hyper-v.ts'
import { netAdapterViews } from './net-adapter.ts'
import { netSecurityViews } from './net-security.ts'
import { netIpConfigurationView, netTcpipViews } from './net-tcpip.ts'
import { testNetConnectionViews } from './test-net-connection.ts'
import { windowsViews } from './windows.ts'

const views = new Map<string, View>(
  [
    ...commonViews,
    ...hyperVViews,
    ...netAdapterViews,
    ...netTcpipViews,
    ...dnsViews,
    ...netSecurityViews,
    netIpConfigurationView,
    ...testNetConnectionViews,
    ...windowsViews,
  ].map((view) => [view.type, view]),
)

/** The view of an object's type or of the nearest type it derives from. */
export function viewOf(item: PsObject): View | undefined {
  for (const type of item.types) {
    const view = views.get(type.replace(/^.*[./#]/, ''))
    if (view !== undefined) return view
  }
  return undefined
}
