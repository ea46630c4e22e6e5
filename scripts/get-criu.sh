#!/bin/sh
# Gets a current CRIU for a machine of Debian whose own is too old for its kernel, beside the system's packages: with all
# libraries that it needs and their loader, so that nothing of the machine's is changed or called upon.
set -eu
umask 022

usage='usage: bproc-get-criu DIR

Puts CRIU 4.2 or later, with its libraries, into DIR (about 20 MB), and says which it is; does nothing where it is there.
Then BPROC_CRIU=DIR/criu is what slaves move processes by. Needs Debian or what is made of it, and its mirror as apt is
configured; no rights but to write DIR.

  BPROC_CRIU_SUITE   the suite of Debian that it is from; by default forky'

fail() {
  printf 'bproc-get-criu: %s\n' "$1" >&2
  exit 1
}

case ${1-} in
  -h | --help) printf '%s\n' "$usage"; exit 0 ;;
  '' | -*) printf '%s\n' "$usage" >&2; exit 2 ;;
esac
[ $# -eq 1 ] || { printf '%s\n' "$usage" >&2; exit 2; }
suite=${BPROC_CRIU_SUITE:-forky}

mkdir -p -- "$1" || fail "cannot make $1: name a directory that you may write"
dir=$(cd -- "$1" && pwd -P)
case $dir in
  *[!A-Za-z0-9_./+@:,=-]*) fail "$dir: apt cannot work in a directory of such a name, choose another" ;;
esac
if said=$("$dir/criu" --version 2>/dev/null); then
  printf '%s\n' "$said"
  exit 0
fi

for tool in apt-get dpkg dpkg-deb; do
  command -v "$tool" >/dev/null || fail "$tool not found: this works on Debian; elsewhere install criu 4.2 or later by the system's own means"
done
arch=$(dpkg --print-architecture)
case $arch in
  amd64 | arm64) ;;
  *) fail "there is no bproc for $arch" ;;
esac
# the mirror of the system's own release, not of its security updates and such
mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  awk '$3 == "main" && $2 !~ /[-\/]/ { print $1; exit }')
[ -n "$mirror" ] || fail 'apt has no mirror of Debian: look at /etc/apt/sources.list'

new=$(mktemp -d "$dir/.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$new/lists/partial" "$new/cache/archives/partial" "$new/root"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
signed=
if [ -e "$keyring" ]; then signed="[signed-by=$keyring] "; fi
printf 'deb %s%s %s main\n' "$signed" "$mirror" "$suite" >"$new/sources.list"
# as if nothing were installed: so all that CRIU needs comes along
: >"$new/status"
apt() {
  LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dir::Etc::sourcelist="$new/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$new/lists" \
    -o Dir::State::status="$new/status" -o Dir::State::extended_states="$new/extended" -o Dir::Cache="$new/cache" \
    -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Default-Release="$suite" -o APT::Sandbox::User=root \
    -o Debug::NoLocking=true "$@"
}
apt update >"$new/said" 2>&1 && ! grep -q '^[EW]:' "$new/said" ||
  fail "the mirror of apt gives no list of $suite (BPROC_CRIU_SUITE names another suite): $(tail -n 3 "$new/said")"
apt install --download-only --no-install-recommends -y criu >"$new/said" 2>&1 ||
  fail "CRIU of $suite cannot be got for $arch: $(tail -n 3 "$new/said")"
for package in "$new"/cache/archives/*.deb; do
  dpkg-deb --extract "$package" "$new/root" || fail "$package cannot be unpacked"
done

libraries=$(dirname "$(find "$new/root/usr/lib" -name libc.so.6 | head -n 1)")
[ -x "$new/root/usr/sbin/criu" ] && [ "$libraries" != . ] || fail "CRIU of $suite is not where it is looked for: report this"
loader=$(find "$libraries" -maxdepth 1 -name 'ld-linux*.so.*' | head -n 1)
[ -n "$loader" ] || fail "CRIU of $suite comes without a loader: report this"
mkdir "$new/lib"
cp -P "$libraries"/*.so* "$new/lib/"
cp "$new/root/usr/sbin/criu" "$new/lib/criu"
cp -R "$new/root/usr/share/doc/criu/copyright" "$new/lib/criu.copyright"
cat >"$new/criu" <<END
#!/bin/sh
exec $dir/lib/${loader##*/} --library-path $dir/lib $dir/lib/criu "\$@"
END
chmod 755 "$new/criu" "$new/lib"

# the command last, by which all is known to be there
rm -rf "$dir/lib"
mv "$new/lib" "$dir/lib"
mv "$new/criu" "$dir/criu"
"$dir/criu" --version || fail "what was got for $arch does not run here"
