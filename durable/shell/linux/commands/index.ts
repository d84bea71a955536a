import type { Command } from '../io.ts'
import { help, which } from './about.ts'
import { apt } from './apt.ts'
import { arp } from './arp.ts'
import { arping } from './arping.ts'
import { awk } from './awk.ts'
import { bridge } from './bridge.ts'
import { cat } from './cat.ts'
import { clear } from './clear.ts'
import { conntrack } from './conntrack.ts'
import { curl } from './curl.ts'
import { cut } from './cut.ts'
import { dhclient } from './dhclient.ts'
import { dhcrelay } from './dhcrelay.ts'
import { diff } from './diff.ts'
import { dig } from './dig.ts'
import { cd, pwd } from './directory.ts'
import { dnsmasq } from './dnsmasq.ts'
import { echo } from './echo.ts'
import { ethtool } from './ethtool.ts'
import { expr } from './expr.ts'
import { chmod, chown, stat } from './files/attributes.ts'
import { find } from './files/find.ts'
import { ln, mkdir, mktemp, rmdir, touch } from './files/make.ts'
import { cp, mv, rm } from './files/move.ts'
import { basename, dirname, file, readlink, realpath } from './files/names.ts'
import { getent } from './getent.ts'
import { grep } from './grep.ts'
import { head } from './head.ts'
import { host } from './host.ts'
import { hostname } from './hostname.ts'
import { hostnamectl, timedatectl } from './hostnamectl.ts'
import { ifconfig } from './ifconfig.ts'
import { ifdown, ifquery, ifup } from './ifup.ts'
import { ip } from './ip.ts'
import { iptables, iptablesRestore, iptablesSave } from './iptables.ts'
import { journalctl } from './journalctl.ts'
import { dmesg, nft } from './kernel-log.ts'
import { ls } from './ls.ts'
import { arch, df, du, free, groups, logname, lsbRelease, nproc, sync, top, tty, w, who } from './machine-state.ts'
import { nc } from './nc.ts'
import { netplan } from './netplan.ts'
import { netstat } from './netstat.ts'
import { networkctl } from './networkctl.ts'
import { nslookup } from './nslookup.ts'
import { ping, ping6 } from './ping.ts'
import { printf } from './printf.ts'
import { killall, pgrep, pidof, pkill, ps } from './ps.ts'
import { python3 } from './python.ts'
import { reboot, shutdown } from './reboot.ts'
import { resolvectl } from './resolvectl.ts'
import { route } from './route.ts'
import { sed } from './sed.ts'
import { seq } from './seq.ts'
import {
  breakCommand,
  colon,
  continueCommand,
  evalCommand,
  exit,
  falseCommand,
  returnCommand,
  trueCommand,
} from './shell/flow.ts'
import { dirs, popd, pushd } from './shell/folders.ts'
import { bg, disown, fg, jobs, kill, trap, wait } from './shell/jobs.ts'
import { ulimit } from './shell/limits.ts'
import { alias, builtinCommand, commandCommand, hash, history, typeCommand, unalias } from './shell/names.ts'
import { set, shopt } from './shell/options.ts'
import { getopts, mapfile, read } from './shell/read.ts'
import { nohup, timeout, watch } from './shell/runners.ts'
import { bashCommand, exec, source } from './shell/scripts.ts'
import { env, printenv, times, umask } from './shell/small.ts'
import { bracket, test } from './shell/test.ts'
import { declareCommand, exportCommand, letCommand, local, readonly, shift, unset } from './shell/variables.ts'
import { sort } from './sort.ts'
import { ss } from './ss.ts'
import { ssh } from './ssh.ts'
import { sudo } from './sudo.ts'
import { sysctl } from './sysctl.ts'
import { date, id, sleep, uname, uptime, whoami } from './system.ts'
import { systemctl } from './systemctl.ts'
import { tail } from './tail.ts'
import { tcpdump } from './tcpdump.ts'
import { tee } from './tee.ts'
import { telnet } from './telnet.ts'
import { cmp, comm, nl, paste, rev, tac } from './text-tools.ts'
import { tr } from './tr.ts'
import { tracepath } from './tracepath.ts'
import { traceroute } from './traceroute.ts'
import { udhcpc } from './udhcpc.ts'
import { uniq } from './uniq.ts'
import { wc } from './wc.ts'
import { wget } from './wget.ts'
import { xargs } from './xargs.ts'
import { yes } from './yes.ts'

/** Every command of a Linux machine. Adding one is a file and a line here. */
export const commands: readonly Command[] = [
  chmod,
  chown,
  stat,
  find,
  ln,
  mkdir,
  mktemp,
  rmdir,
  touch,
  cp,
  mv,
  rm,
  basename,
  dirname,
  file,
  readlink,
  realpath,
  diff,
  expr,
  arch,
  df,
  du,
  free,
  groups,
  logname,
  lsbRelease,
  nproc,
  sync,
  top,
  tty,
  w,
  who,
  killall,
  pgrep,
  pidof,
  pkill,
  ps,
  dirs,
  popd,
  pushd,
  ulimit,
  cmp,
  comm,
  nl,
  paste,
  rev,
  tac,
  yes,
  apt,
  alias,
  bashCommand,
  bg,
  bracket,
  breakCommand,
  builtinCommand,
  commandCommand,
  continueCommand,
  declareCommand,
  disown,
  evalCommand,
  exec,
  fg,
  getopts,
  hash,
  jobs,
  kill,
  letCommand,
  local,
  mapfile,
  nohup,
  printenv,
  read,
  readonly,
  returnCommand,
  awk,
  sed,
  seq,
  set,
  shift,
  shopt,
  source,
  test,
  timeout,
  times,
  trap,
  umask,
  unalias,
  wait,
  watch,
  xargs,
  arp,
  arping,
  bridge,
  cat,
  cd,
  clear,
  colon,
  curl,
  conntrack,
  cut,
  date,
  dhclient,
  dig,
  dhcrelay,
  dnsmasq,
  dmesg,
  echo,
  env,
  exit,
  exportCommand,
  ethtool,
  falseCommand,
  getent,
  grep,
  head,
  help,
  history,
  host,
  hostname,
  hostnamectl,
  id,
  ifconfig,
  ifdown,
  ifquery,
  ifup,
  ip,
  journalctl,
  iptables,
  iptablesRestore,
  iptablesSave,
  ls,
  nc,
  netplan,
  netstat,
  networkctl,
  nft,
  nslookup,
  ping,
  ping6,
  printf,
  pwd,
  python3,
  reboot,
  resolvectl,
  route,
  shutdown,
  sleep,
  sort,
  ss,
  ssh,
  sudo,
  sysctl,
  systemctl,
  tail,
  tcpdump,
  tee,
  telnet,
  timedatectl,
  tr,
  tracepath,
  traceroute,
  trueCommand,
  typeCommand,
  udhcpc,
  uname,
  uniq,
  unset,
  uptime,
  wc,
  wget,
  which,
  whoami,
]
