// One peer as a process: a line of JSON comes in saying which cards, a line goes out saying how long each took.
import { createInterface } from "node:readline";
import { readFileSync, writeFileSync } from "node:fs";

export const inputs = JSON.parse(readFileSync(process.argv[2], "utf8"));
export const font = readFileSync(inputs.font);
export const avatar = readFileSync(inputs.avatar);

export async function serve(render, close = async () => {}) {
  for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    const ms = [];
    let png;
    for (const card of asked.cards) {
      const started = performance.now();
      png = await render(card);
      ms.push(performance.now() - started);
    }
    if (asked.save) writeFileSync(asked.save, png);
    process.stdout.write(JSON.stringify({ ms, bytes: png.length }) + "\n");
  }
  await close();
}
