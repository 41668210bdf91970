#!/usr/bin/env bash
# Records the cassette that CI replays: our agent on our own goals, with the small model of docs/models.md. Needs its
# server on llama.cpp's usual port. What the cassette has is taken from it; `--anew` asks the model for everything.
#
#   bash bench/eval/record.sh [--anew]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cassette=bench/eval/cassettes/own

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
if [ "${1:-}" = --anew ]; then
  rm -rf "$cassette"
  npm run --silent eval -- --model openai:qwen2.5-coder-1.5b --base-url http://127.0.0.1:8080/v1 --max-tokens 1024 \
    --timeout 900 --suite own --agent ours --record "$cassette" --out "$out/run"
else
  npm run --silent eval -- --update "$cassette" --timeout 900 --out "$out/run"
fi
npm run --silent eval -- --replay "$cassette" --out "$out/replay"
