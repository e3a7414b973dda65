import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import type { Plugin } from "vite";

const ID = "virtual:faces";
const source = join(dirname(createRequire(import.meta.url).resolve("jsfeat/package.json")), "cascades/frontalface.js");
const licence = readFileSync(new URL("faces.licence.txt", import.meta.url), "utf8");

interface Stump {
  features: number[][];
  threshold: number;
  left_val: number;
  right_val: number;
}
interface Published {
  complexClassifiers: { simpleClassifiers: Stump[]; threshold: number }[];
  size: [number, number];
}

/**
 * `import { faces } from "virtual:faces"` gives the published cascade as rows of numbers (device/cascade.ts), which weigh a
 * third of the objects they come as. The licence asks to follow wherever the numbers go.
 */
export function faces(): Plugin {
  return {
    name: "faces",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export const faces = ${JSON.stringify(rows())};` : undefined),
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === "chunk" && file.moduleIds.includes(`\0${ID}`)) file.code = `/*!\n${licence}*/\n${file.code}`;
    },
  };
}

function rows() {
  const jsfeat: { haar: { frontalface?: Published } } = { haar: {} };
  runInNewContext(readFileSync(source, "utf8"), { jsfeat });
  const published = jsfeat.haar.frontalface as Published;
  const stages = published.complexClassifiers;
  const stumps = stages.flatMap((stage) => stage.simpleClassifiers);
  return {
    size: published.size[0],
    stages: stages.flatMap((stage) => [stage.simpleClassifiers.length, short(stage.threshold)]),
    areas: stumps.flatMap(({ features }) => [0, 1, 2].flatMap((i) => features[i] ?? [0, 0, 0, 0, 0])),
    leaves: stumps.flatMap((stump) => [stump.threshold, stump.left_val, stump.right_val].map(short)),
  };
}

/** As many digits as the 32 bits they were trained in hold. */
function short(value: number): number {
  return Number(value.toPrecision(8));
}
