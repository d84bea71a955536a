/** Commands that a real system of this kind has and this one answers with one line. */
const NAMES = `
7z adduser apropos apt-cache aptitude at awk gawk mawk base64 basename batch bc bg blkid brctl bunzip2 busctl bzip2
cal chattr chgrp chmod chown chroot chsh cmp column comm cp cpio crontab dd deluser df dhcpcd diff dirname
docker dpkg dstat du ebtables ed egrep expand expr fdisk fg file find firewall-cmd fold free fsck fstab ftp fuser
gcc git groups gpg gunzip gzip halt hexdump hping3 htop hwclock ifdown ifup iftop init insmod install iostat iperf iperf3
ip6tables iw iwconfig jobs join jq kill killall kmod last ldd less link ln locale
localectl locate loginctl logger login logname losetup lsattr lsblk lscpu lsmod lsof lspci lsusb make man md5sum mesg
mkdir mkfifo mknod mkfs mktemp modinfo modprobe more mount mtr mv nano ncat newgrp nice nl nmap nmcli nohup nproc
fgrep nsenter nstat ntpdate od openssl openvpn parted passwd paste patch perl pgrep pidof pkill pmap poweroff ps pstree pv qemu-img qemu-system-x86_64
rdisc readlink realpath rename renice resolvconf rev rfkill rm rmdir rmmod rpcinfo rsync rtmon scp screen script sed seq service
setcap sftp sha1sum sha256sum shred shuf socat split ssh-add ssh-agent ssh-copy-id ssh-keygen sshd stat strace strings stty su sum swapon
sync systemd-analyze systemd-resolve tac tar tc test tftp time timeout tmux top touch tput
 birdc truncate tshark tty tun2socks udevadm ufw umount unexpand unlink unshare unzip update-alternatives useradd userdel usermod users
vi vim visudo vmstat vtysh w wall watch wg whereis who whois wireshark write xargs xxd xz yes zcat zip zless
alias bind builtin caller command compgen complete continue break declare dirs disown enable eval exec fc getopts hash let local mapfile
popd pushd read readonly return set shift shopt source suspend times trap typeset ulimit umask unalias wait . [ [[
`

/** Real commands that answer one line. */
export const otherCommands: readonly string[] = NAMES.trim().split(/\s+/)

const REAL: ReadonlySet<string> = new Set(otherCommands)

export const isReal = (name: string): boolean => REAL.has(name)
