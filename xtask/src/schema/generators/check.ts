// Reads every delivery with the checks that quicktype writes.
declare function require(name: string): any;
declare const process: any;
import { Convert } from "./quick";

const deliveries: [string, unknown][] = JSON.parse(require("fs").readFileSync("deliveries.json", "utf8"));
let refused = 0;
for (const [name, body] of deliveries) {
  try {
    Convert.toDelivery(JSON.stringify(body));
  } catch (error) {
    refused += 1;
    console.log(`  ${name}: ${error}`);
  }
}
console.log(`  quicktype: takes ${deliveries.length - refused} of ${deliveries.length}`);
process.exit(refused > 0 ? 1 : 0);
