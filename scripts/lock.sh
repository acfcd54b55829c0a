#!/usr/bin/env bash
# Writes packages.lock.json beside every project anew, after a change of Directory.Packages.props or of a project's references.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet restore Telemetry.sln --force-evaluate --verbosity quiet
# Twice the same: what was written is what a locked restore accepts.
dotnet restore Telemetry.sln --locked-mode --verbosity quiet
git status --short -- '*packages.lock.json'
