#!/bin/sh
# Adds MariaDB and the user that it runs as. make.sh TREE INPUTS.
set -eu
tree=$1 inputs=$2
here=$(dirname "$0")

# The cores alone: the full packages bring Perl, and set-up scripts for a system service.
sh "$here/../apt-in-tree.sh" "$tree" "$inputs" install mariadb-server-core mariadb-client-core
case $(chroot "$tree" mariadbd --version) in
  *' 11.8.'*) ;;
  *) echo 'The distribution has another version of MariaDB than 11.8' >&2; exit 1 ;;
esac

echo 'mysql:x:999:999::/nonexistent:/usr/sbin/nologin' >>"$tree/etc/passwd"
echo 'mysql:x:999:' >>"$tree/etc/group"
install -d -m 0700 -o 999 -g 999 "$tree/var/lib/mysql"
# Mountpoints. The engine gives the memory file system on the first one the rights that it finds here.
install -d -m 1777 "$tree/run/mysqld"
install -d -m 0755 "$tree/run/ringfort"
install -d -m 0755 "$tree/etc/mysql"
install -m 0755 "$here/ringfort-mysql" "$tree/usr/local/bin/ringfort-mysql"
install -m 0644 "$here/server.cnf" "$tree/etc/mysql/my.cnf"
