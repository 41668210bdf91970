#!/usr/bin/env bash
# Records the cassette that CI replays: our agent on the open half of our own goals, with the small model of
# docs/models.md. Needs its server, at the address given or on llama.cpp's usual port.
#
#   bash bench/eval/record.sh [http://127.0.0.1:8080/v1] [model]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
url=${1:-http://127.0.0.1:8080/v1}
model=${2:-qwen2.5-coder-1.5b}
cassette=bench/eval/cassettes/own

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
rm -rf "$cassette"
npm run --silent eval -- --model "openai:$model" --base-url "$url" --max-tokens 1024 --timeout 900 \
  --suite own --agent ours --record "$cassette" --out "$out"
npm run --silent eval -- --replay "$cassette" --out "$out/replay"
