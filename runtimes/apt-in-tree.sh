#!/bin/sh
# Runs apt-get in a tree, with the host's resolver and certificates, and leaves no trace of either.
# apt-in-tree.sh TREE INPUTS COMMAND [PACKAGE…]. INPUTS holds `ca-bundle.pem` and `apt.conf` of the host.
set -eu
tree=$1 inputs=$2
shift 2

for folder in proc sys dev run tmp; do mkdir -p "$tree/$folder"; done
mount -t tmpfs -o mode=0755 ringfort "$tree/run"
mount -t tmpfs -o mode=1777 ringfort "$tree/tmp"
mount -t proc proc "$tree/proc"
mount --bind /dev "$tree/dev"
cp "$inputs/ca-bundle.pem" "$inputs/apt.conf" "$inputs/resolv.conf" "$tree/run/"
: >>"$tree/etc/resolv.conf"
mount --bind "$tree/run/resolv.conf" "$tree/etc/resolv.conf"
# No service may be started in a tree.
printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
chmod 0755 "$tree/usr/sbin/policy-rc.d"

in_tree() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive APT_CONFIG=/run/apt.conf \
    ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
    chroot "$tree" "$@"
}
in_tree apt-get update
in_tree apt-get --assume-yes --no-install-recommends "$@"
in_tree apt-get clean

umount "$tree/etc/resolv.conf" "$tree/dev" "$tree/proc" "$tree/tmp" "$tree/run"
rm -rf "$tree/usr/sbin/policy-rc.d" "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/*.bin "$tree"/var/cache/debconf/*-old
find "$tree/var/log" -type f -delete
rm -f "$tree"/var/lib/dpkg/*-old "$tree/var/cache/ldconfig/aux-cache"
