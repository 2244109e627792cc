// Copies what package.json names under `vendored` from a folder of installed packages, with the licence of each:
//   node copy-vendored.mjs package.json node_modules templates/static/vendor
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const [packageFile, installed, target] = process.argv.slice(2);
mkdirSync(target, { recursive: true });
for (const [name, { files, licence }] of Object.entries(JSON.parse(readFileSync(packageFile, "utf8")).vendored)) {
  for (const file of files) copyFileSync(join(installed, name, file), join(target, basename(file)));
  copyFileSync(join(installed, name, licence), join(target, `${name}.LICENSE.txt`));
}
