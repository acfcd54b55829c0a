#!/usr/bin/env bash
# Runs every test project and ends with one line: N passed, N failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
results=$(mktemp)
trap 'rm -f "$results"' EXIT

dotnet build Telemetry.sln --configuration Release --nologo --verbosity quiet || { echo "0 passed, 1 failed"; exit 1; }
# One test module at a time: several start brokers and engines of their own, and a run must not depend on the number of cores.
dotnet test --solution Telemetry.sln --configuration Release --no-build --max-parallel-test-modules 1 --output Normal "$@" 2>&1 | tee "$results"
status=${PIPESTATUS[0]}

count() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$results" | tail -1; }
passed=$(count succeeded)
failed=$(count failed)
skipped=$(count skipped)
if [ "${passed:-0}" -eq 0 ] || { [ "$status" -ne 0 ] && [ "${failed:-0}" -eq 0 ]; }; then
  # No test ran, or the run broke without a failing test: that is a failure too.
  failed=$((${failed:-0} + 1))
fi
# Once more at the end, where nobody has to look for them.
grep -A 12 -E '^ *failed ' "$results" | grep -v ' failed with ' || true
line="${passed:-0} passed, ${failed:-0} failed"
[ "${skipped:-0}" -gt 0 ] && line="$line, $skipped skipped"
echo "$line"
[ "${failed:-0}" -eq 0 ]
