/** Commands that a real system of this kind has and this one answers with one line. */
const NAMES = `
. 7z [[ adduser apropos apt-cache aptitude at base64 batch bc bind birdc blkid brctl bunzip2 busctl bzip2 cal caller
chattr chgrp chroot chsh column compgen complete cpio crontab dd deluser dhcpcd docker dpkg dstat ebtables ed egrep
enable expand fc fdisk fgrep firewall-cmd fold fsck fstab ftp fuser gawk gcc git gpg gunzip gzip halt hexdump hping3
htop hwclock ifdown iftop ifup init insmod install iostat ip6tables iperf iperf3 iw iwconfig join jq kmod last ldd less
link locale localectl locate logger login loginctl losetup lsattr lsblk lscpu lsmod lsof lspci lsusb make man mawk
md5sum mesg mkfifo mkfs mknod modinfo modprobe more mount mtr nano ncat newgrp nice nmap nmcli nsenter nstat ntpdate od
openssl openvpn parted passwd patch perl pmap poweroff pstree pv qemu-img qemu-system-x86_64 rdisc rename renice
resolvconf rfkill rmmod rpcinfo rsync rtmon scp screen script service setcap sftp sha1sum sha256sum shred shuf socat
split ssh-add ssh-agent ssh-copy-id ssh-keygen sshd strace strings stty su sum suspend swapon systemd-analyze
systemd-resolve tar tc tftp time tmux tput truncate tshark tun2socks typeset udevadm ufw umount unexpand unlink unshare
unzip update-alternatives useradd userdel usermod users vi vim visudo vmstat vtysh wall wg whereis whois wireshark write
xxd xz zcat zip zless
`

/** Real commands that answer one line. */
export const otherCommands: readonly string[] = NAMES.trim().split(/\s+/)

const REAL: ReadonlySet<string> = new Set(otherCommands)

export const isReal = (name: string): boolean => REAL.has(name)
