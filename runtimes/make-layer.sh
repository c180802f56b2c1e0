#!/bin/sh
# Makes the one layer that a recipe adds, as WORK/layer.tar.
# make-layer.sh RECIPE WORK BASE [ARGUMENT…]. BASE is the layer below as a tar file, or empty for the first one. The recipe's
# `make.sh` gets the tree, the folder of inputs and the arguments. All mounts end with the namespace that this runs in.
set -eu
recipe=$1 work=$2 base=$3
shift 3

mkdir "$work/tree"
if [ -z "$base" ]; then
  sh "$recipe/make.sh" "$work/tree" "$work/inputs" "$@"
  added=$work/tree
else
  mkdir "$work/below" "$work/added" "$work/overlay"
  tar --extract --numeric-owner --same-owner --same-permissions --file "$base" --directory "$work/below"
  mount -t overlay -o "lowerdir=$work/below,upperdir=$work/added,workdir=$work/overlay" ringfort "$work/tree"
  sh "$recipe/make.sh" "$work/tree" "$work/inputs" "$@"
  umount "$work/tree"
  added=$work/added
  # What was deleted is a character device 0:0 in an overlay, and an empty `.wh.` file in a layer.
  find "$added" -type c | while read -r gone; do
    rm "$gone"
    : >"$(dirname "$gone")/.wh.$(basename "$gone")"
  done
fi

# No workload may gain a right by starting a program.
find "$added" -xdev -type f -perm /6000 -exec chmod ug-s {} +
tar --create --file "$work/layer.tar" --directory "$added" --numeric-owner --sort=name --one-file-system \
  --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' .
rm -rf --one-file-system "$work/tree" "$work/below" "$work/added" "$work/overlay"
