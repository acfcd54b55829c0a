#!/usr/bin/env bash
# Style of code, scripts and deployment files. Changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "dotnet format ..."
dotnet format Telemetry.sln --verify-no-changes --no-restore
for script in scripts/*.sh .ci/run; do
  bash -n "$script"
done
if command -v shellcheck >/dev/null 2>&1; then
  echo "shellcheck ..."
  shellcheck scripts/*.sh .ci/run
fi
