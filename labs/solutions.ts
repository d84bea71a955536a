import defaultSwitchDetective from './default-switch-detective/solutions/walk.script'
import dhcpByHand from './dhcp-by-hand/solutions/walk.script'
import noNetwork from './no-network/solutions/walk.script'
import oneWayTraffic from './one-way-traffic/solutions/walk.script'
import threeSwitches from './three-switches/solutions/walk.script'

/** The solution of each graded lab of the catalogue, by its slug: whoever opens one for a class has its variants solved first. */
export const solutions: { readonly [slug: string]: string } = {
  'default-switch-detective': defaultSwitchDetective,
  'dhcp-by-hand': dhcpByHand,
  'no-network': noNetwork,
  'one-way-traffic': oneWayTraffic,
  'three-switches': threeSwitches,
}
