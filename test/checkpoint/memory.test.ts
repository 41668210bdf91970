import { describeConformance, storesEveryChannel } from "./conformance.js";
import { describeCheckpointer } from "./contract.js";

const url = () => "memory:";

describeCheckpointer({ kind: "memory", url, survivesClosing: false });
describeConformance({ name: "memory", url, knownFailures: [storesEveryChannel] });
