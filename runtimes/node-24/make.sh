#!/bin/sh
# Adds Node and npm, and the user that applications run as. make.sh TREE INPUTS. INPUTS holds `node` and `npm.tgz`.
set -eu
tree=$1 inputs=$2
local=$tree/usr/local

install -m 0755 "$inputs/node" "$local/bin/node"
mkdir -p "$local/lib/node_modules/npm"
tar --extract --gzip --file "$inputs/npm.tgz" --directory "$local/lib/node_modules/npm" --strip-components=1 \
  --no-same-owner --no-same-permissions --exclude='package/man' --exclude='package/docs'
chown -R 0:0 "$local/lib/node_modules"
chmod -R u=rwX,go=rX "$local/lib/node_modules"
chmod 0755 "$local"/lib/node_modules/npm/bin/*.js
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$local/bin/npx"

echo 'app:x:1000:1000::/app:/bin/sh' >>"$tree/etc/passwd"
echo 'app:x:1000:' >>"$tree/etc/group"
install -d -m 0755 -o 1000 -g 1000 "$tree/app"
