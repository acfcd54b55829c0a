#!/usr/bin/env bash
# Starts AllInOne in the foreground: the whole pipeline in one process on the embedded defaults.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:-data}
mkdir -p "$data"
exec dotnet services/Telemetry.AllInOne/bin/Release/net10.0/Telemetry.AllInOne.dll \
  "--Telemetry:SpanLog:Path=$data/span-log" "--Telemetry:EmbeddedClickHouse:Path=$data/clickhouse"
