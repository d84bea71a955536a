import defaultSwitchBrief from './default-switch/brief.md'
import defaultSwitch from './default-switch/lab.yaml'
import natNetworkBrief from './nat-network/brief.md'
import natNetwork from './nat-network/lab.yaml'

export type CatalogueEntry = {
  /** The name of the lab's folder. */
  readonly slug: string
  readonly title: string
  readonly summary: string
  readonly yaml: string
  readonly brief: string
}

/**
 * The labs that can be created by name, in the order of the list. Titles and summaries stand in each lab.yaml too; they are
 * repeated here so that listing the catalogue parses nothing, and a test holds them equal.
 */
export const catalogue: readonly CatalogueEntry[] = [
  {
    slug: 'default-switch',
    title: 'What the Default Switch does',
    summary:
      'A Windows 11 computer at home runs three virtual machines. Nobody has configured their network, and yet it works, over ' +
      'the cable, Wi-Fi, in a café and through a VPN. Find out who hands out the addresses, who answers the names and who ' +
      'rewrites the packets.',
    yaml: defaultSwitch,
    brief: defaultSwitchBrief,
  },
  {
    slug: 'nat-network',
    title: 'A NAT network of your own',
    summary:
      'The Default Switch cannot be configured. Build what it does yourself: an internal switch, an address for the computer, a ' +
      'NAT, and two guests that reach the Internet through it. Then publish a service of one of them.',
    yaml: natNetwork,
    brief: natNetworkBrief,
  },
]
