// tus-js-client as others use it, in Node: cut off in the middle, resumed, given up. Prints one line of JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, endpoint, headers, file, metadata, other] = process.argv.slice(2);
const { Upload } = await import(pathToFileURL(library).href);
const bytes = readFileSync(file);
const common = { endpoint, headers: JSON.parse(headers), retryDelays: [0, 100, 300], chunkSize: Math.ceil(bytes.length / 7) };

function upload(options, upTo = Number.POSITIVE_INFINITY) {
  return new Promise((resolve, reject) => {
    const it = new Upload(bytes, {
      ...common,
      ...options,
      onError: reject,
      onSuccess: ({ lastResponse }) => resolve({ it, photo: lastResponse.getHeader("Trygg-Photo") }),
      onChunkComplete: (_, accepted) => {
        if (accepted >= upTo) it.abort().then(() => resolve({ it, accepted }));
      },
    });
    it.start();
  });
}

const first = await upload({ metadata: JSON.parse(metadata), uploadDataDuringCreation: true }, bytes.length / 2);
const rest = await upload({ uploadUrl: first.it.url });
const again = await upload({ metadata: JSON.parse(metadata) });
const given = await upload({ endpoint: other }, bytes.length / 3);
await given.it.abort(true);
process.stdout.write(JSON.stringify({ accepted: first.accepted, rest: rest.photo, again: again.photo, given: given.it.url }));
process.exit(0);
