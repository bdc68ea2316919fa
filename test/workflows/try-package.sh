#!/bin/sh
# What a user does first, with the package as it would be published and the Node that runs this: `init` in an empty
# folder, install, check, types, a dry run; then each entry that runs in Node is loaded by this Node itself.
set -eu
cd "$(dirname "$0")/../.."
project=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm pack --silent --pack-destination "$folder" >/dev/null
mkdir "$folder/uploads"
cd "$folder/uploads"
export WRANGLER_SEND_METRICS=false
npx --yes ../cloudinary-edge-signer-*.tgz init --yes --origin https://www.example.com
npm install --no-audit --no-fund
npm run check
npm run types >/dev/null
"$project/node_modules/.bin/tsc" -p .
npm run deploy -- --dry-run
for entry in "" /client /config /hono /testing; do
  node --input-type=module -e "await import('cloudinary-edge-signer$entry')"
done
echo "✓ the packed package works in an empty folder, with Node $(node --version)"
