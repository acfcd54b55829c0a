#!/usr/bin/env bash
# Draws docs/screenshots anew: every page of the console over the demo data of its tests, in a real browser.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh --tests
dotnet build tests/Telemetry.Console.Tests --configuration Release --nologo --verbosity quiet
tests/Telemetry.Console.Tests/bin/Release/net10.0/Telemetry.Console.Tests -explicit only -class Telemetry.Console.Tests.Browser.Screenshots
# A third of the size, where pngquant is there.
if command -v pngquant >/dev/null 2>&1; then
  pngquant --quality=60-95 --skip-if-larger --strip --ext .png --force docs/screenshots/*.png || true
fi
ls -l docs/screenshots
