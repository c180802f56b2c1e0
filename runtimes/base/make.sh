#!/bin/sh
# Makes the tree that every runtime and service stands on: Debian, minimal, patched, without what no workload needs.
# make.sh TREE INPUTS SUITE MIRROR SECURITY_MIRROR. Runs in a mount and process namespace of its own.
set -eu
tree=$1 inputs=$2 suite=$3 mirror=$4 security_mirror=$5

# 0: debootstrap has its own copies of what it downloads; only the tree counts.
debootstrap --variant=minbase --include=ca-certificates "$suite" "$tree" "$mirror"

cat >"$tree/etc/apt/sources.list" <<END
deb $mirror $suite main
deb $mirror $suite-updates main
deb $security_mirror $suite-security main
END

# Documentation is left out, licences are kept.
cat >"$tree/etc/dpkg/dpkg.cfg.d/ringfort" <<'END'
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/man/*
path-exclude=/usr/share/info/*
path-exclude=/usr/share/locale/*
path-exclude=/usr/share/lintian/*
END

sh "$(dirname "$0")/../apt-in-tree.sh" "$tree" "$inputs" dist-upgrade
find "$tree/usr/share/doc" -type f ! -name copyright -delete
find "$tree/usr/share/doc" -type l -delete
find "$tree/usr/share/doc" -type d -empty -delete
rm -rf "$tree/usr/share/man" "$tree/usr/share/info" "$tree/usr/share/locale" "$tree/usr/share/lintian"
mkdir -p "$tree/usr/share/man"

# The engine gives each container its own; the build machine's must not be in an image.
: >"$tree/etc/resolv.conf"
: >"$tree/etc/hostname"
: >"$tree/etc/machine-id"
