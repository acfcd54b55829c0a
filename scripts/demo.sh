#!/usr/bin/env bash
# Starts AllInOne, sends demo traffic through a real OpenTelemetry SDK, prints what came out, stays up until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:-data}
mkdir -p "$data"
log=$data/all-in-one.log
banner=$data/all-in-one.out

echo "Starting Telemetry (data in $data, log in $log) ..."
scripts/up.sh "$data" >"$banner" 2>"$log" &
pipeline=$!
stop() {
  trap - INT TERM EXIT
  if kill -TERM "$pipeline" 2>/dev/null; then
    echo "Stopping: writing what was accepted ..."
    wait "$pipeline" 2>/dev/null || true
  fi
}
trap stop EXIT
trap 'exit 0' INT TERM

address() { awk -v name="$1" '$1 == name { print $2; exit }' "$banner"; }
for _ in $(seq 1 300); do
  if ! kill -0 "$pipeline" 2>/dev/null; then
    echo "Telemetry did not start:" >&2
    tail -20 "$log" >&2
    exit 1
  fi
  [ -n "$(address 'ready')" ] && break
  sleep 0.2
done
[ -n "$(address 'ready')" ] || { echo "Telemetry was not ready within 60 s; see $log" >&2; exit 1; }
cat "$banner"
echo
echo "Open $(address 'Console') in a browser: calls show there seconds after they ended."
echo

dotnet load-tests/Telemetry.Demo/bin/Release/net10.0/Telemetry.Demo.dll run \
  --otlp "$(address 'OTLP/gRPC')" --clickhouse "$(address 'ClickHouse')" --keep
