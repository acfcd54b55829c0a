#!/usr/bin/env bash
# Installs what is missing and says clearly what cannot be installed. Does nothing, and needs no network, when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

with_tests=no
[ "${1:-}" = "--tests" ] && with_tests=yes

missing=()
say() { printf '%s\n' "$*" >&2; }
need() { # command, what to do about it
  command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}

need dotnet "the .NET 10 SDK: https://dotnet.microsoft.com/download, or on Ubuntu: apt-get install dotnet-sdk-10.0"
need node "Node.js 18 or newer: apt-get install nodejs"
need npm "npm: apt-get install npm"
if command -v dotnet >/dev/null 2>&1; then
  sdks=$(dotnet --list-sdks)
  grep -q '^10\.' <<<"$sdks" || missing+=("the .NET 10 SDK (found: $(awk '{print $1}' <<<"$sdks" | paste -sd' ' -))")
fi
if [ ${#missing[@]} -gt 0 ]; then
  say "Missing, and not installed by this script:"
  printf '  - %s\n' "${missing[@]}" >&2
  exit 1
fi

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else return 1
  fi
}

apt_install() { # package, why
  say "Installing $1 ($2) ..."
  command -v apt-get >/dev/null 2>&1 \
    || { say "Missing: $2. This is not Debian or Ubuntu; install the equivalent of the Debian package $1."; exit 1; }
  as_root apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1 \
    || { as_root apt-get update -qq >/dev/null && as_root apt-get install -y -qq --no-install-recommends "$1" >/dev/null; } \
    || { say "Could not install $1. Run as root: apt-get install $1"; exit 1; }
}

ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
# Read whole before it is searched: with pipefail, a grep that stops early would end ldconfig by a signal and look like a miss.
libraries=$("$ldconfig" -p)
grep -q 'librdkafka\.so\.1 ' <<<"$libraries" || apt_install librdkafka1 "the Kafka client library"
if [ "$with_tests" = yes ]; then
  command -v java >/dev/null 2>&1 || apt_install default-jre-headless "Java, for the real Kafka broker in the tests"
  command -v curl >/dev/null 2>&1 || apt_install curl "an HTTP client for the tests"
  [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
    || apt_install chromium "the browser that the console's pages are tested in"
fi

# npm writes the lock file it installed from into node_modules; a copy of ours beside it tells whether that is still the one.
stamp=node_modules/.installed-package-lock.json
if ! cmp -s package-lock.json "$stamp"; then
  say "Installing npm packages (about 700 MB unpacked: the ClickHouse engine is most of it) ..."
  npm ci --no-audit --no-fund --loglevel=error >&2 \
    || { say "Could not install the npm packages. Check the network and npm's registry setting, then run: npm ci"; exit 1; }
  cp package-lock.json "$stamp"
fi

dotnet restore Telemetry.sln --verbosity quiet >&2 \
  || { say "Could not restore the NuGet packages. Check the network and nuget.config, then run: dotnet restore"; exit 1; }
